"""What guardians' pages need of the room of choices, which is above this one: handed over where the app is built."""

from collections.abc import Sequence
from typing import Any, Final, Protocol
from uuid import UUID

from flask import current_app

from governance.decision.vocabulary import Instant
from governance.identity.sessions.service import SignedIn

WISHES: Final = "governance.guardian_wishes"


class Wishes(Protocol):
    """A child's wishes, as far as guardians have a word in them."""

    def shown(self, guardian: SignedIn, link_id: UUID, at: Instant) -> Sequence[Any]:
        """Return what a child asks this guardian to agree with, in classes alone."""

    def answer(self, guardian: SignedIn, link_id: UUID, change_id: UUID, yes: bool, at: Instant) -> None:  # noqa: FBT001
        """Take a guardian's answer."""

    def assent(self, person: SignedIn, request_id: UUID, at: Instant) -> str | None:
        """Take a child's own yes to what a guardian asked for; return where to go on, None to prove who they are."""


def wishes() -> Wishes:
    """Return what was handed over to this app."""
    found: Wishes = current_app.extensions[WISHES]
    return found
