"""From a request's accounts to the facts of a decision: one query a page, every row proven before it counts."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import DEFAULT_ROOM, Author, Community, Conduct, Facts, Hcp, Room, Viewer
from governance.decision.vocabulary import AccountKey, Mark
from governance.effective.documents import (
    CommunityDocument,
    HcpDocument,
    PatientDocument,
    PlatformDocument,
    author_of,
    community_of,
    hcp_of,
    room_of,
)
from governance.effective.errors import BrokenRowError
from governance.effective.macs import account_mac, check, row_mac
from governance.effective.models import Found, InForce, find_accounts, find_rows

_PATIENT: Final = msgspec.json.Decoder(PatientDocument)
_HCP: Final = msgspec.json.Decoder(HcpDocument)
_COMMUNITY: Final = msgspec.json.Decoder(CommunityDocument)
_PLATFORM: Final = msgspec.json.Decoder(PlatformDocument)

_log = structlog.get_logger()


class People(NamedTuple):
    """The viewer and the authors of a page."""

    viewer: AccountKey
    authors: frozenset[AccountKey]


class InForceReader:
    """Reads what is in force on one platform, in one session."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Read for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform = str(platform_id)

    def facts(self, people: People, communities: Iterable[str], conduct: Conduct) -> Facts:
        """Return all facts a page of requests by one viewer touches. Raises `BrokenRowError`."""
        found = {row.key: row for row in find_accounts(self._session, {people.viewer, *people.authors})}
        return Facts(
            viewer=self._viewer(people.viewer, found.get(people.viewer)),
            authors=self._authors(people.authors, found),
            conduct=conduct,
            communities=self.communities(communities),
            strictest=self._strictest(),
        )

    def patients(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, PatientDocument]:
        """Return the patients' documents of some accounts; the empty one for whom we do not know."""
        wanted = list(keys)
        found = {row.key: row for row in find_accounts(self._session, set(wanted))}
        return {key: self._patient(found[key]) if key in found else PatientDocument(record=False) for key in wanted}

    def communities(self, ids: Iterable[str]) -> dict[str, Community]:
        """Return the communities that are registered among these ids of the platform."""
        by_subject = {f"{self._platform}/{community}": community for community in ids}
        rows = find_rows(self._session, "community", by_subject) if by_subject else []
        return {by_subject[row.subject]: community_of(_COMMUNITY.decode(self._proven(row))) for row in rows}

    def _authors(self, keys: Iterable[AccountKey], found: Mapping[str, Found]) -> dict[AccountKey, Author]:
        authors = {}
        for key in keys:
            try:
                authors[key] = self._author(key, found.get(key))
            except BrokenRowError:
                # Left out, an author refuses; the others of the page are not punished for one broken row.
                _log.critical("broken_row", kind="patient")
        return authors

    def _viewer(self, key: AccountKey, row: Found | None) -> Viewer:
        if row is None:
            return Viewer(key)
        self._check_account(row)
        marks = frozenset(Mark(mark) for mark in row.marks.split())
        return Viewer(key, marks, self._hcp(row) or Hcp())

    def _author(self, key: AccountKey, row: Found | None) -> Author:
        if row is None:
            return Author(key)
        return author_of(key, self._patient(row), self._hcp(row))

    def _patient(self, row: Found) -> PatientDocument:
        self._check_account(row)
        if row.patient is None:
            return PatientDocument(record=False)
        document = self._bytes("patient", row.patient, row.patient_version, row.patient_document, row.patient_mac)
        return _PATIENT.decode(document)

    def _hcp(self, row: Found) -> Hcp | None:
        if row.hcp is None:
            return None
        return hcp_of(_HCP.decode(self._bytes("hcp", row.hcp, row.hcp_version, row.hcp_document, row.hcp_mac)))

    def _strictest(self) -> Room:
        rows = find_rows(self._session, "platform", [self._platform])
        return room_of(_PLATFORM.decode(self._proven(rows[0]))) if rows else DEFAULT_ROOM

    def _proven(self, row: InForce) -> bytes:
        return self._bytes(row.kind, row.subject, row.version, row.document, row.mac)

    def _bytes(self, kind: str, subject: str, version: int | None, document: bytes | None, mac: bytes | None) -> bytes:
        if version is None or document is None:
            raise BrokenRowError("a row in force is missing; restore it from a backup")
        check(row_mac(self._keyring, kind, subject, version, document), mac)
        return document

    def _check_account(self, row: Found) -> None:
        check(account_mac(self._keyring, row.key, row.patient, row.hcp, row.marks), row.mac)
