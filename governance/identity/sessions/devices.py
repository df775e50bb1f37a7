"""What a browser says it is, in words its owner knows; nothing else of it is kept."""

from typing import Final

_SYSTEMS: Final = (
    ("Android", "an Android phone or tablet"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "a Chromebook"),
    ("Windows", "a Windows computer"),
    ("Macintosh", "a Mac"),
    ("Linux", "a Linux computer"),
)
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
    """Return a browser and its device in words of ours: what somebody sends is never shown itself."""
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "a device")
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    return f"{browser} on {system}" if browser else system
