"""What a browser says it is, in words its owner knows; nothing else of it is kept."""

from typing import Final

from governance.sentences import Sentence
from governance.ui.languages import in_our_words

_SYSTEMS: Final = (
    ("Android", Sentence("an Android phone or tablet")),
    ("iPhone", Sentence("an iPhone")),
    ("iPad", Sentence("an iPad")),
    ("CrOS", Sentence("a Chromebook")),
    ("Windows", Sentence("a Windows computer")),
    ("Macintosh", Sentence("a Mac")),
    ("Linux", Sentence("a Linux computer")),
)
_OTHER: Final = Sentence("a device")
_ON: Final = " on "
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""In this order: nearly every browser names those after it as well."""


def in_words(user_agent: str) -> str:
    """Return a browser and its device in words of ours, to be kept: what somebody sends is never shown itself."""
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), _OTHER)
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    return f"{browser}{_ON}{system}" if browser else str(system)


def device(kept: str) -> str:
    """Return what was kept of a browser and its device, in the language of the page."""
    browser, _, system = kept.rpartition(_ON)
    where = in_our_words(Sentence(system))
    return (
        in_our_words(Sentence("%(browser)s on %(device)s", {"browser": browser, "device": where})) if browser else where
    )
