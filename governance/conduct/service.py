"""Use cases of a professional: register, accept the rules. A verifier's are in `verifying`."""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import AlreadyRegisteredError, NotRegisteredError
from governance.conduct.models import Attestation, HcpAccount, HcpRecord, SaidRegistration
from governance.conduct.moved import tie
from governance.conduct.numbers import RegisterNumber
from governance.conduct.standing import ROOM, claims_with, keep, note, number_digest, said, say, verified_span
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.provisions import NEVER, WhoKind
from governance.decision.vocabulary import BEGINNING, AccountKey, Assurance, Instant, Mark, Status
from governance.effective.models import GovernedAccount
from governance.effective.roster import seal_badge
from governance.effective.service import Register
from governance.errors import BadInputError

_PROFESSION: Final = re.compile(r"[a-z][a-z_-]{0,63}")
"""Compared as it is with what patients choose: two spellings would be two professions."""
_LONGEST_NAME: Final = 200
_IN_NAMES: Final = "\u00a0\u200c\u200d\u202f"
"""Not printed, yet part of names: spaces that hold words together, and what joins or parts letters in some scripts."""
_NUMBER: Final = ("registration", "sealed_number")
_NAME: Final = ("registration", "sealed_name")


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
    """Which version of the rules was accepted, and until when that counts; `text_sha256` names the words read."""

    version: str
    until: Instant
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ForumAccount:
    """An account on a platform, by our id of it and by its key."""

    id: UUID
    platform_id: UUID
    key: AccountKey


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a professional says of their registration, in words that nobody has checked."""

    register: str
    number: str
    profession: str
    name: str
    language: str = ""
    """Of the pages on which they say so."""


def apply(session: Session, keyring: Keyring, account: ForumAccount, words: OwnWords, now: Instant) -> UUID:
    """Take down what a professional says; from now on the account is governed, and permitted nothing by it.

    Said again, it replaces what waits; what was found before holds until somebody looks. That a number is somebody
    else's already is told to verifiers alone: the answer would say who is a professional here, and who a patient.
    Raises `BadInputError`.
    """
    _check(words.profession, words.name)
    hcp_id = HcpAccount.hcp_of(session, account.id)
    record = None if hcp_id is None else HcpRecord.locked(session, hcp_id)
    if record is None:
        nothing = Registration("", words.profession, Assurance.A0, Status.UNKNOWN, BEGINNING)
        record = _begin(session, keyring, account, nothing, now)
    record.waiting_since, record.ended = now, None
    keep(session, keyring, record)
    claims = _claims(session, keyring, record.id, words.profession, now)
    say(session, keyring, record.id, now, claims=claims)
    take_down(session, keyring, record.id, words, now)
    note(session, keyring, record.id, now, {"act": "apply", "register": words.register})
    return record.id


def apply_unregistered(session: Session, keyring: Keyring, account: ForumAccount, role: str, now: Instant) -> UUID:
    """Take down that somebody does a work that is on no register: governed from now on, by what they say, for nothing.

    They never carry the badge: only who was found on a register does. Raises `BadInputError`.
    """
    _check(role, role)
    hcp_id = HcpAccount.hcp_of(session, account.id)
    record = None if hcp_id is None else HcpRecord.locked(session, hcp_id)
    if record is None:
        record = _begin(session, keyring, account, Registration("", role, Assurance.A0, Status.UNKNOWN, BEGINNING), now)
    say(session, keyring, record.id, now, claims=_claims(session, keyring, record.id, role, now))
    note(session, keyring, record.id, now, {"act": "apply_unregistered", "role": role})
    return record.id


def register_hcp(  # noqa: PLR0913 - one registration, with what it stands on
    session: Session,
    keyring: Keyring,
    account: ForumAccount,
    found: Registration,
    accepted: Acceptance | None,
    *,
    now: Instant,
) -> UUID:
    """Tie an account to a new professional whom a verifier checked by hand; from now on it is governed.

    Raises `AlreadyRegisteredError`, `BadInputError`.
    """
    _check(found.profession, found.name)
    if HcpAccount.hcp_of(session, account.id) is not None:
        raise AlreadyRegisteredError("this account is registered as a professional's already")
    record = _begin(session, keyring, account, found, now)
    if accepted is not None:
        accept(session, keyring, record.id, accepted, now)
    note(session, keyring, record.id, now, {"act": "enter", "by": "operator", "assurance": int(found.assurance)})
    return record.id


def accept(session: Session, keyring: Keyring, hcp_id: UUID, accepted: Acceptance, now: Instant) -> None:
    """Write down that a professional accepted the rules; from now on and until it lapses that counts."""
    given = Attestation(
        hcp_id=hcp_id,
        version=accepted.version,
        at=now,
        until=accepted.until,
        text_sha256=accepted.text_sha256,
    )
    keep(session, keyring, given)
    say(session, keyring, hcp_id, now, attested=(int(now), int(accepted.until)))
    note(session, keyring, hcp_id, now, {"act": "accept", "rules": accepted.version})


def declare(session: Session, keyring: Keyring, account: ForumAccount, now: Instant) -> None:
    """Mark an account that its platform calls a professional's: governed, and permitted nothing until registered."""
    Register(session, keyring, now).mark(account.platform_id, account.key, Mark.DECLARED)


def take_back_declaration(session: Session, keyring: Keyring, account: ForumAccount, now: Instant) -> None:
    """Take back what a platform declared by mistake; who is registered, or was, stays governed."""
    Register(session, keyring, now).clear_declared(account.platform_id, account.key)


def hcp_of(session: Session, account_id: UUID) -> UUID:
    """Return the professional whose account this is. Raises `NotRegisteredError`."""
    hcp_id = HcpAccount.hcp_of(session, account_id)
    if hcp_id is None:
        raise NotRegisteredError("this account is not registered as a professional's; register first")
    return hcp_id


def own_words(session: Session, keyring: Keyring, hcp_id: UUID) -> OwnWords | None:
    """Return what a professional said last, opened; none if a verifier entered them."""
    row = SaidRegistration.latest(session, hcp_id)
    return None if row is None else opened(session, keyring, row)


def opened(session: Session, keyring: Keyring, row: SaidRegistration) -> OwnWords:
    """Return the words of a registration, unsealed."""
    key = DataKeys(session, keyring).known(owner_of("hcp", row.hcp_id))
    number, name = (
        key.unseal(row.sealed_number, *_NUMBER, str(row.id)),
        key.unseal(row.sealed_name, *_NAME, str(row.id)),
    )
    return OwnWords(row.register, number.decode(), row.profession, name.decode(), row.language or "")


def words_of(number: RegisterNumber, profession: str, name: str, language: str = "") -> OwnWords:
    """Return what a professional says, with a number that was read."""
    return OwnWords(number.register, number.number, profession, " ".join(name.split()), language)


def is_name(text: str) -> bool:
    """Say whether a text can stand on a badge as a name.

    THREAT: a sign that turns the direction of letters around rewrites the words behind it, which say what was checked;
    others break the picture.
    """
    return 0 < len(text.strip()) <= _LONGEST_NAME and all(one.isprintable() or one in _IN_NAMES for one in text)


def _check(profession: str, name: str) -> None:
    if not _PROFESSION.fullmatch(profession):
        raise BadInputError("a profession is one word in small letters, such as `nurse`")
    if not is_name(name):
        raise BadInputError("a professional needs a name for the badge")


def _begin(session: Session, keyring: Keyring, account: ForumAccount, found: Registration, now: Instant) -> HcpRecord:
    """Make a record and tie the account to it; whatever the record says, the account is governed.

    Somebody whose record was lost by a restore keeps who they are: a new one would forget what was refused them since.
    """
    register = Register(session, keyring, now)
    record = HcpRecord(
        id=_bound_to(session, register, account) or new_id(),
        created=now,
        profession=found.profession,
        assurance=int(found.assurance),
        status=found.status.value,
        checked_until=found.checked_until,
        sealed_name=b"",
    )
    if found.name:
        record.sealed_name = seal_badge(DataKeys(session, keyring), str(record.id), found.name)
    keep(session, keyring, record)
    tie(session, keyring, account.id, record.id, now)
    before = register.said("hcp", str(record.id), ROOM)
    register.put("hcp", str(record.id), ROOM, _with_what_binds(before, _fragment(record, account, now)))
    register.bind(account.platform_id, account.key, hcp=record.id)
    register.mark(account.platform_id, account.key, Mark.REGISTERED)
    return record


def _bound_to(session: Session, register: Register, account: ForumAccount) -> UUID | None:
    """Return the professional that an account is bound to in force, though no row of ours says so."""
    bound = session.get(GovernedAccount, account.key)
    if bound is None or bound.hcp is None:
        return None
    register.check_account(bound)
    found = UUID(bound.hcp)
    return None if session.get(HcpRecord, found) else found


def _with_what_binds(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what to say of somebody of whom something was said: refusals bind by all accounts and claims ever told."""
    told = {(claim["who"], claim["name"]) for claim in after["claims"]}
    claims = [
        {**claim, "verified": tuple(NEVER)}
        for claim in before.get("claims", [])
        if (claim["who"], claim["name"]) not in told
    ]
    accounts = sorted({*before.get("accounts", []), *after["accounts"]})
    return {**before, **after, "accounts": accounts, "claims": [*after["claims"], *claims]}


def _fragment(record: HcpRecord, account: ForumAccount, now: Instant) -> dict[str, Any]:
    until = Instant(record.checked_until)
    span = verified_span(Assurance(record.assurance), Status(record.status), now, until)
    return {
        "accounts": [account.key],
        "status": record.status,
        "checked_until": record.checked_until,
        "assurance": record.assurance,
        "claims": claims_with([], {record.profession: span}),
        "badge": record.sealed_name,
    }


def _claims(session: Session, keyring: Keyring, hcp_id: UUID, profession: str, now: Instant) -> list[dict[str, Any]]:
    """Return the claims with one more, which verifies nothing and takes no verification away."""
    before: list[dict[str, Any]] = said(session, keyring, hcp_id, now).get("claims", [])
    if any((claim["who"], claim["name"]) == (WhoKind.PROFESSION, profession) for claim in before):
        return before
    return [*before, *claims_with([], {profession: None})]


def take_down(session: Session, keyring: Keyring, hcp_id: UUID, words: OwnWords, now: Instant) -> SaidRegistration:
    """Write down what a professional said, sealed under their key."""
    key, row = DataKeys(session, keyring).of(owner_of("hcp", hcp_id)), new_id()
    told = SaidRegistration(
        id=row,
        hcp_id=hcp_id,
        said=now,
        register=words.register,
        profession=words.profession,
        number_digest=number_digest(keyring, words.register, words.number),
        sealed_number=key.seal(words.number.encode(), *_NUMBER, str(row)),
        sealed_name=key.seal(words.name.encode(), *_NAME, str(row)),
        language=words.language or None,
    )
    keep(session, keyring, told)
    return told
