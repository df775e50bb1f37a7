"""`governance config check`: every setting by name, what is wrong with it, how to mend it; the service need not run."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from governance.config import Settings, load_settings
from governance.config.check import Found, State, check_settings

Further = Callable[[Settings], Iterable[Found]]


class ConfigCommands(click.Group):
    """The group; rooms above have looked at what they know of."""

    checks: tuple[Further, ...] = ()
    """In their order, until one finds something wrong; set by the command line, where all rooms meet."""


@click.group(cls=ConfigCommands)
def config() -> None:
    """The settings."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@click.pass_context
def check(context: click.Context, *, as_json: bool) -> None:
    """Say of every setting whether it is good, and how to mend it; exit 1 if the service would not start."""
    directory: Path | None = context.obj
    found = list(check_settings(directory, os.environ))
    group = None if context.parent is None else context.parent.command
    for further in group.checks if isinstance(group, ConfigCommands) else ():
        # Each stands on what was good before it.
        if not _wrong(found):
            found += further(load_settings(directory, os.environ))
    click.echo(json.dumps(_told(found), indent=2) if as_json else _in_words(found))
    sys.exit(1 if _wrong(found) else 0)


def _wrong(found: Iterable[Found]) -> bool:
    return any(line.state is State.WRONG for line in found)


def _told(found: list[Found]) -> dict[str, Any]:
    return {"ok": not _wrong(found), "settings": [line._asdict() for line in found]}


def _in_words(found: list[Found]) -> str:
    lines = [f"{line.state:<8} {line.name}: {line.what}" for line in found]
    return "\n".join([*lines, "the service would not start" if _wrong(found) else "the service can start"])
