"""Use cases of conduct: a verifier registers a professional; anybody's account may be marked as governed."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import AlreadyRegisteredError
from governance.conduct.models import Attestation, HcpAccount, HcpRecord
from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Assurance, Instant, Mark, Status
from governance.effective.roster import seal_badge
from governance.effective.service import Register
from governance.errors import BadInputError

_ROOM = "conduct"
_PROFESSION: Final = re.compile(r"[a-z][a-z_-]{0,63}")
"""Compared as it is with what patients choose: two spellings would be two professions."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a verifier found about a professional and writes down."""

    name: str
    profession: str
    assurance: Assurance
    status: Status
    checked_until: Instant


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which version of the rules was accepted, and until when that counts."""

    version: str
    until: Instant


@dataclass(frozen=True, slots=True)
class ForumAccount:
    """An account on a platform, by our id of it and by its key."""

    id: UUID
    platform_id: UUID
    key: AccountKey


def register_hcp(  # noqa: PLR0913 - one registration, with what it stands on
    session: Session,
    keyring: Keyring,
    account: ForumAccount,
    found: Registration,
    accepted: Acceptance | None,
    *,
    now: Instant,
) -> UUID:
    """Tie an account to a new professional's record; from now on the account is governed.

    Raises `AlreadyRegisteredError`, `BadInputError`.
    """
    if not _PROFESSION.fullmatch(found.profession):
        raise BadInputError("a profession is one word in small letters, such as `nurse`")
    if not found.name.strip():
        raise BadInputError("a professional needs a name for the badge")
    if HcpAccount.hcp_of(session, account.id) is not None:
        raise AlreadyRegisteredError("this account is registered as a professional's already")
    record = _add_record(session, keyring, found, now)
    session.add(HcpAccount(account_id=account.id, hcp_id=record.id, tied=now))
    attested = None
    if accepted is not None:
        attested = (int(now), int(accepted.until))
        session.add(Attestation(hcp_id=record.id, version=accepted.version, at=now, until=accepted.until))
    register = Register(session, keyring, now)
    register.put("hcp", str(record.id), _ROOM, _fragment(record, account, attested, now))
    register.bind(account.platform_id, account.key, hcp=record.id)
    register.mark(account.platform_id, account.key, Mark.REGISTERED)
    return record.id


def declare(session: Session, keyring: Keyring, account: ForumAccount, now: Instant) -> None:
    """Mark an account that its platform calls a professional's: governed, and permitted nothing until registered."""
    Register(session, keyring, now).mark(account.platform_id, account.key, Mark.DECLARED)


def _add_record(session: Session, keyring: Keyring, found: Registration, now: Instant) -> HcpRecord:
    record = HcpRecord(
        created=now,
        profession=found.profession,
        assurance=int(found.assurance),
        status=found.status.value,
        checked_until=found.checked_until,
        sealed_name=b"",
    )
    session.add(record)
    # The name is sealed to the record's id, which the flush gives.
    session.flush()
    record.sealed_name = seal_badge(DataKeys(session, keyring), str(record.id), found.name)
    return record


def _fragment(
    record: HcpRecord, account: ForumAccount, attested: tuple[int, int] | None, now: Instant
) -> dict[str, object]:
    verified = record.assurance >= Assurance.A3
    claim: dict[str, object] = {"who": WhoKind.PROFESSION, "name": record.profession}
    if verified:
        claim["verified"] = (int(now), record.checked_until)
    said: dict[str, object] = {
        "accounts": [account.key],
        "status": record.status,
        "checked_until": record.checked_until,
        "assurance": record.assurance,
        "claims": [claim],
        "badge": record.sealed_name,
    }
    return said if attested is None else {**said, "attested": attested}
