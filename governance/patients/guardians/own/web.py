"""Doors for the young person: every guardian there is and what each sees, a code for one, a yes or no to what they ask.

The young person is shown all of it, always; nothing here needs anybody's leave.
"""

from http import HTTPStatus
from unicodedata import normalize
from uuid import UUID

from babel import Locale
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import to_proof
from governance.identity.sessions.once import said_once, say_once
from governance.patients.ages.again import age_said
from governance.patients.ages.service import People
from governance.patients.guardians import hearings, requests
from governance.patients.guardians.errors import NotGuardianError
from governance.patients.guardians.hearings import Subject
from governance.patients.guardians.models import Hearing
from governance.patients.guardians.schemas import AnswerSchema, CountrySchema, LinkSchema
from governance.patients.guardians.service import Guardian, Links
from governance.patients.guardians.wishes import wishes
from governance.patients.models import Patient
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import page_language
from governance.ui.pages import form_values, load

blueprint = Blueprint("guardians", __name__, url_prefix="/my/guardians", template_folder="../../templates")


@blueprint.get("")
@sign_in_required
def mine() -> ResponseReturnValue:
    """Show everybody who is, was or wants to be a guardian, what each sees, and what they ask for."""
    at = now()
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        linked = [] if patient is None else Links(session, house().keyring, at).of_patient(patient.id)
        asked = requests.open_for(session, house().keyring, linked)
        heard = () if patient is None else Hearing.open_of(session, patient.id)
        people = People(session, house().keyring, policies().optout, at)
        clock = people.clock_of_nobody() if patient is None else people.clock(patient.id)
    return render_template(
        "guardians/mine.html",
        linked=[(guardian, _state(guardian, at)) for guardian in linked],
        asked=asked,
        heard={(one.kind, one.about): one.due for one in heard},
        ages=clock.ages,
        policy=policies_here().optout,
        said=said_once("seen", "heard", "said_no", "country", "country_later"),
    )


@blueprint.post("/code")
@sign_in_required
def code() -> ResponseReturnValue:
    """Show a new code, once; an earlier one is good no more."""
    at = now()
    with transaction() as session:
        made = Links(session, house().keyring, at).make_code(_patient(session, at).id)
    return render_template("guardians/code.html", code=made)


@blueprint.post("/seen")
@sign_in_required
def seen() -> ResponseReturnValue:
    """Write down that the young person saw a link."""
    about, at = load(LinkSchema(), form_values())["about"], now()
    with transaction() as session:
        Links(session, house().keyring, at).see(_patient(session, at).id, about)
    return _back("seen")


@blueprint.post("/object")
@sign_in_required
def object_to() -> ResponseReturnValue:
    """Have an officer look at a link that the young person says is wrong."""
    about, at = load(LinkSchema(), form_values())["about"], now()
    with transaction() as session:
        patient = _patient(session, at)
        if about not in {one.link.id for one in Links(session, house().keyring, at).of_patient(patient.id)}:
            raise NotGuardianError("there is no such link; look at your guardians again")
        hearings.ask(session, house().keyring, patient.id, (Subject.LINK, str(about)), at)
    return _back("heard")


@blueprint.post("/answer")
@sign_in_required
def answer() -> ResponseReturnValue:
    """Take a yes or no to what a guardian asks for. No counts at once; yes needs a proof, and waits as ever."""
    given, at = load(AnswerSchema(), form_values()), now()
    if given["answer"] == "yes":
        return _yes(given["about"], at)
    with transaction() as session:
        linked = Links(session, house().keyring, at).of_patient(_patient(session, at).id)
        requests.take(session, house().keyring, linked, given["about"], at)
    return _back("said_no")


@blueprint.get("/country")
@sign_in_required
def country_form() -> ResponseReturnValue:
    """Ask where somebody lives: it says from which age they decide alone."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        people = People(session, house().keyring, policies().optout, now())
        chosen = "" if patient is None else people.told(patient.id).country
    return render_template("guardians/country.html", countries=_countries(), policy=policies().optout, chosen=chosen)


@blueprint.post("/country")
@sign_in_required
def country() -> ResponseReturnValue:
    """Take the answer; where it would open something that was closed by it, staff look at it first."""
    wanted, at = load(CountrySchema(), form_values())["country"], now()
    with transaction() as session:
        patient = _patient(session, at)
        people = People(session, house().keyring, policies().optout, at)
        with age_said(session, patient, at):
            holds = people.choose_country(patient.id, wanted)
        if not holds:
            hearings.ask_for_country(session, house().keyring, patient.id, (people, wanted.upper()), at)
    return _back("country" if holds else "country_later")


def _yes(request_id: UUID, at: Instant) -> ResponseReturnValue:
    onward = wishes().assent(signed_in(), request_id, at)
    return to_proof("guardians.mine") if onward is None else redirect(url_for(onward), HTTPStatus.SEE_OTHER)


def _countries() -> list[tuple[str, str]]:
    """Return the countries of the table of ages, each with its name, in the order of the page's language."""
    names = Locale.parse(page_language()).territories
    # Taken apart, an accented letter stands beside the plain one.
    return sorted(
        ((code, names[code]) for code in policies().optout.countries), key=lambda one: normalize("NFD", one[1])
    )


def _patient(session: Session, at: Instant) -> Patient:
    person = signed_in()
    account = (person.account_id, person.platform_id, person.account_key)
    return patient_for(session, house().keyring, account, at)


def _state(guardian: Guardian, at: Instant) -> str:
    link = guardian.link
    if link.ended is not None or (guardian.until is not None and guardian.until <= at):
        return "over"
    if guardian.in_force:
        return "in_force"
    if link.approved is None:
        return "staff" if link.seen is not None else "both"
    return "you" if link.seen is None else "no_age"


def _back(word: str) -> ResponseReturnValue:
    say_once(word)
    return redirect(url_for("guardians.mine"), HTTPStatus.SEE_OTHER)
