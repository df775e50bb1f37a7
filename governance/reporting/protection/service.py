"""What officers close at once, and what they open for a day: each in a transaction of its own that leads to no case.

INVARIANT: nothing here writes a case. The door takes the measure first and commits it, and adds the sealed event to the
case afterwards: if that fails, somebody is protected all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key, place_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant, Mark
from governance.effective.layers import Layers, platform_party, refuse_one
from governance.effective.measures import Measures
from governance.effective.models import GovernedAccount, Measure
from governance.effective.service import Register
from governance.identity.models import Account, Platform
from governance.identity.service import account_for
from governance.patients.contact.notices import Kind, notify
from governance.patients.service import patient_for
from governance.policy.views.desk import DeskPolicy, Span, Unit
from governance.reporting.cases.errors import NoSuchAccountError
from governance.reporting.clocks.calendars import due
from governance.reporting.protection.errors import NotAgreedError
from governance.reporting.protection.reviews import to_review
from governance.reporting.work import DAY, Work

Recheck = Callable[[Session, Keyring, UUID, str, Instant], None]
"""Has a verifier look at a professional again; handed over by the room of conduct."""
RECHECK: Final = "governance.reporting.recheck"
"""Under this name the app keeps it."""


class Protection(StrEnum):
    """What an officer can do alone."""

    PAIR = "pair"
    EMERGENCY = "emergency"
    MARK = "mark"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class People:
    """The two whom a case is about, as far as we know them."""

    platform_id: UUID
    patient: AccountKey | None
    hcp: AccountKey | None
    hcp_id: UUID | None
    patient_name: str = ""


def find_people(session: Session, keyring: Keyring, platform_id: UUID, patient: str, hcp: str) -> People:
    """Return whom two accounts belong to: each as the forum names it, or as a report brought it along."""
    keys = [_key(session, keyring, platform_id, said) for said in (patient, hcp)]
    account = None if keys[1] is None else session.get(GovernedAccount, keys[1])
    if account is not None:
        Register(session, keyring, Instant(0)).check_account(account)
    hcp_id = None if account is None or account.hcp is None else UUID(account.hcp)
    return People(platform_id, keys[0], keys[1], hcp_id, patient.strip())


class Protecting:
    """Takes measures, in one transaction."""

    def __init__(self, work: Work, desk: DeskPolicy, officer_id: UUID) -> None:
        """Act for an officer."""
        self._work, self._desk, self._officer = work, desk, officer_id
        self._measures = Measures(work.session, work.keyring, work.now)

    def block_pair(self, people: People) -> Measure:
        """Refuse one account everything about one patient, for the days of the policy.

        Whoever has no record with us gets one, so that there is something to refuse by; and since nobody can ask them
        when the days are over, the forum's layer refuses as well, as if its own button had been pressed.
        Raises `NoSuchAccountError`.
        """
        if people.hcp is None or people.patient is None:
            raise NoSuchAccountError("type both accounts as the forum names them, to block one from the other")
        register = Register(self._work.session, self._work.keyring, self._work.now)
        is_new = register.patient_of(people.patient) is None
        patient_id = self._patient(people)
        if is_new:
            party = platform_party(people.platform_id)
            layers = Layers(self._work.session, self._work.keyring, patient_id, self._work.now)
            layers.add(party, refuse_one(party, people.hcp))
        until = Instant(self._work.now + self._desk.measures.pair_days * DAY)
        return self._measures.block_pair(patient_id, people.hcp, until)

    def view_in_emergency(self, people: People, thread: str, calendar: str) -> Measure:
        """Let one professional read one thread for a day, if its author agreed beforehand.

        The author is told, and somebody looks at it again within days.

        Raises `NotAgreedError`, `NoSuchAccountError`.
        """
        if people.hcp_id is None or not thread.strip():
            raise NoSuchAccountError("type the account of a registered professional, and the thread")
        patient_id = self._agreed(people)
        if patient_id is None:
            raise NotAgreedError("this person did not agree to an emergency view: open nothing, use emergency services")
        digest = place_key(self._work.keyring, people.platform_id, "thread", thread.strip())
        measure = self._measures.view_in_emergency(people.hcp_id, people.platform_id, digest)
        span = Span(self._desk.measures.emergency_review_working_days, Unit.WORKING_DAYS)
        to_review(self._work, measure, self._officer, due(self._work.now, span, self._desk.calendars[calendar]))
        notify(self._work.session, self._work.keyring, patient_id, Kind.EMERGENCY_VIEW, self._work.now)
        return measure

    def block_everywhere(self, hcp_id: UUID, proposed_by: UUID, *, again: bool = False) -> Measure:
        """Refuse a professional everything, everywhere, until the day on which somebody looks again."""
        days = self._desk.measures.wide_again_days if again else self._desk.measures.wide_days
        until = Instant(self._work.now + days * DAY)
        measure = self._measures.block_hcp(hcp_id, until)
        to_review(self._work, measure, proposed_by, until, approved_by=self._officer)
        return measure

    def mark(self, people: People) -> None:
        """Let an account count as a professional's from now on: refusals bind it. Raises `NoSuchAccountError`."""
        if people.hcp is None:
            raise NoSuchAccountError("type the account as the forum names it")
        Register(self._work.session, self._work.keyring, self._work.now).mark(
            people.platform_id, people.hcp, Mark.OFFICER
        )

    def recheck(self, people: People, recheck: Recheck, reason: str) -> None:
        """Have a verifier look at a registration again. Raises `NoSuchAccountError`."""
        if people.hcp_id is None:
            raise NoSuchAccountError("nobody registered this account; mark it as a professional's instead")
        recheck(self._work.session, self._work.keyring, people.hcp_id, reason, self._work.now)

    def _patient(self, people: People) -> UUID:
        session, keyring = self._work.session, self._work.keyring
        account = None if people.patient is None else Account.of_key(session, people.patient)
        if account is None:
            platform = session.get_one(Platform, people.platform_id)
            account = account_for(session, keyring, platform, people.patient_name, self._work.now)
        whose = (account.id, people.platform_id, AccountKey(account.key))
        return patient_for(session, keyring, whose, self._work.now).id

    def _agreed(self, people: People) -> UUID | None:
        """Return the patient if they said yes beforehand."""
        if people.patient is None:
            return None
        register = Register(self._work.session, self._work.keyring, self._work.now)
        patient_id = register.patient_of(people.patient)
        if patient_id is None:
            return None
        document = register.document("patient", str(patient_id))
        since: int = document.emergency_yes_since
        return patient_id if since <= self._work.now else None


def _key(session: Session, keyring: Keyring, platform_id: UUID, said: str) -> AccountKey | None:
    typed = said.strip()
    if not typed:
        return None
    # A report of somebody who signed in brings the key along that the forum's page had.
    for known in (Account.of_key(session, AccountKey(typed)), session.get(GovernedAccount, typed)):
        if known is not None and known.platform_id == platform_id:
            return AccountKey(typed)
    return account_key(keyring, platform_id, typed)
