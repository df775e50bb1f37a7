"""Staff commands of officers: `governance staff sanction warn | restrict | suspend | remove | list | show | …`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.conduct.errors import NoSuchSanctionError
from governance.conduct.sanctions.models import Sanction
from governance.conduct.sanctions.service import SanctionKind, Sanctions, Step, Wanted
from governance.conduct.sanctions.states import MOVES
from governance.conduct.service import hcp_of
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Action, Instant
from governance.effective.measures import Measures
from governance.identity.service import account_for, platform_named
from governance.policy.current import policies
from governance.ui.clock import in_iso, now
from governance.ui.house import house

Command = TypeVar("Command", bound=Callable[..., Any])
_BY: Final = click.option("--by", type=click.UUID, required=True, help="Your id; see `governance staff list`.")
_DAYS: Final = click.option("--days", type=int, required=True, help="For how long.")
_REASON: Final = click.option(
    "--reason", required=True, help="Why; the professional reads this. Name no patient, and nobody who reported."
)
_WHICH: Final = click.argument("sanction_id", type=click.UUID)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")


def _against_somebody(command: Command) -> Command:
    """Ask for an account, the rule and the statement of reasons."""
    for option, help_text in (
        ("--facts", "What happened; the professional reads this. Name no patient, and nobody who reported."),
        ("--rule", "The rule that was broken, C1 to C30."),
        ("--account", "The professional's account on that platform."),
        ("--platform", "The platform's name."),
    ):
        command = click.option(option, required=True, help=help_text)(command)
    return _BY(_REASON(command))


@contextmanager
def _sanctions() -> Iterator[tuple[Session, Sanctions]]:
    with transaction() as session:
        yield session, Sanctions(session, house().keyring, policies().conduct, now())


def _take(kind: SanctionKind, platform: str, account: str, by: UUID, **said: Any) -> None:  # noqa: ANN401 - options
    with _sanctions() as (session, sanctions):
        theirs = account_for(session, house().keyring, platform_named(session, platform), account, now())
        taken = sanctions.take(hcp_of(session, theirs.id), Wanted(kind=kind, **said), by)
        line = (
            f"in force at once; look at it again by {_date(taken.review)}: `governance staff sanction show {taken.id}`"
        )
    click.echo(line)


@click.group()
def sanction() -> None:
    """What officers decide when a rule was broken. Each can be appealed once, to somebody who had no part in it."""


@sanction.command(short_help="Warn a professional; it closes nothing.")
@_against_somebody
def warn(**said: Any) -> None:  # noqa: ANN401 - options
    """Warn a professional: it closes nothing and stays on their record."""
    _take(SanctionKind.WARN, **said)


@sanction.command(short_help="Close some actions to a professional.")
@_against_somebody
@_DAYS
@click.option(
    "--action", "actions", multiple=True, type=click.Choice([one.value for one in Action]), help="What is closed."
)
def restrict(actions: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401 - options
    """Close some actions to a professional, in every capacity, on every platform."""
    _take(SanctionKind.RESTRICT, actions=frozenset(Action(one) for one in actions), **said)


@sanction.command()
@_against_somebody
@_DAYS
def suspend(**said: Any) -> None:  # noqa: ANN401 - options
    """Close everything to a professional for a time."""
    _take(SanctionKind.SUSPEND, **said)


@sanction.command(short_help="Close everything to a professional, without an end.")
@_against_somebody
def remove(**said: Any) -> None:  # noqa: ANN401 - options
    """Close everything to a professional, without an end."""
    _take(SanctionKind.REMOVE, **said)


@sanction.command(short_help="Say that a serious case stands: it closes nothing.")
@click.option("--platform", required=True, help="The platform's name.")
@click.option("--account", required=True, help="The professional's account on that platform.")
@_DAYS
def case(platform: str, account: str, days: int) -> None:
    """Say that a serious case stands: it closes nothing, but no change of how somebody is here begins meanwhile."""
    with transaction() as session:
        theirs = account_for(session, house().keyring, platform_named(session, platform), account, now())
        until = Instant(now() + timedelta(days=days) // timedelta(microseconds=1))
        opened = Measures(session, house().keyring, now()).open_case(hcp_of(session, theirs.id), until)
        line = f"it stands until {_date(opened.until)}; to end it: `governance measure lift {opened.id}`"
    click.echo(line)


@sanction.command(short_help="Let a sanction go on, and set the next look.")
@_WHICH
@_BY
@_REASON
def review(sanction_id: UUID, by: UUID, reason: str) -> None:
    """Let a sanction go on, and set the day of the next look."""
    with _sanctions() as (_, sanctions):
        line = f"it goes on; look at it again by {_date(sanctions.review(sanction_id, by, reason).review)}"
    click.echo(line)


@sanction.command(short_help="End a sanction now.")
@_WHICH
@_BY
@_REASON
def lift(sanction_id: UUID, by: UUID, reason: str) -> None:
    """End a sanction now. It gives no register's standing back: what lapsed meanwhile needs a new check."""
    with _sanctions() as (_, sanctions):
        sanctions.lift(sanction_id, by, reason)
    click.echo("lifted: it closes nothing any more")


@sanction.command(short_help="Decide an appeal: the sanction stays.")
@_WHICH
@_BY
@_REASON
def uphold(sanction_id: UUID, by: UUID, reason: str) -> None:
    """Decide an appeal, as somebody who had no part in the sanction: it stays."""
    with _sanctions() as (_, sanctions):
        sanctions.uphold(sanction_id, by, reason)
    click.echo("upheld: the professional reads your reason")


@sanction.command(short_help="Decide an appeal: the sanction was wrong, and ends.")
@_WHICH
@_BY
@_REASON
def overturn(sanction_id: UUID, by: UUID, reason: str) -> None:
    """Decide an appeal, as somebody who had no part in the sanction: it was wrong, and ends now."""
    with _sanctions() as (_, sanctions):
        sanctions.overturn(sanction_id, by, reason)
    click.echo("overturned: it closes nothing any more")


@sanction.command("list", short_help="List appeals that wait, and sanctions that stand.")
@_JSON
def list_command(*, as_json: bool) -> None:
    """List what staff still have to do with: appeals that wait, and sanctions with the day of the next look."""
    with reading() as session:
        found = [_described(one) for one in Sanction.open(session, now())]
    if as_json:
        click.echo(json.dumps({"sanctions": found}, indent=2))
        return
    for one in found:
        click.echo("  ".join(str(value) for value in one.values()))
    if not found:
        click.echo("no sanction stands")


@sanction.command(short_help="Show one sanction, and what can be done to it.")
@_WHICH
@_JSON
def show(sanction_id: UUID, *, as_json: bool) -> None:
    """Show one sanction with every word, and what can be done to it now."""
    with reading() as session:
        found = session.get(Sanction, sanction_id)
        if found is None:
            raise NoSuchSanctionError("there is no such sanction; `governance staff sanction list` shows those open")
        sanctions = Sanctions(session, house().keyring, policies().conduct, now())
        steps = [_step(one) for one in sanctions.steps(found)]
        can = [f"{line.act} (by {line.by})" for line in MOVES if line.start == found.state]
        shown = {**_described(found), "steps": steps, "can": can}
    if as_json:
        click.echo(json.dumps(shown, indent=2))
        return
    for name, value in {**shown, "steps": ""}.items():
        click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    for step in steps:
        click.echo(f"  {step['at']} {step['act']} by {step['by']}: {step['facts']} {step['reason']}")


def _described(one: Sanction) -> dict[str, str]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "actions": " ".join(one.actions),
        "rule": one.rule,
        "since": _date(one.since),
        "until": "" if one.until is None else _date(one.until),
        "review": _date(one.review),
        "state": one.state,
    }


def _step(one: Step) -> dict[str, str]:
    by = one.by or "the professional"
    return {"at": _date(one.at), "act": one.act.value, "by": by, "facts": one.facts, "reason": one.reason}


def _date(instant: int) -> str:
    return in_iso(Instant(instant)) or ""
