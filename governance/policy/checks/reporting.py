"""Checks of what can be reported."""

import re
from collections.abc import Iterator

from governance.policy.checks.rule import Kind, titled
from governance.policy.problems import Problem
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

_SHAPE: dict[str, Shape] = {"types": [{"code": str, "danger": bool}]}

_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_ALWAYS = ("uncomfortable", "other")
"""A report needs no broken rule, and nobody is turned away for want of a box."""


def codes_are_words(source: Source) -> Iterator[Problem]:
    """A code is part of section keys and of reports, so it keeps one form."""
    for entry in source.data["types"]:
        if not _CODE.fullmatch(entry["code"]):
            yield source.problem(f"types.{entry['code']}", "is no code", "use lower-case letters joined by _")


def codes_are_unique(source: Source) -> Iterator[Problem]:
    """A type is found by its code."""
    codes = [entry["code"] for entry in source.data["types"]]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield source.problem(f"types.{code}", "is there twice", "keep one of the two")


def nobody_is_turned_away(source: Source) -> Iterator[Problem]:
    """There is a type for unease without a broken rule, and one for all the rest."""
    codes = {entry["code"] for entry in source.data["types"]}
    for code in _ALWAYS:
        if code not in codes:
            yield source.problem(f"types.{code}", "is missing", "add the type, nobody may be turned away")


def words_of_reporting(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of the reporting record must hold."""
    said = titled("form", "closed", *(f"type.{entry['code']}" for entry in tables["types"]))
    return said | {"form.first_line", "form.read_when", "form.we_see"}


REPORTING = Kind(
    "reporting",
    Procedure.REPORTING,
    _SHAPE,
    (codes_are_words, codes_are_unique, nobody_is_turned_away),
    words=words_of_reporting,
)
