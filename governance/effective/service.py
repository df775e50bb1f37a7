"""Writing what is in force: a room puts its fragment, the row is compiled in the same transaction.

Nothing is overwritten but the compiled row: what was said before stays, under the version it had.
"""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant, Mark
from governance.effective.chronicle import Change, Chronicle
from governance.effective.documents import EMPTY, Kind, compiled, decode, encode
from governance.effective.errors import BrokenRowError
from governance.effective.judge import Judge
from governance.effective.macs import Binding, Said, account_mac, check, fragment_mac, row_mac
from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce


class Register:
    """The one writer of rows in force, for one transaction."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant) -> None:
        """Work in this session at this instant."""
        self._session = session
        self._keyring = keyring
        self._now = now
        self.judge = Judge()
        """Knows what was asked already about the change that is to be put."""
        self._chronicle = Chronicle(session, keyring, now, self.judge)

    def put(self, kind: Kind, subject: str, room: str, values: dict[str, Any]) -> None:
        """Replace what a room says about a subject and compile the subject's row anew.

        Raises `BrokenRowError` if two rooms claim the same member, if the values are none that a decision can
        read, or if the row or what it was compiled from was changed by another hand.
        """
        row, said, at = self._state(kind, subject)
        self._advance(row, said, Said(kind, subject, room, _next(row), at), values)

    def restart(self, kind: Kind, subject: str, fragments: Mapping[str, dict[str, Any]]) -> None:
        """Forget all that was ever said about a subject and say this instead; the versions go on counting.

        Raises `BrokenRowError` as `put` does.
        """
        row, said, at = self._state(kind, subject)
        Fragment.forget(self._session, kind, subject)
        said.clear()
        for room, values in fragments.items():
            row = self._advance(row, said, Said(kind, subject, room, _next(row), at), values)

    def said(self, kind: Kind, subject: str, room: str) -> dict[str, Any]:
        """Return what a room said about a subject last, empty if nothing; nobody else changes it meanwhile.

        Raises `BrokenRowError`.
        """
        return self.said_since(kind, subject, room)[0]

    def said_since(self, kind: Kind, subject: str, room: str) -> tuple[dict[str, Any], Instant | None]:
        """Return what a room said about a subject last, and since when. Raises `BrokenRowError`."""
        for fragment in Fragment.of(self._session, kind, subject):
            if fragment.room == room:
                return self._proven(fragment), Instant(fragment.at)
        return {}, None

    def document(self, kind: Kind, subject: str) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        """Return the document in force, or the kind's empty one. Raises `BrokenRowError`."""
        return _document(kind, self._proven_row(kind, subject))

    def bind(self, platform_id: UUID, key: AccountKey, *, patient: UUID | None = None, hcp: UUID | None = None) -> None:
        """Bind an account to a patient or a professional; what it is bound to already stays."""
        account = self._account(platform_id, key)
        account.patient = account.patient if patient is None else str(patient)
        account.hcp = account.hcp if hcp is None else str(hcp)
        self._bound(account, patient, hcp)

    def rebind(self, platform_id: UUID, key: AccountKey, patient: UUID | None, *, keeps_hcp: bool = True) -> None:
        """Bind an account to another patient than before; what it is marked as stays, so that it is governed still.

        No patient leaves the one there is.
        Without its professional nobody inherits who the last holder of the account was.
        """
        account = self._account(platform_id, key)
        account.patient = account.patient if patient is None else str(patient)
        account.hcp = account.hcp if keeps_hcp else None
        self._bound(account, patient, None)

    def mark(self, platform_id: UUID, key: AccountKey, mark: Mark) -> None:
        """Write down why an account is governed; marks add up."""
        account = self._account(platform_id, key)
        account.marks = " ".join(sorted({*account.marks.split(), mark}))
        self._sign(account)

    def clear_declared(self, platform_id: UUID, key: AccountKey) -> None:
        """Take back what the account's platform declared by mistake, for staff alone; other marks stay."""
        account = self._account(platform_id, key)
        account.marks = " ".join(sorted({*account.marks.split()} - {Mark.DECLARED}))
        self._sign(account)

    def bind_again(self, binding: Binding) -> None:
        """Give an account exactly the binding and marks it had; after a restore alone."""
        account = self._account(UUID(binding.platform), AccountKey(binding.key))
        account.patient, account.hcp, account.marks = binding.patient, binding.hcp, binding.marks
        self._sign(account)

    def patient_of(self, key: AccountKey) -> UUID | None:
        """Return the patient whose account this is, as far as decisions know. Raises `BrokenRowError`."""
        account = self._session.get(GovernedAccount, key)
        if account is None or account.patient is None:
            return None
        self.check_account(account)
        return UUID(account.patient)

    def check_account(self, account: GovernedAccount) -> None:
        """Raise `BrokenRowError` unless the account is bound as we bound it."""
        check(account_mac(self._keyring, binding_of(account)), account.mac)

    def _state(self, kind: Kind, subject: str) -> tuple[InForce | None, dict[str, dict[str, Any]], int]:
        """Return a subject's row, what every room said, and the instant of what is said next; all proven."""
        row = self._proven_row(kind, subject, lock=True)
        fragments = Fragment.of(self._session, kind, subject)
        said = {fragment.room: self._proven(fragment) for fragment in fragments}
        # A fragment that was taken away or put back would be missed by its own code.
        if compiled(kind, said) != _document(kind, row):
            raise BrokenRowError("a row in force differs from what the rooms said; restore it from a backup")
        # A clock that is set back must not make the past look different from what it was.
        return row, said, max(self._now, *(fragment.at for fragment in fragments), 0)

    def _advance(
        self, row: InForce | None, said: dict[str, dict[str, Any]], place: Said, values: dict[str, Any]
    ) -> InForce:
        before, document = _document(place.kind, row), encode(values)
        said[place.room] = msgspec.json.decode(document)
        change = Change(place, document, before, compiled(place.kind, said))
        mac = fragment_mac(self._keyring, place, document)
        self._session.add(Fragment(**place._asdict(), document=document, mac=mac))
        row = self._write_row(row, change)
        self._chronicle.of_row(change, row.mac)
        return row

    def _account(self, platform_id: UUID, key: AccountKey) -> GovernedAccount:
        account = self._session.get(GovernedAccount, key, with_for_update=True)
        if account is None:
            account = GovernedAccount(key=key, platform_id=platform_id, version=0, marks="", mac=b"")
            self._session.add(account)
        else:
            self.check_account(account)
        return account

    def _bound(self, account: GovernedAccount, patient: UUID | None, hcp: UUID | None) -> None:
        self._sign(account)
        for kind, subject in (("patient", patient), ("hcp", hcp)):
            row = None if subject is None else self._session.get(InForce, (kind, str(subject)))
            if row is not None:
                # What was said before this account belonged to it counts on this platform from now on.
                self._chronicle.of_binding(account.platform_id, row)

    def _sign(self, account: GovernedAccount) -> None:
        account.version += 1
        binding = binding_of(account)
        account.mac = account_mac(self._keyring, binding)
        self._session.add(AccountVersion(**_columns(account)))
        # A second binding in the same transaction must find this one.
        self._session.flush()
        self._chronicle.of_account(account.platform_id, binding, account.mac)

    def _proven(self, fragment: Fragment) -> dict[str, Any]:
        check(fragment_mac(self._keyring, said_of(fragment), fragment.document), fragment.mac)
        said: dict[str, Any] = msgspec.json.decode(fragment.document)
        return said

    def _proven_row(self, kind: Kind, subject: str, *, lock: bool = False) -> InForce | None:
        row = self._session.get(InForce, (kind, subject), with_for_update=lock or None)
        if row is not None:
            check(row_mac(self._keyring, kind, subject, row.version, row.document), row.mac)
        return row

    def _write_row(self, row: InForce | None, change: Change) -> InForce:
        kind, subject, _, version, _ = change.said
        if row is None:
            row = InForce(kind=kind, subject=subject)
            self._session.add(row)
        row.version, row.document = version, encode(change.after)
        row.mac = row_mac(self._keyring, kind, subject, version, row.document)
        # Whoever reads in this transaction must read the new row.
        self._session.flush()
        return row


def _document(kind: Kind, row: InForce | None) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
    return EMPTY[kind] if row is None else decode(kind, row.document)


def _next(row: InForce | None) -> int:
    return 1 if row is None else row.version + 1


def said_of(fragment: Fragment) -> Said:
    """Return what a fragment's code covers besides the document."""
    return Said(cast("Kind", fragment.kind), fragment.subject, fragment.room, fragment.version, fragment.at)


def binding_of(account: GovernedAccount | AccountVersion) -> Binding:
    """Return what an account's code covers."""
    return Binding(str(account.platform_id), account.key, account.version, account.patient, account.hcp, account.marks)


def _columns(account: GovernedAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in AccountVersion.__table__.columns.keys()}  # noqa: SIM118 - no dict
