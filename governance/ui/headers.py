"""Security headers on every answer: nothing is fetched from anywhere else, nothing is framed or cached."""

from typing import Final

from flask import Flask, Response

_ALLOWED: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_POLICY: Final = "; ".join(f"{directive} {source}" for directive, source in _ALLOWED.items())
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # A forum's log must not learn which page of ours a patient came from.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Set by nobody else."""
_TRANSPORT: Final = "max-age=31536000; includeSubDomains"


def add_security_headers(app: Flask) -> None:
    """Set the headers on every answer; a route may set its own `Cache-Control`."""

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = _TRANSPORT
        return response


def headers_of_an_answer(app: Flask) -> list[tuple[str, str]]:
    """Return what is set on every answer of an app, in the same order, for who writes answers without Flask."""
    transport = [("Strict-Transport-Security", _TRANSPORT)] if app.config["SESSION_COOKIE_SECURE"] else []
    return [*_HEADERS.items(), ("Cache-Control", "no-store"), *transport]
