"""Every table is told and forgotten by a room, or says why not; after an erasure no word of the person is left."""

import pytest
from sqlalchemy import select

from governance.conduct.service import hcp_of
from governance.db.base import new_id
from governance.decision.vocabulary import Instant, Level
from governance.effective.layers import Layers, Party, refuse_all
from governance.effective.models import InForce as InForceRow
from governance.holdings import ELSEWHERE, HOLDINGS
from governance.identity.models import Account
from governance.identity.oidc.id_token import Identity
from governance.identity.proofs import passkeys
from governance.identity.proofs.ceremonies import NewPasskey
from governance.identity.proofs.pins import set_pin
from governance.identity.service import let_in
from governance.identity.sessions import service as sessions
from governance.identity.sessions.own import note_where
from governance.ledger.decisions.service import Noted, write
from governance.optout.choices import Choices, Named
from governance.optout.models import Directive
from governance.optout.ratchet import InForce
from governance.optout.receipts import Receipts
from governance.patients.contact.notices import Kind, notify
from governance.patients.contact.service import Contact, set_contact
from governance.patients.erasing import service as erasing
from governance.patients.erasing.jobs import erasing_handler
from governance.patients.export.service import about, collected
from governance.patients.hiding.service import hide_history
from governance.pdp.messages import question_of
from governance.tables import TABLES
from governance.ui.clock import to_datetime
from tests.forum import DAY, asked
from tests.patients.everything import rows_of, texts
from tests.patients.everywhere import IN, Everywhere
from tests.reliability.thief import Marker

STAY = {
    "data_key",
    "effective_account",
    "effective_account_version",
    "effective_fragment",
    "effective_row",
    "platform_change",
}
"""Where random ids and digests of an erased person may be: what refuses, and an empty key."""


def unaccounted(tables):
    """Tables that no room tells and forgets and that give no reason, or that do both."""
    held = [table.__tablename__ for holding in HOLDINGS for table in holding.tables]
    told = [*held, *ELSEWHERE]
    return {name for name in tables if told.count(name) != 1}


def test_every_table_is_held_by_one_room_or_says_why_not():
    assert unaccounted(table.__tablename__ for table in TABLES) == set()
    assert {name for name, why in ELSEWHERE.items() if len(why) < 15} == set()


def test_a_table_with_patients_that_nobody_tells_would_be_found():
    assert unaccounted(["patient", "diary"]) == {"diary"}


def test_no_table_that_points_to_a_patient_is_left_to_a_reason():
    pointing = {table.__tablename__ for table in TABLES if "patient_id" in table.__table__.columns}
    assert pointing & ELSEWHERE.keys() == set()


class Life:
    """One person through every writer, each with a word of its own; and another one beside her."""

    def __init__(self, forum, *, whole=False):
        self.forum, self.session, self.keyring = forum, forum.session, forum.keyring
        self.words = [Marker(what) for what in ("account", "device", "passkey", "contact")]
        self.account_name, device, passkey, contact = (word.text for word in self.words)
        for name in ("nia", "dan"):
            forum.registers(name)
        forum.opens("c")
        for name in (self.account_name, "bea"):
            self.chooses(name)
        self.signs_in(device)
        if whole:
            self.has_proofs(passkey)
            self.everywhere = Everywhere(forum, self.account_name)
            self.words += self.everywhere.words.values()
        self.is_reached(f"{contact.split()[1]}@example.net")
        self.is_asked_about()

    @property
    def account(self):
        return self.forum.account(self.account_name)

    @property
    def patient(self):
        return self.forum.patient(self.account_name).id

    def chooses(self, name):
        forum = self.forum
        forum.acknowledges(name)
        named = frozenset({Named(forum.key("dan"), Level.CLOSED)})
        forum.wants(name, Choices(Level.SEEN, Level.CLOSED, frozenset({forum.key("nia")}), named=named))
        forum.wants(name, forum.choices(name)._replace(others=Level.SEEN), proved=True)
        directive = Directive.latest(self.session, forum.patient(name).id)
        Receipts(self.keyring, "https://us.example", lambda *_: None).give(self.session, directive, forum.now)

    def signs_in(self, device):
        forum, at = self.forum, self.forum.now
        let_in(self.session, self.keyring, forum.platform, Identity("her subject", self.account_name, None), at)
        cookie = sessions.start_signed_in(self.session, self.keyring, self.account, at, now=at)
        note_where(self.session, self.keyring, cookie, device)

    def has_proofs(self, device):
        at = self.forum.now
        set_pin(self.session, self.keyring, self.account.id, ("284917", True), now=at)
        made = passkeys.Wanted(NewPasskey(b"id", b"key", 1), b"handle", device, is_proved=True)
        passkeys.add(self.session, self.keyring, self.account.id, made, now=at)

    def is_reached(self, address):
        at = self.forum.now
        set_contact(self.session, self.keyring, self.patient, Contact(address), at)
        notify(self.session, self.keyring, self.patient, Kind.AGE, at)
        hide_history(self.session, self.keyring, self.patient, at)
        erasing.ask(self.session, self.keyring, self.patient, at, wait=7 * DAY)
        Layers(self.session, self.keyring, self.patient, at).add(Party("guardian"), refuse_all(Party("guardian")))

    def is_asked_about(self):
        asks = [question_of(asked(who, self.account_name)) for who in ("nia", "dan")]
        answers = self.forum.desk().answer(asks, self.forum.now)
        noted = [Noted(new_id(), self.forum.id, 1, one.request, one.facts, one.decision) for one in answers]
        write(self.session, self.keyring, noted)

    def erase(self):
        erasing.erase_whole(self.session, self.keyring, self.patient, self.forum.now, HOLDINGS)
        self.session.flush()
        self.session.expire_all()

    def found(self):
        """Which of her words somebody with every key reads, and in which tables."""
        read = list(texts(self.session, self.keyring))
        return {(word.what, table) for word in self.words for table, text in read if word.core in text}


@pytest.fixture
def life(forum):
    return Life(forum)


@pytest.fixture
def whole_life(forum):
    return Life(forum, whole=True)


@pytest.mark.usefixtures("both")
def test_with_all_keys_of_the_server_no_word_and_no_row_of_an_erased_person_is_found(whole_life):
    life = whole_life
    ids = [str(life.patient), life.patient.hex, str(life.account.id), life.account.id.hex, life.account.key]
    ids += life.everywhere.ids

    def hers():
        return {table for table, row in rows_of(life.session) if any(one in repr(row) for one in ids)}

    # The control: the same search finds every word and every row before.
    words = {"account": "account", "device": "web_session", "passkey": "passkey", "contact": "safe_contact", **IN}
    assert life.found() >= {*words.items(), ("contact", "job")}
    assert hers() >= {table.__tablename__ for holding in HOLDINGS for table in holding.tables}
    life.erase()
    assert life.found() == set()
    assert hers() <= STAY


@pytest.mark.usefixtures("both")
def test_who_comes_back_has_a_new_record_and_nothing_that_refused_is_lost(life):
    forum, before = life.forum, life.patient
    forum.opens("open", "hcp_present", told=forum.now - 10**13)
    life.erase()
    assert forum.permits("nia", "bea")
    forum.later(days=1)
    assert life.patient != before
    forum.later(days=1)
    new = {"community": "open", "created": to_datetime(forum.now).isoformat()}
    forum.later(hours=1)
    said = [forum.permits(who, life.account_name, **new) for who in ("nia", "dan")]
    old = [forum.permits(who, life.account_name, community="open") for who in ("nia", "dan")]
    assert (said, old) == ([True, False], [False, False])
    # Coming back is no first choice: it waits as every opening does.
    forum.acknowledges(life.account_name)
    assert not isinstance(forum.wants(life.account_name, Choices(others=Level.SEEN), proved=True), InForce)
    life.erase()
    assert life.found() == set()


def test_a_professional_who_is_a_patient_too_keeps_that_account(life):
    forum = life.forum
    life.chooses("nia")
    nia, hcp = forum.account("nia"), hcp_of(forum.session, forum.account("nia").id)
    erasing.erase_whole(forum.session, forum.keyring, forum.patient("nia").id, forum.now, HOLDINGS)
    forum.session.expire_all()
    assert forum.session.get(Account, nia.id) is not None
    assert hcp_of(forum.session, nia.id) == hcp
    assert forum.permits("nia", "bea")


def test_an_export_names_nobody_but_professionals_and_nothing_of_a_guardian_but_that_there_is_one(life):
    told = collected(
        life.session,
        life.keyring,
        about(life.session, life.account.id, life.account.key, life.forum.now),
        HOLDINGS,
        service="https://us.example",
    )
    closed = [(one["by"], one["closed"]) for one in told["closed_by_others"]]
    assert closed == [("erasing", "everybody"), ("guardian", "everybody")]
    assert {one["who"] for one in told["asked_about_posts"]} == {"Nia", "Dan"}
    assert not {"bea", str(life.forum.patient("bea").id)} & set(repr(told).split("'"))
    assert told["contact"]["confirmed"] is False


def test_after_a_restore_the_wait_begins_once_more(life, monkeypatch):
    row = life.session.get(erasing.ErasureRequest, life.patient)
    later = Instant(life.forum.now + 8 * DAY)
    monkeypatch.setattr(erasing, "_epoch", lambda *_: 5)
    assert not erasing.take_effect(life.session, life.keyring, row, later, HOLDINGS)
    assert erasing.waiting(life.session, life.keyring, life.patient).due == later + 7 * DAY
    assert erasing.take_effect(life.session, life.keyring, row, Instant(later + 8 * DAY), HOLDINGS)


def test_a_record_that_is_broken_keeps_nobody_else_from_being_deleted(life):
    forum, bea = life.forum, life.forum.patient("bea").id
    erasing.ask(life.session, life.keyring, bea, forum.now, wait=DAY)
    broken = str(life.patient)
    life.session.flush()
    life.session.get(InForceRow, ("patient", broken)).mac = b"x" * 32
    life.session.flush()
    handler = erasing_handler(life.keyring, lambda: Instant(forum.now + 9 * DAY), HOLDINGS)
    handler(None)(life.session)
    left = life.session.scalars(select(erasing.ErasureRequest.patient_id)).all()
    assert [str(one) for one in left] == [broken]
