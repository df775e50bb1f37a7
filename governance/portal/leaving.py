"""The door out: somebody who must not be seen here is elsewhere at once, and signed out."""

from http import HTTPStatus

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.db.extension import transaction
from governance.identity.access import anyone
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.ui.house import house

blueprint = Blueprint("leaving", __name__)


@blueprint.get("/leave")
@anyone
def leave() -> ResponseReturnValue:
    """Send the browser to a neutral page, and end the session, so that going back shows nothing.

    A link, because a form of ours may lead nowhere else. What another site asks for, or a browser by
    itself, ends nothing.
    """
    browser = browser_session()
    if browser.session_id and _is_pressed():
        with transaction() as session:
            sessions.end(session, browser.session_id)
        browser.end()
    answer = redirect(house().settings.public.exit_url, HTTPStatus.SEE_OTHER)
    # Pages are never kept, as they are `no-store`; a browser that did so all the same forgets them now.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _is_pressed() -> bool:
    site, purpose = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Sec-Purpose", "")
    return site not in ("cross-site", "same-site") and "prefetch" not in purpose
