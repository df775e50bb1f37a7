"""Copies of data keys outside: there before anything that opens by them, overwritten with the key, never put back."""

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.keys import Keyring, KeySet
from governance.crypto.models import UsedEpoch, WrappedKey
from governance.effective.erasure import ROOM as ERASURE
from governance.ledger import personal, service
from governance.ledger.errors import OutsideError
from governance.ledger.key_copies import KeyCopy, bring_back
from governance.ledger.outside import Outside
from tests.crypto.fixed import RING
from tests.ledger.place import NOW

ANA, BEA = "patient:ana", "patient:bea"
SAID = b'{"what":"row","kind":"patient","subject":"ana","room":"optout","document":"marker"}'


@pytest.fixture
def place(place):
    WrappedKey.metadata.create_all(place.engine, tables=[WrappedKey.__table__, UsedEpoch.__table__])
    return place


def commits_to(place, *acts):
    with place.session() as session:
        for act in acts:
            act(session)
        session.commit()


def makes(owner):
    return lambda session: DataKeys(session, RING).of(owner)


def destroys(owner):
    return lambda session: DataKeys(session, RING).destroy(owner)


def says(record):
    def say(session):
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, record)

    return say


def copies(outside):
    return [body for body in outside.kept_keys() if body.strip(b"\0")]


def owners(outside):
    return [msgspec.json.decode(body, type=KeyCopy).owner for body in copies(outside)]


def test_a_new_key_is_copied_and_a_destroyed_one_overwritten_where_it_lay(place):
    commits_to(place, makes(ANA), makes(BEA))
    assert owners(place.outside) == [ANA, BEA]
    before = (place.folder / "keys").read_bytes()
    (copy, _) = copies(place.outside)
    commits_to(place, destroys(ANA))
    after = (place.folder / "keys").read_bytes()
    assert owners(place.outside) == [BEA]
    assert len(after) == len(before)
    assert copy not in after
    assert b"ana" not in after


def test_what_is_rolled_back_is_neither_copied_nor_overwritten(place):
    commits_to(place, makes(ANA))
    with place.session() as session:
        makes(BEA)(session)
        destroys(ANA)(session)
        session.rollback()
        session.commit()
    assert owners(place.outside) == [ANA]


def test_nor_is_what_a_savepoint_rolled_back(place):
    commits_to(place, makes(ANA))
    with place.session() as session:
        with session.begin_nested() as savepoint:
            makes(BEA)(session)
            destroys(ANA)(session)
            savepoint.rollback()
        session.commit()
    assert owners(place.outside) == [ANA]


def test_a_released_savepoint_counts_at_the_commit_and_not_before(place):
    commits_to(place, makes(ANA))
    with place.session() as session:
        with session.begin_nested():
            destroys(ANA)(session)
        assert owners(place.outside) == [ANA]
        session.commit()
    assert owners(place.outside) == []


def test_a_key_made_and_destroyed_in_one_transaction_never_leaves(place):
    commits_to(place, makes(ANA), destroys(ANA))
    assert owners(place.outside) == []


def test_without_its_copy_no_key_is_made(place):
    place.folder.write_text("a file where the folder should be")
    with pytest.raises(OutsideError):
        commits_to(place, makes(ANA))
    place.folder.unlink()
    with place.session() as session:
        assert session.scalars(select(WrappedKey)).all() == []


def test_keys_come_before_the_records_that_open_by_them_and_go_after_those_they_went_for(place, monkeypatch):
    done = []
    for name in ("keep_keys", "write_journal", "forget_keys"):
        monkeypatch.setattr(Outside, name, noting(done, name))
    commits_to(place, says(SAID))
    commits_to(place, says(b"erased"), destroys(ANA))
    assert done == ["keep_keys", "write_journal", "write_journal", "forget_keys"]


def noting(done, name):
    original = getattr(Outside, name)

    def noted(*words):
        done.append(name)
        return original(*words)

    return noted


def test_a_patients_record_opens_by_the_patients_key_alone(place):
    commits_to(place, says(SAID))
    (record,) = place.told()
    assert b"marker" not in record
    with place.session() as session:
        assert personal.opened(DataKeys(session, RING), closed_in(record)) == SAID
    commits_to(place, destroys(ANA))
    with place.session() as session, pytest.raises(KeyGoneError):
        personal.opened(DataKeys(session, RING), closed_in(record))


@pytest.mark.parametrize("of", [None, "account:zoe"], ids=["said of a professional", "a row about an account"])
def test_so_does_a_professionals_and_a_row_about_somebody(place, of):
    said = SAID.replace(b'"kind":"patient"', b'"kind":"hcp"')
    commits_to(place, lambda session: service.journal(session, RING, said, of=of))
    closed = closed_in(place.told()[0])
    assert (closed.what, closed.of) == (("sealed", "hcp:ana") if of is None else ("sealed_row", of))
    with place.session() as session:
        assert personal.opened(DataKeys(session, RING), closed) == said


def closed_in(record):
    return msgspec.json.decode(record, type=personal.Closed)


def test_closed_by_the_root_key_alone_it_would_open_for_ever(place, monkeypatch):
    """The control: records as they were before."""
    monkeypatch.setattr(service, "closed", lambda _session, _keyring, record, _of: record)
    commits_to(place, says(SAID))
    commits_to(place, destroys(ANA))
    assert place.told() == [SAID]


@pytest.mark.parametrize(
    "record",
    [
        SAID.replace(b"optout", b"erasure"),
        SAID.replace(b'"kind":"patient"', b'"kind":"community"'),
        b'{"what":"account","patient":"ana"}',
        b"no JSON",
    ],
)
def test_what_must_outlive_the_person_and_what_is_nobodys_is_open_to_the_root_key(place, record):
    commits_to(place, says(record))
    assert place.told() == [record]


def test_what_is_said_after_the_erasure_is_not_lost(place):
    commits_to(place, makes(ANA), destroys(ANA))
    commits_to(place, says(SAID))
    assert place.told() == [SAID]


@pytest.mark.parametrize(("column", "value"), [("epoch", "e9"), ("wrapped", b"garbage")])
def test_a_refusal_does_not_wait_for_a_key_that_cannot_be_read_and_somebody_is_woken(place, column, value):
    commits_to(place, makes(ANA))
    place.sql(f"UPDATE data_key SET {column} = :value", value=value)  # noqa: S608 - one of the two above
    with capture_logs() as logs:
        commits_to(place, says(SAID))
    assert place.told() == [SAID]
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("journal_record_not_closed", "critical")]


def test_the_room_of_tombstones_is_the_one_that_erasure_writes():
    assert personal.TOMBSTONES == ERASURE


def test_a_restored_database_gets_the_keys_it_lacks_and_no_others(place):
    commits_to(place, makes(ANA), makes(BEA))
    place.outside.keep_keys([b'{"owner":"patient:cid","epoch":"e1","wrapped":"Z2FyYmFnZQ=="}', b"garbage"])
    with place.session() as session:
        secrets = {owner: DataKeys(session, RING).known(owner) for owner in (ANA, BEA)}
    place.sql("DELETE FROM data_key WHERE owner = :o", o=BEA)
    place.sql("UPDATE data_key SET epoch = NULL, wrapped = NULL WHERE owner = :o", o=ANA)
    size = (place.folder / "keys").stat().st_size
    with place.session() as session:
        bring_back(session, RING, place.outside)
        session.commit()
    with place.session() as session:
        assert DataKeys(session, RING).known(BEA) == secrets[BEA]
        for owner in (ANA, "patient:cid"):
            with pytest.raises(KeyGoneError):
                DataKeys(session, RING).known(owner)
    assert (place.folder / "keys").stat().st_size == size


def test_keys_of_another_service_are_left_where_they_are(place):
    commits_to(place, makes(ANA))
    place.sql("DELETE FROM data_key")
    with Session(place.engine) as session:
        bring_back(session, Keyring(KeySet.fresh()), place.outside)
        assert session.scalars(select(WrappedKey)).all() == []


def test_a_session_that_nobody_told_of_a_place_outside_copies_nothing(place):
    with Session(place.engine) as session:
        makes(ANA)(session)
        session.commit()
    assert list(place.outside.kept_keys()) == []


def test_an_overwriting_that_is_cut_short_leaves_no_key(place):
    """The machine stops while zeros are written: whatever the disk has of them, the key is not whole."""
    commits_to(place, makes(ANA), makes(BEA))
    path = place.folder / "keys"
    whole = path.read_bytes()
    place.outside.forget_keys([b'{"owner":"patient:ana",'])
    zeros = path.read_bytes()
    differ = [at for at, (old, new) in enumerate(zip(whole, zeros, strict=True)) if old != new]
    for cut in (differ[0] + 1, differ[len(differ) // 2], differ[-1]):
        path.write_bytes(zeros[:cut] + whole[cut:])
        assert owners(place.outside) == [BEA]
