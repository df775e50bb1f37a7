"""Asking a register's program about those who hold a number of it, and applying what it answered."""

from collections.abc import Mapping
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from governance.conduct.feeds.applying import Feed
from governance.conduct.feeds.entries import Answer, LookUp
from governance.conduct.feeds.npi import NpiRegistry
from governance.conduct.models import HcpRecord, HeldRegistration, SaidRegistration
from governance.conduct.service import opened
from governance.config.errors import SettingsError
from governance.crypto.data_keys import KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.policy.views.registers import HcpRegister

_log = structlog.get_logger()


class Source(NamedTuple):
    """A register, and what asks its program."""

    register: HcpRegister
    adapter: LookUp


class Heard(NamedTuple):
    """What was answered about one number, and as of when."""

    digest: str
    as_of: Instant
    answer: Answer


def source_of(register: HcpRegister, address: str = "") -> Source:
    """Return a register's program, at its own address unless another is given. Raises `SettingsError`.

    There is one form so far.
    """
    if register.api is None:
        raise SettingsError(f"the register {register.code} has no program that answers; drop a file, or look by hand")
    return Source(register, NpiRegistry(address or register.api.address))


def sources_of(registers: Mapping[str, HcpRegister], wanted: Mapping[str, str]) -> list[Source]:
    """Return the programs of some registers, by code and address. Raises `SettingsError`."""
    for code in wanted:
        if code not in registers:
            raise SettingsError(f"there is no register {code}; known are {', '.join(sorted(registers))}")
    return [source_of(registers[code], address) for code, address in wanted.items()]


def to_ask(session: Session, keyring: Keyring, code: str, heard_before: Instant | None = None) -> list[tuple[str, str]]:
    """Return the digest and the number of everybody who holds one, and was not heard of since then."""
    held = HeldRegistration.live_on(session, code)
    found = []
    for row in held if heard_before is None else [row for row in held if row.seen <= heard_before]:
        try:
            words = opened(session, keyring, session.get_one(SaidRegistration, row.said_id))
        except (EnvelopeError, KeyGoneError):
            # One row that does not open must not keep all others from being asked about; its look grows old.
            _log.critical("broken_row", kind="registration")
            continue
        found.append((row.number_digest, words.number))
    return found


def take_answer(  # noqa: PLR0913 - what was heard, of which register, for how long
    session: Session, keyring: Keyring, register: HcpRegister, heard: Heard, *, days: int, now: Instant
) -> str:
    """Apply one answer, in the caller's transaction; return what it came to."""
    row = session.get_one(HeldRegistration, heard.digest)
    HcpRecord.locked(session, row.hcp_id)
    # While the register was asked a verifier may have looked, or ended it.
    session.refresh(row)
    if row.ended is not None:
        return "older"
    return Feed(session, keyring, register, days=days, now=now).answered(row, heard.answer, heard.as_of)
