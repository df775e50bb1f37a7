"""The doors of webhooks: a forum sets up its addresses, tries them, and fetches what did not arrive."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.feed.webhooks import service
from governance.feed.webhooks.bodies import event_name, event_type
from governance.feed.webhooks.brake import count_send
from governance.feed.webhooks.errors import WebhookNotFoundError
from governance.feed.webhooks.keys import public_key, shared_secret
from governance.feed.webhooks.models import Webhook, WebhookEvent
from governance.feed.webhooks.schemas import (
    Count,
    Events,
    EventShown,
    EventsWanted,
    NewWebhook,
    Redelivery,
    Rotation,
    Webhooks,
    WebhookShown,
)
from governance.identity.current import current_platform, platform_required
from governance.identity.permissions import Scope
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now, to_datetime
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("webhooks", __name__, description="Hints that there is something new")
for _code, _status in (
    ("bad_webhook_address", HTTPStatus.BAD_REQUEST),
    ("webhook_not_found", HTTPStatus.NOT_FOUND),
    ("too_many_webhooks", HTTPStatus.CONFLICT),
):
    register_status(_code, _status)
_SCOPE = Scope.WEBHOOKS_WRITE


@blueprint.get("/v1/webhooks")
@platform_required(_SCOPE)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, Webhooks)
def list_webhooks() -> dict[str, Any]:
    """Return the forum's webhooks, their keys and how they fare."""
    with reading() as session:
        rows = Webhook.of_platform(session, current_platform().platform_id)
        return {"webhooks": [_shown(session, row) for row in rows]}


@blueprint.post("/v1/webhooks")
@platform_required(_SCOPE)
@blueprint.arguments(NewWebhook)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, WebhookShown)
def set_up(asked: dict[str, Any]) -> dict[str, Any]:
    """Have hints sent to an address, or change what it is told of; sent twice it is one webhook.

    Hints say that there is something new, never what or of whom. They may come twice, late and in any order: fetch the
    changes, do not act on a hint alone.
    """
    wanted = service.Wanted(asked["url"], service.hints_of(asked["hints"]), asked["hmac"])
    platform_id, found = current_platform().platform_id, house()
    # An address that paused is tried at once.
    count_send(platform_id, now())
    with transaction() as session:
        loopback = found.settings.webhooks_to_loopback
        return _shown(session, service.set_up(session, found.keyring, platform_id, wanted, now(), loopback=loopback))


@blueprint.delete("/v1/webhooks/<webhook>")
@platform_required(_SCOPE)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.NO_CONTENT)
def take_away(webhook: str) -> str:
    """Send nothing more to an address; what waited is forgotten."""
    with transaction() as session:
        service.take_away(session, house().keyring, _found(session, webhook))
    return ""


@blueprint.get("/v1/webhooks/<webhook>/events")
@platform_required(_SCOPE)
@blueprint.arguments(EventsWanted, location="query")
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, Events)
def list_events(asked: dict[str, Any], webhook: str) -> dict[str, Any]:
    """Return a webhook's events, those that were given up unless said; delivered ones for 3 days, dead ones for 30."""
    with reading() as session:
        row = _found(session, webhook)
        found = WebhookEvent.in_state(session, row.id, asked["state"], asked["limit"])
        return {"events": [_event(one) for one in found]}


@blueprint.post("/v1/webhooks/<webhook>/ping")
@platform_required(_SCOPE)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.ACCEPTED, EventShown)
def ping(webhook: str) -> dict[str, Any]:
    """Have a ping sent within seconds, also to an address that paused; look at its event for what became of it."""
    count_send(current_platform().platform_id, now())
    with transaction() as session:
        row = _found(session, webhook)
        return _event(service.ping(session, house().keyring, row, now()))


@blueprint.post("/v1/webhooks/<webhook>/redeliver")
@platform_required(_SCOPE)
@blueprint.arguments(Redelivery)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.ACCEPTED, Count)
def redeliver(asked: dict[str, Any], webhook: str) -> dict[str, int]:
    """Send one event again, or all that were given up, under the ids they had."""
    count_send(current_platform().platform_id, now())
    with transaction() as session:
        row = _found(session, webhook)
        return {"events": service.redeliver(session, house().keyring, row, now(), asked.get("event"))}


@blueprint.post("/v1/webhooks/<webhook>/rotate")
@platform_required(_SCOPE)
@blueprint.arguments(Rotation)
@blueprint.doc(security=needs(_SCOPE))
@blueprint.response(HTTPStatus.OK, WebhookShown)
def rotate(asked: dict[str, Any], webhook: str) -> dict[str, Any]:
    """Give a webhook new keys; for a day both sign, so teach the receiver the new ones and then forget the old."""
    with transaction() as session:
        row = _found(session, webhook)
        service.rotate(session, house().keyring, row, now(), at_once=asked["at_once"])
        return _shown(session, row)


def _found(session: Session, webhook: str) -> Webhook:
    try:
        webhook_id = UUID(webhook)
    except ValueError:
        raise WebhookNotFoundError("a webhook's id looks like those that `GET /v1/webhooks` lists") from None
    return service.find(session, current_platform().platform_id, webhook_id)


def _shown(session: Session, row: Webhook) -> dict[str, Any]:
    keyring, fare = house().keyring, service.fares(session, row)
    keys = service.generations(row, now())
    return {
        "id": row.id,
        "url": service.address_of(keyring, row),
        "hints": [hint for hint in row.hints.split() if hint not in service.ALWAYS],
        "created": to_datetime(Instant(row.created)),
        "public_keys": [public_key(keyring, row.id, number) for number in keys],
        "secrets": _secrets(keyring, row, keys),
        "paused": _time(fare.paused),
        "delivered": _time(fare.delivered),
        "trouble": fare.trouble,
        "waiting": fare.waiting,
        "dead": fare.dead,
    }


def _secrets(keyring: Keyring, row: Webhook, keys: tuple[int, ...]) -> list[str]:
    return [shared_secret(keyring, row.id, number) for number in keys] if row.hmac else []


def _event(event: WebhookEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event_name(event.id),
        "type": event_type(event.hint),
        "at": to_datetime(Instant(event.at)),
        "state": event.state,
        "tries": event.tries,
        "trouble": event.trouble,
    }


def _time(instant: int | None) -> Any:  # noqa: ANN401 - a datetime or none
    return None if instant is None else to_datetime(Instant(instant))
