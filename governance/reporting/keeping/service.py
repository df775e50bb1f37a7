"""Use cases of keeping: file, open, seal to others, revoke, erase. Nobody reads without a trace in the ledger."""

from typing import Final, NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.orm import Session

from governance.crypto import envelope
from governance.crypto.keys import Keyring
from governance.crypto.sealing import SealingKey
from governance.decision.vocabulary import Instant
from governance.reporting.custody.sealing import keep_identity
from governance.reporting.errors import NoSuchReportError
from governance.reporting.keeping import codes, seals
from governance.reporting.keeping.drafts import Body, Draft, Header
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import TEXT, Report, ReportSeal
from governance.reporting.keeping.seals import For
from governance.reporting.vaults.duty import DutyGroup, Reader
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work

BODY: Final = ("report", "sealed_body")
REPORTER: Final = ("report", "reporter_private")
CODE_KEY_ID: Final = "c1"


class Filed(NamedTuple):
    """A report that is stored now. `code` is shown once; `key` seals what came with it, in the same transaction."""

    report_id: UUID
    code: str
    key: ReportKey

    def __repr__(self) -> str:
        """Show no code."""
        return "Filed(...)"


class Opened(NamedTuple):
    """A report as a reader sees it; `key` opens its messages and whatever else belongs to it."""

    report_id: UUID
    header: Header
    filed: Instant
    """The day."""
    body: Body
    key: ReportKey


def file_report(work: Work, draft: Draft, group: DutyGroup) -> Filed:
    """Store a report, sealed to a duty group and to its reporter. Raises `CustodyClosedError`.

    The ledger's entry follows later, among others: one that stood beside a block of the same minute would link them.
    """
    report_id, code = uuid4(), codes.new_code()
    signs = codes.read_code(code) or codes.DECOY
    key, reporter = ReportKey.new(work.session, work.keyring, report_id), SealingKey.new()
    body = msgspec.structs.replace(draft.body, filed=int(work.now))
    row = Report(
        id=report_id,
        platform_id=draft.header.platform_id,
        kind=draft.header.kind,
        danger_now=draft.header.danger_now,
        minor=draft.header.minor,
        filed=work.today,
        code_digest=codes.digest_of(work.keyring, signs),
        reporter_public=reporter.public,
        reporter_private=_wrapped(work.keyring, signs, reporter, report_id),
        sealed_body=key.seal(msgspec.json.encode(body), *BODY, str(report_id)),
        entered=False,
    )
    work.keep(row, report_id)
    seals.give(work, (report_id, TEXT, For.REPORTER, ""), reporter.public, key.inner)
    for member in group.members:
        _give(work, key, member)
    if draft.identity is not None:
        keep_identity(work, report_id, draft.identity)
    return Filed(report_id, code, key)


def open_report(work: Work, report_id: UUID, vault: OpenVault) -> Opened:
    """Open a report for an officer it is sealed to, and write that down. Commit before anything of it is shown.

    Raises `NoSuchReportError`.
    """
    opened = opened_with(work.session, key_for(work.session, work.keyring, report_id, vault))
    work.note(report_id, "opened", vault.staff_id)
    return opened


def key_for(session: Session, keyring: Keyring, report_id: UUID, vault: OpenVault) -> ReportKey:
    """Return a report's key for an officer it is sealed to. Raises `NoSuchReportError`."""
    place = (report_id, TEXT, For.OFFICER, str(vault.staff_id))
    return ReportKey.opened(session, keyring, report_id, seals.take(session, place, vault.key.private))


def opened_with(session: Session, key: ReportKey) -> Opened:
    """Return a report that a key opens. Raises `NoSuchReportError`."""
    row = session.get(Report, key.report_id)
    if row is None:
        raise NoSuchReportError
    body = msgspec.json.decode(key.unseal(row.sealed_body, *BODY, str(row.id)), type=Body)
    return Opened(row.id, header_of(row), Instant(row.filed), body, key)


def header_of(row: Report) -> Header:
    """Return what the server reads of a report."""
    return Header(kind=row.kind, danger_now=row.danger_now, minor=row.minor, platform_id=row.platform_id)


def reseal(work: Work, report_id: UUID, vault: OpenVault, to: Reader) -> None:
    """Let another officer read a report too, as on assignment and hand-over. Raises `NoSuchReportError`."""
    _give(work, key_for(work.session, work.keyring, report_id, vault), to)
    work.note(report_id, "resealed", vault.staff_id, to.staff_id)


def revoke(work: Work, report_id: UUID, officer: UUID) -> None:
    """Take a report away from an officer, as when they say that they know the person. Nothing if they had it not.

    With it goes who made it, where that was released to them, and what they asked.
    """
    every = ReportSeal.of(work.session, report_id)
    for_others = {(one.opens, one.kind) for one in every if one.recipient != str(officer)}
    theirs = [one for one in every if one.recipient == str(officer)]
    # Of a custodian as well, unless nobody else could ever open it then.
    gone = [one for one in theirs if one.kind == For.OFFICER or (one.opens, one.kind) in for_others]
    for one in gone:
        seals.take_away(work, (report_id, one.opens, For(one.kind), one.recipient))
    if gone:
        work.note(report_id, "revoked", officer)


def readers(session: Session, report_id: UUID) -> frozenset[UUID]:
    """Return to which officers a report is sealed, those who left too."""
    found = ReportSeal.recipients(session, report_id, TEXT)
    return frozenset(UUID(row.recipient) for row in found if row.kind == For.OFFICER)


def _give(work: Work, key: ReportKey, to: Reader) -> None:
    place = (key.report_id, TEXT, For.OFFICER, str(to.staff_id))
    seals.give(work, place, to.public, key.inner)


def _wrapped(keyring: Keyring, signs: str, reporter: SealingKey, report_id: UUID) -> bytes:
    opening = codes.opening_key(keyring, signs)
    return envelope.seal(opening, reporter.private, *REPORTER, str(report_id), key_id=CODE_KEY_ID)
