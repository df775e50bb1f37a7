"""`governance platform`, the life of a forum: its steps, its probe, going live, suspension and end."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

import click

from governance.db.extension import reading, transaction
from governance.effective.life.service import Life, standing_of
from governance.effective.life.states import Mended, State, Why
from governance.identity.clients.platforms import end_platform
from governance.identity.models import Platform
from governance.identity.service import platform_named
from governance.pdp.platforms.leaving import export_parts, tell_members
from governance.pdp.platforms.service import go_live
from governance.pdp.platforms.steps import Steps, steps_of
from governance.ui.clock import in_iso, now, to_instant
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.command("steps", short_help="Show what is done, and what comes next.")
@click.argument("name")
@_JSON
def steps(name: str, *, as_json: bool) -> None:
    """Show where the forum NAME is: each step in its order, whether it is done, and how it is done."""
    with reading() as session:
        # One that has ended is shown as well.
        platform = Platform.named(session, name) or platform_named(session, name)
        found = steps_of(session, house().keyring, platform, now())
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else _lines(found))


@click.command("probe", short_help="Note whose reports count for a forum.")
@click.argument("name")
@click.argument("address")
@click.argument("key")
def probe(name: str, address: str, key: str) -> None:
    """Let reports about ADDRESS count for the forum NAME that KEY signs (`governance probe key` prints it)."""
    with transaction() as session:
        platform = platform_named(session, name)
        Life(session, house().keyring, platform.id, now()).note_probe(address, key)
    click.echo(f"reports about {address} count from now on, if this key signed them")


@click.command("report", short_help="Take a signed report of the probe.")
@click.argument("name")
@click.argument("report", type=click.File(encoding="utf-8"))
def report(name: str, report: TextIO) -> None:
    """Take the signed REPORT of the probe of the forum NAME; it may suspend the forum."""
    with transaction() as session:
        platform = platform_named(session, name)
        row = Life(session, house().keyring, platform.id, now()).take(report.read())
        state = standing_of(session, platform.id).state
        told = f"{row.kind}: {row.result}, {row.leaks} leaks; the forum is {state}"
    click.echo(told)


@click.command("live", short_help="Let a community go live.")
@click.argument("name")
@click.argument("community")
def live(name: str, community: str) -> None:
    """Have COMMUNITY of the forum NAME enforce and tell its members so; needs a probe's report that says 0."""
    with transaction() as session:
        go_live(session, house().keyring, platform_named(session, name).id, community, now())
    click.echo(f"{community} is live")


@click.command("suspend", short_help="Show professionals nothing on a forum.")
@click.argument("name")
def suspend(name: str) -> None:
    """Show professionals nothing on the forum NAME, at once: the off switch."""
    with transaction() as session:
        Life(session, house().keyring, platform_named(session, name).id, now()).suspend(Why.STAFF)
    click.echo(f"{name} is suspended: professionals are shown nothing there")


@click.command("resume", short_help="End a forum's suspension.")
@click.argument("name")
@click.option(
    "--because",
    type=click.Choice([one.value for one in Mended]),
    help="What was mended: needed where a whole walk, or somebody's word, began the suspension.",
)
@click.confirmation_option(prompt="Professionals will be shown again what patients permitted. Go on?")
def resume(name: str, because: str | None) -> None:
    """End the suspension of the forum NAME; needs a report that says 0 and was made since it began.

    Under a suspension no walk can be wide enough. So after one that a walk began, the forum owes a walk within 3 days,
    and is suspended again if it does not come.
    """
    with transaction() as session:
        platform = platform_named(session, name)
        said = None if because is None else Mended(because)
        Life(session, house().keyring, platform.id, now()).resume(because=said)
        due = standing_of(session, platform.id).walk_due
    click.echo(f"{name} goes on: professionals are shown what patients permitted")
    if due is not None:
        click.echo(f"it owes a walk that says 0 until {in_iso(due)}, or it is suspended again")


@click.command("announce-end", short_help="Tell members that their forum will end.")
@click.argument("name")
@click.argument("day", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]))
def announce_end(name: str, day: datetime) -> None:
    """Tell the members of the forum NAME that it will end on DAY, as 2027-01-31: on their pages, and by a mail."""
    keyring = house().keyring
    with transaction() as session:
        platform = platform_named(session, name)
        Life(session, keyring, platform.id, now()).announce_end(to_instant(day.replace(tzinfo=UTC)))
        platform_id = platform.id
    click.echo(f"told the holders of {tell_members(transaction, keyring, platform_id, now())} account(s)")


@click.command("export", short_help="Write what a forum may know of choices.")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def export(name: str, file: Path) -> None:
    """Write what the forum NAME may know of its members' choices into FILE: signed parts, one a line."""
    with reading() as session:
        # Also of one that has ended.
        platform = Platform.named(session, name) or platform_named(session, name)
        platform_id = platform.id
    parts = (part + "\n" for part in export_parts(reading, house().keyring, platform_id, now()))
    try:
        # For us alone from its first byte: it names every member who chose something. Never over an older one.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
            written.writelines(parts)
    except OSError as error:
        raise click.FileError(
            str(file), f"{error.strerror}; name a file that is not there yet, in a folder where you may write"
        ) from None
    click.echo(
        f"{file}: one JWS a line, each a part signed by a key of our /.well-known/jwks.json; the last one counts them"
    )


@click.command("end", short_help="End a forum for ever.")
@click.argument("name")
@click.confirmation_option(prompt="No token, no sign-in for this forum any more, for ever. Go on?")
def end(name: str) -> None:
    """End the forum NAME for ever. What its members chose stays; professionals are shown nothing from now on.

    Interrupted, it is run once more: whoever was not told yet is told then.
    """
    keyring = house().keyring
    with transaction() as session:
        # Of one that has ended somebody may be untold: the command was interrupted.
        platform = Platform.named(session, name) or platform_named(session, name)
        if platform.ended is None:
            Life(session, keyring, platform.id, now()).end()
            end_platform(session, keyring, name, now())
        platform_id = platform.id
    click.echo(f"ended: {name} gets no token any more, and nobody signs in through it")
    click.echo(f"told the holders of {tell_members(transaction, keyring, platform_id, now())} account(s)")


def _lines(found: Steps) -> str:
    after = f" ({found.why})" if found.why else ""
    lines = [f"{'done' if one.done else 'open'}  {one.name:<14} {one.told}" for one in found.steps]
    following = found.next
    left = "it has ended for ever" if found.state is State.ENDED else "nothing is left to do"
    end = left if following is None else f"next: {following.name}: {following.how}"
    return "\n".join([f"{found.state}{after}", *lines, end])


COMMANDS: Final = (steps, probe, report, live, suspend, resume, announce_end, export, end)
"""What the command line puts under `governance platform`."""
