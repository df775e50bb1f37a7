"""Doors for people: sign in through the forum, come back, sign out."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.identity import service
from governance.identity.access import anyone
from governance.identity.arrivals import tell_signed_in
from governance.identity.current import current_sign_in
from governance.identity.doors import forum_door, return_routes
from governance.identity.errors import Guard, ProofFailedError, SignInFailedError
from governance.identity.models import Account, Platform
from governance.identity.oidc.departures import Departure, Purpose
from governance.identity.oidc.id_token import Identity
from governance.identity.oidc.signing_in import Door, come_back, leave, note
from governance.identity.proofs.proof import checked_proof
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.devices import device, in_words
from governance.identity.sessions.own import note_where
from governance.identity.sessions.service import Secret, SignedIn
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import opens_once

blueprint = Blueprint("identity", __name__, template_folder="templates")
blueprint.add_app_template_filter(device)


@blueprint.get("/sign-in")
@anyone
def how_to_sign_in() -> ResponseReturnValue:
    """Say how to come in: by the link of one's own forum."""
    with reading() as session:
        forums = [(platform.name, platform.shown) for platform in Platform.signing_in(session)]
    wanted = return_routes().allowed(request.args.get("next"))
    return render_template("ui/not_signed_in.html", forums=forums, next=wanted)


@blueprint.get("/sign-in/<name>", endpoint="leave")
@anyone
def to_forum(name: str) -> ResponseReturnValue:
    """Send a person to their forum to sign in; a link, because forms may lead nowhere else."""
    wanted = return_routes().allowed(request.args.get("next"))
    return leave(forum_door(name), Purpose.SIGN_IN, wanted)


@blueprint.get("/auth/<name>/callback")
@anyone
def from_forum(name: str) -> ResponseReturnValue:
    """Let a person in whom their forum vouches for, into a new session; or take their proof."""
    opens_once()
    door = forum_door(name)
    try:
        identity, departure = come_back(door)
        if departure.purpose is Purpose.PROVE:
            _take_proof(door, identity, departure)
        else:
            _let_in(door, identity)
    except SignInFailedError as error:
        if error.proving_for is None or current_sign_in() is None:
            raise
        return _no_proof(error.proving_for)
    return redirect(url_for(return_routes().allowed(departure.next)), HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
@anyone
def sign_out() -> ResponseReturnValue:
    """End the session here and in the browser."""
    browser = browser_session()
    with transaction() as session:
        sessions.end(session, browser.session_id)
    browser.end()
    return redirect(url_for("identity.how_to_sign_in"), HTTPStatus.SEE_OTHER)


def _let_in(door: Door, identity: Identity) -> None:
    browser, at = browser_session(), now()
    with transaction() as session:
        platform = service.platform_named(session, door.name)
        account = service.let_in(session, house().keyring, platform, identity, at)
        new_id = sessions.start_signed_in(session, house().keyring, account, identity.auth_time, now=at)
        note_where(session, house().keyring, new_id, in_words(request.user_agent.string))
        tell_signed_in(session, account.id, at)
        sessions.end(session, browser.session_id)
    browser.become(new_id, at)


def _take_proof(door: Door, identity: Identity, departure: Departure) -> None:
    browser, at = browser_session(), now()
    try:
        proof = checked_proof(identity.auth_time, Instant(departure.left), at)
        with transaction() as session:
            platform = service.platform_named(session, door.name)
            account = service.let_in(session, house().keyring, platform, identity, at)
            _check_same_person(browser.signed_in, account)
            new_id = sessions.prove(session, Secret(browser.session_id, house().keyring), proof, now=at)
            note_where(session, house().keyring, new_id, in_words(request.user_agent.string))
    except ProofFailedError as error:
        error.proving_for = departure.next
        note(door, error)
        raise
    browser.renewed(new_id, at)


def _no_proof(wanted: str) -> ResponseReturnValue:
    page = render_template("identity/no_proof.html", next=return_routes().allowed(wanted))
    return page, HTTPStatus.BAD_REQUEST


def _check_same_person(person: SignedIn | None, account: Account) -> None:
    # Who proves to be somebody else has proved nothing here, and does not become them by the way.
    if person is None or person.account_id != account.id:
        raise ProofFailedError(Guard.OTHER_PERSON)
