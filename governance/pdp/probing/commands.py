"""Staff commands of the guard: `governance staff probing list | close`."""

import json
from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import AccountKey, Instant
from governance.errors import NotFoundError
from governance.identity.models import Account, Platform
from governance.identity.service import account_name
from governance.pdp.probing.models import ProbingAlarm
from governance.ui.clock import in_iso, now
from governance.ui.house import house

_GONE: Final = "(gone)"


@click.group()
def probing() -> None:
    """Who asked about far more people than is usual; rule C21 forbids to find out who said no."""


@probing.command("list", short_help="List the alarms that nobody closed.")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def list_command(*, as_json: bool) -> None:
    """List the alarms that nobody closed: when, on which forum, which account, how many people, what is usual."""
    with reading() as session:
        found = [_described(session, one) for one in ProbingAlarm.open(session)]
    if as_json:
        click.echo(json.dumps({"alarms": found}, indent=2))
        return
    for one in found:
        click.echo("  ".join(str(value) for value in one.values()))
    if not found:
        click.echo("no alarm is open")


@probing.command("close", short_help="Close an alarm that you looked into.")
@click.argument("alarm_id", type=click.UUID)
def close(alarm_id: UUID) -> None:
    """Close an alarm that you looked into; what you do about it is a sanction, or a word with the forum."""
    with transaction() as session:
        alarm = session.get(ProbingAlarm, alarm_id)
        if alarm is None or alarm.closed is not None:
            raise NotFoundError("there is no such open alarm; `governance staff probing list` shows them")
        alarm.closed = now()
    click.echo("closed")


def _described(session: Session, one: ProbingAlarm) -> dict[str, str | int]:
    return {
        "id": str(one.id),
        "hour": in_iso(Instant(one.hour)) or "",
        "kind": one.kind,
        "platform": session.get_one(Platform, one.platform_id).name,
        "account": _name(session, one),
        "counted": one.counted,
        "usual": one.usual,
    }


def _name(session: Session, one: ProbingAlarm) -> str:
    if not one.account:
        return "(the forum)"
    account = Account.of_key(session, AccountKey(one.account))
    try:
        return _GONE if account is None else account_name(session, house().keyring, account)
    except KeyGoneError:
        return _GONE
