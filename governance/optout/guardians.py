"""Below the digital-consent age: who else has to say yes, whether they still do, and what ends at 18 because of it.

INVARIANT: nobody's yes but the patient's begins anything. A guardian or an officer only lets the patient's own wish
begin its wait.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.levels import LEVELS
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.asking_again import AskingAgain
from governance.effective.documents import AskedAgain, PatientDocument
from governance.effective.lines import About
from governance.effective.service import Register
from governance.optout.choices import Choices
from governance.optout.own.rules import Scope as Place
from governance.optout.steps import NOBODY_NAMED, RULES, Step
from governance.optout.waiting import Asks, Wish
from governance.patients.ages.told import cannot_decide, has_died
from governance.patients.guardians.service import Guardian, Links, Scope

GIVEN_UP_AFTER: Final = 30 * 24 * 3600 * 1_000_000
"""How long a wish is put before those who have to agree, in microseconds."""
OFFICER: Final = "officer"
_NAMES: Final = frozenset({"team", "named"})
_CIRCLES: Final = {WhoKind.CARE_TEAM: "care_team", WhoKind.OTHERS: "others"}


class Others:
    """Who else has a word in what one child opens, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
        """Ask about this patient at this instant."""
        self._session, self._keyring, self._patient, self._now = session, keyring, patient_id, now

    def whom_to_ask(self, steps: Iterable[Step]) -> Asks:
        """Say who has to agree with what a child wants to open; nobody, where there is nobody who could.

        What names a professional goes to an officer: guardians never see names.
        """
        if names_somebody(steps):
            return Asks.OFFICER
        return Asks.GUARDIAN if self.able() else Asks.NOBODY

    def able(self) -> list[Guardian]:
        """Return who may agree now: in force, for that, and no professional themselves."""
        links = Links(self._session, self._keyring, self._now)
        return [one for one in links.acting_for(self._patient, Scope.AGREE) if not links.is_tied(one)]

    def all_agree(self, wish: Wish) -> bool:
        """Say whether everybody who has to said yes, as things are now."""
        if wish.asks is Asks.OFFICER:
            return OFFICER in wish.agreed
        able = {str(one.link.id) for one in self.able()}
        return bool(able) and able <= set(wish.agreed)

    def still_agree(self, wish: Wish) -> bool:
        """Say whether a wish that is due may begin: a guardian whom a court sent away meanwhile agrees to nothing."""
        if wish.asks is Asks.NOBODY:
            return True
        register = Register(self._session, self._keyring, self._now)
        document: PatientDocument = register.document("patient", str(self._patient))
        adult = document.adult_from is not None and document.adult_from <= self._now
        return adult or self.all_agree(wish)

    def have_it_end(self, wish: Wish, before: Choices, after: Choices) -> None:
        """Have end at 18 what somebody else said yes to; what the person opens by themselves stays."""
        found = list(_opened(before, after, wish.steps))
        asking = AskingAgain(self._session, self._keyring, self._patient, self._now)
        if wish.asks is Asks.NOBODY:
            asking.drop(found)
        else:
            asking.add(found)


def names_somebody(steps: Iterable[Step]) -> bool:
    """Say whether a wish tells of a professional by name."""
    return any(step.part in _NAMES or _is_rule_by_name(step) for step in steps)


def _is_rule_by_name(step: Step) -> bool:
    return step.part == RULES and Place.of(step.member).who is WhoKind.NAMED


def is_held(session: Session, keyring: Keyring, patient_id: UUID) -> bool:
    """Say whether nothing may be opened for somebody at all: they have died, or cannot decide."""
    return has_died(session, keyring, patient_id) or cannot_decide(session, keyring, patient_id)


def _opened(before: Choices, after: Choices, steps: Iterable[Step]) -> Iterator[AskedAgain]:
    for kind, circle in _CIRCLES.items():
        gained = after.open_to(circle) - before.open_to(circle)
        if gained:
            yield AskedAgain(kind, gained)
    for step in steps:
        account = AccountKey(step.member)
        if step.part == "team" and step.value and after.open_to("care_team"):
            yield AskedAgain(WhoKind.NAMED, after.open_to("care_team"), account)
        one = after.by_name(account) if step.part == "named" and step.value != NOBODY_NAMED else None
        if one is not None and not one.closes:
            yield AskedAgain(WhoKind.NAMED, LEVELS[one.level], account)
        rule = after.about(step.member) if step.part == RULES else None
        if rule is not None and not rule.closes:
            scope = rule.scope
            yield About(scope.who, scope.name, scope.scale, scope.platform, scope.place).ends(LEVELS[rule.level])
