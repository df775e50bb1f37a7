"""Doors of proof by a provider: leave for where professionals are known, and come back with a number."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.conduct import service
from governance.conduct.proofs.providers import callback_address, provider_named, provider_secret, take_word
from governance.db.extension import reading, transaction
from governance.identity.current import sign_in_required, signed_in
from governance.identity.errors import SignInFailedError
from governance.identity.oidc.departures import Purpose
from governance.identity.oidc.signing_in import Door, come_back
from governance.identity.oidc.signing_in import leave as leave_for
from governance.identity.sessions.once import say_once
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house

_FRESH: Final = timedelta(minutes=15) // timedelta(microseconds=1)
_BACK: Final = "professional_more.proof"

blueprint = Blueprint("professional_identity", __name__, url_prefix="/professional/proof/at")


@blueprint.get("/<name>")
@sign_in_required
def leave(name: str) -> ResponseReturnValue:
    """Send a professional to where they are known, to prove there who they are."""
    with reading() as session:
        service.hcp_of(session, signed_in().account_id)
    return leave_for(_door(name)[0], Purpose.SIGN_IN, _BACK, again=True)


@blueprint.get("/<name>/callback")
@sign_in_required
def arrive(name: str) -> ResponseReturnValue:
    """Take the number that the provider tells; only a fresh word about a number of theirs counts."""
    (door, code), at = _door(name), now()
    try:
        identity, _ = come_back(door)
    except SignInFailedError:
        return _failed()
    if identity.auth_time is None or at - identity.auth_time > _FRESH:
        # Somebody else may have sat at this machine before, signed in there still.
        return _failed()
    register = policies().registers.registers[code]
    with transaction() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        good = take_word(session, house().keyring, hcp_id, register, (door.issuer, identity.account_id), now=at)
    if not good:
        return _failed()
    say_once("proven")
    return redirect(url_for(_BACK), HTTPStatus.SEE_OTHER)


def _failed() -> ResponseReturnValue:
    return render_template("conduct/proof_failed.html"), HTTPStatus.BAD_REQUEST


def _door(name: str) -> tuple[Door, str]:
    """Return a provider as a sign-in needs it, and its register's code."""
    with reading() as session:
        provider = provider_named(session, name)
        door = Door(
            id=provider.id,
            name=provider.name,
            issuer=provider.issuer,
            client_id=provider.oidc_client_id,
            secret=provider_secret(house().keyring, provider),
            callback_address=callback_address(house().settings.public_url, name),
            account_claim=provider.number_claim,
            kind="professional",
        )
        return door, provider.register
