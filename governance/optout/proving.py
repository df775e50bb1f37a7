"""Whether the person at the door proved a moment ago who they are, and the way to do so."""

from http import HTTPStatus

from flask import render_template
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.identity.current import signed_in
from governance.identity.proofs.proof import LASTS, proved_within, to_proof
from governance.identity.sessions.service import SignedIn
from governance.optout.ratchet import Lack, Press
from governance.patients.ages.service import Clock, People
from governance.patients.service import find_patient
from governance.policy.current import policies
from governance.policy.views.optout import OptoutPolicy
from governance.ui.house import house

HOUR = 3_600 * 1_000_000


def press_of(person: SignedIn, policy: OptoutPolicy, at: Instant, *, of_age: bool = False) -> Press:
    """Return a press of somebody who is signed in, under the policy in force."""
    ages, zone = clock_of(person, policy, at)
    return Press(
        at,
        wait=policy.cooling_off_hours * HOUR,
        consent_age=ages.digital_consent,
        zone=zone,
        of_age=of_age,
        proved=proved_within(person, LASTS, at),
    )


def clock_of(person: SignedIn, policy: OptoutPolicy, at: Instant) -> Clock:
    """Return by which ages and whose midnights somebody's rights begin; where no country is known, the strictest."""
    with reading() as session:
        patient = find_patient(session, person.account_id)
        people = People(session, house().keyring, policy, at)
        return people.clock_of_nobody() if patient is None else people.clock(patient.id)


def way_to_prove(back_to: str) -> ResponseReturnValue:
    """Send somebody to prove who they are, and back to an endpoint of ours."""
    return to_proof(back_to)


def needs_another(lack: Lack, at: Instant) -> ResponseReturnValue:
    """Say that nobody can open this alone, and what to do; what closed counts already."""
    if lack is Lack.HELD:
        return render_template("optout/held.html"), HTTPStatus.CONFLICT
    ages, _ = clock_of(signed_in(), policies().optout, at)
    return render_template("optout/guardian.html", age=ages.digital_consent), HTTPStatus.CONFLICT
