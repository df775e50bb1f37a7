"""Doors for people whom their forum brings by a link: say who they are, then let them in.

The token is out of the address before any page is shown, so that it stays in no history; what is written down of it
on the way is worth nothing once it was used.
"""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from governance.db.extension import reading, transaction
from governance.identity import service
from governance.identity.access import anyone
from governance.identity.arrivals import tell_signed_in
from governance.identity.current import SignedIn
from governance.identity.doors import return_routes
from governance.identity.errors import LinkSpentError
from governance.identity.links.service import LIFETIME, read_link, use_link
from governance.identity.models import Account
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.devices import in_words
from governance.identity.sessions.own import note_where
from governance.identity.sessions.service import Secret
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("link", __name__)
_LONGEST: Final = 64


@blueprint.get("/link")
@anyone
def arrive() -> ResponseReturnValue:
    """Take the token out of the address; then say as whom somebody is about to come in, and from where."""
    token = request.args.get("token")
    if token is not None:
        response = redirect(url_for("link.arrive"), HTTPStatus.SEE_OTHER)
        _keep(response, token[:_LONGEST])
        return response
    with reading() as session:
        link = read_link(session, _token(), now=now())
        other = _somebody_else(browser_session().signed_in, link.platform.id, link.account_id)
    return render_template("identity/link.html", account=link.account_id, forum=link.platform.shown, other=other)


@blueprint.post("/link")
@anyone
def confirm() -> ResponseReturnValue:
    """Let somebody in by their link, into a new session; whoever was signed in here before is signed out."""
    browser, at, keyring = browser_session(), now(), house().keyring
    with transaction() as session:
        link = use_link(session, _token(), now=at)
        account = service.account_for(session, keyring, link.platform, link.account_id, at)
        new_id = sessions.start_signed_in(session, keyring, account, None, now=at)
        note_where(session, keyring, new_id, in_words(request.user_agent.string))
        tell_signed_in(session, account.id, at)
        sessions.end(session, browser.session_id)
    browser.become(new_id, at)
    response = redirect(url_for(return_routes().allowed(link.next)), HTTPStatus.SEE_OTHER)
    _keep(response, "")
    return response


def _somebody_else(person: SignedIn | None, platform_id: object, account_id: str) -> str:
    """Return as whom somebody else is signed in here; nothing if nobody is."""
    if person is None:
        return ""
    with reading() as session:
        account = session.get_one(Account, person.account_id)
        name = service.account_name(session, house().keyring, account)
    same = person.platform_id == platform_id and name == account_id
    return "" if same else f"{name} ({person.forum})"


def _token() -> Secret:
    sent = request.cookies.get(_cookie_name(), "")
    if not sent:
        raise LinkSpentError("there is no link here; go back to your forum and follow its link again")
    return Secret(sent, house().keyring)


def _keep(response: Response, token: str) -> None:
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=LIFETIME // 1_000_000 if token else 0,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        # Lax: the way here is a link on another site.
        samesite="Lax",
    )


def _cookie_name() -> str:
    return "__Host-governance-link" if current_app.config["SESSION_COOKIE_SECURE"] else "governance-link"
