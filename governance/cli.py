"""The command line: `governance init | serve | db | platform | staff | policy | demo`."""

import os
import sys
from pathlib import Path

import click

from governance.config import init_directory, load_settings
from governance.errors import GovernanceError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVERNANCE_DIR",
    help="The directory made by `governance init`.",
)
@click.pass_context
def main(context: click.Context, directory: Path | None) -> None:
    """Let patients decide how health professionals may be involved in what they write on forums."""
    context.obj = directory


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where people will reach the service.")
def init(directory: Path, url: str) -> None:
    """Make DIRECTORY with settings, a fresh root key and an empty database."""
    init_directory(directory, url)
    click.echo(f"made {directory}; keep root.key safe: without it nothing can be read")
