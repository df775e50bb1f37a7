"""The doors of the feed: what a replica is set up with, the bundle, the changes since."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.effective.errors import TooManyReplicasError, UnknownRevisionError
from governance.effective.replicas.service import USUAL_LEASE_MS, Said, is_written, write_down
from governance.feed.errors import FeedGoneError
from governance.feed.handing import hand_out, is_handed
from governance.feed.packing import write_bundle
from governance.feed.rules import rules_in_force
from governance.feed.schemas import ChangesAnswer, ChangesQuery, FeedSetUp
from governance.feed.service import Cursor, Feed
from governance.feed.shelf import Kept, shelf_of
from governance.feed.signing import FeedSigner
from governance.identity.current import current_platform, platform_required
from governance.pep.wire.bundle import MEDIA_TYPE
from governance.pep.wire.signatures import HEADER, header_value
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("feed", __name__, description="What platforms that decide by themselves go by")
register_status(FeedGoneError.code, HTTPStatus.GONE)
register_status(UnknownRevisionError.code, HTTPStatus.CONFLICT)
register_status(TooManyReplicasError.code, HTTPStatus.CONFLICT)

_GONE: Final = {
    HTTPStatus.OK.value: {
        "description": "what changed; it counts only if the signature fits these very bytes",
        "headers": {
            HEADER: {
                "description": "the key's id, a full stop, and in base64url our Ed25519 signature over the line "
                "`hcp-governance feed changes v1`, its end, and the answer's SHA-256; by a key of `/v1/feed`",
                "schema": {"type": "string"},
            }
        },
    },
    "409": {"description": "`applied` was never given out, or the forum has too many replicas: no lease"},
    "410": {"description": "`after` is of another epoch, or too old: fetch the bundle"},
}
_KNOWN: Final = {
    HTTPStatus.OK.value: {
        "description": "one file, its signature in it; what is inside: governance/adr/0012-what-a-replica-is-sent.md",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "contentEncoding": "binary"}}},
    },
    "304": {"description": "the bundle that `If-None-Match` names can still be used"},
}


@blueprint.get("/v1/feed")
@platform_required("feed:read")
@blueprint.doc(security=needs("feed:read"))
@blueprint.response(HTTPStatus.OK, FeedSetUp)
def set_up() -> ResponseReturnValue:
    """Return what a replica is set up with: its keys, and by which key we sign."""
    keyring, platform_id = house().keyring, current_platform().platform_id
    with reading() as session:
        feed = _feed(session)
        cursor, handed = feed.cursor(), is_handed(session, keyring, platform_id, feed.keys)
    if not handed:
        with transaction() as session:
            hand_out(session, keyring, platform_id, feed.keys, now())
    keys = {name: _text(getattr(feed.keys, name)) for name in ("accounts", "places", "tokens")}
    answer = jsonify(
        platform=feed.platform,
        epoch=cursor.epoch,
        revision=cursor.revision,
        keys=keys,
        public_keys=[_text(_signer().public)],
        lease_ms=USUAL_LEASE_MS,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/v1/changes")
@platform_required("feed:read")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.doc(security=needs("feed:read"), responses=_GONE)
@blueprint.response(HTTPStatus.OK, ChangesAnswer)
def changes(asked: dict[str, Any]) -> ResponseReturnValue:
    """Return what changed since a revision, and a lease for a replica that says its name and what it has applied."""
    after, said = Cursor.read(asked["after"]), _said(asked)
    if said is not None:
        _put_on_the_books(after, said)
    with reading() as session:
        body = _feed(session).changes(after, asked["nonce"], said.lease_ms if said else 0).encode()
    signer = _signer()
    answer = Response(body, content_type="application/json")
    answer.headers[HEADER] = header_value(signer.key_id, signer.sign("changes", sha256(body).digest()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/v1/bundle")
@platform_required("feed:read")
@blueprint.doc(security=needs("feed:read"), responses=_KNOWN)
@blueprint.response(HTTPStatus.OK, content_type=MEDIA_TYPE)
def bundle() -> ResponseReturnValue:
    """Return everything that the platform's decisions rest on, signed; the changes go on from its revision."""
    # Nobody holds a snapshot while they wait for somebody else's bundle: PostgreSQL ends who is idle in one.
    with reading() as session:
        cursor = _feed(session).cursor()
    kept = shelf_of(current_app).take(current_platform().platform_id, cursor, now(), _make)
    answer = Response(status=HTTPStatus.NOT_MODIFIED) if kept.tag in request.if_none_match else _sent(kept)
    answer.set_etag(kept.tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _said(asked: dict[str, Any]) -> Said | None:
    """Return what a replica says of itself; None of who has no name, and gets no lease."""
    name = asked.get("replica")
    return None if name is None else Said(name, asked.get("applied"), asked["lease_ms"])


def _put_on_the_books(after: Cursor, said: Said) -> None:
    """Write down who is about to get a lease, unless it stands there. Raises `FeedGoneError` and what writing does."""
    keyring, platform_id, at = house().keyring, current_platform().platform_id, now()
    with reading() as session:
        _feed(session).reachable(after)
        written = is_written(session, keyring, platform_id, said, at)
    if not written:
        with transaction() as session:
            write_down(session, keyring, platform_id, said, at)


def _make() -> Kept:
    with reading() as session:
        feed = _feed(session)
        # The first read of this snapshot: the bundle says the revision that it was made at.
        cursor = feed.cursor()
        return Kept(cursor, feed.teller.window.issued, feed.now, write_bundle(feed, cursor, _signer()))


def _sent(kept: Kept) -> Response:
    answer = Response(kept.parts(), content_type=MEDIA_TYPE)
    answer.content_length = kept.length
    return answer


def _feed(session: Session) -> Feed:
    return Feed(session, house().keyring, current_platform().platform_id, rules_in_force(), now())


def _signer() -> FeedSigner:
    return FeedSigner(house().keyring)


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).rstrip(b"=").decode()
