"""Doors where people whose forum is no provider make passkeys, see them and remove them."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.identity.current import sign_in_required, signed_in
from governance.identity.doors import by_forum_page, check_comes_by_link, comes_by_link, return_routes
from governance.identity.errors import NotProvedError, PasskeyFailedError, PasskeyNotFoundError
from governance.identity.proofs import challenges, passkeys
from governance.identity.proofs.ceremonies import asked_to_make, made
from governance.identity.proofs.challenges import Purpose, party, this_party
from governance.identity.proofs.new_proofs import counts_from
from governance.identity.proofs.passkeys import Wanted
from governance.identity.proofs.proof import LASTS, proved_within, to_proof
from governance.identity.sessions.devices import in_words
from governance.identity.sessions.once import said_once, say_once
from governance.ui.clock import now
from governance.ui.house import house

blueprint = Blueprint("passkeys", __name__)


@blueprint.get("/my/passkeys")
@sign_in_required
def shown() -> ResponseReturnValue:
    """Show somebody their passkeys."""
    if not comes_by_link():
        return by_forum_page()
    with reading() as session:
        own = passkeys.own_passkeys(session, house().keyring, signed_in().account_id, now())
    said = said_once("passkey_made", "passkey_removed")
    return render_template("identity/passkeys.html", passkeys=own, can_make=party() is not None, said=said)


@blueprint.get("/my/passkeys/new")
@sign_in_required
def new() -> ResponseReturnValue:
    """Say what a passkey is, and have the device make one. Who has a proof already is asked for it first."""
    return _page() if comes_by_link() else by_forum_page()


@blueprint.post("/my/passkeys/new")
@sign_in_required
def add() -> ResponseReturnValue:
    """Keep the passkey that a device has just made."""
    check_comes_by_link()
    at, us = now(), this_party()
    try:
        challenge = challenges.take(Purpose.MAKE)
        found = made(us, challenge, request.form.get("credential", ""))
        name = in_words(request.user_agent.string)
        wanted = Wanted(found, challenge.user_handle, name, proved_within(signed_in(), LASTS, at))
        with transaction() as session:
            passkeys.add(session, house().keyring, signed_in().account_id, wanted, now=at)
    except NotProvedError:
        return to_proof("passkeys.new")
    except PasskeyFailedError:
        return _page(gettext("No passkey was made. Nothing was changed. Try again."))
    say_once("passkey_made")
    wanted_next = _wanted()
    back = url_for("passkeys.shown") if wanted_next is None else url_for("proof.prove", next=wanted_next)
    return redirect(back, HTTPStatus.SEE_OTHER)


@blueprint.post("/my/passkeys/remove")
@sign_in_required
def remove() -> ResponseReturnValue:
    """Remove a passkey, at once; any session of its owner may."""
    check_comes_by_link()
    with transaction() as session:
        passkeys.remove(session, house().keyring, signed_in().account_id, _chosen())
    say_once("passkey_removed")
    return redirect(url_for("passkeys.shown"), HTTPStatus.SEE_OTHER)


def _page(wrong: str = "") -> ResponseReturnValue:
    account_id, at, us = signed_in().account_id, now(), party()
    is_proved = proved_within(signed_in(), LASTS, at)
    try:
        with reading() as session:
            passkeys.check_may_add(session, account_id, at, is_proved=is_proved)
            own = passkeys.own_passkeys(session, house().keyring, account_id, at)
            waits = counts_from(session, account_id, at, is_proved=is_proved) > at
    except NotProvedError:
        return to_proof("passkeys.new")
    known = [one.credential_id for one in own]
    asked = "" if us is None else asked_to_make(us, challenges.ask(Purpose.MAKE), known)
    page = render_template("identity/passkey_new.html", asked=asked, waits=waits, next=_wanted(), wrong=wrong)
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def _wanted() -> str | None:
    wanted = request.args.get("next")
    return return_routes().allowed(wanted) if wanted else None


def _chosen() -> UUID:
    try:
        return UUID(request.form.get("passkey", ""))
    except ValueError as error:
        raise PasskeyNotFoundError("this passkey was removed already") from error
