"""What the rooms above do when records are joined or parted; the app hands it over, this room imports none of them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.documents import Kind
from governance.identity.models import Account

About = Callable[[Session, Keyring, UUID, Instant], object]
"""Does something about one patient, in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What others do for this room."""

    stricter: Callable[[Kind, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
    """Of two things that a room said, the stricter."""
    stop_waiting: About
    """Stop whatever waits to open."""
    write_down: About
    """Have the list of a patient's choices say what is in force."""
    hide: About
    """Hide a patient, at once."""
    forget_since: About
    """Forget what was chosen, given as a receipt, or waited, from an instant on."""
    joined: Callable[[Session, Keyring, UUID, Instant], AbstractContextManager[None]]
    """Once more accounts are a patient's, have hold at once what was said of their age, or of where they live."""
    follow: Callable[[Session, Keyring, Account, Account, Instant], object]
    """Have another account of a forum belong to the professional whose the first one is."""
