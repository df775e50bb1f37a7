"""Checks of the ages from which a person decides alone."""

import re
from collections.abc import Iterator
from datetime import date
from zoneinfo import available_timezones

from governance.policy.checks.rule import Kind
from governance.policy.problems import Problem
from governance.policy.reading import Source
from governance.policy.records import Procedure
from governance.policy.shape import Shape

_SHAPE: dict[str, Shape] = {
    "adult": {"age": int},
    "elsewhere": {"digital_consent": int, "own_choice": int, "zone": str},
    "countries": {
        "*": {
            "digital_consent": int,
            "own_choice": int,
            "zone": str,
            "source": str,
            "date": date,
            "verified": bool,
            "note": str,
        }
    },
}

YOUNGEST, OLDEST = 13, 16
"""GDPR Art. 8: a country may set the age between these."""
ADULT = 18

_COUNTRY = re.compile(r"[A-Z]{2}")


def countries_are_codes(source: Source) -> Iterator[Problem]:
    """A country is named as in ISO 3166-1."""
    for country in source.data["countries"]:
        if not _COUNTRY.fullmatch(country):
            yield source.problem(f"countries.{country}", "is no country code", "use two capital letters, such as IE")


def ages_lie_within_the_law(source: Source) -> Iterator[Problem]:
    """An age outside the range is a slip of the pen; an own choice before the law allows it opens too much."""
    entries = {f"countries.{code}": entry for code, entry in source.data["countries"].items()}
    entries["elsewhere"] = source.data["elsewhere"]
    for key, entry in entries.items():
        for name in ("digital_consent", "own_choice"):
            if not YOUNGEST <= entry[name] <= OLDEST:
                yield source.problem(f"{key}.{name}", f"is {entry[name]}", f"write an age from {YOUNGEST} to {OLDEST}")
        if entry["own_choice"] < entry["digital_consent"]:
            yield source.problem(f"{key}.own_choice", "is below the digital-consent age", "raise it to that age")


def zones_are_known(source: Source) -> Iterator[Problem]:
    """A birthday begins at a midnight, and a zone that is none has no midnight."""
    known = available_timezones()
    entries = {f"countries.{code}": entry for code, entry in source.data["countries"].items()}
    for key, entry in {**entries, "elsewhere": source.data["elsewhere"]}.items():
        if entry["zone"] not in known:
            yield source.problem(f"{key}.zone", "is no time zone", "use a name of the IANA, such as Europe/London")


def unlisted_countries_get_the_strictest(source: Source) -> Iterator[Problem]:
    """Where nobody looked up the law, no country of the list may be stricter."""
    for name in ("digital_consent", "own_choice"):
        strictest = max([entry[name] for entry in source.data["countries"].values()], default=OLDEST)
        if source.data["elsewhere"][name] < strictest:
            yield source.problem(f"elsewhere.{name}", "is below that of a listed country", f"write {strictest}")


def adult_is_eighteen(source: Source) -> Iterator[Problem]:
    """Guardians end and minors' limits fall at 18 everywhere (design 3g)."""
    if source.data["adult"]["age"] != ADULT:
        yield source.problem("adult.age", f"is {source.data['adult']['age']}", f"write {ADULT}")


AGES = Kind(
    "ages",
    Procedure.OPTOUT,
    _SHAPE,
    (
        countries_are_codes,
        ages_lie_within_the_law,
        zones_are_known,
        unlisted_countries_get_the_strictest,
        adult_is_eighteen,
    ),
)
