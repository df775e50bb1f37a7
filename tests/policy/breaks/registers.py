"""Breaks of the registers: one more beside those in the folder, a copy of a real one with one value changed."""

import tomllib

from governance.policy.checks import registers
from governance.policy.reading import policies_folder
from tests.policy.breaks.row import REGISTERS, Break

NMC, NPI = "register.gb-more", "register.us-more"


def more(like, /, **changed):
    """The list of registers with one more: a copy of a real one under a code of its own."""
    file = policies_folder() / "conduct" / "registers" / f"{like}.toml"
    row = tomllib.loads(file.read_text(encoding="utf-8"))["register"][0]
    return [{**row, "code": f"{like[:2]}-more", **changed}]


def broken(rule, key, wrong, mend, put):
    return Break(rule, REGISTERS, ("register",), put, key, wrong, mend)


REGISTERS_BREAKS = [
    broken(registers.codes_name_country_and_register, NMC, "country", "gb-nmc", more("gb-nmc", country="US")),
    broken(
        registers.codes_name_country_and_register, "register.gb-gmc", "twice", "keep one", more("gb-nmc", code="gb-gmc")
    ),
    broken(
        registers.shapes_are_digits_and_letters,
        f"{NMC}.shapes",
        "no shape",
        "A for a letter",
        more("gb-nmc", shapes=["99X9"]),
    ),
    broken(
        registers.check_digits_stand_on_digits,
        f"{NPI}.check_digit",
        "digits alone",
        "take it out",
        more("us-npi", shapes=["A999999999"]),
    ),
    broken(
        registers.examples_would_pass,
        f"{NMC}.example",
        "does not pass",
        "one that does",
        more("gb-nmc", example="12A34567"),
    ),
    broken(
        registers.examples_would_pass,
        f"{NPI}.example",
        "does not pass",
        "one that does",
        more("us-npi", example="1234567890"),
    ),
    broken(
        registers.professions_are_words,
        f"{NMC}.professions",
        "words",
        "small letters",
        more("gb-nmc", professions=["Nurse"]),
    ),
    broken(
        registers.look_ups_are_addresses,
        f"{NMC}.look_up",
        "no address",
        "https",
        more("gb-nmc", look_up="http://example.org"),
    ),
    broken(
        registers.look_ups_are_addresses,
        f"{NPI}.api.address",
        "no address",
        "https",
        more("us-npi", api={"form": "npi-2.1", "address": "http://example.org"}),
    ),
    broken(
        registers.other_numbers_are_none_of_its_own,
        f"{NMC}.no_proof",
        "register itself",
        "take it out",
        more("gb-nmc", no_proof=[{"shapes": ["99A9999A"], "says": "no"}]),
    ),
    broken(registers.zones_are_zones, f"{NMC}.zone", "no time zone", "Europe/London", more("gb-nmc", zone="Moon")),
    broken(
        registers.every_register_shows_whose_a_number_is,
        f"{NMC}.proves",
        "lacks `name`",
        "leave the register out",
        more("gb-nmc", proves=["status"]),
    ),
    Break(
        registers.the_unregistered_are_on_no_register,
        REGISTERS,
        ("unregistered", "roles"),
        ["nurse"],
        "unregistered.roles",
        "on a register",
        "take it out",
    ),
    Break(
        registers.times_are_positive, REGISTERS, ("proof", "code_days"), 0, "proof.code_days", "below 1", "1 or more"
    ),
]
