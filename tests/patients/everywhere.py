"""What the rooms of guardians, ages, forums and places write of one person: a word in each, and every id of hers."""

from uuid import uuid4

from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import Instant, Level
from governance.disclosure.service import ask_again_from
from governance.ledger.rows import keep
from governance.optout.own.places import name_places
from governance.patients.ages.bands import Band
from governance.patients.ages.service import Claim, People
from governance.patients.contact.service import Contact, set_contact
from governance.patients.forums import yes
from governance.patients.forums.codes import make_forum_code
from governance.patients.forums.models import AccountEnd
from governance.patients.guardians import hearings, requests
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.patients.hide_codes.service import make_code
from governance.patients.intake import service as intake
from governance.patients.recovery import service as recovery
from governance.policy.current import policies
from governance.reporting.protection.models import RefusalOffer
from tests.forum import ANSWERED, CLOSED, DAY, Forum
from tests.patients.two_forums import joins, officers, work
from tests.reliability.thief import Marker

IN = {
    "guardian": "guardianship",
    "ward": "guardianship",
    "proof": "circumstances",
    "resting": "safe_contact",
    "place": "chosen_place",
}
"""Which word is in which table."""


class Everywhere:
    """Adds all of it to a life, whose account it goes on from."""

    def __init__(self, forum, name):
        self.forum, self.session, self.keyring, self.name = forum, forum.session, forum.keyring, name
        self.words = {what: Marker(what) for what in IN}
        self.patient, self.ids = forum.patient(name).id, []
        name_places(self.session, self.keyring, self.patient, {"p" * 43: self.words["place"].text})
        self.has_an_age()
        self.has_a_guardian()
        self.is_a_guardian()
        self.comes_from_another_forum()
        self.is_helped()
        self.is_asked_when_a_block_ends()
        self.session.flush()

    def has_an_age(self):
        people = People(self.session, self.keyring, policies().optout, self.forum.now)
        people.says(self.forum.patient(self.name), "platform:x", Claim(Band.ADULT, country="GB"))
        people.incapable(self.patient, self.words["proof"].text, yes=False)
        ask_again_from(self.session, self.keyring, self.patient, Instant(self.forum.now + DAY), self.forum.now)

    def has_a_guardian(self):
        links, word = Links(self.session, self.keyring, self.forum.now), self.words["ward"].text
        terms = Terms("Raj", word, Basis.PARENT, word)
        link = links.set_up(self.patient, self.forum.account("raj").id, terms, None)
        links.approve(link.id, "olu", tuple(Scope))
        links.make_code(self.patient)
        guardian = links.of_patient(self.patient)[0]
        wish = requests.Request("others", Level.SEEN)
        requests.ask(self.session, self.keyring, guardian, wish, self.forum.now)
        about = (hearings.Subject.LINK, str(link.id))
        hearings.ask(self.session, self.keyring, self.patient, about, self.forum.now)
        # Not as the ledger writes it: there it is the number of a row that is gone.
        self.ids.append(str(link.id))

    def is_asked_when_a_block_ends(self):
        offer = RefusalOffer(
            id=uuid4(), patient_id=self.patient, measure_id=uuid4(), account="o" * 43, made=self.forum.now
        )
        keep(self.session, self.keyring, offer, of=owner_of("patient", self.patient))

    def is_a_guardian(self):
        kim, word = self.forum.patient("kim", adult=False), self.words["guardian"].text
        links = Links(self.session, self.keyring, self.forum.now)
        terms = Terms(word, "my girl", Basis.PARENT, word)
        self.ward = links.set_up(kim.id, self.forum.account(self.name).id, terms, None).id

    def comes_from_another_forum(self):
        other = Forum(self.session, self.keyring, "other", at=self.forum.now)
        other.registers("otto")
        other.acknowledges("she too")
        other.chooses("she too", ANSWERED, CLOSED, team=["otto"])
        second, self.rested = other.account("she too"), other.patient("she too").id
        where = Contact(f"{self.words['resting'].core}@example.net")
        set_contact(self.session, self.keyring, self.rested, where, self.forum.now)
        joins(self.forum, self.name, other, "she too")
        keep(self.session, self.keyring, AccountEnd(account_id=second.id, event="deleted", at=self.forum.now))
        make_forum_code(self.session, self.keyring, second.id, self.forum.now)
        until = Instant(self.forum.now + DAY)
        yes.wish(self.session, self.keyring, (self.patient, other.id), (self.forum.now, until))
        self.ids += [str(self.rested), self.rested.hex, str(second.id), second.id.hex, second.key]
        self.second = second

    def is_helped(self):
        staff = officers(self.forum)[0]
        make_code(self.session, self.keyring, self.patient, self.forum.now)
        request = intake.Request(intake.Asked.HOLD, intake.How.PHONE)
        intake.take(work(self.forum), self.forum.account(self.name), request, staff)
        recovery.ask(work(self.forum), self.second, self.forum.account("ines"), staff)
