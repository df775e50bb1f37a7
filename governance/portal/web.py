"""Doors of the front hall. Looking at a page leaves nothing behind; the first press makes the record."""

from datetime import date, time
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.disclosure.told.web import news_now
from governance.effective.trials import is_on_trial
from governance.identity.access import anyone
from governance.identity.current import current_sign_in, sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.identity.service import platform_named
from governance.identity.sessions.once import said_once, say_once
from governance.optout.browser import after_press
from governance.optout.draft import own_in_words
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.portal import service
from governance.portal.changes import last_change, pending_now
from governance.portal.coming_of_age import birthday
from governance.portal.contact import notices_now
from governance.portal.emergency import Emergency, dialled
from governance.portal.erasing import erasing_now
from governance.portal.forum_list import joined_forums, taken_by_staff, waiting_yes
from governance.portal.layers import LayerOver, Over
from governance.portal.service import Standing
from governance.portal.stopping import Following, following
from governance.ui.clock import from_the_wall, now
from governance.ui.dates import day, readers_zone
from governance.ui.house import house
from governance.ui.languages import page_language
from governance.ui.problems import register_status

blueprint = Blueprint("portal", __name__, template_folder="templates")
register_status("no_such_layer", HTTPStatus.NOT_FOUND)
_NOON: Final = 12


@blueprint.app_context_processor
def on_every_page() -> dict[str, Any]:
    """Give every page the person who is signed in, and whom to call, also in the language of a text."""
    return {"signed_in": current_sign_in(), "emergency": _emergency(), "emergency_in": _emergency}


@blueprint.app_template_filter()
def calendar_day(one: date) -> str:
    """Return a day that somebody picked, as pages write days."""
    return day(from_the_wall(one, time(_NOON), readers_zone()))


@blueprint.get("/")
@anyone
def front() -> ResponseReturnValue:
    """Say what this is and how to come in."""
    return render_template("portal/front.html", me=_me())


@blueprint.get("/start/<platform>")
@anyone
def start(platform: str) -> ResponseReturnValue:
    """Say to somebody who comes from a forum what this is, with the link to sign in."""
    with reading() as session:
        forum = platform_named(session, platform).shown
    return render_template("portal/start.html", platform=platform, forum=forum, me=_me())


@blueprint.get("/whom-to-call")
@anyone
def emergency() -> ResponseReturnValue:
    """Show every number, by country."""
    return render_template("portal/emergency.html", dialled=dialled)


@blueprint.get("/my")
@sign_in_required
def my() -> ResponseReturnValue:
    """Send a person to their choices, or to what to know before choosing."""
    endpoint = "disclosure.must_knows" if _standing().choices is None else "portal.choices"
    return redirect(url_for(endpoint), HTTPStatus.SEE_OTHER)


@blueprint.get("/my/choices")
@sign_in_required
def choices() -> ResponseReturnValue:
    """Show what is in force now, with *hide me* on top."""
    standing = _standing()
    own = None if standing.choices is None else own_in_words(standing.choices)
    return render_template(
        "portal/choices.html",
        standing=standing,
        own=own,
        layers=_layers(),
        birthday=birthday(),
        me=_me(),
        policy=policies_here().optout,
        on_trial=_on_trial(),
        pending=pending_now(),
        undoable=last_change(),
        erasing=erasing_now(),
        notices=notices_now(),
        said=said_once("hidden", "undone", "taken_away", "shown_again", "heard"),
        news=news_now(),
        forums=joined_forums(),
        taken=taken_by_staff(),
        wishes=waiting_yes(),
    )


@blueprint.get("/my/choices/saved")
@sign_in_required
def saved() -> ResponseReturnValue:
    """Say what is in force from now on; made to be printed."""
    standing = _standing()
    if standing.choices is None:
        return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)
    own = own_in_words(standing.choices)
    return render_template(
        "portal/saved.html",
        standing=standing,
        own=own,
        policy=policies_here().optout,
        on_trial=_on_trial(),
        undoable=last_change(),
        follow=_follow(),
    )


@blueprint.post("/my/hide")
@sign_in_required
def hide() -> ResponseReturnValue:
    """Hide a person at once; pressed twice, it stays as it is."""
    person = signed_in()
    account = (person.account_id, person.platform_id, person.account_key)
    at = now()
    with transaction() as session:
        after_press(session, service.hide(session, house().keyring, account, at), at)
    say_once("hidden")
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


@blueprint.post("/my/layers/take-away")
@proof_required
def take_layer_away() -> ResponseReturnValue:
    """Take away what somebody else refused for a person; the person alone can."""
    with transaction() as session:
        over = Over(session, house().keyring, policies().optout, now())
        over.take_away(signed_in().account_key, request.form.get("layer", ""))
    say_once("taken_away")
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


@blueprint.post("/my/layers/hear")
@sign_in_required
def hear_me() -> ResponseReturnValue:
    """Have an officer hear a young person about what somebody else closed for them."""
    with transaction() as session:
        over = Over(session, house().keyring, policies().optout, now())
        over.ask_to_be_heard(signed_in().account_key, request.form.get("layer", ""))
    say_once("heard")
    return redirect(url_for("portal.choices"), HTTPStatus.SEE_OTHER)


def _layers() -> tuple[LayerOver, ...]:
    with reading() as session:
        return Over(session, house().keyring, policies().optout, now()).of(signed_in().account_key)


def _follow() -> list[Following]:
    with reading() as session:
        return following(session, house().keyring, signed_in().account_id, now())


def _on_trial() -> bool:
    with reading() as session:
        return is_on_trial(session, house().keyring, signed_in().platform_id, now())


def _standing() -> Standing:
    person = signed_in()
    with reading() as session:
        return service.standing(session, house().keyring, person.account_id, person.platform_id, now())


def _me() -> str:
    """Return the account that is signed in, as its forum calls it; nothing if nobody is."""
    person = current_sign_in()
    if person is None:
        return ""
    with reading() as session:
        return service.name_at_the_forum(session, house().keyring, person.account_id)


def _emergency(language: str = "") -> Emergency:
    """Return whom to call, in the language of the page or in another one."""
    return _emergency_in(language or page_language())


@cache
def _emergency_in(language: str) -> Emergency:
    return Emergency.of(policies().reporting, language)
