"""Having somebody told once more on birthdays to come: what they were told as a child covers nothing from then on."""

from flask import current_app
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.patients.ages.service import END_COVERAGE, EndCoverage, People
from governance.patients.models import Patient
from governance.policy.current import policies
from governance.ui.house import house


def tell_again(session: Session, patient: Patient, at: Instant) -> None:
    """Have every permit ask again from the local midnights to come at which a person is to be told anew.

    Called wherever an age or a country was said, and where somebody was told: whichever comes first. Instants that were
    set for another age stay; asked once too often is better than once too seldom.
    """
    keyring = house().keyring
    end_coverage: EndCoverage = current_app.extensions[END_COVERAGE]
    for instant in People(session, keyring, policies().optout, at).tell_again_at(patient):
        if instant > at:
            end_coverage(session, keyring, patient.id, instant, at)
