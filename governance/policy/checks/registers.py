"""Checks of the registers: every number can be written as its register writes it, and no sample is refused."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import Status
from governance.policy.checks.rule import Kind
from governance.policy.problems import Problem
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table
from governance.policy.shape import Shape
from governance.policy.views.registers import SIGNS, HcpRegister, register_of

_SHAPE: dict[str, Shape] = {
    "register": [
        {
            "code": str,
            "country": str,
            "name": str,
            "number_name": str,
            "shapes": [str],
            "starts?": [str],
            "drops?": [str],
            "example": str,
            "professions": [str],
            "look_up": str,
            "zone": str,
            "proves": [frozenset({"name", "status", "licence"})],
            "source": str,
            "verified": bool,
            "check_digit?": {"prefix": frozenset({"", "80840"}), "fails": frozenset({"refuse", "warn"})},
            "api?": {"form": frozenset({"npi-2.1"}), "address": str},
            "status_words?": {"*": Status},
            "no_proof?": [{"shapes": [str], "starts?": [str], "says": str}],
        }
    ],
    "unregistered": {"roles": [str]},
    "proof": {"code_days": int},
    "affiliation": {"list_days": int},
    "alarm": {"report_days": int, "feed_warn_days": int},
}

_CODE = re.compile(r"[a-z]{2}-[a-z]{2,12}")
_PROFESSION = re.compile(r"[a-z][a-z_]{0,31}")
_ADDRESS = re.compile(r"https://[a-z0-9.-]+/\S*")


def _entries(source: Source) -> Iterator[tuple[str, Table]]:
    for entry in source.data["register"]:
        yield f"register.{entry['code']}", entry


def codes_name_country_and_register(source: Source) -> Iterator[Problem]:
    """A code is stored with a number and never changes, so it is one, and says of which country."""
    codes = [entry["code"] for entry in source.data["register"]]
    for key, entry in _entries(source):
        if not _CODE.fullmatch(entry["code"]) or entry["code"][:2].upper() != entry["country"]:
            yield source.problem(key, "is no code of this country", "write the country and a short name, as in gb-nmc")
        if codes.count(entry["code"]) > 1:
            yield source.problem(key, "is there twice", "keep one of the two")


def shapes_are_digits_and_letters(source: Source) -> Iterator[Problem]:
    """A typing error can be shown at its place only where each place is a digit or a letter."""
    for key, entry in _entries(source):
        if not _is_shaped(entry):
            yield source.problem(
                f"{key}.shapes", "is no shape", "write 9 for a digit and A for a letter, as in 99A9999A"
            )


def check_digits_stand_on_digits(source: Source) -> Iterator[Problem]:
    """Luhn adds digits; a letter has no place in it."""
    for key, entry in _entries(source):
        if "check_digit" in entry and any(set(shape) != {"9"} for shape in entry["shapes"]):
            yield source.problem(f"{key}.check_digit", "is for digits alone", "take it out")


def examples_would_pass(source: Source) -> Iterator[Problem]:
    """An example that our own page refuses helps nobody to type a number."""
    for key, entry in _entries(source):
        if _is_shaped(entry) and not _passes(register_of(entry), entry["example"]):
            yield source.problem(f"{key}.example", "does not pass as a number of this register", "write one that does")


def _is_shaped(entry: Table) -> bool:
    return bool(entry["shapes"]) and all(set(shape) <= SIGNS.keys() for shape in entry["shapes"])


def _passes(register: HcpRegister, number: str) -> bool:
    # A misplaced check digit has a rule of its own.
    digit = register.check_digit if number.isdigit() else None
    return register.fits(number) and (digit is None or digit.holds(number))


def professions_are_words(source: Source) -> Iterator[Problem]:
    """Compared as they are with what patients choose: two spellings would be two professions."""
    for key, entry in _entries(source):
        if not entry["professions"] or not all(map(_PROFESSION.fullmatch, entry["professions"])):
            yield source.problem(f"{key}.professions", "is no list of words", "write small letters, as in nurse")


def look_ups_are_addresses(source: Source) -> Iterator[Problem]:
    """A verifier follows the link; anything else there could lead them astray."""
    for key, entry in _entries(source):
        if not _ADDRESS.fullmatch(entry["look_up"]):
            yield source.problem(f"{key}.look_up", "is no address", "write the register's page, with https")
        if "api" in entry and not _ADDRESS.fullmatch(entry["api"]["address"]):
            yield source.problem(f"{key}.api.address", "is no address", "write the program's address, with https")


def other_numbers_are_none_of_its_own(source: Source) -> Iterator[Problem]:
    """A number that is refused as no proof must not be one that the register gives out."""
    for key, entry in _entries(source):
        for other in entry.get("no_proof", ()) if _is_shaped(entry) else ():
            if any(register_of(entry).fits(_first_of(shape, other)) for shape in other["shapes"]):
                yield source.problem(f"{key}.no_proof", "is a number of the register itself", "take it out")


def _first_of(shape: str, other: Table) -> str:
    """Return a number of a shape, which begins as it must."""
    start: str = other.get("starts", [""])[0]
    return start + "".join(SIGNS.get(sign, sign)[0] for sign in shape[len(start) :])


def zones_are_zones(source: Source) -> Iterator[Problem]:
    """A registration ends at its register's midnight, so there must be one."""
    for key, entry in _entries(source):
        try:
            ZoneInfo(entry["zone"])
        except (KeyError, OSError, ValueError):
            yield source.problem(f"{key}.zone", "is no time zone", "write one such as Europe/London")


def times_are_positive(source: Source) -> Iterator[Problem]:
    """A time of nothing would end at once, or warn of nothing."""
    for table in ("proof", "affiliation", "alarm"):
        for key, days in source.data[table].items():
            if days < 1:
                yield source.problem(f"{table}.{key}", "is below 1", "write 1 or more")


def every_register_shows_whose_a_number_is(source: Source) -> Iterator[Problem]:
    """Where a number leads to no name, nobody can be matched with it."""
    for key, entry in _entries(source):
        if "name" not in entry["proves"]:
            yield source.problem(f"{key}.proves", "lacks `name`", "add it, or leave the register out")


def the_unregistered_are_on_no_register(source: Source) -> Iterator[Problem]:
    """Who carries a word that some register checks would look checked."""
    listed = {word for _, entry in _entries(source) for word in entry["professions"]}
    for role in source.data["unregistered"]["roles"]:
        if not _PROFESSION.fullmatch(role) or role in listed:
            yield source.problem(
                "unregistered.roles", f"`{role}` is on a register, or no word", "take it out, or write small letters"
            )


REGISTERS = Kind(
    "registers",
    Procedure.CONDUCT,
    _SHAPE,
    (
        codes_name_country_and_register,
        shapes_are_digits_and_letters,
        check_digits_stand_on_digits,
        examples_would_pass,
        professions_are_words,
        look_ups_are_addresses,
        other_numbers_are_none_of_its_own,
        zones_are_zones,
        every_register_shows_whose_a_number_is,
        times_are_positive,
        the_unregistered_are_on_no_register,
    ),
)
