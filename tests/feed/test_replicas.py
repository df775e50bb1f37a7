"""Who follows, and what they have: no lease without a name on the books, no revision that was never given out."""

import json

import pytest
from sqlalchemy import text

from governance.effective.replicas import service
from governance.effective.replicas.models import KnownReplica
from governance.effective.replicas.service import Follows, Having, Said, follows, platforms_by
from governance.feed.service import Feed
from governance.ledger.outside import Outside
from governance.ledger.start import declare_restore
from governance.ui.clock import now
from tests.conftest import session_of
from tests.feed.conftest import Reader

ONE, TWO = "replica-one", "replica-two"
SECOND = 1_000_000


@pytest.fixture
def book(people, keyring):
    """What the service knows of the forum's replicas."""
    return Book(people, keyring)


class Book:
    def __init__(self, people, keyring):
        self.people, self.keyring = people, keyring

    def read(self, look):
        """Look something up, and keep nobody from writing afterwards."""
        self.people.session.rollback()
        try:
            return look(self.people.session)
        finally:
            self.people.session.rollback()

    def rows(self):
        return self.read(lambda session: {row.name: (row.applied, row.lease_ms) for row in session.query(KnownReplica)})

    def heard(self, name=ONE):
        return self.read(lambda session: session.get(KnownReplica, (self.people.id, name)).heard)

    def stands(self, account="ana"):
        def look(session):
            whom = (str(self.people.patient(account).id), self.people.key(account))
            return follows(session, self.keyring, self.people.id, whom, now())

        return self.read(look)

    def takes(self):
        """Return how many seconds the forum has to follow."""
        at = now()
        return self.read(lambda session: (platforms_by(session, self.people.id, at) - at) / SECOND)

    def falls_silent(self, name, seconds):
        row = self.people.session.get(KnownReplica, (self.people.id, name))
        row.heard -= seconds * SECOND
        self.people.session.commit()


def asks(reader, name=ONE, after=None, **more):
    said = "".join(f"&{key}={value}" for key, value in {"replica": name, **more}.items() if value is not None)
    return reader.get(f"/v1/changes?after={after or reader.cursor}{said}")


def has_all(reader, name=ONE, **more):
    """Ask as a replica does that has caught up."""
    reader.changes()
    return asks(reader, name, applied=reader.cursor.partition(".")[2], **more)


def test_who_has_no_name_gets_no_lease_and_is_not_written_down(reader, book):
    assert asks(reader, None).json["lease_ms"] == 0
    assert asks(reader, None, applied=0, lease_ms=9).json["lease_ms"] == 0
    assert book.rows() == {}
    assert book.stands() == Follows(Having.NOBODY_FOLLOWS)
    assert book.takes() == 0


@pytest.mark.usefixtures("both")
def test_a_lease_is_as_long_as_the_replica_asks_and_stands_in_the_book(reader, book):
    assert asks(reader).json["lease_ms"] == 5_000
    assert asks(reader, TWO, lease_ms=30_000).json["lease_ms"] == 30_000
    assert book.rows() == {ONE: (None, 5_000), TWO: (None, 30_000)}
    assert book.takes() == 31


@pytest.mark.parametrize(
    "said",
    [{"lease_ms": 30_001}, {"lease_ms": 0}, {"applied": -1}, {"applied": "x"}, {"name": "short"}, {"name": "é" * 9}],
)
def test_what_no_replica_says_is_a_bad_request(reader, book, said):
    assert asks(reader, **{"name": ONE, **said}).status_code == 400
    assert book.rows() == {}


def test_a_revision_that_was_never_given_out_is_refused_and_changes_nothing(reader, people, book):
    assert has_all(reader).status_code == 200
    before, newest = book.rows(), int(reader.cursor.partition(".")[2])
    answer = asks(reader, applied=newest + 1)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:governance:problem:unknown_revision")
    assert "lease_ms" not in answer.json
    assert book.rows() == before
    people.hides("ana")
    people.session.commit()
    assert book.stands().having is Having.NOT_YET


@pytest.mark.usefixtures("both")
def test_a_patients_newest_choices_are_there_once_every_replica_says_so(reader, people, book):
    for name in (ONE, TWO):
        has_all(reader, name)
    assert book.stands() == Follows(Having.APPLIED, 5)
    people.hides("ana")
    people.session.commit()
    assert book.stands() == Follows(Having.NOT_YET, 5)
    has_all(reader, ONE)
    assert book.stands().having is Having.NOT_YET
    has_all(reader, TWO)
    assert book.stands().having is Having.APPLIED


def test_what_changed_for_somebody_else_makes_nobodys_choices_late(reader, people, book):
    has_all(reader)
    people.chooses("ben", "closed", "closed")
    people.session.commit()
    assert book.stands("ben").having is Having.NOT_YET
    assert book.stands("ana").having is Having.APPLIED


def test_who_is_only_just_starting_has_nothing_yet(reader, book):
    has_all(reader, ONE)
    asks(reader, TWO)
    assert book.stands().having is Having.NOT_YET


def test_who_was_silent_for_longer_than_any_lease_does_not_count(reader, book):
    has_all(reader, ONE)
    asks(reader, TWO, lease_ms=30_000)
    book.falls_silent(TWO, 59)
    assert (book.stands().having, book.takes()) == (Having.NOT_YET, 31)
    book.falls_silent(TWO, 2)
    assert (book.stands().having, book.takes()) == (Having.APPLIED, 6)
    book.falls_silent(ONE, 61)
    assert book.stands().having is Having.NOBODY_FOLLOWS


def test_who_says_the_same_is_written_down_anew_now_and_then(reader, book):
    """The book lags by less than what silence allows for."""
    assert service.REFRESHED + service.LONGEST_LEASE_MS * 1_000 < service.HEARD_FOR
    has_all(reader)
    first = book.heard()
    has_all(reader)
    assert book.heard() == first
    book.falls_silent(ONE, 11)
    has_all(reader)
    assert book.heard() > first


def test_after_a_restore_the_same_numbers_are_not_the_same(reader, people, book, keyring, settings):
    has_all(reader)
    assert book.stands().having is Having.APPLIED
    declare_restore(people.session, keyring, Outside(settings.outside), people.now)
    people.session.commit()
    assert book.stands().having is Having.NOT_YET


def test_nobody_makes_the_book_grow_without_end(reader, book, monkeypatch):
    monkeypatch.setattr(service, "MOST", 2)
    assert [asks(reader, name).status_code for name in (ONE, TWO, "replica-three")] == [200, 200, 409]
    book.falls_silent(ONE, 61)
    assert asks(reader, "replica-three").status_code == 200
    assert book.rows().keys() == {TWO, "replica-three"}


def late(app, people, monkeypatch):
    """Ask for changes while, before they are read, somebody works out by when the forum follows; return the seconds."""
    found, read = [], Feed.changes

    def changes(self, *asked):
        with session_of(app) as session:
            at = now()
            found.append((platforms_by(session, people.id, at) - at) / SECOND)
        return read(self, *asked)

    monkeypatch.setattr(Feed, "changes", changes)
    return found


def test_who_gets_a_lease_is_in_the_book_before_anything_is_read(app, reader, people, monkeypatch):
    found = late(app, people, monkeypatch)
    asks(reader)
    assert found == [6]


def test_who_were_written_down_afterwards_would_not_have_been_counted(app, reader, people, monkeypatch):
    """The control: the test above would notice."""
    found = late(app, people, monkeypatch)
    monkeypatch.setattr("governance.feed.api.write_down", lambda *_: None)
    asks(reader)
    assert found == [0]


def test_a_forum_knows_nothing_of_anothers_replicas(reader, book, other):
    has_all(reader)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(book.people, "id", other.id)
        assert book.takes() == 0


def handed(people):
    people.session.rollback()
    rows = people.session.execute(text("SELECT document FROM ledger_entry WHERE kind = 'feed_keys'")).all()
    people.session.rollback()
    return [json.loads(bytes(row.document))["facts"] for row in rows]


def test_keys_that_are_handed_out_are_in_the_ledger_once_for_each_forum(app, reader, people, other):
    (first,) = handed(people)
    assert set(first) == {"platform", "keys"}
    for _ in range(2):
        reader.get("/v1/feed")
        reader.bundle()
        reader.changes()
    assert handed(people) == [first]
    Reader(app, other.credentials)
    assert len({(one["platform"], one["keys"]) for one in handed(people)}) == len(handed(people)) == 2


def test_no_key_is_in_the_ledger_or_beside_it(reader, people):
    rows = people.session.execute(text("SELECT keys_digest FROM handed_keys")).all()
    said = repr(rows) + repr(handed(people))
    for key in (reader.keys.accounts, reader.keys.places, reader.keys.tokens):
        assert key.hex() not in said


def test_keys_do_not_leave_without_their_entry(app, people, monkeypatch):
    def broken(*_):
        raise OSError

    monkeypatch.setattr("governance.feed.handing.append", broken)
    with pytest.raises(KeyError):
        Reader(app, people.credentials)
    assert handed(people) == []


def test_what_a_replica_says_is_all_that_is_kept_of_it():
    assert Said._fields == ("name", "applied", "lease_ms")
