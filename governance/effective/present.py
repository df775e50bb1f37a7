"""The tables as they are: one query a page, on the path of every decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Mark
from governance.effective.documents import (
    CommunityDocument,
    HcpDocument,
    Kind,
    PatientDocument,
    PlatformDocument,
    decode,
)
from governance.effective.errors import BrokenRowError
from governance.effective.facts import FactsReader, marks_of
from governance.effective.macs import Binding, account_mac, check, row_mac
from governance.effective.models import Found, InForce, find_accounts, find_revision, find_rows


def in_force(session: Session, keyring: Keyring, platform_id: UUID) -> FactsReader:
    """Return the reader of what is in force on a platform."""
    return FactsReader(Present(session, keyring, platform_id))


class Present:
    """What is in force on one platform, in one session."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Read for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id
        self._platform = str(platform_id)

    def accounts(self, keys: Iterable[AccountKey]) -> "dict[AccountKey, PresentAccount]":
        """Return what is known of accounts; unknown ones are left out."""
        rows = find_accounts(self._session, keys)
        return {AccountKey(row.key): PresentAccount(row, self._keyring, self._platform) for row in rows}

    def communities(self, ids: Iterable[str]) -> dict[str, CommunityDocument]:
        """Return the registered ones of some communities of the platform. Raises `BrokenRowError`."""
        by_subject = {f"{self._platform}/{community}": community for community in ids}
        rows = find_rows(self._session, "community", by_subject) if by_subject else []
        return {by_subject[row.subject]: self._document("community", row) for row in rows}

    def platform(self) -> PlatformDocument | None:
        """Return what is in force about the platform. Raises `BrokenRowError`."""
        rows = find_rows(self._session, "platform", [self._platform])
        return self._document("platform", rows[0]) if rows else None

    def revision(self) -> int:
        """Return the platform's revision, which says at which state of the tables these answers stand."""
        return find_revision(self._session, self._platform_id)

    def _document(self, kind: Kind, row: InForce) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        check(row_mac(self._keyring, kind, row.subject, row.version, row.document), row.mac)
        return decode(kind, row.document)


@dataclass(frozen=True, slots=True)
class PresentAccount:
    """An account with the two rows it points to."""

    row: Found
    keyring: Keyring
    platform: str

    def marks(self) -> frozenset[Mark]:
        """Return why the account is governed, if it is."""
        self._check()
        return marks_of(self.row.marks)

    def patient(self) -> PatientDocument | None:
        """Return what is in force about the patient whose account it is."""
        row = self.row
        document: PatientDocument | None = self._document(
            "patient", row.patient, row.patient_version, row.patient_document, row.patient_mac
        )
        return document

    def hcp(self) -> HcpDocument | None:
        """Return what is in force about the professional whose account it is."""
        row = self.row
        document: HcpDocument | None = self._document("hcp", row.hcp, row.hcp_version, row.hcp_document, row.hcp_mac)
        return document

    def _check(self) -> None:
        row = self.row
        binding = Binding(self.platform, row.key, row.version, row.patient, row.hcp, row.marks)
        check(account_mac(self.keyring, binding), row.mac)

    def _document(
        self, kind: Kind, subject: str | None, version: int | None, document: bytes | None, mac: bytes | None
    ) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        self._check()
        if subject is None:
            return None
        if version is None or document is None:
            raise BrokenRowError("a row in force is missing; restore it from a backup")
        check(row_mac(self.keyring, kind, subject, version, document), mac)
        return decode(kind, document)
