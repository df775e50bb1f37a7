"""The plugin's own pages: the way to one's choices, and the report button."""

import uuid
from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flaskbb.extensions import db
from flaskbb.forum.models import Post
from flaskbb.utils.helpers import render_template
from sqlalchemy import select

from governance.pep.flaskbb.asking import Service
from governance.pep.flaskbb.page import SERVICE
from governance.pep.flaskbb.words import TYPES, say

_LONGEST: Final = 4_000
_SEE_OTHER: Final = 303
_AWAY: Final = 503
blueprint = Blueprint("hcp_governance", __name__, template_folder="templates")


@blueprint.get("/choices")
@login_required
def choices() -> ResponseReturnValue:
    """Say what the button does; the link is made only when it is pressed."""
    return _page("choices.html")


@blueprint.post("/choices")
@login_required
def go_to_choices() -> ResponseReturnValue:
    """Bring the member to the service, signed in for one use."""
    link = _service().link_for(str(current_user.id))
    if link is None:
        flash(say("away"), "warning")
        return redirect(url_for("hcp_governance.choices"), _SEE_OTHER)
    return redirect(link, _SEE_OTHER)


@blueprint.get("/report/<int:post_id>")
@login_required
def ask(post_id: str) -> ResponseReturnValue:
    """Ask what was wrong with a post that the reader sees."""
    return _page("report.html", post=_seen(post_id), types=TYPES, key=str(uuid.uuid4()))


@blueprint.post("/report/<int:post_id>")
@login_required
def hand_on(post_id: str) -> ResponseReturnValue:
    """Hand it on to the service, and show the code that it gives, this once."""
    post, given = _seen(post_id), request.form
    what, kind = given.get("what", "").strip()[:_LONGEST], given.get("type", "")
    if kind not in TYPES or not what:
        return redirect(url_for("hcp_governance.ask", post_id=post_id), _SEE_OTHER)
    filed = _service().report(_told(post, what, kind), given.get("key", ""))
    if filed is None:
        flash(say("away"), "warning")
        return _page("report.html", post=post, types=TYPES, key=given.get("key", ""), what=what), _AWAY
    return _page("reported.html", filed=filed)


def _told(post: Any, what: str, kind: str) -> dict[str, object]:  # noqa: ANN401 - FlaskBB's post
    """Return what the service is told: whose account it was only for a block, which needs it."""
    told: dict[str, object] = {
        "type": kind,
        "what": what,
        "where": url_for("forum.view_post", post_id=post.id, _external=True),
        "who": post.username,
        "danger_now": request.form.get("danger") == "yes",
    }
    if post.user_id is not None:
        told["hcp"] = str(post.user_id)
        if request.form.get("block") == "yes":
            told |= {"block": True, "account": str(current_user.id)}
    return told


def _seen(post_id: str) -> Any:  # noqa: ANN401 - FlaskBB's post
    """Return a post that the viewer may see: the filter is under this query as under every other."""
    post = db.session.scalar(select(Post).where(Post.id == post_id))
    if post is None:
        abort(404)
    return post


def _page(name: str, **context: Any) -> str:  # noqa: ANN401 - what the template shows
    emergency = current_app.config.get("HCP_GOVERNANCE_EMERGENCY", "")
    page: str = render_template(f"hcp_governance/{name}", say=say, emergency=emergency, **context)
    return page


def _service() -> Service:
    service: Service = current_app.extensions[SERVICE]
    return service
