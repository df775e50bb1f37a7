"""The provider's doors: discovery, keys, authorization with its consent page, token."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError
from flask import Blueprint, Response, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.jwk import ECKey

from governance.demo.forum.house import house
from governance.demo.forum.models import Consent
from governance.demo.forum.people import SignedIn, check_form, for_staff, signed_in
from governance.demo.forum.provider import ALGORITHM, PROVIDER, NamedIssuer

KEY: Final = "forum.key"
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
blueprint = Blueprint("openid", __name__)


@blueprint.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """Say where everything is (OpenID Connect Discovery 1.0, section 3)."""
    issuer = house().settings.url
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/oauth/authorize",
        token_endpoint=f"{issuer}/oauth/token",
        jwks_uri=f"{issuer}/oauth/jwks.json",
        scopes_supported=["openid"],
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[ALGORITHM],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
        code_challenge_methods_supported=["S256"],
        claims_supported=["sub", "iss", "aud", "exp", "iat", "nonce", "auth_time", "preferred_username"],
        prompt_values_supported=["none", "login", "consent"],
        authorization_response_iss_parameter_supported=True,
    )


@blueprint.get("/oauth/jwks.json")
def keys() -> ResponseReturnValue:
    """Show the public key."""
    key: ECKey = current_app.extensions[KEY]
    return jsonify(keys=[{**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": ALGORITHM}])


@blueprint.get("/oauth/authorize")
def ask() -> ResponseReturnValue:
    """Ask a member whether the service may know who they are; sign them in first if that is needed."""
    who = _proved()
    try:
        grant = _server().get_consent_grant(end_user=who)
    except OAuth2Error as error:
        return _refused(error)
    if who is None:
        session["wanted"] = request.full_path
        return redirect(url_for("people.people"), 303)
    if _agreed(who) and "consent" not in _prompts():
        return _answer(grant, who)
    if "none" in _prompts():
        return _refused(ConsentRequiredError(redirect_uri=request.args["redirect_uri"]))
    # Who finds here that they are signed in as somebody else comes back after changing that.
    session["wanted"] = request.full_path
    return house().page("consent.html", form_action=request.full_path)


@blueprint.post("/oauth/authorize")
def decide() -> ResponseReturnValue:
    """Send the member back with a code, or without one if they said no."""
    check_form()
    who = _proved()
    try:
        grant = _server().get_consent_grant(end_user=who)
    except OAuth2Error as error:
        return _refused(error)
    if who is None:
        return redirect(request.full_path, 303)
    agreed = request.form.get("answer") == "yes"
    if agreed:
        with house().plain_session() as writing, writing.begin():
            writing.merge(Consent(account=who.member.account, client_id=house().settings.oidc_client_id))
    return _answer(grant, who if agreed else None)


@blueprint.post("/oauth/token")
def token() -> ResponseReturnValue:
    """Give tokens for a code."""
    response: Response = _server().create_token_response()
    response.headers["Cache-Control"] = "no-store"
    return response


def signing_key(path: Path) -> ECKey:
    """Return the key kept at `path`, making one the first time; only its owner can read it."""
    if path.exists():
        return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))
    key = ECKey.generate_key("P-256", auto_kid=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    return key


def _proved() -> SignedIn | None:
    """Return who is signed in, unless the service asks for somebody else or for a fresher proof than there is."""
    who = signed_in()
    if who is not None and (who.member.duty is not None) is not for_staff(request.args.get("client_id")):
        return None
    if who is None or session.get("proved_for") == request.full_path:
        return who
    oldest = request.args.get("max_age", "")
    # Nothing here is older than nine digits of seconds, and turning thousands of digits into a number raises.
    too_old = _SECONDS.fullmatch(oldest) is not None and time.time() - who.auth_time > int(oldest)
    return None if too_old or "login" in _prompts() else who


def _prompts() -> list[str]:
    return request.args.get("prompt", "").split()


def _agreed(who: SignedIn) -> bool:
    if who.member.duty is not None:
        # Their employer's door: nobody is asked whether the service may know its own staff.
        return True
    with house().plain_session() as reading:
        return reading.get(Consent, (who.member.account, house().settings.oidc_client_id)) is not None


def _answer(grant: Any, who: SignedIn | None) -> ResponseReturnValue:  # noqa: ANN401 - Authlib carries no types
    session.pop("proved_for", None)
    session.pop("wanted", None)
    response: Response = _server().create_authorization_response(grant_user=who, grant=grant)
    return response


def _refused(error: OAuth2Error) -> ResponseReturnValue:
    """Answer an unsound request: by redirect only where the address itself is sound."""
    response: Response = _server().handle_error_response(None, error)
    NamedIssuer(house().settings.url).add_issuer_parameter(_server(), response)
    return response


def _server() -> AuthorizationServer:
    return current_app.extensions[PROVIDER]
