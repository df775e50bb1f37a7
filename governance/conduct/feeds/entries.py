"""What any register's file or program comes to, whatever its form: the small interface of all adapters."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from governance.decision.vocabulary import Instant, Status
from governance.policy.views.registers import HcpRegister


@dataclass(frozen=True, slots=True)
class Entry:
    """What a register says of one number."""

    number: str
    names: frozenset[str]
    """Every form in which it writes the name, folded by `plain`; empty if the number is not a person's."""
    status: Status
    renews: date | None = None
    """The last day, unless it is renewed."""

    def is_of(self, name: str) -> bool:
        """Say whether this is the entry of somebody of that name."""
        return plain(name) in self.names


class NotThere(NamedTuple):
    """The register knows no such number, or does not any more: the two look alike."""


class NoAnswer(NamedTuple):
    """Nothing that can be believed came back; `why` is for operators and names nobody."""

    why: str


Answer = Entry | NotThere | NoAnswer


class Delivery(NamedTuple):
    """A register's file, whole and checked."""

    register: HcpRegister
    as_of: Instant
    entries: tuple[Entry, ...]
    sha256: str


class LookUp(Protocol):
    """A register that answers one number at a time."""

    def ask(self, number: str) -> Answer:
        """Return what the register says; never raises, and waits no longer than seconds."""


def plain(name: str) -> str:
    """Return a name as it is compared: capitals, spaces, hyphens and points are no part of it."""
    return " ".join(name.casefold().replace("-", " ").replace(".", " ").split())
