"""The door behind guardians' pages: children's wishes in classes, and answers to them."""

from collections.abc import Sequence
from uuid import UUID

from governance.crypto.data_keys import KeyGoneError
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity.sessions.service import SignedIn
from governance.optout.agreeing import Agreeing, ShownWish
from governance.optout.browser import after_press, said_of_age
from governance.optout.proving import HOUR, press_of
from governance.optout.ratchet import InForce, Waits
from governance.patients.guardians import requests
from governance.patients.guardians.service import Links, Scope
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.ui.house import house


class WishDesk:
    """What guardians and children do with each other's wishes; each act is one transaction."""

    def shown(self, guardian: SignedIn, link_id: UUID, at: Instant) -> Sequence[ShownWish]:
        """Return what a child asks this guardian to agree with. Raises `NotGuardianError`."""
        with reading() as session:
            link = Links(session, house().keyring, at).acting(guardian.account_id, link_id)
            try:
                return Agreeing(session, house().keyring, _wait(), at).shown(link)
            except KeyGoneError:
                return ()

    def answer(self, guardian: SignedIn, link_id: UUID, change_id: UUID, yes: bool, at: Instant) -> None:  # noqa: FBT001 - as the page's two buttons
        """Take a guardian's answer. Raises `NotGuardianError`, and as `Agreeing.answer` does."""
        with transaction() as session:
            link = Links(session, house().keyring, at).acting(guardian.account_id, link_id, Scope.AGREE)
            Agreeing(session, house().keyring, _wait(), at).answer(link, change_id, yes=yes)

    def assent(self, person: SignedIn, request_id: UUID, at: Instant) -> str | None:
        """Take a child's own yes; return where to go on, None where they have to prove first who they are."""
        press = press_of(person, policies().optout, at, of_age=said_of_age())
        if not press.proved:
            return None
        with transaction() as session:
            patient = find_patient(session, person.account_id)
            links = Links(session, house().keyring, at)
            guardians = [] if patient is None else links.of_patient(patient.id)
            asked = requests.take(session, house().keyring, guardians, request_id, at)
            agreeing = Agreeing(session, house().keyring, _wait(), at)
            outcome = agreeing.assent(asked.guardian, asked.guardian.link.patient_id, asked.wish, press)
            after_press(session, outcome.directive, at)
        if isinstance(outcome, Waits):
            return "changes.waiting"
        return "portal.choices" if isinstance(outcome, InForce) else "guardians.mine"


def _wait() -> int:
    return policies().optout.cooling_off_hours * HOUR
