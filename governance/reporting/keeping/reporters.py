"""The reporter's way back by the receipt code. A wrong code costs as much as a right one, and names nobody."""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto import envelope
from governance.crypto.data_keys import owner_of, unwrap, wrap
from governance.crypto.keys import Keyring
from governance.crypto.models import WrappedKey
from governance.crypto.sealing import SealingKey, seal
from governance.reporting.keeping import codes, seals
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import TEXT, Report, ReportSeal
from governance.reporting.keeping.seals import For
from governance.reporting.keeping.service import CODE_KEY_ID, REPORTER

_NOBODY = UUID(int=0)


class ReporterAccess(NamedTuple):
    """What a receipt code opens: one report, with its messages."""

    report_id: UUID
    key: ReportKey


class _Found(NamedTuple):
    """What has to be opened, of a report or of the decoy."""

    report_id: UUID
    signs: str
    private: bytes
    seal: bytes


def by_code(session: Session, keyring: Keyring, typed: str) -> ReporterAccess | None:
    """Return what a code opens, none if it opens nothing; both take the same queries and the same cryptography."""
    signs = codes.read_code(typed)
    asked = signs or codes.DECOY
    row = Report.of_code(session, codes.digest_of(keyring, asked))
    known = row.id if row is not None and signs is not None else _NOBODY
    sealed = session.get(ReportSeal, (known, TEXT, For.REPORTER.value, ""))
    ours = session.get(WrappedKey, owner_of("report", known))
    if row is None or known == _NOBODY or sealed is None or ours is None or ours.wrapped is None:
        _open(session, keyring, _decoy(keyring))
        return None
    return _open(session, keyring, _Found(known, asked, row.reporter_private, sealed.sealed_key))


def is_mistyped(typed: str) -> bool:
    """Say whether a code has a mistake in it, which its last sign tells; nothing is looked up."""
    return codes.read_code(typed) is None


def _open(session: Session, keyring: Keyring, found: _Found) -> ReporterAccess:
    opening = codes.opening_key(keyring, found.signs)
    private = envelope.unseal(opening, found.private, *REPORTER, str(found.report_id), key_id=CODE_KEY_ID)
    inner = seals.opened((found.report_id, TEXT, For.REPORTER, ""), private, found.seal)
    if found.report_id == _NOBODY:
        ours = unwrap(keyring.newest, owner_of("report", _NOBODY), _decoys_own(keyring))
        return ReporterAccess(_NOBODY, ReportKey.of(_NOBODY, inner, ours))
    return ReporterAccess(found.report_id, ReportKey.opened(session, keyring, found.report_id, inner))


@lru_cache(maxsize=4)
def _decoys_own(keyring: Keyring) -> bytes:
    return wrap(keyring.newest, owner_of("report", _NOBODY), b"\0" * 32)


@lru_cache(maxsize=4)
def _decoy(keyring: Keyring) -> _Found:
    """Return a report of nobody, made once a process: opening it is the work that a wrong code costs."""
    pair, place = SealingKey.new(), (_NOBODY, TEXT, For.REPORTER, "")
    opening = codes.opening_key(keyring, codes.DECOY)
    private = envelope.seal(opening, pair.private, *REPORTER, str(_NOBODY), key_id=CODE_KEY_ID)
    return _Found(_NOBODY, codes.DECOY, private, seal(pair.public, b"\0" * 32, seals.info_of(place)))
