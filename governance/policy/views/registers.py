"""The registers of professionals as the professional's pages and the verifier's desk need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase, digits
from typing import Final

from governance.policy.records import PolicyRecord, Table

SIGNS: Final[Mapping[str, str]] = {"9": digits, "A": ascii_uppercase}
"""What each sign of a shape stands for."""
_BASE: Final = 10


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """A check digit by Luhn, over the number behind a prefix; where it may be wrong, it warns and no more."""

    prefix: str
    refuses: bool

    def holds(self, number: str) -> bool:
        """Say whether the last digit fits the others."""
        total = 0
        for place, sign in enumerate(reversed(self.prefix + number)):
            doubled = int(sign) * 2 if place % 2 else int(sign)
            total += doubled - 9 if doubled >= _BASE else doubled
        return total % _BASE == 0


@dataclass(frozen=True, slots=True)
class HcpRegister:
    """One register: how its numbers are written, who is on it, where a person looks.

    `licence`: whether an entry means that somebody may practise.
    """

    code: str
    country: str
    name: str
    number_name: str
    shapes: tuple[str, ...]
    starts: tuple[str, ...]
    drops: tuple[str, ...]
    example: str
    professions: tuple[str, ...]
    look_up: str
    licence: bool
    check_digit: CheckDigit | None

    def fits(self, number: str) -> bool:
        """Say whether a number has one of the forms; nothing about its check digit."""
        has_shape = any(_has_shape(number, shape) for shape in self.shapes)
        return has_shape and (not self.starts or number.startswith(self.starts))


def register_of(entry: Table) -> HcpRegister:
    """Return a register out of its entry in the record."""
    digit = entry.get("check_digit")
    return HcpRegister(
        code=entry["code"],
        country=entry["country"],
        name=entry["name"],
        number_name=entry["number_name"],
        shapes=tuple(entry["shapes"]),
        starts=tuple(entry.get("starts", ())),
        drops=tuple(entry.get("drops", ())),
        example=entry["example"],
        professions=tuple(entry["professions"]),
        look_up=entry["look_up"],
        licence=entry["licence"],
        check_digit=None if digit is None else CheckDigit(digit["prefix"], digit["fails"] == "refuse"),
    )


@dataclass(frozen=True)
class RegistersPolicy:
    """The registers in force."""

    record: PolicyRecord

    @cached_property
    def registers(self) -> Mapping[str, HcpRegister]:
        """Return the registers by code, in the order of the record."""
        return {entry["code"]: register_of(entry) for entry in self.record.tables["register"]}

    @cached_property
    def professions(self) -> frozenset[str]:
        """Return every profession that a register lists."""
        return frozenset(word for register in self.registers.values() for word in register.professions)


def _has_shape(number: str, shape: str) -> bool:
    return len(number) == len(shape) and all(sign in SIGNS[wanted] for sign, wanted in zip(number, shape, strict=True))
