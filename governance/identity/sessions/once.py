"""What the page after a press says once. It is kept in the session: an address can be sent to anybody by anybody."""

from typing import Final

from governance.identity.sessions.browser import browser_session
from governance.ui.clock import now

_NAME: Final = "say_once"
_LASTS: Final = 5 * 60 * 1_000_000
"""In microseconds. Who comes to the page later than that reads no old news."""


def say_once(what: str) -> None:
    """Have the next page that knows this word say it. If it cannot be kept, the press counts all the same."""
    browser_session().note(_NAME, {"what": what, "at": int(now())})


def said_once(*known: str) -> str:
    """Return which of these words a press of this session left for this page, and forget it; an empty text if none."""
    browser = browser_session()
    noted = browser.get(_NAME)
    if noted is None or noted["what"] not in known:
        return ""
    browser.drop(_NAME)
    word: str = noted["what"]
    return word if now() - noted["at"] < _LASTS else ""
