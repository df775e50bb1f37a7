"""A forum with its people, below HTTP: what patients, verifiers and the forum itself do, and what it then asks."""

from datetime import UTC, datetime, timedelta

from governance.conduct.service import Acceptance, ForumAccount, Registration, declare, register_hcp
from governance.decision.facts import Room
from governance.decision.vocabulary import Ages, Assurance, Instant, Level, Posture, Status
from governance.disclosure.service import Told, acknowledge
from governance.effective.past import in_force_then
from governance.effective.present import in_force
from governance.identity.models import Platform
from governance.identity.service import NewPlatform, account_for, add_platform
from governance.optout import service as optout
from governance.optout.choices import Choices
from governance.optout.ratchet import Press, choose
from governance.patients.service import patient_for, set_adult_from
from governance.pdp.api import conduct_in_force
from governance.pdp.communities import Communities, Wanted
from governance.pdp.digests import Digests
from governance.pdp.messages import question_of
from governance.pdp.service import Desk
from governance.ui.clock import now, to_instant

DAY = 24 * 3600 * 1_000_000
START = to_instant(datetime(2026, 5, 4, 10, tzinfo=UTC))
TOLD = Told(version="1.0.0", language="en", variant="standard", text_sha256="0" * 64)
CLOSED, SEEN, ANSWERED, IN_TOUCH = Level.CLOSED, Level.SEEN, Level.ANSWERED, Level.IN_TOUCH


class Forum:
    """One platform in one session; its clock stands still until it is told to move on."""

    def __init__(self, session, keyring, name="forum", at=START):
        self.session, self.keyring, self.now = session, keyring, Instant(at)
        wanted = NewPlatform(
            name=name, issuer=f"https://{name}.example", oidc_client_id="us", oidc_client_secret="secret"
        )
        self.platform, self.credentials = add_platform(session, keyring, wanted, now=self.now)
        self.id = self.platform.id

    @classmethod
    def again(cls, session, keyring, platform_id, credentials, at):
        """The forum that another session stored."""
        forum = cls.__new__(cls)
        forum.session, forum.keyring, forum.now = session, keyring, Instant(at)
        forum.platform, forum.credentials, forum.id = session.get(Platform, platform_id), credentials, platform_id
        return forum

    def account(self, name):
        return account_for(self.session, self.keyring, self.platform, name, self.now)

    def key(self, name):
        return self.account(name).key

    def patient(self, name, *, adult=True):
        account = self.account(name)
        whose = (account.id, self.id, account.key)
        patient = patient_for(self.session, self.keyring, whose, self.now)
        if adult and patient.adult_from is None:
            set_adult_from(self.session, self.keyring, patient, Instant(0), self.now)
        return patient

    def acknowledges(self, name, *, adult=True):
        acknowledge(self.session, self.keyring, self.patient(name, adult=adult).id, TOLD, self.now)

    def chooses(self, name, care_team=CLOSED, others=CLOSED, team=(), *, adult=True):
        wanted = Choices(care_team, others, frozenset(self.key(who) for who in team))
        return self.wants(name, wanted, adult=adult)

    def wants(self, name, wanted, *, adult=True, **brings):
        """One press of a patient: what closes counts, what opens needs what they bring (`proved`, `of_age`)."""
        press = Press(self.now, wait=DAY, consent_age=16, **brings)
        return choose(self.session, self.keyring, self.patient(name, adult=adult).id, wanted, press)

    def hides(self, name):
        return optout.hide(self.session, self.keyring, self.patient(name).id, self.now)

    def choices(self, name):
        return optout.choices_now(self.session, self.keyring, self.patient(name).id)

    def registers(self, name, profession="nurse", assurance=4, *, attested=True, status=Status.GOOD):
        """A verifier enters a professional, checked for 60 days."""
        until = Instant(self.now + 60 * DAY)
        found = Registration(name.title(), profession, Assurance(assurance), status, until)
        accepted = Acceptance("1", until) if attested else None
        return register_hcp(self.session, self.keyring, self._tied(name), found, accepted, now=self.now)

    def declares(self, name):
        declare(self.session, self.keyring, self._tied(name), self.now)

    def opens(self, community, posture=Posture.INFORMED, ages=Ages.ADULTS, moderators=(), *, told=None, **said):
        """Set a community; return the posture and ages that it will be judged by last."""
        return self.sets(community, posture, ages, moderators, told=told, **said).setting

    def sets(self, community, posture=Posture.INFORMED, ages=Ages.ADULTS, moderators=(), *, told=None, **said):
        wanted = Wanted(Room(posture, ages), [self.key(name) for name in moderators], **said)
        return Communities(self.session, self.keyring, self.id).put(community, wanted, now=self.now, told=told)

    def later(self, **times):
        self.now = Instant(self.now + timedelta(**times) // timedelta(microseconds=1))

    def decides(self, viewer, author, action="view", **properties):
        """Ask about a post of the author's and return the decision."""
        return self.answers([asked(viewer, author, action, **properties)])[0]

    def permits(self, viewer, author, action="view", **properties):
        return self.decides(viewer, author, action, **properties).permit

    def answers(self, questions):
        self.session.flush()
        self.session.expire_all()
        return [answer.decision for answer in self.asks([question_of(question) for question in questions])]

    def asks(self, questions):
        """What the desk answers to typed questions, and on what."""
        return self.desk().answer(questions, self.now)

    def desk(self):
        return Desk(Digests(self.keyring, self.id), in_force(self.session, self.keyring, self.id), conduct_in_force())

    def desk_then(self, revision):
        """The desk as it was at one of the forum's revisions."""
        return Desk(Digests(self.keyring, self.id), self.reader_then(revision), conduct_in_force())

    def reader_then(self, revision):
        """What was in force at one of the forum's revisions."""
        return in_force_then(self.session, self.keyring, self.id, revision)

    def _tied(self, name):
        account = self.account(name)
        return ForumAccount(account.id, self.id, account.key)


def with_people(forum):
    """Ana answers her nurse and is closed to others; a doctor is registered, and the community `c`."""
    forum.registers("nurse")
    forum.registers("doctor", "doctor")
    forum.opens("c")
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    forum.session.commit()
    return forum


def an_hour_ago():
    return now() - 3600 * 1_000_000


def asked(viewer, author, action="view", **properties):
    """A question of a platform, with all that it may say of a post."""
    said = {"author": author, "community": "c", "thread": "t", "created": "2026-05-01T10:00:00Z", "edited": None}
    said = {name: value for name, value in {**said, **properties}.items() if value != "not sent"}
    about = {"initiated_by_patient": said.pop("wrote_first")} if "wrote_first" in said else {}
    return {
        "subject": {"type": "user", "id": viewer},
        "action": {"name": action, "properties": about},
        "resource": {"type": "post", "id": "p-1", "properties": said},
    }
