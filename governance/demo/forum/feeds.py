"""Feeds (Atom, RFC 4287): an address of one's own, read without a cookie and filtered for its owner at every fetch."""

import hmac
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.house import house
from governance.demo.forum.models import Member

ALL: Final = "all"
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0, section 2.2, has no place for: one of them in a post would break everybody's feed."""
blueprint = Blueprint("feeds", __name__)


@blueprint.get("/feeds/<account>/<key>/<which>.atom")
def feed(account: str, key: str, which: str) -> ResponseReturnValue:
    """Show the newest posts that the address's owner may read: of one community, or of `all`."""
    with house().plain_session() as plain:
        member = plain.get(Member, account)
    if member is None or member.duty is not None or not hmac.compare_digest(key.encode(), _key_of(account).encode()):
        abort(404)
    with house().seen_by(member) as viewed:
        wanted = [one for one in reading.communities_of(viewed, member) if which in {ALL, one.id}]
        if not wanted:
            abort(404)
        posts = reading.newest(viewed, wanted)
        updated = posts[0].created if posts else datetime.now(UTC)
        text = house().page("feed.xml", member=member, which=which, posts=posts, updated=updated, moment=_moment)
    return Response(_NO_XML.sub("", text), content_type="application/atom+xml; charset=utf-8")


def feed_address(member: Member, which: str = ALL) -> str:
    """Return a member's own address of a feed."""
    path = url_for("feeds.feed", account=member.account, key=_key_of(member.account), which=which)
    return f"{house().settings.url}{path}"


def _key_of(account: str) -> str:
    """Return what makes an address secret: derived, so that who reads the forum's database cannot read as others."""
    return hmac.digest(house().settings.cookie_secret.encode(), f"feed {account}".encode(), sha256).hex()[:32]


def _moment(time: datetime) -> str:
    """Write a UTC time as RFC 3339 wants it."""
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
