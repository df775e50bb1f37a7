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
    decode,
    encode,
)
from governance.effective.errors import BrokenRowError
from governance.effective.macs import Binding, account_mac, check, fragment_mac, row_mac
from governance.effective.models import Fragment, GovernedAccount, InForce

_EMPTY: dict[Kind, msgspec.Struct] = {
    "patient": PatientDocument(),
    "hcp": HcpDocument(),
    "community": CommunityDocument(history=()),
    "platform": PlatformDocument(),
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

        Raises `BrokenRowError` if two rooms claim the same member, if the values are none that a decision can
        read, or if the row or what it was compiled from was changed by another hand.
        """
        # The row first: on PostgreSQL it makes a second writer of the same subject wait for this one.
        row = self._proven_row(kind, subject, lock=True)
        fragments = {fragment.room: fragment for fragment in Fragment.of(self._session, kind, subject)}
        said = {name: self._proven(fragment) for name, fragment in fragments.items()}
        # A fragment that was taken away or put back would be missed by its own code.
        if _compiled(kind, said) != (_EMPTY[kind] if row is None else decode(kind, row.document)):
            raise BrokenRowError("a row in force differs from what the rooms said; restore it from a backup")
        said[room] = msgspec.json.decode(encode(values))
        document = encode(_compiled(kind, said))
        self._write_fragment(fragments.get(room), (kind, subject, room), encode(values))
        self._write_row(row, kind, subject, document)
        # Whoever reads in this transaction must read the new row.
        self._session.flush()

    def said(self, kind: Kind, subject: str, room: str) -> dict[str, Any]:
        """Return what a room said about a subject, empty if nothing; nobody else changes it meanwhile.

        Raises `BrokenRowError`.
        """
        fragment = self._session.get(Fragment, (kind, subject, room), with_for_update=True)
        return {} if fragment is None else self._proven(fragment)

    def document(self, kind: Kind, subject: str) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        """Return the document in force, or the kind's empty one. Raises `BrokenRowError`."""
        row = self._proven_row(kind, subject)
        return _EMPTY[kind] if row is None else decode(kind, row.document)

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

    def check_account(self, account: GovernedAccount) -> None:
        """Raise `BrokenRowError` unless the account is bound as we bound it."""
        check(account_mac(self._keyring, _binding(account)), account.mac)

    def _account(self, platform_id: UUID, key: AccountKey) -> GovernedAccount:
        account = self._session.get(GovernedAccount, key, with_for_update=True)
        if account is None:
            account = GovernedAccount(key=key, platform_id=platform_id, marks="", mac=b"")
            self._session.add(account)
        else:
            self.check_account(account)
        return account

    def _sign(self, account: GovernedAccount) -> None:
        account.mac = account_mac(self._keyring, _binding(account))
        # A second binding in the same transaction must find this one.
        self._session.flush()

    def _proven(self, fragment: Fragment) -> dict[str, Any]:
        place = (fragment.kind, fragment.subject, fragment.room)
        check(fragment_mac(self._keyring, place, fragment.at, fragment.document), fragment.mac)
        said: dict[str, Any] = msgspec.json.decode(fragment.document)
        return said

    def _proven_row(self, kind: Kind, subject: str, *, lock: bool = False) -> InForce | None:
        row = self._session.get(InForce, (kind, subject), with_for_update=lock or None)
        if row is not None:
            check(row_mac(self._keyring, kind, subject, row.version, row.document), row.mac)
        return row

    def _write_fragment(self, fragment: Fragment | None, place: tuple[Kind, str, str], document: bytes) -> None:
        if fragment is None:
            fragment = Fragment(kind=place[0], subject=place[1], room=place[2])
            self._session.add(fragment)
        fragment.document, fragment.at = document, self._now
        fragment.mac = fragment_mac(self._keyring, place, self._now, document)

    def _write_row(self, row: InForce | None, kind: Kind, subject: str, document: bytes) -> None:
        if row is None:
            row = InForce(kind=kind, subject=subject, version=0)
            self._session.add(row)
        row.version += 1
        row.document = document
        row.mac = row_mac(self._keyring, kind, subject, row.version, document)


def _compiled(kind: Kind, said: dict[str, dict[str, Any]]) -> msgspec.Struct:
    """Read all fragments through the kind's own type: what a decision could not read must not be stored."""
    if not said:
        return _EMPTY[kind]
    values: dict[str, Any] = {}
    for members in said.values():
        if not values.keys().isdisjoint(members):
            raise BrokenRowError("two rooms speak about the same thing; this is a fault in the program")
        values.update(members)
    struct: msgspec.Struct = decode(kind, encode(values))
    return struct


def _binding(account: GovernedAccount) -> Binding:
    return Binding(str(account.platform_id), account.key, account.patient, account.hcp, account.marks)
