"""Doors where people prove who they are before something is loosened: at their forum, or by a PIN.

A PIN is for people whose forum is no provider; it proves, and lets nobody in.
"""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity import pins, sessions
from governance.identity.browser import browser_session
from governance.identity.current import sign_in_required, signed_in
from governance.identity.departures import Purpose
from governance.identity.devices import in_words
from governance.identity.doors import forum_door, return_routes
from governance.identity.errors import BadPinError, NoProviderError
from governance.identity.models import Platform
from governance.identity.own_sessions import note_where
from governance.identity.proof import LASTS, proved_within
from governance.identity.sessions import Secret
from governance.identity.signing_in import leave
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("proof", __name__, template_folder="templates")


@blueprint.get("/prove")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Say why we ask, and how to go on."""
    if not _has_provider():
        return _pin_page()
    return render_template("identity/prove.html", forum=signed_in().platform_name, next=_wanted())


@blueprint.get("/prove/at-forum")
@sign_in_required
def at_forum() -> ResponseReturnValue:
    """Send somebody to their forum to sign in there once more; a link, because forms may lead nowhere else."""
    return leave(forum_door(signed_in().platform_name), Purpose.PROVE, _wanted(), again=True)


@blueprint.post("/prove/pin")
@sign_in_required
def by_pin() -> ResponseReturnValue:
    """Take a PIN as proof. A guess is counted before it is looked at."""
    _check_pins_are_for()
    person, browser, at, keyring = signed_in(), browser_session(), now(), house().keyring
    with transaction() as session:
        guess = pins.begin_guess(session, keyring, person.account_id, now=at)
    if not pins.is_right(keyring, guess, request.form.get("pin", "")):
        return _pin_page("This is not your PIN. After 5 wrong ones you must wait.")
    with transaction() as session:
        pins.guessed_right(session, person.account_id)
        new_id = sessions.prove(session, Secret(browser.session_id, keyring), at, now=at)
        note_where(session, keyring, new_id, in_words(request.user_agent.string))
    browser.renewed(new_id, at)
    return redirect(url_for(_wanted()), HTTPStatus.SEE_OTHER)


@blueprint.post("/prove/pin/new")
@sign_in_required
def set_new_pin() -> ResponseReturnValue:
    """Set a PIN: it counts at once for who is new or just proved who they are, else after a day."""
    _check_pins_are_for()
    person, at = signed_in(), now()
    wanted = (request.form.get("pin", ""), proved_within(person, LASTS, at))
    try:
        with transaction() as session:
            pins.set_pin(session, house().keyring, person.account_id, wanted, now=at)
    except BadPinError as error:
        return _pin_page(str(error).capitalize() + ".")
    return redirect(url_for("proof.prove", next=_wanted()), HTTPStatus.SEE_OTHER)


@blueprint.post("/prove/pin/drop")
@sign_in_required
def drop_new_pin() -> ResponseReturnValue:
    """Forget a new PIN that does not count yet; any session of the person may."""
    with transaction() as session:
        pins.drop_next(session, house().keyring, signed_in().account_id)
    return redirect(url_for("proof.prove"), HTTPStatus.SEE_OTHER)


def _pin_page(wrong: str = "") -> ResponseReturnValue:
    with reading() as session:
        state = pins.pin_state(session, signed_in().account_id, now())
    page = render_template("identity/prove_by_pin.html", pin=state, next=_wanted(), wrong=wrong)
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def _check_pins_are_for() -> None:
    # Where the forum itself can ask again, a few digits would be the easier way round it.
    if _has_provider():
        raise NoProviderError("prove who you are at your forum; a PIN is for forums without a sign-in of their own")


def _has_provider() -> bool:
    with reading() as session:
        return session.get_one(Platform, signed_in().platform_id).issuer is not None


def _wanted() -> str:
    return return_routes().allowed(request.args.get("next"))
