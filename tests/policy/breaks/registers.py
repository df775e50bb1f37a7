"""Breaks of the registers. The first is the NMC's, the fifth the NPI."""

from governance.policy.checks import registers
from tests.policy.breaks.row import REGISTERS, Break

NMC, NPI = "register.gb-nmc", "register.us-npi"

REGISTERS_BREAKS = [
    Break(
        registers.codes_name_country_and_register, REGISTERS, ("register", 0, "country"), "US", NMC, "country", "gb-nmc"
    ),
    Break(
        registers.codes_name_country_and_register,
        REGISTERS,
        ("register", 1, "code"),
        "gb-nmc",
        NMC,
        "twice",
        "keep one",
    ),
    Break(
        registers.shapes_are_digits_and_letters,
        REGISTERS,
        ("register", 0, "shapes"),
        ["99X9"],
        f"{NMC}.shapes",
        "no shape",
        "A for a letter",
    ),
    Break(
        registers.check_digits_stand_on_digits,
        REGISTERS,
        ("register", 4, "shapes"),
        ["A999999999"],
        f"{NPI}.check_digit",
        "digits alone",
        "take it out",
    ),
    Break(
        registers.examples_would_pass,
        REGISTERS,
        ("register", 0, "example"),
        "12A34567",
        f"{NMC}.example",
        "does not pass",
        "one that does",
    ),
    Break(
        registers.examples_would_pass,
        REGISTERS,
        ("register", 4, "example"),
        "1234567890",
        f"{NPI}.example",
        "does not pass",
        "one that does",
    ),
    Break(
        registers.professions_are_words,
        REGISTERS,
        ("register", 0, "professions"),
        ["Nurse"],
        f"{NMC}.professions",
        "words",
        "small letters",
    ),
    Break(
        registers.look_ups_are_addresses,
        REGISTERS,
        ("register", 0, "look_up"),
        "http://example.org",
        f"{NMC}.look_up",
        "no address",
        "https",
    ),
]
