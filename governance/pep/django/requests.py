"""A page for every request of a signed-in member, as a middleware."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from governance.pep.django.declarations import GovernedForum
from governance.pep.django.page import ViewedPage
from governance.pep.query.asking import Decides
from governance.pep.query.failures import UnfilteredQueryError

Serves = Callable[[Any], Any]
_END: Final = object()


def governed_requests(
    forum: GovernedForum, client: Decides, viewer_of: Callable[[Any], str | None]
) -> Callable[[Serves], Serves]:
    """Return a middleware, to be named in `MIDDLEWARE` below the one that finds out who is signed in.

    `viewer_of` takes the request and returns the account id, or None for who is signed out: they read what the forum
    shows to everybody. A view considers its posts with `request.governed`.
    """

    def middleware(get_response: Serves) -> Serves:
        def serve(request: Any) -> Any:  # noqa: ANN401 - Django is not typed
            viewer = viewer_of(request)
            if viewer is None:
                return get_response(request)
            request.governed = page = ViewedPage(viewer, client, forum)
            with page:
                response = get_response(request)
            if response.streaming:
                if response.is_async:
                    raise UnfilteredQueryError("what is streamed asynchronously cannot be filtered")
                response.streaming_content = _within(page, response.streaming_content)
            return response

        return serve

    return middleware


def _within(page: ViewedPage, parts: Iterable[Any]) -> Iterator[Any]:
    """Make each part of a stream on the page, which is left while the part is sent."""
    waiting = iter(parts)
    while True:
        with page:
            part = next(waiting, _END)
        if part is _END:
            return
        yield part
