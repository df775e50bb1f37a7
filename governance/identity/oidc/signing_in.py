"""Leaving for a provider and coming back: the same for people and for staff."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from uuid import UUID

import flask
import structlog
from flask import after_this_request, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from governance.db.extension import transaction
from governance.identity.errors import Guard, SignInFailedError
from governance.identity.oidc import departures
from governance.identity.oidc.departures import Departure, Purpose
from governance.identity.oidc.exchange import Exchange
from governance.identity.oidc.id_token import Identity
from governance.identity.oidc.provider import Providers
from governance.identity.oidc.relying_party import RelyingParty
from governance.ui.clock import now
from governance.ui.house import house

PROVIDERS: Final = "governance.providers"
_RETURNED: Final = ("state", "code", "iss", "error")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """A provider as a sign-in needs it, read before anything goes over the network."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    callback_address: str
    """One address for each door: a code meant for one never reaches another (RFC 9700, section 4.4)."""
    account_claim: str = "sub"
    kind: str = "forum"

    @property
    def key(self) -> str:
        """How a departure knows the door it must come back through."""
        return f"{self.kind}:{self.id}"


def leave(door: Door, purpose: Purpose, wanted: str, *, again: bool = False) -> ResponseReturnValue:
    """Send somebody to a provider; `again`: to prove there who they are, even if they are signed in."""
    with _noted(door):
        address, state, kept = _relying_party(door).leave(door.callback_address, again=again)
    departure = Departure(
        state_digest=departures.digest_of(state), door=door.key, left=now(), purpose=purpose, next=wanted, **kept
    )
    response = redirect(address, HTTPStatus.SEE_OTHER)
    _keep(response, (*_kept(), departure))
    return response


def come_back(door: Door) -> tuple[Identity, Departure]:
    """Return whom a provider vouches for, and what they had left for. Raises `SignInFailedError`."""
    with _noted(door):
        returned = _returned()
        departure = _departure_of(returned.get("state", ""), door)
        with _proving(departure):
            party = _relying_party(door)
            party.check_callback_issuer(returned.get("iss"))
            if "error" in returned:
                raise SignInFailedError(Guard.REFUSED_THERE)
            return party.arrive(returned.get("code", ""), departure, door.account_claim, now()), departure


@contextmanager
def _noted(door: Door) -> Iterator[None]:
    try:
        yield
    except SignInFailedError as error:
        note(door, error)
        raise


@contextmanager
def _proving(departure: Departure) -> Iterator[None]:
    try:
        yield
    except SignInFailedError as error:
        # Who wanted to prove who they are is signed in still, and tries that again and nothing else.
        error.proving_for = departure.next if departure.purpose is Purpose.PROVE else None
        raise


def note(door: Door, error: SignInFailedError) -> None:
    """Write to the log which guard refused, for whoever runs the provider; never who came."""
    _log.warning("sign_in_failed", platform=door.name, guard=error.guard.value)


def _relying_party(door: Door) -> RelyingParty:
    providers: Providers = current_app.extensions[PROVIDERS]
    exchange = Exchange()
    return RelyingParty(providers.of(door.issuer, exchange, now()), door.client_id, door.secret, exchange)


def _returned() -> dict[str, str]:
    # Two values of one parameter: we could check the one and use the other.
    if any(len(request.args.getlist(name)) > 1 for name in _RETURNED):
        raise SignInFailedError(Guard.CALLBACK_SHAPE)
    return {name: request.args[name] for name in _RETURNED if name in request.args}


def _departure_of(state: str, door: Door) -> Departure:
    kept = _kept()
    departure = departures.matching(kept, state, door.key, now())
    if departure is None:
        raise SignInFailedError(Guard.STATE)

    @after_this_request
    def _forget(response: flask.Response) -> flask.Response:
        _keep(response, [one for one in kept if one is not departure])
        return response

    # Used up and committed before anything else happens: no lock is held while the provider answers.
    with transaction() as session:
        is_first = departures.spend(session, departure, now=now())
        if not is_first:
            raise SignInFailedError(Guard.STATE)
    return departure


def _kept() -> tuple[Departure, ...]:
    return departures.opened(house().keyring, request.cookies.get(_cookie_name(), ""))


def _keep(response: Response, kept: Sequence[Departure]) -> None:
    value = departures.sealed(house().keyring, kept) if kept else ""
    # Lax: the way back from the provider is a link that another site made.
    response.set_cookie(
        _cookie_name(),
        value,
        max_age=departures.LIFETIME // 1_000_000 if kept else 0,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return "__Host-governance-leaving" if current_app.config["SESSION_COOKIE_SECURE"] else "governance-leaving"
