"""Everything a database says of its tables, so that two databases can be compared.

Alembic's own comparison sees neither CHECK constraints nor triggers nor collations.
"""

from sqlalchemy import inspect, text

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def shape(engine):
    """Return the shape of every table but Alembic's own."""
    with engine.connect().execution_options(read_only=True) as connection:
        found = inspect(connection)
        tables = {name: of_table(found, name) for name in found.get_table_names() if name != "alembic_version"}
        return tables, sorted(map(tuple, connection.execute(text(TRIGGERS[engine.dialect.name]))))


def of_table(found, name):
    return {
        "columns": {column["name"]: of_column(column) for column in found.get_columns(name)},
        "primary key": of_constraint(found.get_pk_constraint(name)),
        "foreign keys": sorted(map(of_constraint, found.get_foreign_keys(name))),
        "unique": sorted(map(of_constraint, found.get_unique_constraints(name))),
        "checks": sorted(map(of_constraint, found.get_check_constraints(name))),
        "indexes": sorted(map(of_constraint, found.get_indexes(name))),
    }


def of_column(column):
    kind = column["type"]
    return repr(kind), getattr(kind, "collation", None), column["nullable"], column["default"]


def of_constraint(constraint):
    return repr(sorted(((name, as_text(value)) for name, value in constraint.items()), key=str))


def as_text(value):
    """Return a value that can be compared: conditions of partial indexes come as objects."""
    return {name: str(inner) for name, inner in value.items()} if isinstance(value, dict) else value
