"""The online client: asks the service for each page and permits only what it clearly permitted.

Contract: a permit needs HTTP 200, the JSON media type, valid I-JSON, the request id echoed, a batch as long as the
question and a `decision` that is literally true. Redirects, errors, time-outs and everything odd refuse. Permits are
not cached: a page shown after a patient said no would show what she just closed.
"""

import json
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from governance.decision.vocabulary import Action
from governance.pep.answers import CLOSED, REFUSED, Answer, OptOut, read_answer, read_opt_outs
from governance.pep.failures import UnansweredError
from governance.pep.questions import Resource, one, parts_of, several
from governance.pep.strict import load_object
from governance.pep.tokens import Bearer, Tokens
from governance.pep.transport import Address, Deadline, Reply

_LOG: Final = logging.getLogger("governance.pep")
_OK: Final = 200
_UNAUTHORISED: Final = 401
_MAX_ACCOUNTS: Final = 1_000


class Client:
    """One platform's line to the service; safe to share between threads."""

    def __init__(self, base_url: str, client_id: str, client_secret: str, timeout_seconds: float = 1.0) -> None:
        """Take what `governance platform add` printed; `timeout_seconds` bounds a whole answer, look-up of names aside.

        Raises `ValueError` for a URL that is neither https nor on loopback.
        """
        self._address = Address(base_url)
        self._tokens: Bearer = Tokens(self._address, client_id, client_secret)
        self._timeout_seconds = timeout_seconds

    def evaluate(
        self, viewer: str, action: Action, resource: Resource, *, initiated_by_patient: bool | None = None
    ) -> Answer:
        """Say whether `viewer` (an account id) may do `action` to one resource; never raises, refuses instead.

        `initiated_by_patient` is whether the patient wrote first, as the forum's own records say.
        """
        if not resource.has_authors():
            return REFUSED
        question = one(viewer, action, resource, initiated_by_patient=initiated_by_patient)
        try:
            members = self._ask("/access/v1/evaluation", question, self._deadline())
        except UnansweredError as failure:
            return _refused(failure)
        return read_answer(members)

    def evaluate_page(
        self,
        viewer: str,
        action: Action,
        resources: Sequence[Resource],
        *,
        initiated_by_patient: bool | None = None,
    ) -> list[Answer]:
        """Return one answer for each resource, in order, with one request for a page; never raises, refuses instead."""
        first = initiated_by_patient
        asked = [resource for resource in resources if resource.has_authors()]
        try:
            deadline = self._deadline()
            answers = iter(
                [
                    answer
                    for part in parts_of(asked)
                    for answer in self._page(
                        several(viewer, action, part, initiated_by_patient=first), len(part), deadline
                    )
                ]
            )
        except UnansweredError as failure:
            return [_refused(failure)] * len(resources)
        return [next(answers) if resource.has_authors() else REFUSED for resource in resources]

    def opt_outs(self, accounts: Iterable[str]) -> dict[str, OptOut]:
        """Return what each account chose; `CLOSED` for whom the service gave no clear answer."""
        wanted = list(dict.fromkeys(accounts))
        found: dict[str, OptOut] = {}
        deadline = self._deadline()
        try:
            for start in range(0, len(wanted), _MAX_ACCOUNTS):
                part = wanted[start : start + _MAX_ACCOUNTS]
                found |= read_opt_outs(self._ask("/v1/opt-outs/query", {"accounts": part}, deadline))
        except UnansweredError as failure:
            _refused(failure)
        return {account: found.get(account, CLOSED) for account in wanted}

    def _page(self, question: dict[str, object], many: int, deadline: Deadline) -> list[Answer]:
        members = self._ask("/access/v1/evaluations", question, deadline)
        items = members.get("evaluations")
        if not isinstance(items, list) or len(items) != many:
            raise UnansweredError("not_understood")
        return [read_answer(item) for item in items]

    def _ask(self, path: str, question: dict[str, object], deadline: Deadline) -> dict[str, object]:
        """Return the reply's object; a token that the service no longer knows is renewed once."""
        body = json.dumps(question, allow_nan=False).encode()
        token = self._tokens.current(deadline)
        request_id, reply = self._send(path, body, token, deadline)
        if reply.status == _UNAUTHORISED:
            self._tokens.forget(token)
            request_id, reply = self._send(path, body, self._tokens.current(deadline), deadline)
        return _understood(reply, request_id)

    def _send(self, path: str, body: bytes, token: str, deadline: Deadline) -> tuple[str, Reply]:
        request_id = str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Request-ID": request_id}
        return request_id, self._address.post(path, body, headers, deadline)

    def _deadline(self) -> Deadline:
        return Deadline(self._timeout_seconds)


def _understood(reply: Reply, request_id: str) -> dict[str, object]:
    if reply.status != _OK:
        raise UnansweredError("not_200")
    if not reply.is_json():
        raise UnansweredError("not_json")
    # THREAT: a cache or a mixed-up proxy that hands out somebody else's answer.
    if reply.request_id != request_id:
        raise UnansweredError("not_echoed")
    return load_object(reply.body)


def _refused(failure: UnansweredError) -> Answer:
    """Refuse, and leave a trace that names nobody."""
    _LOG.warning("the decision service gave no answer that counts: %s", failure.code)
    return REFUSED
