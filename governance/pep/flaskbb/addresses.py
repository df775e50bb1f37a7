"""Which of the forum's pages an address in a member's text leads to."""

from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from flask import current_app, has_request_context, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

_HERE: Final = "http://localhost/"


def page_at(address: str) -> tuple[str, dict[str, Any]]:
    """Return endpoint and arguments of the page that an address leads to; "" for what is no page of ours.

    It is read as a browser goes to it: encoded letters, slashes too many and one at the end lead to the same page.
    Nothing but the router's own no says "no page of ours", for a link that is overlooked leaves a quote unasked about:
    any other failure fails the page.
    """
    pages = current_app.url_map.bind("localhost")
    try:
        path = _path_of(address)
        path = path.removeprefix(request.script_root) if has_request_context() else path
        endpoint, given = _match(pages, path)
    except (HTTPException, ValueError):
        return "", {}
    return str(endpoint), dict(given)


def _match(pages: MapAdapter, path: str) -> tuple[Any, Any]:
    try:
        return pages.match(path, method="GET")
    except RequestRedirect as redirect:
        # The router mends slashes in one step.
        return pages.match(_path_of(redirect.new_url), method="GET")


def _path_of(address: str) -> str:
    return unquote(urlsplit(urljoin(_HERE, address)).path)
