"""`governance webhook`: what staff see of hints to forums, and what they can do about those that did not arrive."""

import json
from typing import Any, Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.feed.webhooks import service
from governance.feed.webhooks.bodies import event_type
from governance.feed.webhooks.errors import WebhookNotFoundError
from governance.feed.webhooks.models import State, Webhook, WebhookEvent
from governance.identity.models import Platform
from governance.identity.service import platform_named
from governance.ledger.hints import Hint, News, give_hint
from governance.ui.clock import in_iso_or_none, now
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
_ASKED: Final = (Hint.CANARY.value, Hint.EXPOSURES.value)
_MOST: Final = 100


@click.group()
def webhook() -> None:
    """Hints to forums that there is something new."""


@webhook.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """List the webhooks of all forums and how they fare; their addresses are the forums' secret."""
    with reading() as session:
        found = [_told(session, row) for row in Webhook.all(session)]
    if as_json:
        click.echo(json.dumps({"webhooks": found}, indent=2))
        return
    for one in found:
        state = "paused: it answered that it is gone" if one["paused"] else one["trouble"] or "well"
        click.echo(f"{one['id']}  {one['forum']}  {one['waiting']} waiting  {one['dead']} dead  {state}")
    if not found:
        click.echo("no forum has a webhook; one sets them up itself, by POST /v1/webhooks")


@webhook.command("dead")
@click.argument("webhook_id", metavar="WEBHOOK", type=click.UUID)
@_JSON
def dead(webhook_id: UUID, *, as_json: bool) -> None:
    """List the newest events of WEBHOOK that were given up after a day."""
    with reading() as session:
        found = [_event(one) for one in WebhookEvent.in_state(session, webhook_id, State.DEAD, _MOST)]
    if as_json:
        click.echo(json.dumps({"dead": found}, indent=2))
        return
    for one in found:
        click.echo("  ".join(str(value) for value in one.values()))
    if not found:
        click.echo("nothing was given up")


@webhook.command("redeliver")
@click.argument("webhook_id", metavar="WEBHOOK", type=click.UUID)
def redeliver(webhook_id: UUID) -> None:
    """Have everything sent again that was given up for WEBHOOK."""
    with transaction() as session:
        row = session.get(Webhook, webhook_id)
        if row is None:
            raise WebhookNotFoundError("there is no such webhook; `governance webhook list` shows them")
        number = service.redeliver(session, house().keyring, row, now())
    click.echo(f"{number} due now")


@webhook.command("ask")
@click.argument("forum")
@click.argument("hint", type=click.Choice(_ASKED))
def ask(forum: str, hint: str) -> None:
    """Tell FORUM that something is wanted of it: its exposures, or that the probe walks again."""
    with transaction() as session:
        platform = platform_named(session, forum)
        who = Webhook.wanting(session, hint, platform.id)
        give_hint(session, News(Hint(hint), platform.id, now()))
    if not who:
        raise click.ClickException(f"{forum} has no webhook that wants this; write to its operator")
    click.echo(f"{len(who)} told soon, by `governance worker`")


def _told(session: Session, row: Webhook) -> dict[str, Any]:
    fare = service.fares(session, row)
    return {
        "id": str(row.id),
        "forum": session.get_one(Platform, row.platform_id).name,
        "hints": row.hints.split(),
        "waiting": fare.waiting,
        "dead": fare.dead,
        "trouble": fare.trouble,
        "paused": in_iso_or_none(fare.paused),
        "delivered": in_iso_or_none(fare.delivered),
    }


def _event(one: WebhookEvent) -> dict[str, Any]:
    at = in_iso_or_none(one.at)
    return {"id": str(one.id), "type": event_type(one.hint), "at": at, "tries": one.tries, "trouble": one.trouble}
