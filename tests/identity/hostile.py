"""An OIDC provider over real HTTP that does what it is told, honest until it is told otherwise."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

CLIENT_ID = "governance"
CLIENT_SECRET = "the secret we hold at the forum"
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"})
OCT = OctKey.generate_key(256, {"kid": "oct", "use": "sig"})


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        """Say nothing."""


class Served:
    """A WSGI app on a free port of this machine."""

    def __init__(self, app: Callable, ssl_context: tuple[str, str] | None = None):
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet, ssl_context=ssl_context)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01])
        self.thread.start()

    def stop(self):
        if not self.thread.is_alive():
            return
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Provider:
    """Issues codes to whoever asks, for the member `sub`; every answer passes through a table of lies."""

    def __init__(self):
        self.sub = "ana"
        self.codes = {}
        self.requests = []
        self.discovery = {}
        self.keys = {"keys": [key.as_dict(private=False) for key in (EC, RSA, OKP)]}
        self.callback = {}
        self.claims = {}
        self.without = ()
        self.sign = sign_es256
        self.answer = {}
        self.redirect_tokens_to = None
        self.routes = {
            "/.well-known/openid-configuration": self.describe,
            "/jwks": lambda _request: as_json(self.keys),
            "/authorize": self.authorize,
            "/token": self.token,
        }
        self.served = Served(Request.application(self.handle))
        self.issuer = self.served.url

    def handle(self, request):
        self.requests.append((request.path, request.get_data(as_text=True), dict(request.headers)))
        return self.routes.get(request.path, lambda _request: Response(status=404))(request)

    def describe(self, _request):
        truth = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "Ed25519"],
            "authorization_response_iss_parameter_supported": True,
        }
        return as_json(truth | self.discovery if isinstance(self.discovery, dict) else self.discovery)

    def authorize(self, request):
        asked = request.args.to_dict()
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer} | self.callback
        answer = {name: value for name, value in answer.items() if value is not None}
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(answer, doseq=True)}"})

    def token(self, request):
        if self.redirect_tokens_to:
            return Response(status=307, headers={"Location": self.redirect_tokens_to})
        asked = self.codes[request.form["code"]]
        assert request.authorization.username == CLIENT_ID
        assert request.authorization.password == CLIENT_SECRET
        assert asked["code_challenge_method"] == "S256"
        assert asked["code_challenge"] == s256(request.form["code_verifier"])
        truth = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.sign(self.told(asked))}
        answer = truth | self.answer if isinstance(self.answer, dict) else self.answer
        return as_json(answer if not isinstance(answer, dict) else {k: v for k, v in answer.items() if v is not None})

    def told(self, asked):
        now = int(time.time())
        truth = {"iss": self.issuer, "sub": self.sub, "aud": CLIENT_ID, "exp": now + 300, "iat": now}
        truth |= {"nonce": asked["nonce"], "auth_time": now - 60}
        return {name: value for name, value in (truth | self.claims).items() if name not in self.without}


def sign_es256(claims):
    return jwt.encode({"alg": "ES256", "kid": "ec"}, claims, EC)


def sign_rs256(claims):
    return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, RSA)


def sign_eddsa(claims):
    return jwt.encode({"alg": "EdDSA", "kid": "okp"}, claims, OKP, algorithms=["EdDSA"])


def sign_ed25519(claims):
    return jwt.encode({"alg": "Ed25519", "kid": "okp"}, claims, OKP, algorithms=["Ed25519"])


def sign_none(claims):
    return ".".join([encoded({"alg": "none", "kid": "ec"}), encoded(claims), ""])


def sign_hs256(claims):
    """Sign with the text of the public key as if it were a shared secret; by hand, for no library would."""
    return signed_with_secret({"alg": "HS256", "kid": "ec"}, claims, EC.as_pem(private=False))


def signed_with_secret(header, claims, secret):
    signed = f"{encoded(header)}.{encoded(claims)}"
    signature = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def sign_with_published_secret(claims):
    return jwt.encode({"alg": "HS256", "kid": "oct"}, claims, OCT)


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def s256(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def as_json(value):
    return Response(json.dumps(value), content_type="application/json")


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
