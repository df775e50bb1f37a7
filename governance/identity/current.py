"""Who is behind this request: a person who signed in, a member of staff, or a platform with its token."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.identity.access import SIGNED_IN, declared
from governance.identity.clients import tokens
from governance.identity.clients.oauth_server import signing_keys
from governance.identity.clients.remembered import PlatformCaller, RememberedTokens
from governance.identity.errors import InvalidTokenError, NotAllowedError
from governance.identity.models import Client
from governance.identity.permissions import Role, Scope, scopes_of
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.service import SignedIn, SignedInStaff
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import problem

__all__ = [
    "REMEMBERED_TOKENS",
    "NotSignedInError",
    "PlatformCaller",
    "SignedIn",
    "SignedInStaff",
    "current_platform",
    "current_sign_in",
    "current_staff",
    "known_caller",
    "known_client",
    "known_session",
    "platform_required",
    "sign_in_required",
    "signed_in",
    "staff_member",
    "staff_required",
]

REMEMBERED_TOKENS: Final = "governance.remembered_tokens"
_LONGEST_TOKEN: Final = 4096
_P = ParamSpec("_P")


class NotSignedInError(GovernanceError):
    """This needs somebody who signed in."""

    code = "not_signed_in"


def current_sign_in() -> SignedIn | None:
    """Return the person who signed in, or none."""
    return browser_session().signed_in


def signed_in() -> SignedIn:
    """Return the person who signed in. Raises `NotSignedInError`; never behind `sign_in_required`."""
    person = current_sign_in()
    if person is None:
        raise NotSignedInError("please sign in through your forum first")
    return person


def sign_in_required(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
    """Let people through who signed in; send others to the page that says how to come in from the forum."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        if current_sign_in() is None:
            wanted = request.endpoint if request.method == "GET" else None
            return redirect(url_for("identity.how_to_sign_in", next=wanted), HTTPStatus.SEE_OTHER)
        return view(*args, **kwargs)

    return declared(guarded, SIGNED_IN)


def current_staff() -> SignedInStaff | None:
    """Return the member of staff who signed in, or none. A patient's session never is one."""
    return browser_session().staff


def staff_member() -> SignedInStaff:
    """Return the member of staff behind this request; only behind `staff_required`."""
    member = current_staff()
    if member is None:
        raise TypeError("this route does not ask for staff; decorate it by staff_required")
    return member


def staff_required(
    role: Role, *, fresh: timedelta | None = None
) -> Callable[[Callable[_P, ResponseReturnValue]], Callable[_P, ResponseReturnValue]]:
    """Let members of staff through who have a role; `fresh`: and who signed in no longer ago than that.

    Others are sent to sign in, or to sign in again. Raises `NotAllowedError` for staff without the role.
    """
    wanted = Role(role)

    def decorate(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            member = current_staff()
            if member is None:
                return _to_staff_sign_in()
            if wanted not in member.roles:
                raise NotAllowedError("this is for other members of staff; ask your administrator if you need it")
            if fresh is not None and not is_fresh(member.auth_time, fresh, now()):
                return _to_staff_sign_in(again=1)
            return view(*args, **kwargs)

        return declared(guarded, wanted)

    return decorate


def is_fresh(proof: Instant | None, within: timedelta, at: Instant) -> bool:
    """Say whether a proof of who somebody is was given that recently; none, or one in the future, was not."""
    return proof is not None and 0 <= at - proof <= within // timedelta(microseconds=1)


def _to_staff_sign_in(again: int | None = None) -> ResponseReturnValue:
    wanted = request.endpoint if request.method == "GET" else None
    return redirect(url_for("staff.how_to_sign_in", next=wanted, again=again), HTTPStatus.SEE_OTHER)


def platform_required(
    scope: str,
) -> Callable[[Callable[_P, ResponseReturnValue]], Callable[_P, ResponseReturnValue]]:
    """Let platforms through whose token holds a scope; answer others by RFC 6750. Unknown scopes fail at import."""
    wanted = Scope(scope)

    def decorate(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            refusal = _admit(wanted)
            return view(*args, **kwargs) if refusal is None else refusal

        return declared(guarded, wanted)

    return decorate


def current_platform() -> PlatformCaller:
    """Return the platform behind this request; only behind `platform_required`."""
    caller = g.get("platform_caller")
    if not isinstance(caller, PlatformCaller):
        raise TypeError("this route does not ask for a platform; decorate it by platform_required")
    return caller


def known_client() -> str | None:
    """Return the id of the client whose token this request shows, if it was verified before and still runs."""
    token = _bearer_token()
    caller = _remembered(current_app, token)
    if caller is None:
        return None
    g.known_caller = token, caller
    return caller.client_id


def known_caller(app: Flask, authorization: str) -> PlatformCaller | None:
    """Return whose token a header shows, if an app verified it before and it still runs; needs no Flask request."""
    return _remembered(app, _token_in(authorization))


def known_session() -> str | None:
    """Return the digest of the session of somebody who signed in, a person or staff; none for anybody else."""
    if not request.cookies:
        # Looked at, it would tell caches that the answer depends on a cookie.
        return None
    somebody = current_sign_in() or current_staff()
    return None if somebody is None else somebody.session_digest


def _admit(wanted: Scope) -> Response | None:
    token = _bearer_token()
    if not token:
        return _refusal(HTTPStatus.UNAUTHORIZED, "no_token", "send an access token as `Authorization: Bearer ...`", "")
    try:
        caller = _caller(token)
    except InvalidTokenError as error:
        return _refusal(HTTPStatus.UNAUTHORIZED, error.code, str(error), ', error="invalid_token"')
    if wanted not in caller.scopes:
        told = f', error="insufficient_scope", scope="{wanted}"'
        return _refusal(HTTPStatus.FORBIDDEN, "insufficient_scope", f"the token needs the scope `{wanted}`", told)
    with reading() as session:
        # Of a forum that ended a token would run on for minutes: it is looked at here, and not remembered.
        if Client.called(session, caller.client_id) is None:
            told = ', error="invalid_token"'
            return _refusal(HTTPStatus.UNAUTHORIZED, "invalid_token", "the access token's client was taken away", told)
    g.platform_caller = caller
    return None


def _bearer_token() -> str:
    sent = request.headers.getlist("Authorization")
    return _token_in(sent[0]) if len(sent) == 1 else ""


def _token_in(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else ""


def _remembered(app: Flask, token: str) -> PlatformCaller | None:
    remembered: RememberedTokens = app.extensions[REMEMBERED_TOKENS]
    return remembered.caller(token, now()) if token else None


def _caller(token: str) -> PlatformCaller:
    # Looked up once a request, when it was counted: a moment later it is the same answer.
    known: tuple[str, PlatformCaller] | None = g.get("known_caller")
    if known is not None and known[0] == token:
        return known[1]
    remembered: RememberedTokens = current_app.extensions[REMEMBERED_TOKENS]
    at = now()
    caller = remembered.caller(token, at)
    if caller is None:
        caller, ends = _verified(token, at)
        remembered.remember(token, caller, ends)
    return caller


def _verified(token: str, at: Instant) -> tuple[PlatformCaller, Instant]:
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise InvalidTokenError("the access token is not ours or was changed; get a new one")
    good = tokens.verify(token, signing_keys(), house().settings.public_url, now=at)
    with reading() as session:
        client = Client.called(session, good.client_id)
        if client is None:
            raise InvalidTokenError("the access token's client was taken away")
        # Both: a scope taken from the client is gone from tokens that were signed before.
        scopes = good.scopes & scopes_of(client.scopes)
        return PlatformCaller(client.platform_id, client.client_id, scopes), good.ends


def _refusal(status: HTTPStatus, code: str, detail: str, told: str) -> Response:
    response = problem(status, code, detail)
    response.headers["WWW-Authenticate"] = f'Bearer realm="governance"{told}'
    return response
