"""A patient's choices as values, and the lines they stand for."""

from typing import Final, NamedTuple, Self

import msgspec

from governance.decision.levels import LEVELS, provisions_of_level
from governance.decision.provisions import CARE_TEAM, OTHERS, Provision
from governance.decision.vocabulary import FOREVER, AccountKey, Instant, Level

_LEVELS_FOR_OTHERS: Final = (Level.CLOSED, Level.SEEN, Level.ANSWERED, Level.IN_TOUCH)


def levels_for_others(*, adult: bool) -> tuple[Level, ...]:
    """Return what may be picked for professionals one did not name; nobody under 18 opens private messages to them."""
    return _LEVELS_FOR_OTHERS if adult else _LEVELS_FOR_OTHERS[:-1]


class Choices(NamedTuple):
    """What a patient picks: a level for the care team and for all others, who is in the team, and the hold."""

    care_team: Level = Level.CLOSED
    others: Level = Level.CLOSED
    team: frozenset[AccountKey] = frozenset()
    hold: bool = False

    @property
    def permits_anything(self) -> bool:
        """Say whether some action of somebody is permitted."""
        return bool(LEVELS[self.care_team] or LEVELS[self.others])


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """Somebody's time in the care team, half-open; the end is FOREVER while it runs."""

    account: AccountKey
    start: int
    end: int

    @property
    def running(self) -> bool:
        """Say whether this person is in the team now."""
        return self.end == FOREVER


class DirectiveBody(msgspec.Struct, frozen=True):
    """One version of a patient's choices, as sealed in a directive."""

    care_team: Level = Level.CLOSED
    others: Level = Level.CLOSED
    hold: bool = False
    entries: tuple[Entry, ...] = ()
    said: bool = True
    """False where the patient took back the only thing they ever chose: as before it, nothing is said."""

    @property
    def choices(self) -> Choices:
        """Return what the patient picked."""
        team = frozenset(entry.account for entry in self.entries if entry.running)
        return Choices(self.care_team, self.others, team, self.hold)

    def followed_by(self, wanted: Choices, now: Instant) -> Self:
        """Return the next version. Entries of the team end, none is dropped: refusals go on binding who left."""
        kept = tuple(
            entry if entry.account in wanted.team or not entry.running else msgspec.structs.replace(entry, end=now)
            for entry in self.entries
        )
        joined = sorted(wanted.team - self.choices.team)
        return type(self)(
            care_team=wanted.care_team,
            others=wanted.others,
            hold=wanted.hold,
            entries=(*kept, *(Entry(account, now, FOREVER) for account in joined)),
        )

    def provisions(self) -> tuple[Provision, ...]:
        """Return the lines that the two levels stand for; both classes are always said."""
        return (
            *provisions_of_level(self.care_team, CARE_TEAM, name="care_team"),
            *provisions_of_level(self.others, OTHERS, name="others"),
        )
