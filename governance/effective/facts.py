"""From a request's accounts to the facts of a decision: one query a page, every row proven before it counts."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import DEFAULT_ROOM, Author, Community, Conduct, Facts, Hcp, Room, Viewer
from governance.decision.vocabulary import AccountKey, Mark
from governance.effective.documents import (
    Kind,
    PatientDocument,
    author_of,
    community_of,
    decode,
    hcp_of,
    room_of,
)
from governance.effective.errors import BrokenRowError
from governance.effective.macs import Binding, account_mac, check, row_mac
from governance.effective.models import Found, InForce, find_accounts, find_rows

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
        """Return the patients' documents of some accounts; the empty one, which is closed, for whom we do not know."""
        wanted = set(keys)
        documents = dict.fromkeys(wanted, PatientDocument(record=False))
        for row in find_accounts(self._session, wanted):
            try:
                documents[AccountKey(row.key)] = self._patient(row)
            except BrokenRowError:
                _log.critical("broken_row", kind="patient")
        return documents

    def communities(self, ids: Iterable[str]) -> dict[str, Community]:
        """Return the communities that are registered among these ids of the platform."""
        by_subject = {f"{self._platform}/{community}": community for community in ids}
        rows = find_rows(self._session, "community", by_subject) if by_subject else []
        return {by_subject[row.subject]: community_of(self._proven("community", row)) for row in rows}

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
        return Viewer(key, _marks(row.marks), self._hcp(row) or Hcp())

    def _author(self, key: AccountKey, row: Found | None) -> Author:
        if row is None:
            return Author(key)
        return author_of(key, self._patient(row), self._hcp(row))

    def _patient(self, row: Found) -> PatientDocument:
        self._check_account(row)
        if row.patient is None:
            return PatientDocument(record=False)
        found: PatientDocument = self._document(
            "patient", row.patient, row.patient_version, row.patient_document, row.patient_mac
        )
        return found

    def _hcp(self, row: Found) -> Hcp | None:
        if row.hcp is None:
            return None
        return hcp_of(self._document("hcp", row.hcp, row.hcp_version, row.hcp_document, row.hcp_mac))

    def _strictest(self) -> Room:
        rows = find_rows(self._session, "platform", [self._platform])
        return room_of(self._proven("platform", rows[0])) if rows else DEFAULT_ROOM

    def _proven(self, kind: Kind, row: InForce) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        return self._document(kind, row.subject, row.version, row.document, row.mac)

    def _document(
        self, kind: Kind, subject: str, version: int | None, document: bytes | None, mac: bytes | None
    ) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        if version is None or document is None:
            raise BrokenRowError("a row in force is missing; restore it from a backup")
        check(row_mac(self._keyring, kind, subject, version, document), mac)
        return decode(kind, document)

    def _check_account(self, row: Found) -> None:
        binding = Binding(self._platform, row.key, row.patient, row.hcp, row.marks)
        check(account_mac(self._keyring, binding), row.mac)


def _marks(text: str) -> frozenset[Mark]:
    try:
        return frozenset(Mark(mark) for mark in text.split())
    except ValueError as error:
        raise BrokenRowError("an account has an unknown mark; run the program that wrote it") from error
