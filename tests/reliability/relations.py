"""What a patient's guardian, second forum and staff write about them, each with words of their own."""

from sqlalchemy import select

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant, Level
from governance.identity.permissions import Role
from governance.identity.service import account_for, platform_named
from governance.identity.staff.models import StaffMember
from governance.optout.own.places import name_places
from governance.patients.ages.bands import Band
from governance.patients.ages.service import Claim, People
from governance.patients.forums import codes, yes
from governance.patients.forums.events import Event, Kind, take
from governance.patients.forums.handed import HANDS
from governance.patients.forums.joining import join
from governance.patients.forums.records import Work
from governance.patients.guardians import hearings, requests
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.patients.hide_codes.service import make_code
from governance.patients.intake import service as intake
from governance.patients.models import Patient
from governance.patients.recovery import service as recovery
from governance.patients.service import patient_for
from governance.policy.current import policies
from governance.ui.clock import now


def has_relations(writers):
    """Another patient, young, with a guardian, a second account, a printed code, and staff who help."""
    with writers.app.app_context(), transaction() as session:
        forum, at = platform_named(session, writers.forum_name), now()
        theirs, guardians, second, lost = (
            account_for(session, writers.keyring, forum, writers.word(f"account of a {who}").text, at)
            for who in ("young patient", "guardian", "second home", "lost home")
        )
        patient = patient_for(session, writers.keyring, (theirs.id, forum.id, theirs.key), at)
        is_linked(writers, session, patient, guardians)
        name_places(session, writers.keyring, patient.id, {"d" * 43: writers.word("place of a rule").text})
        writers.secrets.append(make_code(session, writers.keyring, patient.id, at))
        work = Work(session, writers.keyring, writers.app.extensions[HANDS], at)
        officers = session.scalars(select(StaffMember)).all()
        officer = next(one for one in officers if Role.OFFICER in one.roles)
        intake.take(work, theirs, intake.Request(intake.Asked.HOLD, intake.How.PHONE), officer.id)
        recovery.ask(work, theirs, lost, officer.id)
        writers.secrets.append(codes.make_forum_code(session, writers.keyring, lost.id, at))
        join(work, theirs, second)
        yes.wish(session, writers.keyring, (patient.id, forum.id), (at, Instant(at + 10**12)))
        take(work, forum, Event(Kind.DELETED, writers.word("account of a second home").text))


def is_linked(writers, session, patient: Patient, account):
    at = now()
    people = People(session, writers.keyring, policies().optout, at)
    people.says(patient, "platform:forum", Claim(Band.UNDER_13, None, "Europe/London", "GB"))
    links = Links(session, writers.keyring, at)
    name, calls, evidence = (writers.word(f"guardian's {what}").text for what in ("name", "word for a child", "proof"))
    link = links.set_up(patient.id, account.id, Terms(name, calls, Basis.PARENT, evidence, tuple(Scope)), None)
    links.approve(link.id, writers.word("who approved a guardian").text, tuple(Scope))
    links.see(patient.id, link.id)
    writers.secrets.append(links.make_code(patient.id))
    (guardian,) = links.of_patient(patient.id)
    requests.ask(session, writers.keyring, guardian, requests.Request("others", Level.SEEN), at)
    hearings.ask(session, writers.keyring, patient.id, (hearings.Subject.LINK, str(link.id)), at)
