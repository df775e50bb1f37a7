"""The schema's history makes exactly the tables of the program, up and down, and loses nothing on the way."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db import steps
from governance.db.extension import db, transaction
from governance.db.migrate import at_head, migrations_folder, upgrade
from governance.decision.vocabulary import Instant
from governance.disclosure.service import ask_again_from
from governance.patients.contact.service import Contact, set_contact
from governance.patients.erasing import service as erasing
from governance.patients.hiding.service import hide_history
from governance.policy.current import policies
from governance.policy.publishing import publish
from tests.forum import ANSWERED, CLOSED, Forum
from tests.migrations.conftest import downgrade


@pytest.fixture
def keys(settings):
    return Keyring(settings.keys)


def tables():
    return set(inspect(db.engine).get_table_names())


def counts():
    with Session(db.engine) as session:
        return {name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in sorted(tables())}  # noqa: S608


@pytest.fixture
def filled(app, keys):
    """A database at head with a patient, her choices and two professionals; return how many rows it holds."""
    assert app
    upgrade()
    with transaction() as session:
        forum = Forum(session, keys)
        forum.registers("nurse")
        forum.registers("doctor", "doctor")
        forum.opens("c")
        publish(session, keys, policies().disclosure.record, forum.now)
        forum.acknowledges("ana")
        forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
        ask_again_from(session, keys, forum.patient("ana").id, Instant(forum.now + 1), forum.now)
    return counts()


@pytest.mark.usefixtures("app")
def test_a_database_says_whether_it_is_new_enough():
    assert not at_head()
    upgrade()
    assert at_head()


def test_upgrading_again_changes_nothing(filled):
    upgrade()
    assert counts() == filled


def test_the_way_down_is_closed_while_a_patients_choices_would_be_lost(filled, caplog):
    with pytest.raises(SystemExit):
        downgrade("base")
    assert "which going back would lose" in caplog.text
    assert counts() == filled


@pytest.mark.usefixtures("app")
def test_an_empty_database_goes_all_the_way_down_and_up_again():
    upgrade()
    made = tables()
    downgrade("base")
    assert tables() == {"alembic_version"}
    upgrade()
    assert tables() == made


def rows():
    """Every row of every table, each as its columns' names and values."""
    with Session(db.engine) as session:
        found = {name: session.execute(text(f"SELECT * FROM {name}")).mappings() for name in tables()}  # noqa: S608
        return {name: [dict(row) for row in of_table] for name, of_table in found.items() if name != "alembic_version"}


def kept(before, after, of_tables):
    """Say whether the rows of some tables are the same on both sides, in the columns that both sides have."""
    for name in of_tables:
        columns = set(before[name][0]) & set(after[name][0]) if before[name] and after[name] else set()
        old, new = (sorted(repr([row[x] for x in sorted(columns)]) for row in side[name]) for side in (before, after))
        if old != new:
            return False
    return True


@pytest.mark.usefixtures("filled")
def test_every_step_down_and_up_again_leaves_the_rows_of_other_tables_as_they_were(monkeypatch):
    monkeypatch.setattr(steps, "_would_lose", lambda *_: False)
    for step in revisions():
        before = rows()
        downgrade(step.down_revision or "base")
        below = rows()
        # A table that a step took away is there again on its way down, empty, and gone again on its way up.
        others = below.keys() & before.keys()
        assert kept(before, below, others)
        upgrade()
        above = rows()
        assert kept(before, above, others & above.keys())
        downgrade(step.down_revision or "base")


RIGHTS = {
    "contact": lambda *who: set_contact(*who[:3], Contact("safe@example.net"), who[3]),
    "erasure": lambda *who: erasing.ask(*who, wait=1),
    "history": hide_history,
}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("asked", sorted(RIGHTS))
def test_what_a_patient_asked_for_is_not_lost_on_the_way_down(keys, asked):
    upgrade()
    with transaction() as session:
        forum = Forum(session, keys)
        RIGHTS[asked](session, keys, forum.patient("ana").id, forum.now)
    before = counts()
    with pytest.raises(SystemExit):
        downgrade("0019")
    assert counts() == before


@pytest.mark.parametrize("table", ["disclosure_ask_again", "policy_text"])
def test_what_people_were_told_and_what_ended_it_close_the_way_down(table, filled, caplog, monkeypatch):
    would_lose = steps._would_lose
    monkeypatch.setattr(
        steps, "_would_lose", lambda connection, wanted: wanted.table == table and would_lose(connection, wanted)
    )
    with pytest.raises(SystemExit):
        downgrade("0016")
    assert "which going back would lose" in caplog.text
    assert counts()[table] == filled[table] > 0


REFUSALS = [
    'op.refuse_to_lose("directive", "patients\' choices")',
    'op.refuse_to_lose("platform", "a forum", where="name = \'forum\'")',
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_way_down_that_would_lose_something_is_closed_and_says_what_to_do(refusal, history, filled, caplog):
    history("pass", refusal)
    upgrade()
    with pytest.raises(SystemExit):
        downgrade("-1")
    assert "keep this version of the program, or restore a backup" in caplog.text
    assert counts() == filled
    assert at_head()


@pytest.mark.usefixtures("filled")
def test_a_way_down_that_loses_nothing_is_open(history):
    history("pass", 'op.refuse_to_lose("platform", "a forum", where="name = \'another\'")')
    upgrade()
    downgrade("-1")
    assert not at_head()


@pytest.mark.usefixtures("filled")
def test_a_migrated_database_decides(keys):
    with transaction() as session:
        forum = Forum(session, keys, "other")
        forum.registers("doctor", "doctor")
        assert not forum.permits("doctor", "ana")


def test_a_step_that_fails_leaves_nothing_half_done(history, filled):
    history('op.create_table("half", sa.Column("id", sa.Integer)); op.execute("SELECT * FROM nowhere")')
    with pytest.raises(DBAPIError):
        upgrade()
    assert counts() == filled
    assert not at_head()


REMAKE = (
    'with op.batch_alter_table("patient", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") '
    "as batch: "
    'batch.add_column(sa.Column("more", sa.String(8), nullable=True))'
)


def test_a_table_made_anew_keeps_the_rows_that_point_to_it(history, filled):
    history(REMAKE)
    upgrade()
    assert counts() == filled
    with db.engine.connect() as connection:
        assert "more" in {column["name"] for column in inspect(connection).get_columns("patient")}


def test_a_step_that_leaves_rows_pointing_nowhere_is_undone(history, filled):
    history('op.execute("DELETE FROM patient")')
    # Ours on SQLite, which Flask-Migrate turns into a status; PostgreSQL's own there.
    with pytest.raises((SystemExit, DBAPIError)):
        upgrade()
    assert counts() == filled


def test_after_a_step_the_database_refuses_rows_that_point_nowhere_again(history, filled):
    history(REMAKE)
    upgrade()
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text("DELETE FROM patient"))
    assert counts() == filled


def revisions():
    return list(ScriptDirectory(str(migrations_folder())).walk_revisions())


def test_every_step_has_a_number_of_four_digits_in_one_line():
    numbers = [step.revision for step in revisions()][::-1]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    files = [path.name for path in (migrations_folder() / "versions").glob("*.py")]
    assert sorted(name[:4] for name in files) == numbers
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in files)


def test_the_head_that_is_written_down_is_the_head():
    """Two branches that both add a step collide in this file, before they collide in a database."""
    assert (migrations_folder() / ".current-head").read_text().strip() == revisions()[0].revision


def test_no_step_reads_the_program():
    """A model changes; a step must go on doing what it did."""
    for path in (migrations_folder() / "versions").glob("*.py"):
        assert "governance" not in path.read_text()


def test_a_row_or_a_value_lost_on_the_way_would_be_seen():
    before = {"t": [{"a": 1, "gone": 5}, {"a": 2, "gone": 6}]}
    assert kept(before, {"t": [{"a": 2}, {"a": 1}]}, ["t"])
    for after in ([{"a": 1}], [], [{"a": 1}, {"a": 3}]):
        assert not kept(before, {"t": after}, ["t"])
