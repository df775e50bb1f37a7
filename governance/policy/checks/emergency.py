"""Checks of the emergency lines: complete, owned, and looked at within a year."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from governance.policy.checks.rule import Kind, titled
from governance.policy.problems import Problem, Severity
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

LINE_KINDS = frozenset({"danger", "medical", "talk"})
AUDIENCES = frozenset({"adult", "child", "any"})
CHANNELS = frozenset({"call", "text"})

_SHAPE: dict[str, Shape] = {
    "kinds": {"order": [LINE_KINDS]},
    "eu": {"members": [str]},
    "lines": [
        {
            "country": str,
            "kind": LINE_KINDS,
            "for_whom": AUDIENCES,
            "name?": str,
            "channel": CHANNELS,
            "number": str,
            "note?": str,
            "owner": str,
            "checked": date,
            "review": date,
            "basis": str,
        }
    ],
}

_COUNTRY = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"\+?\d[\d -]*")
_YEAR = timedelta(days=365)


def _lines(source: Source) -> Iterator[tuple[str, Table]]:
    for number, line in enumerate(source.data["lines"], start=1):
        yield f"lines[{number}]", line


def order_names_every_kind(source: Source) -> Iterator[Problem]:
    """Life comes first, and no kind of line is lost from the page."""
    order = source.data["kinds"]["order"]
    if sorted(order) != sorted(LINE_KINDS) or order[0] != "danger":
        yield source.problem("kinds.order", "is not every kind once, danger first", 'start with "danger", name all')


def countries_are_codes(source: Source) -> Iterator[Problem]:
    """A country is named as in ISO 3166-1; EU stands for members without lines of their own."""
    for key, line in _lines(source):
        if not _COUNTRY.fullmatch(line["country"]):
            yield source.problem(f"{key}.country", f"`{line['country']}` is no country code", "write it as IE")


def numbers_can_be_dialled(source: Source) -> Iterator[Problem]:
    """Somebody in danger dials what stands there."""
    for key, line in _lines(source):
        if not _NUMBER.fullmatch(line["number"]):
            yield source.problem(f"{key}.number", f"`{line['number']}` cannot be dialled", "use digits and spaces only")


def lines_are_unique(source: Source) -> Iterator[Problem]:
    """One number of a country stands in one line."""
    seen: set[tuple[str, str]] = set()
    for key, line in _lines(source):
        dialled = (line["country"], re.sub(r"\D", "", line["number"]))
        if dialled in seen:
            yield source.problem(key, "is there twice for this country", "keep one of the two lines")
        seen.add(dialled)


def every_country_has_a_line_for_danger(source: Source) -> Iterator[Problem]:
    """A page that shows a talking line and no ambulance would cost time; the EU line catches its members."""
    countries = {line["country"] for _, line in _lines(source)} | {"EU"}
    answered = {line["country"] for _, line in _lines(source) if line["kind"] == "danger" and line["for_whom"] == "any"}
    for country in sorted(countries - answered):
        yield source.problem(f"lines.{country}", "has no line for danger", "add one with for_whom any")


def review_follows_check(source: Source) -> Iterator[Problem]:
    """A line is looked at again within a year."""
    for key, line in _lines(source):
        if not timedelta(0) < line["review"] - line["checked"] <= _YEAR:
            yield source.problem(
                f"{key}.review", "is not within 365 days after checked", "write the day of the next look"
            )


def lines_were_looked_at(source: Source, today: date) -> Iterator[Problem]:
    """An old number may still ring, so this warns and does not take the line away."""
    for key, line in _lines(source):
        if today - line["checked"] > _YEAR or today > line["review"]:
            yield source.problem(
                f"{key}.checked",
                f"{line.get('name', 'emergency services')} ({line['country']}) was checked on {line['checked']}",
                f"{line['owner']} looks at the provider's page, then writes the day in checked and review",
                Severity.WARNING,
            )


def only_the_public_service_has_no_name(source: Source) -> Iterator[Problem]:
    """A line without a name is told to be the emergency service, so no helpline may lack its own."""
    for key, line in _lines(source):
        if "name" not in line and line["kind"] != "danger":
            yield source.problem(f"{key}.name", "is missing", "write what the service calls itself")


def words_of_emergency(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of the emergency lines must hold."""
    lines: list[Table] = tables["lines"]
    named = {f"country.{line['country'].lower()}" for line in lines} | {
        f"note.{line['note']}" for line in lines if "note" in line
    }
    return titled("emergency", "unknown_country", *(f"kind.{kind}" for kind in LINE_KINDS)) | named | {"service.public"}


EMERGENCY = Kind(
    "emergency",
    Procedure.REPORTING,
    _SHAPE,
    (
        order_names_every_kind,
        countries_are_codes,
        numbers_can_be_dialled,
        lines_are_unique,
        every_country_has_a_line_for_danger,
        only_the_public_service_has_no_name,
        review_follows_check,
    ),
    (lines_were_looked_at,),
    words_of_emergency,
)
