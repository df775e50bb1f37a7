"""Writing what is in force: a room puts its fragment, the row is compiled in the same transaction."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant, Mark
from governance.effective.documents import (
    CommunityDocument,
    HcpDocument,
    Kind,
    PatientDocument,
    PlatformDocument,
    encode,
)
from governance.effective.errors import BrokenRowError
from governance.effective.macs import account_mac, check, row_mac
from governance.effective.models import Fragment, GovernedAccount, InForce

_DOCUMENTS: dict[Kind, type[msgspec.Struct]] = {
    "patient": PatientDocument,
    "hcp": HcpDocument,
    "community": CommunityDocument,
    "platform": PlatformDocument,
}


class Register:
    """The one writer of rows in force, for one transaction."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant) -> None:
        """Work in this session at this instant."""
        self._session = session
        self._keyring = keyring
        self._now = now

    def put(self, kind: Kind, subject: str, room: str, values: dict[str, Any]) -> None:
        """Replace what a room says about a subject and compile the subject's row anew.

        Raises `BrokenRowError` if two rooms claim the same member or the row was changed by another hand.
        """
        fragment = self._session.get(Fragment, (kind, subject, room))
        if fragment is None:
            fragment = Fragment(kind=kind, subject=subject, room=room, document=b"", at=self._now)
            self._session.add(fragment)
        fragment.document, fragment.at = encode(values), self._now
        # The compilation reads all fragments, this one too.
        self._session.flush()
        self._compile(kind, subject)

    def said(self, kind: Kind, subject: str, room: str) -> dict[str, Any]:
        """Return what a room said about a subject, empty if nothing."""
        fragment = self._session.get(Fragment, (kind, subject, room))
        return {} if fragment is None else msgspec.json.decode(fragment.document)

    def document(self, kind: Kind, subject: str) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        """Return the document in force, or the kind's empty one. Raises `BrokenRowError`."""
        row = self._session.get(InForce, (kind, subject))
        if row is None:
            return _DOCUMENTS[kind]()
        check(row_mac(self._keyring, kind, subject, row.version, row.document), row.mac)
        return msgspec.json.decode(row.document, type=_DOCUMENTS[kind])

    def bind(self, platform_id: UUID, key: AccountKey, *, patient: UUID | None = None, hcp: UUID | None = None) -> None:
        """Bind an account to a patient or a professional; what it is bound to already stays."""
        account = self._account(platform_id, key)
        account.patient = account.patient if patient is None else str(patient)
        account.hcp = account.hcp if hcp is None else str(hcp)
        self._sign(account)

    def mark(self, platform_id: UUID, key: AccountKey, mark: Mark) -> None:
        """Write down why an account is governed; marks add up."""
        account = self._account(platform_id, key)
        account.marks = " ".join(sorted({*account.marks.split(), mark}))
        self._sign(account)

    def _account(self, platform_id: UUID, key: AccountKey) -> GovernedAccount:
        account = self._session.get(GovernedAccount, key)
        if account is None:
            account = GovernedAccount(key=key, platform_id=platform_id, marks="", mac=b"")
            self._session.add(account)
        else:
            expected = account_mac(self._keyring, key, account.patient, account.hcp, account.marks)
            check(expected, account.mac)
        return account

    def _sign(self, account: GovernedAccount) -> None:
        account.mac = account_mac(self._keyring, account.key, account.patient, account.hcp, account.marks)
        # A second binding in the same transaction must find this one.
        self._session.flush()

    def _compile(self, kind: Kind, subject: str) -> None:
        values: dict[str, Any] = {}
        for fragment in Fragment.of(self._session, kind, subject):
            said: dict[str, Any] = msgspec.json.decode(fragment.document)
            if not values.keys().isdisjoint(said):
                raise BrokenRowError("two rooms speak about the same thing; this is a fault in the program")
            values.update(said)
        # Read back through its type: what a decision could not read must not be stored.
        document = encode(msgspec.json.decode(encode(values), type=_DOCUMENTS[kind]))
        row = self._session.get(InForce, (kind, subject))
        if row is None:
            row = InForce(kind=kind, subject=subject, version=0, document=b"", mac=b"")
            self._session.add(row)
        row.version += 1
        row.document = document
        row.mac = row_mac(self._keyring, kind, subject, row.version, document)
        # Whoever reads in this transaction must read the new row.
        self._session.flush()
