"""Facts kept in memory are those in force: what anybody enters counts at once, what cannot be proven is read."""

import sqlite3
from contextlib import contextmanager
from threading import Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from governance.db.engine import open_engine
from governance.effective import kept
from governance.effective.kept import InForceReader
from governance.effective.models import InForce
from governance.ledger import models
from governance.ledger.commits import OUTSIDE
from governance.ledger.errors import OutsideError, RolledBackError
from governance.ledger.guard import Guard
from tests.forum import ANSWERED, CLOSED

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def engine(settings):
    engine = open_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def guard(forum, engine):
    return Guard(forum.keyring, forum.session.info[OUTSIDE], engine)


@pytest.fixture
def in_force(forum, engine, guard, clock):
    """What a process keeps about a forum on which Ana's nurse reads her."""
    forum.registers("nurse")
    forum.opens("c")
    for name in ("ana", "bea"):
        forum.acknowledges(name)
        forum.chooses(name, ANSWERED, ANSWERED, team=["nurse"])
    forum.session.commit()
    return InForceReader(reading_by(engine, guard), forum.keyring, guard, clock.time)


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def time(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def reading_by(engine, guard):
    @contextmanager
    def reading():
        with Session(engine.execution_options(read_only=True)) as session:
            guard(session)
            yield session

    return reading


@pytest.fixture
def statements(engine):
    said = []
    event.listen(engine, "before_cursor_execute", lambda *all_of_it: said.append(all_of_it[2]))
    return said


def revision_of(reader):
    reader.places([])
    return reader.revision()


def level(forum, in_force, name="ana"):
    key = forum.key(name)
    return in_force.read(forum.id, lambda reader: reader.patients([key])[key].levels[0])


def test_who_was_read_once_is_answered_without_a_statement(forum, in_force, statements):
    assert level(forum, in_force) == ANSWERED
    assert statements
    statements.clear()
    assert level(forum, in_force) == ANSWERED
    assert statements == []


def test_who_was_not_read_yet_is_read(forum, in_force, statements):
    level(forum, in_force)
    statements.clear()
    assert level(forum, in_force, "bea") == ANSWERED
    assert statements
    assert level(forum, in_force, "nobody we know") == CLOSED


def test_a_change_that_another_made_counts_at_once(forum, in_force):
    for wanted in (ANSWERED, CLOSED):
        forum.chooses("ana", wanted, wanted)
        forum.session.commit()
        assert level(forum, in_force) == wanted


def test_where_nobody_asked_for_the_head_it_would_not(forum, in_force, guard, monkeypatch):
    """The control."""
    assert level(forum, in_force) == ANSWERED
    monkeypatch.setattr(guard, "still", lambda _: True)
    forum.hides("ana")
    forum.chooses("ana", CLOSED, CLOSED)
    forum.session.commit()
    assert level(forum, in_force) == ANSWERED


def test_a_change_that_is_not_committed_does_not_count(forum, in_force):
    forum.chooses("ana", CLOSED, CLOSED)
    forum.session.flush()
    assert level(forum, in_force) == ANSWERED
    forum.session.rollback()


def test_platforms_revisions_move_with_what_is_kept(forum, in_force):
    before = in_force.read(forum.id, revision_of)
    assert in_force.read(forum.id, revision_of) == before
    forum.hides("ana")
    forum.session.commit()
    assert in_force.read(forum.id, revision_of) == before + 1


def test_without_the_checkpoint_outside_nothing_kept_is_answered(forum, in_force):
    level(forum, in_force)
    (forum.session.info[OUTSIDE]._directory / "checkpoint").unlink()
    with pytest.raises(OutsideError):
        level(forum, in_force)


def enter_two(forum):
    for name in ("x", "y"):
        forum.opens(name)
        forum.session.commit()


def test_two_entries_between_checkpoint_and_head_are_no_fault(forum, in_force, monkeypatch):
    """The second entry knows of the first one's checkpoint, which whoever reads has not seen yet."""
    find, once = models.find_head, [forum]

    def late(session, **how):
        while once:
            enter_two(once.pop())
        return find(session, **how)

    with monkeypatch.context() as patched:
        patched.setattr(models, "find_head", late)
        assert level(forum, in_force) == ANSWERED
    assert not once


def test_a_checkpoint_that_was_put_back_is(forum, in_force):
    path = forum.session.info[OUTSIDE]._directory / "checkpoint"
    before = path.read_bytes()
    enter_two(forum)
    path.write_bytes(before)
    with pytest.raises(OutsideError, match="put back"):
        level(forum, in_force)


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_a_checkpoint_put_back_with_its_database_is_seen_by_who_saw_more(forum, in_force, engine):
    level(forum, in_force)
    path, database = forum.session.info[OUTSIDE]._directory / "checkpoint", sqlite3.connect(engine.url.database)
    kept, older = path.read_bytes(), sqlite3.connect(":memory:")
    database.backup(older)
    enter_two(forum)
    level(forum, in_force)
    forum.session.close()
    older.backup(database)
    path.write_bytes(kept)
    with pytest.raises(RolledBackError, match="has seen it"):
        level(forum, in_force)
    older.close()
    database.close()


def test_without_a_guard_nothing_is_kept(forum, in_force, engine, guard, statements):
    bare = InForceReader(reading_by(engine, guard), forum.keyring, None)
    for _ in range(2):
        statements.clear()
        assert level(forum, bare) == level(forum, in_force)
        assert statements


def test_it_does_not_keep_without_end(forum, in_force, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(20):
        level(forum, in_force, f"stranger {number}")
        in_force.read(forum.id, lambda reader, name=f"place {number}": reader.places([name]))
    [held] = in_force._state._platforms.values()
    assert len(held._accounts) <= 4
    assert len(held._communities) <= 4


@pytest.fixture
def put_back(forum, in_force, engine):
    """Somebody who writes to the table alone put Ana's former row back, it was read, and then it was repaired."""
    row = InForce.__table__.c.subject == str(forum.patient("ana").id)

    def rows():
        with engine.connect() as connection:
            return [dict(found) for found in connection.execute(select(InForce.__table__).where(row)).mappings()]

    def put(kept):
        # Nothing is waiting but the turn that the last look at an account took.
        forum.session.commit()
        with engine.begin() as connection:
            connection.execute(InForce.__table__.delete().where(row))
            connection.execute(InForce.__table__.insert(), kept)

    forum.session.commit()
    former = rows()
    forum.chooses("ana", CLOSED, CLOSED)
    forum.session.commit()
    newest = rows()
    put(former)
    assert level(forum, in_force) == ANSWERED
    put(newest)


@pytest.mark.usefixtures("put_back")
def test_a_repair_counts_within_ten_minutes_though_nobody_entered_anything(forum, in_force, clock):
    clock.now += kept.KEPT_FOR
    assert level(forum, in_force) == CLOSED


@pytest.mark.usefixtures("put_back")
def test_without_an_end_the_repaired_row_would_not_count(forum, in_force, clock):
    """The control: before the ten minutes are over, what was read goes on answering."""
    clock.now += kept.KEPT_FOR - 1
    assert level(forum, in_force) == ANSWERED


def test_readers_beside_a_writer_never_see_less_than_was_acknowledged(forum, in_force):
    acknowledged, late, ended, platform_id = [0], [], [], forum.id

    def reads():
        while not ended:
            least = acknowledged[-1]
            seen = in_force.read(platform_id, revision_of)
            late.extend([seen] if seen < least else [])

    threads = [Thread(target=reads) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        forum.opens(f"community {number}")
        forum.session.commit()
        acknowledged.append(forum.desk().revision)
        forum.session.commit()
    ended.append(True)
    for thread in threads:
        thread.join()
    assert acknowledged[-1] >= 20
    assert late == []
