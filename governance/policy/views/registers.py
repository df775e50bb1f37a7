"""The registers of professionals as the professional's pages and the verifier's desk need them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from string import ascii_uppercase, digits
from typing import Final
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import Status
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
class NoProof:
    """Numbers that people have too and that are no registration; `says` tells which one is meant."""

    shapes: tuple[str, ...]
    starts: tuple[str, ...]
    says: str

    def fits(self, number: str) -> bool:
        """Say whether a number is one of these."""
        return _fits(number, self.shapes, self.starts)


@dataclass(frozen=True, slots=True)
class Api:
    """A program of a register that answers one number at a time; `form` is how it is asked and answers."""

    form: str
    address: str


@dataclass(frozen=True, slots=True)
class HcpRegister:
    """One register: how its numbers are written, who is on it, what an entry shows, where a person looks.

    `zone`: where a registration's last day ends.
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
    zone: str
    proves: frozenset[str]
    check_digit: CheckDigit | None
    no_proof: tuple[NoProof, ...] = ()
    api: Api | None = None
    status_words: Mapping[str, Status] = field(default_factory=dict)
    """How the register's own files call a status, in small letters."""

    @property
    def has_its_own_name_for_it(self) -> bool:
        """Say whether its numbers are called something that people have to be told, such as PIN."""
        return self.number_name != "registration number"

    @property
    def licence(self) -> bool:
        """Whether an entry means that somebody may practise."""
        return "licence" in self.proves

    @property
    def is_feed(self) -> bool:
        """Whether what the register itself sends is a whole look: how they stand, and that they may practise."""
        return self.proves >= {"name", "status", "licence"}

    def midnight_after(self, day: date) -> datetime:
        """Return when a registration ends whose last day this is."""
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(self.zone))

    def fits(self, number: str) -> bool:
        """Say whether a number has one of the forms; nothing about its check digit."""
        return _fits(number, self.shapes, self.starts)


def register_of(entry: Table) -> HcpRegister:
    """Return a register out of its entry in the record."""
    digit, api = entry.get("check_digit"), entry.get("api")
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
        zone=entry["zone"],
        proves=frozenset(entry["proves"]),
        check_digit=None if digit is None else CheckDigit(digit["prefix"], digit["fails"] == "refuse"),
        no_proof=tuple(
            NoProof(tuple(other["shapes"]), tuple(other.get("starts", ())), other["says"])
            for other in entry.get("no_proof", ())
        ),
        api=None if api is None else Api(api["form"], api["address"]),
        status_words={word: Status(status) for word, status in entry.get("status_words", {}).items()},
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
    def unregistered(self) -> tuple[str, ...]:
        """Return the kinds of people whose work is on no register."""
        return tuple(self.record.tables["unregistered"]["roles"])

    @cached_property
    def code_days(self) -> int:
        """Return for how many days a code that proves control may be typed."""
        return int(self.record.tables["proof"]["code_days"])

    @cached_property
    def list_days(self) -> int:
        """Return for how many days a list of employees says who works somewhere."""
        return int(self.record.tables["affiliation"]["list_days"])

    @cached_property
    def report_days(self) -> int:
        """Return for how many days a look still counts after somebody reported what is wrong with it."""
        return int(self.record.tables["alarm"]["report_days"])

    @cached_property
    def feed_warn_days(self) -> int:
        """Return how many days before a register's file is too old people are warned."""
        return int(self.record.tables["alarm"]["feed_warn_days"])

    @cached_property
    def professions(self) -> frozenset[str]:
        """Return every profession that a register lists."""
        return frozenset(word for register in self.registers.values() for word in register.professions)

    @cached_property
    def kinds_of_work(self) -> frozenset[str]:
        """Return every profession, and every work that is on no register: what a patient can say no to as a kind."""
        return self.professions | frozenset(self.unregistered)


def _fits(number: str, shapes: tuple[str, ...], starts: tuple[str, ...]) -> bool:
    return any(_has_shape(number, shape) for shape in shapes) and (not starts or number.startswith(starts))


def _has_shape(number: str, shape: str) -> bool:
    return len(number) == len(shape) and all(sign in SIGNS[wanted] for sign, wanted in zip(number, shape, strict=True))
