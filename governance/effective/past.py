"""The tables as they were: the very facts that a platform's decisions were made on at one of its revisions.

A moment is a revision, not a time: a change that was being written while a decision was taken lies after it,
whatever the clocks said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant, Mark
from governance.effective.documents import HcpDocument, Kind, PatientDocument, compiled
from governance.effective.errors import BrokenRowError
from governance.effective.facts import FactsReader, Places, SeenAccount, marks_of, places_of
from governance.effective.forums import on_platform
from governance.effective.macs import account_mac, check, fragment_mac
from governance.effective.models import AccountVersion, Fragment, PlatformChange
from governance.effective.service import binding_of, said_of


def revision_at(session: Session, platform_id: UUID, instant: Instant) -> int:
    """Return the revision a platform had at a past instant, that instant's changes included."""
    newest = PlatformChange.newest(session, platform_id, upto=instant)
    return 0 if newest is None else newest.revision


def governed_since(
    session: Session, keyring: Keyring, platform_id: UUID, keys: Iterable[AccountKey]
) -> dict[AccountKey, Instant]:
    """Return since when accounts have been governed without a break; who is not governed now is left out.

    Raises `BrokenRowError`.
    """
    since: dict[AccountKey, Instant] = {}
    for account, at in AccountVersion.with_times(session, platform_id, keys):
        check(account_mac(keyring, binding_of(account)), account.mac)
        if account.marks:
            since.setdefault(AccountKey(account.key), Instant(at))
        else:
            since.pop(AccountKey(account.key), None)
    return since


def in_force_then(session: Session, keyring: Keyring, platform_id: UUID, revision: int) -> FactsReader:
    """Return the reader of what was in force on a platform at one of its revisions.

    Of a patient who was erased since, nothing is known any more but the tombstone: their words refuse.
    """
    return FactsReader(Past(session, keyring, platform_id, revision))


class Past:
    """What was in force on one platform at one of its revisions."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID, revision: int) -> None:
        """Read for this platform as of this revision."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id
        self._revision = revision

    def accounts(self, keys: Iterable[AccountKey]) -> "dict[AccountKey, PastAccount]":
        """Return what was known of accounts; those unknown then are left out."""
        versions = self._versions("account", keys)
        return {AccountKey(key): PastAccount(self, self._bound(key, version)) for key, version in versions.items()}

    def places(self, communities: Iterable[str]) -> Places:
        """Return what was in force about the platform and some of its communities. Raises `BrokenRowError`."""
        by_subject = {f"{self._platform_id}/{community}": community for community in communities}
        versions = self._versions("community", by_subject)
        found = {by_subject[it]: self._compiled("community", it, version) for it, version in versions.items()}
        return places_of(found, self.document("platform", str(self._platform_id)))

    def revision(self) -> int:
        """Return the revision that is read."""
        return self._revision

    def document(self, kind: Kind, subject: str) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        """Return the document of a subject, None if there was none. Raises `BrokenRowError`."""
        version = self._versions(kind, [subject]).get(subject)
        return None if version is None else self._compiled(kind, subject, version)

    def check(self, account: AccountVersion) -> None:
        """Raise `BrokenRowError` unless the account was bound as we bound it."""
        check(account_mac(self._keyring, binding_of(account)), account.mac)

    def _versions(self, kind: str, subjects: Iterable[str]) -> dict[str, int]:
        return PlatformChange.versions(self._session, self._platform_id, kind, subjects, self._revision)

    def _bound(self, key: str, version: int) -> AccountVersion:
        account = self._session.get(AccountVersion, (key, version))
        if account is None:
            raise BrokenRowError("a past binding of an account is missing; run `governance ledger verify`")
        return account

    def _compiled(self, kind: Kind, subject: str, version: int) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        said = {}
        for fragment in Fragment.of(self._session, kind, subject, upto=version):
            check(fragment_mac(self._keyring, said_of(fragment), fragment.document), fragment.mac)
            said[fragment.room] = msgspec.json.decode(fragment.document)
        if not said:
            raise BrokenRowError("what was said then was erased since, or taken away; it refuses")
        return compiled(kind, said)


@dataclass(frozen=True, slots=True)
class PastAccount(SeenAccount):
    """An account as it was bound."""

    past: Past
    bound: AccountVersion

    @property
    def key(self) -> AccountKey:
        """The account's key."""
        return AccountKey(self.bound.key)

    def marks(self) -> frozenset[Mark]:
        """Return why the account was governed, if it was."""
        self.past.check(self.bound)
        return marks_of(self.bound.marks)

    def patient(self) -> PatientDocument | None:
        """Return what was in force about the patient whose account it is."""
        document: PatientDocument | None = self._of("patient", self.bound.patient)
        return None if document is None else on_platform(document, str(self.bound.platform_id))

    def hcp(self) -> HcpDocument | None:
        """Return what was in force about the professional whose account it is."""
        document: HcpDocument | None = self._of("hcp", self.bound.hcp)
        return document

    def _of(self, kind: Kind, subject: str | None) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        self.past.check(self.bound)
        if subject is None:
            return None
        document = self.past.document(kind, subject)
        if document is None:
            raise BrokenRowError("what was in force then is missing; run `governance ledger verify`")
        return document
