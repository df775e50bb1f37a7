"""What the plugin asks the service beyond the pages: badges, letters, a way to the choices, reports."""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from governance.decision.vocabulary import Action
from governance.pep.answers import read_answer
from governance.pep.client import Client
from governance.pep.failures import UnansweredError
from governance.pep.questions import Resource, Words, one
from governance.pep.sqlalchemy import Decides
from governance.pep.strict import load_object
from governance.pep.tokens import SCOPE, Tokens
from governance.pep.transport import Address, Deadline

SETTINGS: Final = ("HCP_GOVERNANCE_URL", "HCP_GOVERNANCE_CLIENT_ID", "HCP_GOVERNANCE_CLIENT_SECRET")
_SCOPES: Final = f"{SCOPE} links:write reports:submit"
_SECONDS: Final = 5.0
_AT_ONCE: Final = 500
_DONE: Final = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class Badge:
    """How an account stands: whether choices about professionals bind it, and the words beside its name if any."""

    governed: bool = True
    words: str = ""


UNKNOWN: Final = Badge()
"""What stands for an account that nobody told us of: bound by every choice, and no badge."""


def _decides(config: Mapping[str, Any], client: Decides, seconds: float) -> Decides:
    """Return who answers for pages: the sidecar on this machine where the forum has one."""
    where = config.get("HCP_GOVERNANCE_SIDECAR")
    if not where:
        return client
    # By name: a kit without the sidecar serves a forum that asks the service.
    sidecar = import_module("governance.pep.local").SidecarClient
    made: Decides = sidecar(str(where), str(config.get("HCP_GOVERNANCE_SIDECAR_TOKEN", "")), seconds)
    return made


class Service:
    """The forum's line to the service."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """Take it from FlaskBB's settings; raises `ValueError` that names what is missing."""
        missing = [name for name in SETTINGS if not config.get(name)]
        if missing:
            raise ValueError(f"set {', '.join(missing)} in flaskbb.cfg to what `governance platform add` printed")
        url, client_id, secret = (str(config[name]) for name in SETTINGS)
        self._seconds = float(config.get("HCP_GOVERNANCE_SECONDS", 2.0))
        self._address = Address(url)
        self._tokens = Tokens(self._address, client_id, secret, _SCOPES)
        self.decides = _decides(config, Client(url, client_id, secret, self._seconds), self._seconds)
        self.home = url

    def badges(self, accounts: Collection[str]) -> dict[str, Badge]:
        """Return how accounts stand; who is not answered for counts as governed."""
        found = dict.fromkeys(accounts, UNKNOWN)
        wanted = list(found)
        for start in range(0, len(wanted), _AT_ONCE):
            told = self._post("/v1/hcps/query", {"accounts": wanted[start : start + _AT_ONCE]})
            entries = told.get("hcps") if told is not None else None
            for entry in entries if isinstance(entries, list) else []:
                if isinstance(entry, dict) and entry.get("account") in found:
                    words = entry.get("badge")
                    governed = entry.get("governed") is not False
                    found[str(entry["account"])] = Badge(governed, words if isinstance(words, str) else "")
        return found

    def may_write_to(self, viewer: str, account: str, *, patient_wrote_first: bool) -> bool:
        """Say whether the viewer may send a private message; a condition of the patient's may ask who wrote first."""
        question = one(viewer, Action.MESSAGE, Resource("user", account, (Words(account),)))
        question["action"] = {
            "name": Action.MESSAGE.value,
            "properties": {"initiated_by_patient": patient_wrote_first},
        }
        told = self._post("/access/v1/evaluation", question)
        return told is not None and bool(read_answer(told))

    def link_for(self, account: str) -> str | None:
        """Return an address that brings one member to their choices, for one use; none if there is none just now."""
        told = self._post("/v1/link-tokens", {"account": account})
        link = None if told is None else told.get("link")
        return link if isinstance(link, str) else None

    def report(self, told: dict[str, object], key: str) -> dict[str, str] | None:
        """Hand on what a member told, sealed on arrival; none where it could not be handed on."""
        answer = self._post("/v1/reports", told, {"Idempotency-Key": key})
        if answer is None or not isinstance(answer.get("code"), str):
            return None
        return {name: str(answer.get(name, "")) for name in ("code", "proof", "answers")}

    def _post(self, path: str, body: dict[str, object], more: dict[str, str] | None = None) -> dict[str, object] | None:
        """Return the object that came back; none for every failure."""
        deadline = Deadline(max(self._seconds, _SECONDS if more else 0.0))
        request_id = str(uuid.uuid4())
        try:
            headers = {
                "Authorization": f"Bearer {self._tokens.current(deadline)}",
                "Content-Type": "application/json",
                "X-Request-ID": request_id,
                **(more or {}),
            }
            reply = self._address.post(path, json.dumps(body, allow_nan=False).encode(), headers, deadline)
            if reply.status not in _DONE or not reply.is_json() or reply.request_id != request_id:
                return None
            return load_object(reply.body)
        except UnansweredError:
            return None
