"""Doors for people: sign in through the forum, come back, sign out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.identity import service, sessions
from governance.identity.access import anyone
from governance.identity.browser import browser_session
from governance.identity.errors import Guard, SignInFailedError
from governance.identity.exchange import Exchange
from governance.identity.models import Platform
from governance.identity.provider import Providers
from governance.identity.relying_party import RelyingParty
from governance.identity.returning import ReturnRoutes
from governance.identity.sessions import Departure, Secret
from governance.ui.clock import now
from governance.ui.house import house

PROVIDERS: Final = "governance.providers"
RETURN_ROUTES: Final = "governance.return_routes"
_RETURNED: Final = ("state", "code", "iss", "error")
blueprint = Blueprint("identity", __name__, template_folder="templates")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Forum:
    """A platform as a sign-in needs it, read before anything goes over the network."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    account_claim: str

    @property
    def callback_address(self) -> str:
        """One address for each forum: a code meant for one never reaches another (RFC 9700, section 4.4)."""
        return service.callback_address(house().settings.public_url, self.name)


@blueprint.get("/sign-in")
@anyone
def how_to_sign_in() -> ResponseReturnValue:
    """Say how to come in: by the link of one's own forum."""
    with reading() as session:
        forums = [platform.name for platform in Platform.all_by_name(session)]
    wanted = _return_routes().allowed(request.args.get("next"))
    return render_template("ui/not_signed_in.html", forums=forums, next=wanted)


@blueprint.get("/sign-in/<name>")
@anyone
def leave(name: str) -> ResponseReturnValue:
    """Send a person to their forum to sign in; a link, because forms may lead nowhere else."""
    forum = _forum(name)
    with _noted(forum):
        address, state, kept = _relying_party(forum).leave(forum.callback_address)
    kept["next"] = _return_routes().allowed(request.args.get("next"))
    departure = Departure(state, Secret(browser_session().ensure_id(), house().keyring), forum.id, kept)
    with transaction() as session:
        sessions.depart(session, departure, now=now())
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/auth/<name>/callback")
@anyone
def come_back(name: str) -> ResponseReturnValue:
    """Let a person in whom their forum vouches for, into a new session."""
    forum = _forum(name)
    with _noted(forum):
        returned = _returned()
        kept = _departure_of(returned.get("state", ""), forum)
        party = _relying_party(forum)
        party.check_callback_issuer(returned.get("iss"))
        if "error" in returned:
            raise SignInFailedError(Guard.REFUSED_THERE)
        identity = party.arrive(returned.get("code", ""), kept, forum.account_claim, now())
    browser, at = browser_session(), now()
    with transaction() as session:
        platform = service.platform_named(session, name)
        account = service.let_in(session, house().keyring, platform, identity, at)
        new_id = sessions.start_signed_in(session, house().keyring, account, identity.auth_time, now=at)
        sessions.end(session, browser.session_id)
    browser.become(new_id, at)
    return redirect(url_for(_return_routes().allowed(kept.get("next"))), HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
@anyone
def sign_out() -> ResponseReturnValue:
    """End the session here and in the browser."""
    browser = browser_session()
    with transaction() as session:
        sessions.end(session, browser.session_id)
    browser.end()
    return redirect(url_for("identity.how_to_sign_in"), HTTPStatus.SEE_OTHER)


def _forum(name: str) -> _Forum:
    with reading() as session:
        platform = service.platform_named(session, name)
        return _Forum(
            id=platform.id,
            name=platform.name,
            issuer=platform.issuer,
            client_id=platform.oidc_client_id,
            secret=service.oidc_client_secret(house().keyring, platform),
            account_claim=platform.account_claim,
        )


def _relying_party(forum: _Forum) -> RelyingParty:
    providers: Providers = current_app.extensions[PROVIDERS]
    exchange = Exchange()
    return RelyingParty(providers.of(forum.issuer, exchange, now()), forum.client_id, forum.secret, exchange)


def _return_routes() -> ReturnRoutes:
    routes: ReturnRoutes = current_app.extensions[RETURN_ROUTES]
    return routes


def _returned() -> dict[str, str]:
    # Two values of one parameter: we could check the one and use the other.
    if any(len(request.args.getlist(name)) > 1 for name in _RETURNED):
        raise SignInFailedError(Guard.CALLBACK_SHAPE)
    return {name: request.args[name] for name in _RETURNED if name in request.args}


def _departure_of(state: str, forum: _Forum) -> Mapping[str, Any]:
    # Used up and committed before anything else happens: no lock is held while the forum answers.
    browser = Secret(browser_session().session_id, house().keyring)
    with transaction() as session:
        kept = sessions.come_back(session, state, browser, forum.id, now=now())
    if kept is None:
        raise SignInFailedError(Guard.STATE)
    return kept


@contextmanager
def _noted(forum: _Forum) -> Iterator[None]:
    try:
        yield
    except SignInFailedError as error:
        _log.warning("sign_in_failed", platform=forum.name, guard=error.guard.value)
        raise
