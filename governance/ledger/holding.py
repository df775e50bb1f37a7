"""What a room holds of one person: how it is told to them, and how it goes when they are erased."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.decision.vocabulary import AccountKey, Instant


@dataclass(frozen=True, slots=True)
class Whose:
    """The one person whom an export or an erasure is about, by all that tables know them by."""

    patient_id: UUID
    account_ids: tuple[UUID, ...]
    keys: tuple[AccountKey, ...]
    """Of the same accounts, on all platforms."""
    at_work: frozenset[UUID]
    """Those accounts that are a professional's too: they outlive the patient's record."""
    now: Instant
    rests_in: UUID | None = None
    """The record that this one went into, whose accounts were this one's before."""

    @property
    def going(self) -> tuple[UUID, ...]:
        """The accounts that an erasure takes with it."""
        return tuple(one for one in self.account_ids if one not in self.at_work)


Told = dict[str, Any]
"""Sections of the export by name: what JSON can hold, times in ISO 8601, nobody else's data."""


class Holding(NamedTuple):
    """One room's part in every export and every erasure."""

    tables: tuple[type[Base], ...]
    told: Callable[[Session, Keyring, Whose], Told]
    """Reads alone. Leaves out what does not open; never raises for it, as an export must come with the rest."""
    forgotten: Callable[[Session, Keyring, Whose], None]
    """Deletes every row. The person's keys are gone by then; a restore calls it again, where there may be none."""
