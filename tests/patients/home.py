"""A child and her guardians below HTTP: a line for each thing they do."""

from datetime import UTC, date, datetime

from governance.conduct.service import Acceptance, ForumAccount, Registration, register_hcp
from governance.crypto.blind_index import place_key
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.disclosure.service import seen
from governance.effective.layers import Layers
from governance.effective.service import Register
from governance.optout import waiting
from governance.optout.agreeing import Agreeing
from governance.optout.choices import Choices
from governance.optout.models import WaitingChange
from governance.optout.own.rules import Rule
from governance.optout.own.rules import Scope as OwnScope
from governance.optout.ratchet import Press, choose, take_effect
from governance.optout.service import body_in_force
from governance.patients.ages.bands import Band, midnight
from governance.patients.ages.service import Claim, People
from governance.patients.guardians.models import Hearing
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.policy.current import policies
from governance.ui.clock import to_instant
from tests.forum import CLOSED, DAY, SEEN

LONDON = "Europe/London"


def instant(*moment):
    return to_instant(datetime(*moment, tzinfo=UTC))


class Home:
    """Kim is twelve; her forum said so. Others are her guardians, once they are linked."""

    def __init__(self, forum, country="GB"):
        self.forum, self.session, self.keyring = forum, forum.session, forum.keyring
        self.kim = forum.patient("kim", adult=False)
        self.says(Band.UNDER_13, date(2027, 5, 20), country=country, zone=LONDON)
        forum.acknowledges("kim", adult=False)
        self.registers("dan")

    def registers(self, name):
        """A professional, proven for as long as these stories last."""
        account, until = self.forum.account(name), Instant(self.now + 20 * 365 * DAY)
        found = Registration(name.title(), "nurse", Assurance.A4, Status.GOOD, until)
        theirs = ForumAccount(account.id, self.forum.id, account.key)
        register_hcp(self.session, self.keyring, theirs, found, Acceptance("1", until), now=self.now)

    @property
    def now(self):
        return self.forum.now

    @property
    def links(self):
        return Links(self.session, self.keyring, self.now)

    @property
    def people(self):
        return People(self.session, self.keyring, policies().optout, self.now)

    @property
    def agreeing(self):
        return Agreeing(self.session, self.keyring, DAY, self.now)

    def says(self, band, changes_on=None, source="forum", **more):
        return self.people.says(self.kim, source, Claim(band, changes_on, **more))

    def asks(self, name, basis=Basis.PARENT, ends=None):
        terms = Terms(name, "my girl", basis, "paper 77")
        return self.links.set_up(self.kim.id, self.forum.account(name).id, terms, ends)

    def linked(self, name, scope=tuple(Scope), **stated):
        link = self.asks(name, **stated)
        self.links.approve(link.id, "olu", scope)
        self.links.see(self.kim.id, link.id)
        return link.id

    def guardian(self, name):
        """The link of somebody, as it is now."""
        account = self.forum.account(name).id
        return next(one for one in self.links.of_patient(self.kim.id) if one.link.account_id == account)

    def wants(self, others=SEEN, care_team=CLOSED, team=(), **brings):
        wanted = Choices(care_team, others, frozenset(self.forum.key(name) for name in team))
        clock = self.people.clock(self.kim.id)
        press = Press(
            self.now, wait=DAY, consent_age=clock.ages.digital_consent, zone=clock.zone, proved=True, **brings
        )
        return choose(self.session, self.keyring, self.kim.id, wanted, press)

    def rules(self, profession, thread, level):
        """Kim lets a profession do something in one thread alone."""
        body = body_in_force(self.session, self.keyring, self.kim.id)
        where = {"scale": Scale.THREAD, "platform": str(self.forum.id)}
        digest = place_key(self.keyring, self.forum.id, "thread", thread)
        scope = OwnScope(WhoKind.PROFESSION, profession, place=digest, **where)
        others = frozenset(one for one in body.choices.rules if one.scope.where != scope.where)
        wanted = body.choices._replace(rules=others | {Rule.picked(scope, level)})
        clock = self.people.clock(self.kim.id)
        press = Press(self.now, wait=DAY, consent_age=clock.ages.digital_consent, zone=clock.zone, proved=True)
        return choose(self.session, self.keyring, self.kim.id, wanted, press)

    def answers(self, name, *, yes=True):
        change = self.open_wish()
        self.agreeing.answer(self.guardian(name), change.id, yes=yes)

    def open_wish(self):
        return self.session.query(WaitingChange).filter(WaitingChange.ended.is_(None)).one()

    def works(self):
        """Every change whose time has come takes effect, as the worker does it."""
        self.session.flush()
        for change in self.session.query(WaitingChange).filter(
            WaitingChange.ended.is_(None), WaitingChange.due <= self.now
        ):
            take_effect(self.session, self.keyring, change.id, self.token_of(change), self.now)

    def token_of(self, change):
        """The token is in the job alone; here the newest one is made anew."""

        change.token_digest = waiting._digest("known")
        return "known"

    def day_later(self):
        self.forum.later(days=1)
        self.works()

    def permits(self, action="view", viewer="dan", **properties):
        return self.forum.permits(viewer, "kim", action, **properties)

    def turns(self, years):
        """Move the clock to a birthday of Kim's, who signs in once a year until then."""
        birthday = midnight(date(2014 + years, 5, 20), LONDON)
        for at in range(self.forum.now, birthday, 365 * DAY):
            seen(self.session, self.keyring, self.kim.id, Instant(at))
        self.forum.now = Instant(birthday)

    def layers(self):
        return Layers(self.session, self.keyring, self.kim.id, self.now)

    def document(self):
        return Register(self.session, self.keyring, self.now).document("patient", str(self.kim.id))

    def hearings(self):
        return [one.kind for one in self.session.query(Hearing).filter(Hearing.heard.is_(None))]
