"""What a replica asks of the service. Whatever is not exactly what was asked for counts as no answer."""

import json
import secrets
import uuid
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import urlencode

from governance.pep.failures import UnansweredError
from governance.pep.replica.exposures import Batch
from governance.pep.strict import load_object
from governance.pep.tokens import Tokens
from governance.pep.transport import Address, Deadline, Reply
from governance.pep.wire.bundle import MEDIA_TYPE, Bundle, open_bundle
from governance.pep.wire.changes import Changes
from governance.pep.wire.codec import WireError
from governance.pep.wire.signatures import TrustedKeys

SCOPE: Final = "feed:read exposures:write decisions:evaluate"
_OK, _BAD_REQUEST, _UNAUTHORISED, _GONE, _UNPROCESSABLE = 200, 400, 401, 410, 422
_MOST_BUNDLE_BYTES: Final = 512 << 20
_MOST_CHANGES_BYTES: Final = 16 << 20
_BUNDLE_SECONDS: Final = 300.0
_HCPS_IN_A_PAGE: Final = 1_000


class OtherEpochError(Exception):
    """The service no longer speaks of the state that was asked about: another bundle is needed."""


class Asking(NamedTuple):
    """What a question for changes says besides after what they are asked for."""

    nonce: str
    lease_ms: int
    applied: int | None = None
    """The revision that pages are decided on now; none while none are, or by what is of another epoch."""


class Feed:
    """One platform's feed. Threads may share it."""

    def __init__(
        self, address: Address, tokens: Tokens, trusted: TrustedKeys, platform: str, timeout_seconds: float = 4.0
    ) -> None:
        """Ask at this address, believe these keys alone, and take nothing that was made for another forum."""
        self.name = secrets.token_urlsafe(12)
        """As which the service knows this replica: another one after every start, and nobody's."""
        self._platform = platform
        self._address = address
        self._tokens = tokens
        self._trusted = trusted
        self._timeout_seconds = timeout_seconds

    def bundle(self) -> Bundle:
        """Return what everything rests on. Raises `UnansweredError`, `WireError`."""
        reply = self._get("/v1/bundle", Deadline(_BUNDLE_SECONDS), _MOST_BUNDLE_BYTES)
        if reply.status != _OK:
            raise UnansweredError("not_200")
        if reply.content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
            raise UnansweredError("not_understood")
        bundle = open_bundle(reply.body, self._trusted)
        if bundle.header.platform != self._platform:
            raise WireError("a bundle of another forum")
        return bundle

    def changes(self, epoch: str, after: int, asking: Asking) -> Changes:
        """Return what changed after a revision; asking says what this replica answers by.

        Raises `UnansweredError`, `WireError`, `OtherEpochError`.
        """
        nonce = asking.nonce
        said = {"replica": self.name, "lease_ms": asking.lease_ms}
        if asking.applied is not None:
            said["applied"] = asking.applied
        query = urlencode({"after": f"{epoch}.{after}", "nonce": nonce, **said})
        reply = self._get(f"/v1/changes?{query}", Deadline(self._timeout_seconds), _MOST_CHANGES_BYTES)
        if reply.status == _GONE:
            raise OtherEpochError
        if reply.status != _OK:
            raise UnansweredError("not_200")
        if not reply.is_json():
            raise UnansweredError("not_json")
        self._trusted.check_header("changes", reply.signature, reply.body)
        changes = Changes.decode(reply.body)
        if changes.nonce != nonce:
            # THREAT: an answer of yesterday, truly signed, would give a lease on what was true yesterday.
            raise WireError("an answer to another question")
        return changes

    def tell(self, batch: Batch) -> bool:
        """Tell what was shown; return whether the service will have no more of it. Raises `UnansweredError`."""
        body = json.dumps({"exposures": batch.exposures}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{batch.key}"'}
        reply = self._post("/v1/exposures", body, headers)
        if reply.status in {_OK, _BAD_REQUEST, _UNPROCESSABLE}:
            return reply.status == _OK
        raise UnansweredError("not_200")

    def governed(self, many: int) -> list[str]:
        """Return the ids of governed accounts as far as the service has them. Raises `UnansweredError`.

        `many`: how many there are by the bundle, which is signed.
        """
        found: list[str] = []
        after: str | None = None
        # THREAT: nobody signs this list, and one without an end would fill this machine while the lease runs out. One
        # page more than there are may come of who joins just now, and an empty one behind them.
        for _ in range(many // _HCPS_IN_A_PAGE + 3):
            page = {"limit": _HCPS_IN_A_PAGE} if after is None else {"limit": _HCPS_IN_A_PAGE, "after": after}
            reply = self._get(f"/v1/hcps?{urlencode(page)}", Deadline(self._timeout_seconds), _MOST_CHANGES_BYTES)
            if reply.status != _OK or not reply.is_json():
                raise UnansweredError("not_200")
            members = load_object(reply.body)
            accounts, after_this = members.get("accounts"), members.get("next")
            if not isinstance(accounts, list) or not all(isinstance(account, str) for account in accounts):
                raise UnansweredError("not_understood")
            found += accounts
            if not isinstance(after_this, str) or after_this == after:
                return found
            after = after_this
        raise UnansweredError("not_understood")

    def _get(self, path: str, deadline: Deadline, most_bytes: int) -> Reply:
        def ask(token: str) -> Reply:
            headers = {"Authorization": f"Bearer {token}", "X-Request-ID": str(uuid.uuid4())}
            return self._address.get(path, headers, deadline, most_bytes)

        return self._with_token(ask, deadline)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        deadline = Deadline(self._timeout_seconds)
        return self._with_token(
            lambda token: self._address.post(path, body, headers | {"Authorization": f"Bearer {token}"}, deadline),
            deadline,
        )

    def _with_token(self, ask: Callable[[str], Reply], deadline: Deadline) -> Reply:
        """Ask; a token that the service no longer knows is renewed once."""
        token = self._tokens.current(deadline)
        reply = ask(token)
        if reply.status == _UNAUTHORISED:
            self._tokens.forget(token)
            reply = ask(self._tokens.current(deadline))
        return reply
