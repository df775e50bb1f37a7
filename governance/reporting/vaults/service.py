"""Use cases of vaults: make, unlock, change, recover. What takes long is prepared outside of the transaction."""

from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.crypto.sealing import SealingKey
from governance.db.base import new_id
from governance.identity.staff.models import StaffMember
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.reporting.errors import NoVaultError, TooManyGuessesError, VaultThereError
from governance.reporting.vaults import keys
from governance.reporting.vaults.keys import OpenVault, Wrapped
from governance.reporting.vaults.models import Vault
from governance.reporting.work import Work

MOST_GUESSES: Final = 5
GUESSES_WITHIN: Final = 15 * 60 * 1_000_000


class Made(NamedTuple):
    """A vault with a new recovery key, to be shown once and printed."""

    vault: OpenVault
    recovery_key: str


def prepare(staff_id: UUID, passphrase: str) -> Wrapped:
    """Return a new key under a passphrase; nothing is stored. Raises `WeakPassphraseError`."""
    return Wrapped.made(staff_id, SealingKey.new(), passphrase)


def rewrap(vault: OpenVault, passphrase: str) -> Wrapped:
    """Return an unlocked vault's key under a new passphrase; nothing is stored. Raises `WeakPassphraseError`."""
    return Wrapped.made(vault.staff_id, vault.key, passphrase)


def store(work: Work, wrapped: Wrapped) -> Made:
    """Store a member's first vault. Raises `VaultThereError`."""
    staff_id = wrapped.vault.staff_id
    member = StaffMember.locked(work.session, staff_id)
    if member is None or member.ended is not None:
        raise _none()
    if work.session.get(Vault, staff_id) is not None:
        raise VaultThereError("you have a vault already; unlock it, or recover it by its printed key")
    number = new_id()
    ours = keys.put_around(work.session, work.keyring, number)
    by_recovery, code = keys.sealed_by_recovery(ours, work.keyring, wrapped.vault)
    vault = Vault(
        staff_id=staff_id,
        around=number,
        public=wrapped.vault.key.public,
        by_passphrase=keys.sealed_by_passphrase(ours, wrapped),
        by_recovery=by_recovery,
        made=work.now,
        worked=work.today,
        guesses=0,
        guessed=work.now,
    )
    _keep(work, vault, "made")
    return Made(wrapped.vault, code)


def unlock(session: Session, keyring: Keyring, staff_id: UUID, passphrase: str) -> OpenVault:
    """Open a vault; takes a while and writes nothing. Raises `NoVaultError`, `WrongPassphraseError`."""
    row = _of(session, staff_id)
    return keys.opened_by_passphrase(keys.around(session, keyring, row), row, passphrase)


def begin_guess(work: Work, staff_id: UUID) -> None:
    """Count a passphrase or a printed key before it is looked at. Raises `NoVaultError`, `TooManyGuessesError`.

    Commit it first. Nobody is locked out for longer than it takes to make this way of guessing hopeless.
    """
    row = Vault.locked(work.session, staff_id)
    if row is None:
        raise _none()
    if not 0 <= work.now - row.guessed < GUESSES_WITHIN:
        row.guesses, row.guessed = 0, work.now
    if row.guesses >= MOST_GUESSES:
        raise TooManyGuessesError("that was wrong too often; wait a quarter of an hour and try again")
    row.guesses += 1


def note_worked(work: Work, staff_id: UUID) -> None:
    """Write down the day on which a passphrase worked last: who reads is who still knows theirs."""
    row = Vault.locked(work.session, staff_id)
    if row is None:
        return
    row.guesses = 0
    if row.worked < work.today:
        row.worked = work.today
        _keep(work, row, "unlocked")


def change(work: Work, wrapped: Wrapped) -> None:
    """Put a vault under another passphrase; the printed key stays. Raises `NoVaultError`."""
    row = _locked(work.session, wrapped.vault)
    row.by_passphrase = keys.sealed_by_passphrase(keys.around(work.session, work.keyring, row), wrapped)
    row.worked = work.today
    _keep(work, row, "changed")


def open_by_recovery(session: Session, keyring: Keyring, staff_id: UUID, typed: str) -> OpenVault:
    """Open a vault by its printed key; writes nothing. Raises `NoVaultError`, `WrongRecoveryKeyError`."""
    row = _of(session, staff_id)
    return keys.opened_by_recovery(keys.around(session, keyring, row), keyring, row, typed)


def recover(work: Work, wrapped: Wrapped) -> Made:
    """Put a recovered vault under a new passphrase, with a new printed key. Raises `NoVaultError`."""
    row = _locked(work.session, wrapped.vault)
    ours = keys.around(work.session, work.keyring, row)
    row.by_passphrase = keys.sealed_by_passphrase(ours, wrapped)
    row.by_recovery, code = keys.sealed_by_recovery(ours, work.keyring, wrapped.vault)
    row.worked = work.today
    _keep(work, row, "recovered")
    return Made(wrapped.vault, code)


def day_of(vault: Vault) -> str:
    """Return the day on which a passphrase worked last, by its date."""
    return datetime.fromtimestamp(vault.worked / 1_000_000, UTC).date().isoformat()


def _of(session: Session, staff_id: UUID) -> Vault:
    row = session.get(Vault, staff_id)
    if row is None:
        raise _none()
    return row


def _locked(session: Session, vault: OpenVault) -> Vault:
    """Return the row of a vault that was opened, unless another one took its place meanwhile."""
    row = Vault.locked(session, vault.staff_id)
    if row is None or row.public != vault.key.public:
        raise _none()
    return row


def _none() -> NoVaultError:
    return NoVaultError("you have no vault yet; make one first")


def _keep(work: Work, row: Vault, did: str) -> None:
    keep(work.session, work.keyring, row, of=owner_of("vault", row.around))
    whose = pseudonym(work.keyring, "staff", str(row.staff_id))
    fingerprint = pseudonym(work.keyring, "vault", row.public.hex())
    append(work.session, work.keyring, work.now, "vault", {"did": did, "staff": whose, "key": fingerprint})
