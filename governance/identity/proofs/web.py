"""Doors where people prove who they are before something is loosened: at their forum, or by a PIN or a passkey.

PINs and passkeys are for people whose forum is no provider; they prove, and let nobody in.
"""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity.current import sign_in_required, signed_in
from governance.identity.doors import by_forum_page, check_comes_by_link, comes_by_link, forum_door, return_routes
from governance.identity.errors import BadPinError, PasskeyFailedError
from governance.identity.oidc import departures
from governance.identity.oidc.signing_in import leave
from governance.identity.proofs import challenges, passkeys, pins
from governance.identity.proofs.ceremonies import asked_to_use
from governance.identity.proofs.challenges import Purpose, party, this_party
from governance.identity.proofs.new_proofs import counts_from
from governance.identity.proofs.proof import LASTS, proved_within
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.devices import in_words
from governance.identity.sessions.once import said_once, say_once
from governance.identity.sessions.own import note_where
from governance.identity.sessions.service import Secret
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("proof", __name__)


@blueprint.get("/prove")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Say why we ask, and how to go on."""
    if comes_by_link():
        return _own_page()
    return render_template("identity/prove.html", forum=signed_in().forum, next=_wanted())


@blueprint.get("/my/proof")
@sign_in_required
def how() -> ResponseReturnValue:
    """Say how the person who is signed in proves who they are, whether or not they have to just now."""
    return _own_page() if comes_by_link() else by_forum_page()


@blueprint.get("/prove/at-forum")
@sign_in_required
def at_forum() -> ResponseReturnValue:
    """Send somebody to their forum to sign in there once more; a link, because forms may lead nowhere else."""
    return leave(forum_door(signed_in().platform_name), departures.Purpose.PROVE, _wanted(), again=True)


@blueprint.post("/prove/pin")
@sign_in_required
def by_pin() -> ResponseReturnValue:
    """Take a PIN as proof. A guess is counted before it is looked at."""
    check_comes_by_link()
    person, at, keyring = signed_in(), now(), house().keyring
    with transaction() as session:
        guess = pins.begin_guess(session, keyring, person.account_id, now=at)
    if not pins.is_right(keyring, guess, request.form.get("pin", "")):
        return _own_page(gettext("This is not your PIN. After 5 wrong ones you must wait."), "pin")
    with transaction() as session:
        pins.guessed_right(session, person.account_id)
        new_id = _proved(session, at)
    browser_session().renewed(new_id, at)
    return redirect(url_for(_wanted()), HTTPStatus.SEE_OTHER)


@blueprint.post("/prove/passkey")
@sign_in_required
def by_passkey() -> ResponseReturnValue:
    """Take a passkey as proof. Its challenge is used up before the answer is looked at."""
    check_comes_by_link()
    person, at, party = signed_in(), now(), this_party()
    try:
        challenge = challenges.take(Purpose.USE)
        said = party, challenge, request.form.get("credential", "")
        with transaction() as session:
            passkeys.prove(session, house().keyring, person.account_id, said, now=at)
            new_id = _proved(session, at)
    except PasskeyFailedError:
        return _own_page(gettext("This passkey did not work. Nothing was changed. Try again."))
    browser_session().renewed(new_id, at)
    return redirect(url_for(_wanted()), HTTPStatus.SEE_OTHER)


@blueprint.post("/prove/pin/new")
@sign_in_required
def set_new_pin() -> ResponseReturnValue:
    """Set a PIN: it counts at once for who is new or just proved who they are, else after a day."""
    check_comes_by_link()
    person, at = signed_in(), now()
    digits = request.form.get("pin", "")
    if digits != request.form.get("again", ""):
        return _own_page(gettext("The two PINs are not the same. Type both again."), "new-pin")
    wanted = (digits, proved_within(person, LASTS, at))
    try:
        with transaction() as session:
            pins.set_pin(session, house().keyring, person.account_id, wanted, now=at)
    except BadPinError as error:
        wrong = gettext(str(error))
        return _own_page(f"{wrong[:1].upper()}{wrong[1:]}.", "new-pin")
    say_once("pin_set")
    return redirect(url_for("proof.prove", next=_wanted()), HTTPStatus.SEE_OTHER)


@blueprint.post("/prove/pin/drop")
@sign_in_required
def drop_new_pin() -> ResponseReturnValue:
    """Forget a new PIN that does not count yet; any session of the person may."""
    with transaction() as session:
        pins.drop_next(session, house().keyring, signed_in().account_id, now=now())
    say_once("pin_dropped")
    return redirect(url_for("proof.prove"), HTTPStatus.SEE_OTHER)


def _own_page(wrong: str = "", field: str = "") -> ResponseReturnValue:
    person, at = signed_in(), now()
    with reading() as session:
        pin = pins.pin_state(session, person.account_id, at)
        own = passkeys.own_passkeys(session, house().keyring, person.account_id, at)
        waits = counts_from(session, person.account_id, at, is_proved=proved_within(person, LASTS, at)) > at
    said = "" if wrong else said_once("pin_set", "pin_dropped", "passkey_made", "passkey_removed")
    goes_on = _wanted() != return_routes().home
    if said == "pin_set" and (pin.next_from is not None or not goes_on):
        return render_template("identity/pin_set.html", begins=pin.next_from)
    page = render_template(
        "identity/prove_by_own.html",
        pin=pin,
        passkeys=own,
        asked=_asked([one.credential_id for one in own if one.counts_from is None]),
        waits=waits,
        can_make=party() is not None,
        next=_wanted(),
        looking=request.endpoint == "proof.how",
        wrong=wrong,
        field=field,
        said=said,
    )
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def _asked(counting: list[bytes]) -> str:
    """Return what the browser is told to use a passkey; nothing without one."""
    us = party()
    return asked_to_use(us, challenges.ask(Purpose.USE), counting) if us is not None and counting else ""


def _proved(session: Session, at: Instant) -> str:
    keyring = house().keyring
    new_id = sessions.prove(session, Secret(browser_session().session_id, keyring), at, now=at)
    note_where(session, keyring, new_id, in_words(request.user_agent.string))
    return new_id


def _wanted() -> str:
    return return_routes().allowed(request.args.get("next"))
