"""Use cases of custody: an officer asks why, a custodian who is somebody else releases or refuses, each step logged."""

from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.reporting.cases.handed import recused
from governance.reporting.custody.models import IdentityRequest
from governance.reporting.custody.sealing import has_identity, identity_with
from governance.reporting.errors import (
    AnsweredError,
    CustodyClosedError,
    NoSuchReportError,
    NoSuchRequestError,
    OwnRequestError,
)
from governance.reporting.keeping import seals
from governance.reporting.keeping.drafts import Identity
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import IDENTITY
from governance.reporting.keeping.seals import For
from governance.reporting.keeping.service import key_for, readers
from governance.reporting.vaults.duty import Reader, custodians
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.vaults.models import Vault
from governance.reporting.work import Work
from governance.sentences import Sentence

_REASON: Final = ("identity_request", "sealed_reason")
_ANSWER: Final = ("identity_request", "sealed_answer")
_LONGEST: Final = 4000


class State(StrEnum):
    """Where a request stands; the last two are for good."""

    ASKED = "asked"
    RELEASED = "released"
    REFUSED = "refused"


class Asked(NamedTuple):
    """A request, opened for the officer who asked or for a custodian."""

    request_id: UUID
    report_id: UUID
    asked_by: UUID
    asked: Instant
    state: State
    reason: str
    answer: str
    answered_by: UUID | None


class _Words(msgspec.Struct, frozen=True):
    text: str


def ask(work: Work, report_id: UUID, vault: OpenVault, reason: str) -> UUID:
    """Ask custodians who made a report; only who can read it can ask. Return the request's id.

    Raises `NoSuchReportError`, also where the report has no name, `AnsweredError`, `CustodyClosedError`,
    `BadInputError`.
    """
    key_for(work.session, work.keyring, report_id, vault)
    if not has_identity(work.session, report_id):
        raise NoSuchReportError
    if any(row.state == State.ASKED for row in IdentityRequest.of_report(work.session, report_id)):
        raise AnsweredError("somebody asked already; wait for the custodian's answer")
    found = [one for one in custodians(work.session) if one.staff_id not in recused(work.session, report_id)]
    if not found:
        raise CustodyClosedError("there is no custodian at present; ask your administrator for one")
    request_id, key = new_id(), ReportKey.new(work.session, work.keyring, report_id)
    row = IdentityRequest(
        id=request_id,
        report_id=report_id,
        asked_by=vault.staff_id,
        asked=work.now,
        state=State.ASKED.value,
        sealed_reason=_sealed(key, _REASON, request_id, reason),
    )
    work.keep(row, report_id)
    asker = Reader(vault.staff_id, vault.key.public, work.now)
    for kind, reader in ((For.OFFICER, asker), *((For.CUSTODIAN, one) for one in found)):
        place = (report_id, str(request_id), kind, str(reader.staff_id))
        seals.give(work, place, reader.public, key.inner)
    work.note(report_id, "identity_asked", vault.staff_id)
    return request_id


def release(work: Work, request_id: UUID, vault: OpenVault, words: str) -> None:
    """Let the officer who asked know who made the report. Raises what `_answered` does, `NoSuchReportError`."""
    row = _answered(work, request_id, vault, (State.RELEASED, words))
    asker = work.session.get(Vault, row.asked_by)
    if asker is None or row.asked_by not in readers(work.session, row.report_id):
        raise NoSuchRequestError("whoever asked does not work on this any more")
    inner = seals.take(work.session, (row.report_id, IDENTITY, For.CUSTODIAN, str(vault.staff_id)), vault.key.private)
    place = (row.report_id, IDENTITY, For.OFFICER, str(row.asked_by))
    seals.give(work, place, asker.public, inner)
    work.note(row.report_id, "identity_released", vault.staff_id, row.asked_by)


def refuse(work: Work, request_id: UUID, vault: OpenVault, words: str) -> None:
    """Keep the name closed, with a reason. Raises what `_answered` does."""
    row = _answered(work, request_id, vault, (State.REFUSED, words))
    work.note(row.report_id, "identity_refused", vault.staff_id, row.asked_by)


def identity(work: Work, report_id: UUID, vault: OpenVault) -> Identity:
    """Return who made a report, once it was released to this officer, and write that down. Commit before it is shown.

    Raises `NoSuchReportError`.
    """
    inner = seals.take(work.session, (report_id, IDENTITY, For.OFFICER, str(vault.staff_id)), vault.key.private)
    found = identity_with(work.session, ReportKey.opened(work.session, work.keyring, report_id, inner))
    work.note(report_id, "identity_read", vault.staff_id)
    return found


def waiting(session: Session, keyring: Keyring, vault: OpenVault) -> tuple[Asked, ...]:
    """Return the requests that a custodian can answer, the oldest first; those of their own are not among them."""
    rows = [row for row in IdentityRequest.in_state(session, State.ASKED) if row.asked_by != vault.staff_id]
    found = (_opened(session, keyring, row, For.CUSTODIAN, vault) for row in rows)
    return tuple(one for one in found if one is not None)


def requests_of(session: Session, keyring: Keyring, report_id: UUID, vault: OpenVault) -> tuple[Asked, ...]:
    """Return what an officer asked about a report, the oldest first."""
    rows = [row for row in IdentityRequest.of_report(session, report_id) if row.asked_by == vault.staff_id]
    found = (_opened(session, keyring, row, For.OFFICER, vault) for row in rows)
    return tuple(one for one in found if one is not None)


def _answered(work: Work, request_id: UUID, vault: OpenVault, answer: tuple[State, str]) -> IdentityRequest:
    """Write an answer down. Raises `NoSuchRequestError`, `OwnRequestError`, `AnsweredError`, `BadInputError`."""
    row = IdentityRequest.locked(work.session, request_id)
    if row is None:
        raise _no_such()
    if row.asked_by == vault.staff_id:
        raise OwnRequestError("another custodian answers what you asked yourself")
    if row.state != State.ASKED:
        raise AnsweredError("this request was answered already")
    key = _key(work.session, work.keyring, row, For.CUSTODIAN, vault)
    state, words = answer
    row.state, row.answered_by, row.answered = state.value, vault.staff_id, work.now
    row.sealed_answer = _sealed(key, _ANSWER, request_id, words)
    work.keep(row, row.report_id)
    return row


def _opened(session: Session, keyring: Keyring, row: IdentityRequest, kind: For, vault: OpenVault) -> Asked | None:
    try:
        key = _key(session, keyring, row, kind, vault)
    except NoSuchRequestError:
        return None
    answer = "" if row.sealed_answer is None else _read(key, _ANSWER, row.id, row.sealed_answer)
    reason = _read(key, _REASON, row.id, row.sealed_reason)
    asked, state = Instant(row.asked), State(row.state)
    return Asked(row.id, row.report_id, row.asked_by, asked, state, reason, answer, row.answered_by)


def _key(session: Session, keyring: Keyring, row: IdentityRequest, kind: For, vault: OpenVault) -> ReportKey:
    place = (row.report_id, str(row.id), kind, str(vault.staff_id))
    try:
        inner = seals.take(session, place, vault.key.private)
    except NoSuchReportError:
        raise _no_such() from None
    return ReportKey.opened(session, keyring, row.report_id, inner)


def _sealed(key: ReportKey, column: tuple[str, str], request_id: UUID, words: str) -> bytes:
    said = words.strip()
    if not 0 < len(said) <= _LONGEST:
        raise BadInputError(Sentence("write 1 to %(most)s letters", {"most": _LONGEST}))
    return key.seal(msgspec.json.encode(_Words(said)), *column, str(request_id))


def _read(key: ReportKey, column: tuple[str, str], request_id: UUID, sealed: bytes) -> str:
    return msgspec.json.decode(key.unseal(sealed, *column, str(request_id)), type=_Words).text


def _no_such() -> NoSuchRequestError:
    return NoSuchRequestError("there is no such request for you; go back to your list")
