"""The answers of a rule that is being made: in the session of the browser, until they join the other answers."""

from typing import Any, Final

from flask import session as browser

from governance.db.extension import reading
from governance.decision.provisions import Scale, WhoKind
from governance.identity.current import signed_in
from governance.optout.draft import professionals_here
from governance.optout.own.places import is_known_group
from governance.optout.own.rules import Scope
from governance.policy.current import policies

MAKING: Final = "rule"
"""In the session: the answers so far."""


def terms_of(made: dict[str, Any]) -> Scope:
    """Return where and when a rule is to hold."""
    scale, platform, place = made["where"]
    start, end, zone = made["when"]
    return Scope(WhoKind.OTHERS, "", Scale(scale), platform, place, start, end, zone=zone)


def making() -> dict[str, Any]:
    """Return the answers so far."""
    made: dict[str, Any] = browser.get(MAKING) or {}
    return made


def note_typed(digest: str, typed: str) -> None:
    """Remember what somebody typed, for their own pages: what is kept is its digest."""
    made = making()
    browser[MAKING] = {**made, "typed": {**made.get("typed", {}), digest: typed}}


def names_of(kind: str) -> frozenset[str]:
    """Return who or what of a kind is on the page."""
    if kind == WhoKind.PROFESSION:
        return policies().registers.kinds_of_work
    return frozenset(one.key for one in professionals_here()) if kind == WhoKind.NAMED else frozenset()


def is_a_group_here(digest: str) -> bool:
    """Say whether the person's forum told us of a group."""
    with reading() as session:
        return is_known_group(session, signed_in().platform_id, digest)
