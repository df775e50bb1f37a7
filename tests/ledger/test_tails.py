"""A database put back together with its checkpoint is behind the log of checkpoints, and behind the journal."""

import shutil

import pytest
from sqlalchemy import event

from governance.ledger import service, start, tails
from governance.ledger.errors import OutsideError, RolledBackError
from governance.ledger.journal import Frame, Journal
from tests.crypto.fixed import RING
from tests.ledger.place import NOW

ALL = ("checkpoint", "checkpoints.log", "journal")


@pytest.fixture
def put_back(place):
    """Put back the database of six entries, and these files outside, after four more."""

    def act(*files):
        place.append(6)
        older = place.rows()
        place.copy_outside(place.folder.with_name("copy"))
        place.append(4)
        place.put_back(older)
        for name in files:
            shutil.copyfile(place.folder.with_name("copy") / name, place.folder / name)
        return place

    return act


@pytest.mark.parametrize(("files", "told"), [(ALL[:1], "log of all checkpoints"), (ALL[:2], "older than the journal")])
def test_a_start_refuses_a_database_put_back_with_its_checkpoint(put_back, files, told):
    place = put_back(*files)
    with pytest.raises(RolledBackError, match=told) as raised:
        place.start()
    assert "governance restore FILE" in str(raised.value)
    assert "rolled_back" in place.found()


def test_by_the_checkpoint_alone_it_would_be_taken(put_back, monkeypatch):
    """The control."""
    monkeypatch.setattr(start, "require_reached", lambda *_: None)
    assert put_back(*ALL[:2]).start().size == 6


def test_who_cuts_all_three_back_is_not_found(put_back):
    """What nothing on this machine can tell."""
    place = put_back(*ALL)
    assert place.start().size == 6
    assert place.found() == set()


def test_a_checkpoint_put_back_by_one_is_found_by_the_log(place):
    place.append(6)
    before = (place.folder / "checkpoint").read_bytes()
    place.append()
    (place.folder / "checkpoint").write_bytes(before)
    with pytest.raises(OutsideError, match="was put back"):
        place.start()


def test_a_transaction_that_was_never_committed_keeps_nobody_from_starting(place):
    place.append(6)
    for _ in range(2):
        fail_to_commit(place)
        assert place.start().size == 6
    assert place.found() == set()
    place.append()
    assert place.start().size == 7


def fail_to_commit(place):
    """Its records are in the journal, as they are written first."""

    def killed(_session):
        raise KeyboardInterrupt

    journalled = place.outside.last_journalled()
    with place.session() as session:
        event.listen(session, "before_commit", killed)
        service.append(session, RING, NOW, "test", {})
        with pytest.raises(KeyboardInterrupt):
            session.commit()
        session.rollback()
    assert place.outside.last_journalled() == journalled + 1


def test_a_declared_restore_starts_and_so_does_what_follows(put_back):
    place = put_back()
    place.declare_restore()
    assert place.start().size == 7
    place.append(2)
    assert place.start().size == 9


@pytest.mark.parametrize("torn", [b"torn", b"\xe5gvjrnl\x01" + bytes(30), b"x" * 5000])
def test_records_without_a_mark_and_torn_ones_are_looked_past(put_back, torn):
    place = put_back(*ALL[:2])
    for _ in range(3):
        with place.session() as session:
            service.journal(session, RING, b"{}")
            session.commit()
    with (place.folder / "journal").open("ab") as file:
        file.write(torn)
    with pytest.raises(RolledBackError, match="journal"):
        place.start()


def test_a_start_reads_the_journals_end_alone(place, monkeypatch):
    place.append(30)
    read = []
    look = tails._mark
    monkeypatch.setattr(tails, "_mark", lambda *said: read.append(1) or look(*said))
    place.start()
    assert len(read) == 1


def test_backwards_are_the_same_records(tmp_path):
    journal = Journal(tmp_path / "journal")
    for number in range(5):
        journal.write([b"a" * number, b"b"], lambda _, record: record)
        if number in (1, 3):
            with (tmp_path / "journal").open("ab") as file:
                file.write(b"\xe5gvjrnl\x01 torn")
    forwards = [part for part in journal.parts() if isinstance(part, Frame)]
    assert len(forwards) == 10
    assert list(journal.backwards()) == forwards[::-1]
    assert list(Journal(tmp_path / "none").backwards()) == []
