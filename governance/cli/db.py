"""`governance db`: the schema of the database. Runs inside the app."""

import click

from governance.db.errors import OUTDATED
from governance.db.migrate import at_head
from governance.db.migrate import upgrade as bring_up


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    bring_up()
    click.echo("the database has the newest schema")


@db.command()
def check() -> None:
    """Say whether the database has the newest schema; status 1 if not."""
    if not at_head():
        raise click.ClickException(OUTDATED)
    click.echo("the database has the newest schema")
