"""One viewer's browser: cookies, forms with the hidden fields that came with them, nothing of the machine's proxies."""

import http.cookiejar
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Final
from urllib.parse import quote, unquote_plus, urldefrag, urlencode, urljoin, urlsplit

from governance.pep.probe.failures import ProbeError
from governance.pep.probe.pages import Form, Page, read_page
from governance.pep.probe.plan import SignIn

_SECONDS: Final = 30.0
_LARGEST: Final = 4 << 20
_SHORTEST: Final = 8
_HEADERS_OF_OURS: Final = frozenset({"set-cookie", "date", "server", "content-length"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: everything that can carry a word is in `everything`, in small letters.

    The address that was asked for is taken out: a word that we bring ourselves, and get back, tells nothing.
    """

    url: str
    status: int
    text: str
    everything: str
    page: Page


class Browser:
    """One viewer."""

    def __init__(self, forum: str) -> None:
        """Begin signed out."""
        self._forum = forum
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def sign_in(self, how: SignIn) -> None:
        """Fill in the form. Raises `ProbeError` if the page has none with these fields, or it is not taken."""
        shown = self.open(how.page)
        form = next((form for form in shown.page.forms if how.fields.keys() <= form.names()), None)
        if form is None:
            named = ", ".join(how.fields)
            raise ProbeError(
                f"{how.page} has no form with the fields {named}: put the page with the form, and what it calls its "
                "fields, under `sign_in` in the plan"
            )
        answer = self.send(shown.url, form, how.fields)
        if answer.status >= 400:  # noqa: PLR2004 - HTTP's own number
            raise ProbeError(
                f"signing in at {how.page} was refused with {answer.status}: see the names and passwords under "
                "`sign_in` in the plan"
            )
        typed = {name for name in how.fields if name in form.typed}
        again = next((one for one in answer.page.forms if typed and how.fields.keys() <= one.names()), None)
        if again is not None:
            raise ProbeError(f"signing in at {how.page} led back to it: look at the fields of the plan")

    def open(self, address: str) -> Fetched:
        """Load a page of the forum, redirects followed."""
        whole = urljoin(self._forum + "/", address)
        got = self._fetch(urllib.request.Request(whole))  # noqa: S310 - the plan's forum
        parts = urlsplit(whole)
        return replace(got, everything=_without(got.everything, parts.path, parts.query))

    def send(self, at: str, form: Form, given: Mapping[str, str]) -> Fetched:
        """Send a form as a browser would, fields as the page filled them but for those `given`."""
        data = urlencode({**form.values, **given})
        address = urljoin(at, form.action)
        if form.method == "post":
            headers = {"Referer": at, "Content-Type": "application/x-www-form-urlencoded"}
            return self._fetch(urllib.request.Request(address, data.encode(), headers))  # noqa: S310 - the plan's forum
        return self.open(f"{address.partition('?')[0]}?{data}")

    def _fetch(self, request: urllib.request.Request) -> Fetched:
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return _read(answer.url, answer.status, answer.headers.items(), answer.read(_LARGEST))
        except urllib.error.HTTPError as refused:
            with refused:
                return _read(refused.url, refused.code, refused.headers.items(), refused.read(_LARGEST))
        except (OSError, ValueError) as failure:
            raise ProbeError(
                f"{urlsplit(request.full_url).path} did not answer ({type(failure).__name__}): see that the forum runs"
            ) from None


def _without(everything: str, *brought: str) -> str:
    """Take out what the address asked for says, however it is written; a short one holds no word of ours."""
    for part in brought:
        for written in {part.lower(), unquote_plus(part).lower(), quote(part, safe="").lower()}:
            everything = everything.replace(written, " ") if len(written) >= _SHORTEST else everything
    return everything


def _read(url: str, status: int, headers: object, body: bytes) -> Fetched:
    said = " ".join(f"{name}: {value}" for name, value in headers if name.lower() not in _HEADERS_OF_OURS)  # type: ignore[attr-defined]
    raw = body.decode("utf-8", errors="replace")
    page = read_page(raw) if re.search(r"<\w", raw) else Page(raw, [], [])
    # A word can be written as an entity, in an address, or escaped in a script.
    spelled = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), raw)
    everything = "\n".join((url, said, spelled, unescape(raw), unquote_plus(raw), page.text)).lower()
    return Fetched(urldefrag(url).url, status, page.text, everything, page)
