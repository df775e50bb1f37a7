"""`governance worker`: do the jobs of the outbox, see how it fares, and what became a dead letter."""

import json
import signal
from typing import Final
from uuid import UUID

import click

from governance.db.errors import OUTDATED
from governance.db.extension import reading, transaction
from governance.db.migrate import at_head
from governance.errors import GovernanceError
from governance.ledger.outbox import service
from governance.ledger.outbox.alarm import Condition, condition
from governance.ledger.outbox.crew import GRACE_SECONDS, Crew
from governance.ledger.outbox.models import DeadLetter
from governance.ledger.outbox.wiring import outbox_of, this_app, tools_of
from governance.ui.clock import now, to_the_second

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
_STOPS: Final = (signal.SIGTERM, signal.SIGINT)


class SchemaError(GovernanceError):
    """The database is older than the program."""

    code = "schema"


@click.group(invoke_without_command=True)
@click.option("--threads", type=click.IntRange(1, 8), default=2, show_default=True, help="Jobs done at the same time.")
@click.option(
    "--grace",
    type=click.FloatRange(0, 3_600),
    default=GRACE_SECONDS,
    show_default=True,
    help="Seconds a job in hand may take after SIGTERM or Ctrl-C; then another worker gets it.",
)
@click.pass_context
def worker(context: click.Context, threads: int, grace: float) -> None:
    """Send mail and do other work in the background. Run as many of these as you like."""
    if context.invoked_subcommand is None:
        _run(threads, grace)


@worker.command()
@_JSON
def status(*, as_json: bool) -> None:
    """Say how the outbox fares; status 1 if somebody has to do something."""
    with reading() as session:
        found = condition(session, now())
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else "\n".join(_lines(found)))
    if not found.is_well:
        raise click.exceptions.Exit(1)


@worker.command()
@_JSON
def dead(*, as_json: bool) -> None:
    """List the jobs that nobody tries any more."""
    with reading() as session:
        letters = [_described(letter) for letter in service.find_dead(session)]
    if as_json:
        click.echo(json.dumps({"dead": letters}, indent=2))
        return
    for letter in letters:
        click.echo("  ".join(str(value) for value in letter.values()))
    if not letters:
        click.echo("no dead letters")


@worker.command()
@click.argument("job", type=click.UUID)
def retry(job: UUID) -> None:
    """Have the dead letter JOB tried again, now."""
    with transaction() as session:
        service.retry(session, job, now())
    click.echo("due now")


@worker.command()
@click.argument("job", type=click.UUID)
@click.confirmation_option(prompt="Delete it for good?")
def drop(job: UUID) -> None:
    """Delete the dead letter JOB: what it was to do will not be done."""
    with transaction() as session:
        service.drop(session, job)
    click.echo("deleted")


def _run(threads: int, grace: float) -> None:
    if not at_head():
        raise SchemaError(OUTDATED)
    app = this_app()
    # Blocked before the first thread begins, so that no thread but this one gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    crew = Crew(tools_of(app), threads)
    crew.start(outbox_of(app).recurring)
    click.echo(f"working with {threads} threads; stop by Ctrl-C or SIGTERM")
    signal.sigwait(_STOPS)
    all_done = crew.stop(grace)
    click.echo("stopped" if all_done else "stopped; what was not finished in time is for another worker")


def _lines(found: Condition) -> list[str]:
    dead, overdue = sum(found.dead.values()), ", ".join(sorted(found.overdue))
    lines = [f"{sum(found.waiting.values())} waiting, {found.in_hand} in hand, {dead} dead"]
    lines += [f"failing: {kind}, since {to_the_second(since)}" for kind, since in sorted(found.failing.items())]
    lines += [f"nobody takes: {overdue}; start `governance worker`, or more of them"] if overdue else []
    lines += ["see `governance worker dead`, then `governance worker retry ID` or `drop ID`"] if dead else []
    return lines


def _described(letter: DeadLetter) -> dict[str, str | int | None]:
    return {**letter._asdict(), "id": str(letter.id), "dead": to_the_second(letter.dead)}
