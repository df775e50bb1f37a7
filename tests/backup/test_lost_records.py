"""What a restore says again is journalled once more; no such record may stand for one that was lost."""

import pytest
from sqlalchemy.orm import Session

from governance.backup.errors import JournalMissingError
from governance.backup.journal import EntryMade
from governance.ledger import commits
from governance.ledger.verify import verify
from tests.backup.test_killed import killed_at
from tests.backup.test_restore import cut

pytestmark = pytest.mark.slow

MARK = b"\xe5gvjrnl\x01"


@pytest.fixture
def new(empty, request):
    """Another empty database for each restore on PostgreSQL; nothing on SQLite."""
    lent = []

    def another():
        if empty is None:
            return None
        lent.append(request.getfixturevalue("postgres").lend(tables=False))
        return lent[-1].__enter__()

    yield another
    for one in lent:
        one.__exit__(None, None, None)


@pytest.fixture
def house_of_two_restores(lived_in, new):
    """A backup, a refusal, a restore that said it again, and another refusal, which was acknowledged."""
    file = lived_in.backup()
    hides(lived_in, "ana")
    lived_in.restore(file, to=new())
    hides(lived_in, "bea")
    yield lived_in, file
    lived_in.close()


def hides(house, name):
    with house.forum() as forum:
        forum.hides(name)


def damage(house):
    path = house.folder / "outside" / "journal"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut_the_last_transaction(house):
    """Its mark, and what it said."""
    cut(house)
    cut(house)


def damage_the_refusal(house):
    """The record before the mark of its transaction."""
    path = house.folder / "outside" / "journal"
    data = bytearray(path.read_bytes())
    data[data.rindex(MARK) - 1] ^= 1
    path.write_bytes(data)


LOSSES = [damage, cut, cut_the_last_transaction, damage_the_refusal]


@pytest.mark.parametrize("lose", LOSSES)
def test_a_refusal_lost_after_a_restore_is_missed(house_of_two_restores, new, lose):
    house, file = house_of_two_restores
    lose(house)
    other = new()
    with pytest.raises(JournalMissingError, match="--without-journal"):
        house.restore(file, to=other)
    house.restore(file, to=other, without_journal=True)
    assert not house.permits("nia", "bea")


def test_what_was_damaged_and_written_past_is_missed(house_of_two_restores, new):
    """The next one gets the number of the one that is lost: no number is missing."""
    house, file = house_of_two_restores
    cut(house)
    damage(house)
    hides(house, "cid")
    with pytest.raises(JournalMissingError):
        house.restore(file, to=new())


def test_good_restores_one_after_another_forget_nothing(house_of_two_restores, new):
    house, file = house_of_two_restores
    for _ in range(2):
        house.restore(file, to=new())
        assert not any(house.permits("nia", whom) for whom in ("ana", "bea"))
        assert house.permits("nia", "cid")
    assert found(house) == set()


@pytest.mark.slow
@pytest.mark.parametrize("lose", LOSSES)
def test_what_a_killed_restore_journalled_stands_for_nothing(lived_in, empty, new, lose):
    """It never committed; the refusal came to the database of before."""
    file = lived_in.backup()
    hides(lived_in, "ana")
    lived_in.engine.dispose()
    killed_at(lived_in, "journalled", file, empty or lived_in.url.render_as_string())
    hides(lived_in, "bea")
    lose(lived_in)
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=new())
    lived_in.close()


def test_a_journal_from_before_marks_is_refused(lived_in, new, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(commits, "Reached", lambda *_: EntryMade())
        file = lived_in.backup()
        hides(lived_in, "ana")
        later = lived_in.backup("later")
    hides(lived_in, "bea")
    with pytest.raises(JournalMissingError, match="--without-journal"):
        lived_in.restore(file, to=new())
    # From a backup of where marks began on, nothing is missing.
    lived_in.restore(later, to=new())
    assert not any(lived_in.permits("nia", whom) for whom in ("ana", "bea"))
    lived_in.close()


def found(house):
    with Session(house.engine.execution_options(read_only=True)) as session:
        return set(verify(session, house.keyring, house.outside).findings.counts)


def test_verification_tells_a_lost_record_from_one_that_nobody_was_told_of(house_of_two_restores):
    house, _ = house_of_two_restores
    path = house.folder / "outside" / "journal"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[-60:])
    assert found(house) == {"journal_torn"}
    path.write_bytes(whole)
    damage(house)
    assert found(house) == {"journal_lost"}


def test_verification_after_a_restore_without_the_journal_says_what_was_lost_before(house_of_two_restores, new):
    house, file = house_of_two_restores
    damage(house)
    house.restore(file, to=new(), without_journal=True)
    assert found(house) == {"journal_lost_before"}
