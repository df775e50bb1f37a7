"""What the forum answered, held back until it is known whether it may go out."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_Headers = list[tuple[str, str]]
_Error = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

_CACHING: Final = frozenset({"cache-control", "expires", "pragma", "surrogate-control", "cdn-cache-control", "vary"})
_KEPT: Final = frozenset({"location", "set-cookie", "www-authenticate", "allow", "retry-after"})
"""What goes out with an answer whose words do not."""
_REFUSAL: Final = (
    b'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Not just now</title>'
    b"<p>This page cannot be shown just now. Please try again in a few minutes.</p>"
    b'<p lang="es">Ahora mismo no se puede mostrar esta p\xc3\xa1gina. Vuelve a intentarlo dentro de unos minutos.</p>'
)
"""The same bytes whoever asks: they tell nobody whether somebody is governed."""


def refuse(environ: "WSGIEnvironment", start_response: "StartResponse", error: _Error | None = None) -> list[bytes]:
    """Answer in place of the forum."""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(_REFUSAL))),
        ("Cache-Control", "no-store"),
        ("Retry-After", "30"),
    ]
    start_response("503 Service Unavailable", headers, error)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [_REFUSAL]


def withhold(
    environ: "WSGIEnvironment", start_response: "StartResponse", status: str, headers: _Headers, error: _Error | None
) -> list[bytes]:
    """Answer with the forum's status and way elsewhere, and with none of its words."""
    elsewhere = status.startswith("3")
    kept = [(name, value) for name, value in headers if name.lower() in _KEPT]
    said = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "0" if elsewhere else str(len(_REFUSAL)))]
    start_response(status, [*kept, *said, ("Cache-Control", "no-store")], error)
    return [] if elsewhere or environ.get("REQUEST_METHOD") == "HEAD" else [_REFUSAL]


class Checked:
    """One answer of the forum to somebody who is signed in."""

    def __init__(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        may_go: Callable[[str], bool],
        ended: Callable[[], None],
        *,
        may_be_kept: bool,
    ) -> None:
        """Ask `may_go` by the status when the first byte is about to leave; `ended` hears when all did.

        `may_be_kept`: whether the viewer's own browser may keep the page, and ask before it shows it again.
        """
        self._environ, self._start_response = environ, start_response
        self._may_go, self._ended, self._may_be_kept = may_go, ended, may_be_kept
        self._status, self._headers, self._error = "", [], None  # type: str, _Headers, _Error | None
        self._sent = self._refused = False
        self._parts: Iterable[bytes] = ()
        self._write: Callable[[bytes], object] = lambda _: None

    def run(self, application: "WSGIApplication") -> "Checked":
        """Have the forum answer."""
        self._parts = application(self._environ, self._start)
        return self

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if part:
                yield from self._first()
                if self._refused:
                    return
                yield part
        yield from self._first(empty=True)

    def close(self) -> None:
        """Let the forum end its answer, as the gateway's rules ask for."""
        self._ended()
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: _Headers, error: _Error | None = None, /) -> Callable[[bytes], object]:
        if error is not None and self._sent:
            # Too late for another answer: the gateway cuts the connection.
            return self._start_response(status, headers, error)
        self._status, self._headers, self._error = status, headers, error
        return self._written

    def _written(self, part: bytes) -> None:
        """Send a part the old way, which some frameworks still use."""
        for refusal in self._first():
            self._write(refusal)
        if not self._refused:
            self._write(part)

    def _first(self, *, empty: bool = False) -> list[bytes]:
        """Send the head, once: the forum's, or that of a refusal, which is then the whole answer."""
        if self._sent:
            return []
        self._sent = True
        # Of a page without a body its length is told all the same.
        shows = not empty or self._environ.get("REQUEST_METHOD") == "HEAD"
        if shows and not self._may_go(self._status):
            self._refused = True
            if self._status.startswith("2"):
                return refuse(self._environ, self._keep_write, self._error)
            return withhold(self._environ, self._keep_write, self._status, self._headers, self._error)
        self._keep_write(self._status, _private(self._headers, may_be_kept=self._may_be_kept), self._error)
        return []

    def _keep_write(self, status: str, headers: _Headers, error: Any = None, /) -> Callable[[bytes], object]:  # noqa: ANN401
        self._write = self._start_response(status, headers, error)
        return self._write


def _private(headers: _Headers, *, may_be_kept: bool) -> _Headers:
    """Return headers by which no shared cache keeps the page, and the viewer's own browser only what may be kept.

    THREAT: of a page that was made for who is governed, each word may be one that its author closes in the next minute.
    `no-cache` would not do: a browser asks again when it fetches, and not when somebody goes back to a page in its
    history, and what it wrote to a disk of a clinic's desk stays there. Whoever else is signed in reads the same page
    again and again, at a forum that answers with a 304; so theirs is kept and asked about.
    """
    said = [value for name, value in headers if name.lower() == "cache-control"]
    varies = [value for name, value in headers if name.lower() == "vary"]
    kept = "no-cache" if may_be_kept and not any("no-store" in value.lower() for value in said) else "no-store"
    others = [(name, value) for name, value in headers if name.lower() not in _CACHING]
    return [*others, ("Cache-Control", f"private, {kept}"), ("Vary", ", ".join([*varies, "Cookie"]))]
