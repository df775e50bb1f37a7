"""`governance conduct import | look-up | recheck`: what registers say of themselves, and what somebody reports."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from governance.conduct.errors import BadFileError
from governance.conduct.feeds.applying import Feed, Tally
from governance.conduct.feeds.asking import Heard, Source, source_of, take_answer, to_ask
from governance.conduct.feeds.files import WrongFileError, moment_in, read_delivery
from governance.conduct.findings import Verifier
from governance.conduct.service import hcp_of
from governance.conduct.verifying import Verifying
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity.service import account_for, platform_named
from governance.policy.current import policies
from governance.policy.views.registers import HcpRegister
from governance.ui.clock import now
from governance.ui.house import house

_MOST_TOLD: Final = 100
_DID: Final = {
    "older": "older than what we know",
    "no_answer": "without an answer",
    "gone": "not listed",
    "no_person": "an organisation's number",
    "renamed": "with another name",
}
_AHEAD: Final = timedelta(minutes=5) // timedelta(microseconds=1)


@click.group()
def conduct() -> None:
    """Registers, organisations, and looks that grow old."""


@conduct.command("import", short_help="Take a register's file, whole or not at all.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--register", "code", required=True, help="Its code; see `governance conduct registers`.")
@click.option("--as-of", required=True, help="As of when the register says so, such as 2026-12-24T06:00Z.")
@click.option("--complete", is_flag=True, help="The file lists everybody: who is not in it is not on the register.")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def import_command(file: Path, code: str, as_of: str, *, complete: bool, as_json: bool) -> None:
    """Take a register's FILE (CSV with a head line, or JSON): number, name, status, and renews if there is one.

    The whole file counts, or nothing of it. What is worse counts at once, what is better waits for a verifier.

    \b
    number,name,status,renews
    12A3456B,Nora Quill,good,2027-03-31

    A status is good, restricted, lapsed, suspended or removed, or a word that the register's own files use.
    """  # noqa: D301 - click reads the character itself, before lines that stay as they are
    register = register_named(code)
    with told_by_line():
        delivery = read_delivery(file.read_bytes(), register, moment_before(as_of))
    with bar("Applying", len(delivery.entries)) as step, transaction() as session:
        days = policies().conduct.recheck_feed_days
        feed = Feed(session, house().keyring, register, days=days, now=now())
        tally = feed.take(delivery, step, complete=complete)
    _tell(tally, as_json=as_json)


@conduct.command()
def registers() -> None:
    """List the registers we know, with their codes."""
    for code, one in sorted(policies().registers.registers.items()):
        click.echo(f"{code:9} {one.name} ({one.country}); a number looks like {one.example}")


@conduct.command("look-up", short_help="Ask a register's own program about its numbers.")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def look_up_command(code: str, *, as_json: bool) -> None:
    """Ask the register CODE about everybody who holds a number of it, one by one."""
    _tell(look_up_all(source_of(register_named(code))), as_json=as_json)


@conduct.command(short_help="Have somebody look at once, because of a report.")
@click.option("--platform", required=True, help="The platform's name.")
@click.option("--account", required=True, help="The account's id on that platform.")
@click.option("--reason", required=True, help="What was reported; the professional reads this.")
def recheck(platform: str, account: str, reason: str) -> None:
    """Have somebody look at a registration at once, because of a report; the last look ends soon."""
    at, days = now(), policies().registers.report_days
    with transaction() as session:
        forum = platform_named(session, platform)
        hcp_id = hcp_of(session, account_for(session, house().keyring, forum, account, at).id)
        Verifying(session, house().keyring, Verifier("operator"), at).doubt(hcp_id, reason, days=days)
    click.echo(f"on the desk now; the last look counts for {days} days at most")


def look_up_all(source: Source) -> Tally:
    """Ask a register about everybody who holds a number of it; each answer is applied by itself."""
    register, days = source.register, policies().conduct.recheck_feed_days
    with reading() as session:
        asked = to_ask(session, house().keyring, register.code)
    tally = Tally(lines=len(asked))
    with bar("Asking", len(asked)) as step:
        for digest, number in asked:
            heard = Heard(digest, now(), source.adapter.ask(number))
            with transaction() as session:
                tally.did[take_answer(session, house().keyring, register, heard, days=days, now=now())] += 1
            tally.ours += 1
            step()
    return tally


def register_named(code: str) -> HcpRegister:
    """Return a register. Raises `BadFileError`."""
    known = policies().registers.registers
    if code not in known:
        raise BadFileError(f"there is no such register; known are {', '.join(sorted(known))}")
    return known[code]


def moment_before(text: str) -> Instant:
    """Return an instant that has come. Raises `BadFileError`: what is told for tomorrow is told by nobody."""
    at = moment_in(text)
    if at > now() + _AHEAD:
        raise BadFileError("this time lies ahead; a register cannot have said that yet")
    return at


@contextmanager
def bar(what: str, total: int) -> Iterator["Step"]:
    """Show how far long work is, on the error stream; yield what moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        step = Step(progress, progress.add_task(what))
        step.expect(total)
        yield step


class Step:
    """Moves a bar on by one."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        """Move this task."""
        self._progress, self._task, self._total = progress, task, 0

    def expect(self, steps: int) -> None:
        """Learn that there is more to do."""
        self._total += steps
        self._progress.update(self._task, total=self._total)

    def __call__(self) -> None:
        """Move on."""
        self._progress.advance(self._task)


@contextmanager
def told_by_line() -> Iterator[None]:
    """Print every wrong line, at most a hundred; the error then ends the command."""
    try:
        yield
    except WrongFileError as error:
        for one in error.wrong[:_MOST_TOLD]:
            click.echo(str(one), err=True)
        if len(error.wrong) > _MOST_TOLD:
            click.echo(f"and {len(error.wrong) - _MOST_TOLD} more", err=True)
        raise


def _tell(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"lines": tally.lines, "ours": tally.ours, **tally.did}))
        return
    did = ", ".join(f"{count} {_DID.get(name, name)}" for name, count in sorted(tally.did.items()))
    click.echo(f"{lines(tally.lines)}, {tally.ours} of people here{f': {did}' if did else ''}")


def lines(count: int) -> str:
    """Return how many lines, in words."""
    return f"{count} line" if count == 1 else f"{count} lines"
