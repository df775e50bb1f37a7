"""A database that was used is lent again only if nobody could tell it from a new one."""

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

import tests.postgres as lending
from governance.db.engine import open_engine
from governance.ledger.commits import OUTSIDE
from tests.crypto.fixed import RING
from tests.emptying import emptied
from tests.forum import Forum
from tests.postgres import Databases, libpq

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lender(postgres):
    """One of our own, on the server that other tests use."""
    lender = Databases(postgres._server)
    yield lender
    lender.close()


def connect(url):
    return psycopg.connect(libpq(make_url(url)), autocommit=True)


def ask(url, question):
    with connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def number_of(url):
    """Return by what PostgreSQL knows a database, whatever its name."""
    return ask(url, "SELECT oid FROM pg_database WHERE datname = current_database()")


def lent_again(lender, use, *, tables=True):
    """Say whether a database is lent once more after such a use."""
    with lender.lend(tables=tables) as url:
        use(url)
        before = number_of(url)
    with lender.lend(tables=tables) as url:
        return number_of(url) == before


def run(statement):
    def use(url):
        with connect(url) as connection:
            connection.execute(statement)

    return use


def write(url):
    """As tests do: a forum, people on it."""
    engine = open_engine(url)
    with Session(engine, info={OUTSIDE: None}) as session:
        Forum(session, RING).account("ana")
        session.commit()
    engine.dispose()
    assert rows(url) > 1


def rows(url):
    """Count the rows of all tables."""
    named = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    with connect(url) as connection:
        tables = [name for (name,) in connection.execute(named)]
        assert len(tables) > 20
        return sum(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables)  # noqa: S608


def test_a_used_one_is_lent_again_without_a_row(lender):
    assert lent_again(lender, write)
    with lender.lend(tables=True) as url:
        assert rows(url) == 0


def test_one_without_tables_is_lent_again_without_those_that_were_made(lender):
    made = run("CREATE TABLE one (a serial PRIMARY KEY); CREATE TABLE two (a int REFERENCES one)")
    assert lent_again(lender, made, tables=False)
    with lender.lend(tables=False) as url:
        assert ask(url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0


DAMAGE = [
    "CREATE TABLE more (a int)",
    "CREATE VIEW more AS SELECT 1",
    "CREATE SEQUENCE more",
    "CREATE SCHEMA more",
    "CREATE TYPE more AS ENUM ('a')",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER more BEFORE UPDATE ON platform EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE more AS ON INSERT TO platform DO INSTEAD NOTHING",
    "CREATE INDEX ON platform (created)",
    "CREATE STATISTICS more ON name, issuer FROM platform",
    "DROP TABLE sign_in",
    "DROP INDEX ix_client_platform_id",
    "ALTER TABLE platform RENAME TO more",
    "ALTER TABLE platform ADD COLUMN more int",
    "ALTER TABLE platform DROP COLUMN name",
    "ALTER TABLE platform RENAME COLUMN name TO more",
    "ALTER TABLE platform ALTER COLUMN name DROP NOT NULL",
    "ALTER TABLE platform ALTER COLUMN name SET DEFAULT 'more'",
    "ALTER TABLE platform ALTER COLUMN name TYPE text",
    "ALTER TABLE platform ADD CHECK (name <> 'more')",
    "ALTER TABLE platform DROP CONSTRAINT uq_platform_name",
    "ALTER TABLE client DROP CONSTRAINT fk_client_platform_id_platform",
    "ALTER TABLE platform DISABLE TRIGGER ALL",
    "ALTER TABLE platform ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_head SET UNLOGGED",
    "ALTER TABLE platform SET (fillfactor = 50)",
    "GRANT SELECT ON platform TO PUBLIC",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_client_platform_id'::regclass",
    "SELECT lo_create(0)",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET statement_timeout = 5000'; END $$",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' CONNECTION LIMIT 9'; END $$",
]


@pytest.mark.parametrize("statement", DAMAGE)
def test_one_of_another_shape_is_never_lent_again(lender, statement):
    assert not lent_again(lender, run(statement))


@pytest.mark.parametrize("statement", [DAMAGE[0], DAMAGE[-1]])
def test_where_nobody_compared_it_would_be(lender, statement, monkeypatch):
    """The control."""
    with lender.lend(tables=True):
        expected = lender._new[True]
    monkeypatch.setattr(lending, "emptied", lambda *_, **__: expected)
    # What is damaged by now must not go to the other tests.
    monkeypatch.setattr(lender, "_idle", {True: [], False: []})
    assert lent_again(lender, run(statement))


def test_without_tables_as_well(lender):
    assert not lent_again(lender, run("CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'"), tables=False)


def test_sequences_begin_anew(lender):
    with lender.lend(tables=False) as url:
        run("CREATE TABLE counted (a serial, b int)")(url)
        run("INSERT INTO counted (b) VALUES (1), (2)")(url)
        emptied(libpq(make_url(url)), tables=True)
        assert ask(url, "INSERT INTO counted (b) VALUES (3) RETURNING a") == 1
        assert ask(url, "SELECT count(*) FROM counted") == 1


OTHERS_LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


def test_locks_and_open_work_end_with_the_loan(lender):
    with lender.lend(tables=True) as url:
        write(url)
        left, before = psycopg.connect(libpq(make_url(url))), number_of(url)
        left.execute("SELECT pg_advisory_lock(7)")
        left.execute("DELETE FROM client")
    with lender.lend(tables=True) as url:
        assert number_of(url) == before
        assert ask(url, OTHERS_LOCKS) == 0
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    left.close()


def test_who_still_knows_the_old_name_finds_nothing(lender):
    """A thread of the last test that goes on must not write into the next one's database."""
    with lender.lend(tables=True) as old:
        before = number_of(old)
    with lender.lend(tables=True) as url:
        assert number_of(url) == before
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            connect(old)


def test_nobody_has_two_or_one_of_somebody_elses(lender):
    with lender.lend(tables=True) as one, lender.lend(tables=True) as other, lender.lend(tables=False) as empty:
        assert len({number_of(url) for url in (one, other, empty)}) == 3


def test_after_so_many_loans_it_is_dropped(lender, monkeypatch):
    monkeypatch.setattr(lending, "_LENT_AT_MOST", 3)
    monkeypatch.setattr(lender, "_idle", {True: [], False: []})
    numbers = []
    for _ in range(4):
        with lender.lend(tables=True) as url:
            numbers.append(number_of(url))
    assert numbers[0] == numbers[1] == numbers[2] != numbers[3]
