"""`governance init`: a directory for a new service."""

import shlex
from pathlib import Path

import click

from governance.cli.opening import inside_app
from governance.config import init_directory
from governance.config.settings_file import SETTINGS_FILE
from governance.db.migrate import upgrade


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where people will reach the service.")
def init(directory: Path, url: str) -> None:
    """Make DIRECTORY with settings, fresh keys and an empty database."""
    init_directory(directory, url)
    with inside_app(directory):
        upgrade()
    click.echo(f"made {directory}; keep a copy of keys.json safe: without it nothing can be read")
    click.echo(f"next: let a forum in by `governance --dir {shlex.quote(str(directory))} platform add NAME`")
    named = "GOVERNANCE_CONTROLLER_NAME and GOVERNANCE_CONTROLLER_CONTACT"
    click.echo(f"before people come: say who answers for their data, {named} in {directory / SETTINGS_FILE}")
    click.echo(f"then: run `governance --dir {shlex.quote(str(directory))} serve`, and `… worker` beside it")
