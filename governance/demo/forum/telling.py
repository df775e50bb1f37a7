"""The forum's own report button: what a member tells goes to the service, sealed there, and is kept nowhere here."""

import uuid
from typing import Final

import requests
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from governance.demo.forum import reading
from governance.demo.forum.frame import members_only, page_reading
from governance.demo.forum.house import House, house
from governance.demo.forum.models import Post
from governance.demo.forum.people import check_form

_SECONDS: Final = 10
_LONGEST: Final = 4_000
_TYPES: Final = {
    "uncomfortable": "It did not feel right",
    "boundary": "They came too close",
    "privacy": "Something private got out",
    "optout_breach": "My choice was not obeyed",
    "unsafe_advice": "The advice could hurt someone",
    "other": "Something else",
}
blueprint = Blueprint("telling", __name__)


@blueprint.get("/p/<post_id>/report")
@members_only
def ask(post_id: str) -> ResponseReturnValue:
    """Ask what was wrong with a post that the reader sees."""
    with page_reading() as page:
        post = reading.post(page.viewed, page.allowed, post_id)
        if post is None:
            abort(404)
        return house().page("report.html", post=post, types=_TYPES, key=str(uuid.uuid4()), failed=False)


@blueprint.post("/p/<post_id>/report")
@members_only
def hand_on(post_id: str) -> ResponseReturnValue:
    """Hand it on to the service, and show the code that it gives, this once."""
    check_form()
    with page_reading() as page:
        post = reading.post(page.viewed, page.allowed, post_id)
        what, kind = request.form.get("what", "").strip()[:_LONGEST], request.form.get("type", "")
        if post is None or kind not in _TYPES or not what:
            abort(404)
        told = _told(post, page.member.account, what, kind)
        filed = _filed(house(), told, request.form.get("key", ""))
        if filed is None:
            return house().page(
                "report.html", post=post, types=_TYPES, key=request.form.get("key", ""), failed=True
            ), 503
        return house().page("reported.html", post=post, filed=filed)


def _told(post: Post, member: str, what: str, kind: str) -> dict[str, object]:
    """Return what the service is told: whose account it was only for a block, which needs it."""
    block = request.form.get("block") == "yes"
    return {
        "type": kind,
        "what": what,
        "where": f"{house().settings.url}/t/{post.thread_id}#{post.id}",
        "who": post.author.name,
        "hcp": post.author_account,
        "danger_now": request.form.get("danger") == "yes",
        "block": block,
        **({"account": member} if block else {}),
    }


def _filed(here: House, told: dict[str, object], key: str) -> dict[str, str] | None:
    """Return what the service answers; none where it takes no reports now, or is away."""
    settings = here.settings
    pair = (settings.kit_client_id, settings.kit_client_secret)
    asked = {"grant_type": "client_credentials"}
    try:
        token = requests.post(f"{settings.service_url}/oauth/token", data=asked, auth=pair, timeout=_SECONDS)
        token.raise_for_status()
        headers = {"Authorization": f"Bearer {token.json()['access_token']}", "Idempotency-Key": key}
        answer = requests.post(f"{settings.service_url}/v1/reports", json=told, headers=headers, timeout=_SECONDS)
        answer.raise_for_status()
    except requests.RequestException:
        return None
    filed: dict[str, str] = answer.json()
    return filed
