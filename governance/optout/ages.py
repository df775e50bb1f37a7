"""What an age changes: who decides without a guardian, and what stays closed whatever was picked."""

from enum import StrEnum
from typing import Self

from flask_babel import gettext

from governance.decision.minors import NEVER_ON_MINORS
from governance.decision.vocabulary import Action, Instant
from governance.patients.ages.bands import ADULT, turns


class Age(StrEnum):
    """What we know of a person's age, as far as it closes something."""

    ADULT = "adult"
    UNDER_18 = "under_18"
    UNKNOWN = "unknown"

    @classmethod
    def at(cls, adult_from: int | None, now: Instant) -> Self:
        """Return what was known at an instant of who turns 18 then; None where nobody told us."""
        if adult_from is None:
            return cls("unknown")
        return cls("adult" if adult_from <= now else "under_18")

    def stays_closed(self, action: Action | str, circle: str) -> str:
        """Say of something that was picked for a circle why it opens nothing yet; an empty text where it does.

        A page that lists it without these words would promise what every decision refuses.
        """
        closed = action in NEVER_ON_MINORS or (action == Action.MESSAGE and circle == "others")
        return self.keeps_closed if closed else ""

    @property
    def keeps_closed(self) -> str:
        """How long what is closed to the young stays so: a half-sentence, empty for an adult."""
        said: str = ""
        if self is Age.UNDER_18:
            said = gettext("stays closed until you are 18")
        elif self is Age.UNKNOWN:
            # Said as it is: in a group that is marked as for adults, what was picked does count.
            said = gettext("stays closed until we know that you are 18, except in groups for adults only")
        return said


def may_decide_alone(adult_from: int | None, consent_age: int, now: Instant, zone: str = "UTC") -> bool | None:
    """Say whether a person has reached the digital-consent age (whole years); None while nobody told us their age.

    `zone`: at whose midnight a birthday begins.
    """
    if adult_from is None:
        return None
    return now >= turns(adult_from, max(0, min(consent_age, ADULT)), zone)
