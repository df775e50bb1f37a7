"""What the probe is told: where the forum is, how its viewers sign in, and which words must not be read."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from governance.pep.probe.failures import ProbeError

PROFESSIONAL: Final = "professional"
PEER: Final = "peer"
SIGNED_OUT: Final = "signed_out"
VIEWERS: Final = (PROFESSIONAL, PEER, SIGNED_OUT)
SURFACES: Final = ("text", "title", "reply", "quote", "edited", "attachment", "profile")
"""What a new plan has words for."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_MOST_PAGES: Final = 600
_SKIPPED: Final = (r"log-?out", r"sign-?out", r"delete", r"/static/", r"/settings/")
"""Addresses that a probe never opens unless the plan says otherwise: they end the session, or are nobody's words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A random word that one thing of the patient's says, and a second one to search for it by, where it has one."""

    surface: str
    word: str
    bait: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The form by which a viewer signs in: on which page, and what is typed."""

    page: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """A number that counts something of the patient's: where it stands, and a pattern with one group for it."""

    page: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it; `digest` stands in the report, so that one can tell what it is about."""

    forum: str
    sign_ins: Mapping[str, SignIn]
    marks: tuple[Mark, ...]
    counts: tuple[Count, ...] = ()
    also: tuple[str, ...] = ()
    """Addresses that no page links to, such as those that only a script asks for."""
    skip: tuple[str, ...] = _SKIPPED
    most_pages: int = _MOST_PAGES
    digest: str = ""


def word() -> str:
    """Return a word that nobody says; letters alone, which no address, header or page writes differently."""
    return "zq" + "".join(secrets.choice(_LETTERS) for _ in range(14))


def new_plan(forum: str) -> str:
    """Return a plan to fill in, as text. Raises `ProbeError` unless `forum` is an address."""
    _check(forum)
    plan = {
        "forum": forum,
        "sign_in": {viewer: {"page": "/login", "fields": _fields(viewer)} for viewer in (PROFESSIONAL, PEER)},
        "marks": [{"surface": surface, "word": word(), "bait": word()} for surface in SURFACES],
        "counts": [],
        "also": [],
        "skip": list(_SKIPPED),
        "most_pages": _MOST_PAGES,
    }
    return json.dumps(plan, indent=2) + "\n"


def _fields(viewer: str) -> dict[str, object]:
    """Two people, so two passwords."""
    return {"username": "", "password": {"environment": f"PROBE_{viewer.upper()}_PASSWORD"}}


def _check(forum: str) -> None:
    if not forum.startswith(("http://", "https://")):
        raise ProbeError("`forum` must be the forum's address, with http:// or https://")


def read_plan(path: Path) -> Plan:
    """Read a plan. Raises `ProbeError` that says what is wrong with it."""
    try:
        raw = path.read_bytes()
        told = json.loads(raw)
        made = _plan(told, hashlib.sha256(raw).hexdigest())
    except OSError as failure:
        raise ProbeError(f"{path} cannot be read: {failure.strerror}") from None
    except KeyError as failure:
        raise ProbeError(f"{path} is no plan, it lacks {failure}: make one by `governance probe new`") from None
    except (ValueError, TypeError, AttributeError) as failure:
        raise ProbeError(f"{path} is no plan ({failure}): make one by `governance probe new`") from None
    _check(made.forum)
    if not made.marks:
        raise ProbeError("a plan without marks finds nothing: make one by `governance probe new`")
    return made


def _plan(told: Mapping[str, Any], digest: str) -> Plan:
    return Plan(
        forum=str(told["forum"]).rstrip("/"),
        sign_ins={viewer: _sign_in(said) for viewer, said in told["sign_in"].items() if viewer in VIEWERS},
        marks=tuple(Mark(one["surface"], one["word"].lower(), one.get("bait", "").lower()) for one in told["marks"]),
        counts=tuple(Count(one["page"], one["pattern"]) for one in told.get("counts", ())),
        also=tuple(told.get("also", ())),
        skip=tuple(told.get("skip", _SKIPPED)),
        most_pages=int(told.get("most_pages", _MOST_PAGES)),
        digest=digest,
    )


def _sign_in(said: Mapping[str, Any]) -> SignIn:
    return SignIn(said["page"], {name: _secret(value) for name, value in said["fields"].items()})


def _secret(value: object) -> str:
    """A password stands in the environment, so that the plan can be shown to anybody."""
    if isinstance(value, dict):
        name = str(value["environment"])
        if name not in os.environ:
            raise ProbeError(f"set {name} in the environment: the plan signs in by it")
        return os.environ[name]
    return str(value)
