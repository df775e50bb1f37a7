"""Proof to us of who somebody is, for what loosens: a sign-in at the forum made just now, for this.

A session that somebody forgot to end, or took over, can hide more and open nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from governance.decision.vocabulary import Instant
from governance.identity.access import SIGNED_IN, declared
from governance.identity.current import SignedIn, current_sign_in, is_fresh, sign_in_required
from governance.identity.errors import Guard, ProofFailedError
from governance.identity.oidc.id_token import LEEWAY
from governance.ui.clock import now

LASTS: Final = timedelta(minutes=10)
"""How long a proof is good for."""
_FRESH: Final = timedelta(minutes=5)
_P = ParamSpec("_P")


def proved_within(person: SignedIn, within: timedelta, at: Instant) -> bool:
    """Say whether somebody proved to us who they are, in this session and no longer ago than that."""
    return is_fresh(person.proved, within, at)


def proof_required(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
    """Let people through who signed in and proved it within `LASTS`; send others to `/prove` and back."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        person = current_sign_in()
        if person is not None and not proved_within(person, LASTS, now()):
            return to_proof(request.endpoint if request.method == "GET" else _page_here())
        return view(*args, **kwargs)

    return declared(sign_in_required(guarded), SIGNED_IN)


def _page_here() -> str | None:
    """Return the page at the address to which a form was sent; none where only forms go."""
    adapter = current_app.create_url_adapter(request)
    with suppress(HTTPException):
        return None if adapter is None else str(adapter.match(method="GET")[0])
    return None


def to_proof(back_to: str | None) -> ResponseReturnValue:
    """Send somebody to prove who they are, and then to an endpoint of ours without arguments."""
    return redirect(url_for("proof.prove", next=back_to), HTTPStatus.SEE_OTHER)


def checked_proof(auth_time: Instant | None, left: Instant, at: Instant) -> Instant:
    """Return when somebody proved who they are at the forum, if it was for this. Raises `ProofFailedError`.

    A forum that does not ask again, or does not say when it did, proves nothing.
    """
    if auth_time is None or not is_fresh(auth_time, _FRESH, at) or auth_time < left - LEEWAY:
        raise ProofFailedError(Guard.AUTH_TIME)
    return auth_time
