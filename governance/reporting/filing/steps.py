"""The questions of the form, in their order, and what is missing in an answer. Data and words; no HTTP."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from governance.reporting.keeping.messages import LONGEST
from governance.sentences import Sentence

__all__ = ["LONGEST", "STEPS", "WISHES", "Missing", "Reach", "Young", "after", "before", "first_missing", "missing_in"]

STEPS: Final = ("danger", "what", "about", "where", "who", "young", "pictures", "wish", "reach", "check")
"""Danger first: whoever says yes sees whom to call before anything else is asked."""


class Young(StrEnum):
    """Whether somebody under 18 is in it."""

    NO = "no"
    ME = "me"
    OTHER = "other"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """How to answer."""

    CODE = "code"
    """By the receipt code alone: nobody learns who it was."""
    ACCOUNT = "account"
    """The account of somebody signed in may be known."""
    TOLD = "told"
    """By what they say."""


WISHES: Final[Mapping[str, Sentence]] = {
    "stop": Sentence("That it stops"),
    "heard": Sentence("That somebody talks to me"),
    "look": Sentence("That you look at what this person does"),
    "remove": Sentence("That something is taken down"),
    "note": Sentence("Only that you know"),
}


class Missing(NamedTuple):
    """What has to be put right before one can go on, and the field it is about."""

    text: Sentence
    field: str


_PICK_DANGER: Final = Missing(Sentence("Say whether somebody is in danger now"), "danger")
_SAY_WHAT: Final = Missing(Sentence("Write what happened; a few words are enough"), "what")
_PICK_ABOUT: Final = Missing(Sentence("Pick what fits best; “Something else” is fine too"), "about")
_PICK_YOUNG: Final = Missing(Sentence("Say whether somebody under 18 is in it"), "young")
_PICK_REACH: Final = Missing(Sentence("Pick how we may answer you"), "reach")
_SAY_REACH: Final = Missing(Sentence("Write how we may reach you, or pick the code"), "contact")


_MUST: Final[Mapping[str, Missing]] = {
    "danger": _PICK_DANGER,
    "what": _SAY_WHAT,
    "about": _PICK_ABOUT,
    "young": _PICK_YOUNG,
    "reach": _PICK_REACH,
}


def after(step: str) -> str:
    """Return the question behind one; the last one has none."""
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def before(step: str) -> str:
    """Return the question in front of one; nothing in front of the first."""
    place = STEPS.index(step)
    return STEPS[place - 1] if place else ""


def missing_in(step: str, said: Mapping[str, Any]) -> Missing | None:
    """Return what is missing in the answer to a question, if something is."""
    if step == "reach" and said.get("reach") == Reach.TOLD and not said.get("contact", "").strip():
        return _SAY_REACH
    if step not in _MUST or said.get(step, "").strip():
        return None
    return _MUST[step]


def first_missing(said: Mapping[str, Any]) -> str:
    """Return the first question whose answer is missing; an empty text if a report can be sent."""
    return next((step for step in STEPS if missing_in(step, said)), "")
