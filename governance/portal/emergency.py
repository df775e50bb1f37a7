"""Whom to call, as every page shows it: the lines of the reporting policy, by country and in short."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from governance.policy.records import MAIN_LANGUAGE, Words
from governance.policy.views.reporting import EmergencyLine, ReportingPolicy

_EU: Final = "EU"


@dataclass(frozen=True, slots=True)
class Call:
    """One number for danger, and where it works."""

    number: str
    where: str

    @property
    def dial(self) -> str:
        """Return the number as a telephone dials it."""
        return dialled(self.number)


@dataclass(frozen=True, slots=True)
class Country:
    """The lines of one country: danger first, then medical, then people to talk to."""

    name: str
    lines: tuple[EmergencyLine, ...]


@dataclass(frozen=True, slots=True)
class Emergency:
    """What pages show about danger."""

    words: Words
    kinds: Mapping[str, Words]
    unknown_country: Words
    danger: tuple[Call, ...]
    countries: tuple[Country, ...]

    @classmethod
    def of(cls, policy: ReportingPolicy, language: str = MAIN_LANGUAGE) -> Self:
        """Read the lines of the policy in force, countries in the order of the record."""
        record = policy.emergency
        codes = list(dict.fromkeys(entry["country"] for entry in record.tables["lines"]))
        return cls(
            words=record.words("emergency", language),
            kinds={kind: record.words(f"kind.{kind}", language) for kind in record.tables["kinds"]["order"]},
            unknown_country=record.words("unknown_country", language),
            danger=_danger(policy, codes, language),
            countries=tuple(
                Country(policy.country_name(code, language), policy.emergency_lines(code, language=language))
                for code in codes
            ),
        )


def dialled(number: str) -> str:
    """Return the digits of a number, as `tel:` and `sms:` links want them."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _danger(policy: ReportingPolicy, codes: list[str], language: str) -> tuple[Call, ...]:
    """Return each number once; members of the EU whose number is the EU's are not named one by one."""
    members = set(policy.emergency.tables["eu"]["members"])
    numbers = {code: [line.number for line in policy.emergency_lines(code) if line.kind == "danger"] for code in codes}
    where: dict[str, list[str]] = {}
    for code in codes:
        for number in numbers[code]:
            if code not in members or number not in numbers.get(_EU, []):
                where.setdefault(number, []).append(policy.country_name(code, language))
    return tuple(Call(number, ", ".join(names)) for number, names in where.items())
