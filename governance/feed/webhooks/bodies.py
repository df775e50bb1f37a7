"""What is sent: one JSON object that is a CloudEvent and has the shape of Standard Webhooks as well.

It tells that there is something new, and where in the forum's own count; never of whom.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.feed.webhooks.keys import Signing, signatures
from governance.feed.webhooks.models import WebhookEvent
from governance.ui.clock import in_iso

MEDIA_TYPE: Final = "application/cloudevents+json"
_SECOND: Final = 1_000_000


def event_name(event_id: UUID) -> str:
    """Return the id under which a receiver knows an event, the same at every try."""
    return f"evt_{event_id.hex}"


def event_type(hint: str) -> str:
    """Return what receivers read of a hint."""
    return f"governance.{hint}"


def body_of(event: WebhookEvent, source: str) -> bytes:
    """Return the bytes of an event, the same at every try."""
    time = in_iso(Instant(event.at))
    told = {
        "specversion": "1.0",
        "id": event_name(event.id),
        "source": source,
        "type": event_type(event.hint),
        "time": time,
        "timestamp": time,
        "datacontenttype": "application/json",
        "data": msgspec.json.decode(event.data or "{}"),
    }
    return msgspec.json.encode(told)


def headers_of(keyring: Keyring, signing: Signing, name: str, body: bytes, now: Instant) -> Mapping[str, str]:
    """Return the headers of one try: its time is signed, so that nobody can send it again later."""
    timestamp = str(now // _SECOND)
    signed = b".".join((name.encode(), timestamp.encode(), body))
    return {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "governance-webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures(keyring, signing, signed),
    }
