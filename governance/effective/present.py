"""The tables as they are: one query a page, on the path of every decision."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import Author, Viewer
from governance.decision.vocabulary import AccountKey, Mark
from governance.effective.documents import HcpDocument, Kind, PatientDocument, decode
from governance.effective.errors import BrokenRowError
from governance.effective.facts import FactsReader, Places, SeenAccount, marks_of, places_of
from governance.effective.forums import on_platform
from governance.effective.macs import Binding, account_mac, check, row_mac
from governance.effective.models import Found, Place, find_accounts, find_places, find_revision

_KEPT: Final = 4_096
"""People whose facts a process keeps made; some 5 KiB each."""


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

    def places(self, communities: Iterable[str]) -> Places:
        """Return what is in force about the platform and some of its communities. Raises `BrokenRowError`."""
        names = {f"{self._platform}/{community}": community for community in communities}
        rows = find_places(self._session, self._platform, names)
        documents = {row.subject: self._document(row) for row in rows}
        platform = documents.pop(self._platform, None)
        return places_of({names[subject]: document for subject, document in documents.items()}, platform)

    def revision(self) -> int:
        """Return the platform's revision, which says at which state of the tables these answers stand."""
        return find_revision(self._session, self._platform_id)

    def _document(self, row: Place) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        check(row_mac(self._keyring, row.kind, row.subject, row.version, row.document), row.mac)
        return decode(row.kind, row.document)


class PresentAccount(SeenAccount):
    """An account with the two rows it points to."""

    __slots__ = ("_author", "_checked", "_keyring", "_platform", "_row", "_viewer")

    def __init__(self, row: Found, keyring: Keyring, platform: str) -> None:
        """Take an account as it was read on a platform."""
        self._row = row
        self._keyring = keyring
        self._platform = platform
        self._checked = False
        self._author: Author | None = None
        self._viewer: Viewer | None = None

    @property
    def key(self) -> AccountKey:
        """The account's key."""
        return AccountKey(self._row.key)

    @property
    def person(self) -> str | None:
        """The patient whose account it is."""
        return self._row.patient

    @property
    def professional(self) -> str | None:
        """The professional whose account it is."""
        return self._row.hcp

    def marks(self) -> frozenset[Mark]:
        """Return why the account is governed, if it is."""
        self._check()
        return marks_of(self._row.marks)

    def patient(self) -> PatientDocument | None:
        """Return what is in force about the patient whose account it is."""
        row = self._row
        document: PatientDocument | None = self._document(
            "patient", row.patient, row.patient_version, row.patient_document, row.patient_mac
        )
        return None if document is None else on_platform(document, self._platform)

    def hcp(self) -> HcpDocument | None:
        """Return what is in force about the professional whose account it is."""
        row = self._row
        document: HcpDocument | None = self._document("hcp", row.hcp, row.hcp_version, row.hcp_document, row.hcp_mac)
        return document

    def viewer(self) -> Viewer:
        """Return the facts of whoever looks with this account."""
        if self._viewer is None:
            self._viewer = _viewer(self._row, self._keyring, self._platform)
        return self._viewer

    def author(self) -> Author:
        """Return the facts of whoever writes with this account."""
        if self._author is None:
            self._author = _author(self._row, self._keyring, self._platform)
        return self._author

    def _check(self) -> None:
        if self._checked:
            return
        row = self._row
        binding = Binding(self._platform, row.key, row.version, row.patient, row.hcp, row.marks)
        check(account_mac(self._keyring, binding), row.mac)
        self._checked = True

    def _document(
        self, kind: Kind, subject: str | None, version: int | None, document: bytes | None, mac: bytes | None
    ) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        self._check()
        if subject is None:
            return None
        if version is None or document is None:
            raise BrokenRowError("a row in force is missing; restore it from a backup")
        check(row_mac(self._keyring, kind, subject, version, document), mac)
        return decode(kind, document)


# INVARIANT: what is kept is found by everything that was read now, codes included, and by the keys that prove it.
# A row that changed in any byte is not found and is proven anew, so nothing kept here can be stale or another's.


@lru_cache(maxsize=_KEPT)
def _author(row: Found, keyring: Keyring, platform: str) -> Author:
    return SeenAccount.author(PresentAccount(row, keyring, platform))


@lru_cache(maxsize=_KEPT)
def _viewer(row: Found, keyring: Keyring, platform: str) -> Viewer:
    return SeenAccount.viewer(PresentAccount(row, keyring, platform))
