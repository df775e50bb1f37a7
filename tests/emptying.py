"""Databases that were used, made as good as new; what could not be told from a new one is lent again, nothing else."""

from collections.abc import Sequence
from typing import Final

import psycopg

_END_OTHERS: Final = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
_EMPTY: Final = """
SET session_replication_role = replica;
DO $$ DECLARE written text; BEGIN
  FOR written IN SELECT oid::regclass FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
  LOOP EXECUTE 'DELETE FROM ' || written; END LOOP;
END $$;
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
"""
"""Deletes where a file of the table has bytes; no trigger and no foreign key is asked, no order needed."""
_CLEAR: Final = """
DO $$ DECLARE made text; BEGIN
  FOR made IN SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace HAVING count(*) > 0
  LOOP EXECUTE 'DROP TABLE ' || made || ' CASCADE'; END LOOP;
END $$;
"""
_OURS: Final = 16_384
"""Objects with a higher number than this were not made by `initdb`."""
_CLASS: Final = (
    "oid, relname, relnamespace, reltype, relowner, relam, reltablespace, relkind, relpersistence, relispartition, "
    "relnatts, relchecks, relhasindex, relrowsecurity, relforcerowsecurity, relreplident, relacl, reloptions"
)
"""Without what counts rows and pages, and what a flag has yet to be cleared of."""
_DATABASE: Final = "datdba, encoding, datallowconn, datconnlimit, dattablespace, datcollate, datctype, datacl"
_WHOLE: Final[Sequence[tuple[str, str]]] = (
    ("pg_attribute", f"attrelid >= {_OURS}"),
    ("pg_attrdef", "true"),
    ("pg_constraint", f"oid >= {_OURS}"),
    ("pg_index", f"indexrelid >= {_OURS}"),
    ("pg_trigger", "true"),
    ("pg_rewrite", f"oid >= {_OURS}"),
    ("pg_policy", "true"),
    ("pg_sequence", "true"),
    ("pg_inherits", "true"),
    ("pg_proc", f"oid >= {_OURS}"),
    ("pg_type", f"oid >= {_OURS}"),
    ("pg_enum", "true"),
    ("pg_operator", f"oid >= {_OURS}"),
    ("pg_collation", f"oid >= {_OURS}"),
    ("pg_extension", "true"),
    ("pg_event_trigger", "true"),
    ("pg_default_acl", "true"),
    ("pg_statistic_ext", "true"),
    ("pg_publication", "true"),
    ("pg_foreign_server", "true"),
    ("pg_largeobject_metadata", "true"),
    # One of a session's own tables stays behind, empty.
    ("pg_namespace", "nspname !~ '^pg_(toast_)?temp_'"),
    ("pg_db_role_setting", "setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"),
    ("pg_prepared_xacts", "database = current_database()"),
    ("pg_replication_slots", "database = current_database()"),
)
"""Catalogs by their whole rows; a copy of a database has the same numbers in them."""


def _fingerprint() -> str:
    parts = [
        ("pg_class", f"ROW({_CLASS})", f"oid >= {_OURS}"),
        ("pg_database", f"ROW({_DATABASE})", "datname = current_database()"),
        *((catalog, "one", where) for catalog, where in _WHOLE),
    ]
    rows = " UNION ALL ".join(
        f"SELECT '{catalog}', {what}::text FROM {catalog} one WHERE {where}"  # noqa: S608 - our own words
        for catalog, what, where in parts
    )
    return f"SELECT md5(string_agg(kind || said, ' ' ORDER BY kind, said)) FROM ({rows}) AS rows (kind, said)"  # noqa: S608


FINGERPRINT: Final = _fingerprint()


def fingerprint(address: str) -> str:
    """Return what a database is, whatever is in it: tables, rules, functions, settings, but no row."""
    with psycopg.connect(address) as connection:
        return str(connection.execute(FINGERPRINT).fetchone()[0])


def end_others(admin: psycopg.Connection, name: str) -> None:
    """End who is still connected to a database, with the locks they hold."""
    admin.execute(_END_OTHERS, [name])


def emptied(address: str, *, tables: bool) -> str:
    """Delete every row and begin every sequence anew, or drop the tables too; return what is left, as `fingerprint`."""
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute((_EMPTY if tables else _CLEAR) + FINGERPRINT)
        while cursor.nextset():
            pass
        return str(cursor.fetchone()[0])
