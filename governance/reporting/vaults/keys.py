"""A vault's key, wrapped twice: by what its owner knows or has on paper, and by a key of ours that leaving destroys."""

from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto import envelope, passphrases
from governance.crypto.data_keys import DataKey, DataKeys, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.crypto.sealing import SealingKey
from governance.crypto.spoken import new_code, read
from governance.reporting.errors import WrongRecoveryKeyError
from governance.reporting.vaults.models import Vault

_RECOVERY_BITS: Final = 160
_PASSPHRASE: Final = ("vault", "by_passphrase")
_RECOVERY: Final = ("vault", "by_recovery")
_KEY_ID: Final = "v1"


@dataclass(frozen=True, slots=True)
class OpenVault:
    """An unlocked vault: whose it is, and what opens the seals to them."""

    staff_id: UUID
    key: SealingKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key as it is wrapped by what its owner knows, before ours is put around it."""

    vault: OpenVault
    by_passphrase: bytes = field(repr=False)

    @classmethod
    def made(cls, staff_id: UUID, key: SealingKey, passphrase: str) -> Self:
        """Wrap a key under a new passphrase; takes a while, so do it outside of any transaction.

        Raises `WeakPassphraseError`, `TooManyPassphrasesError`.
        """
        passphrases.check_new(passphrase)
        wrapped = passphrases.wrap(passphrase, key.private, *_PASSPHRASE, str(staff_id))
        return cls(OpenVault(staff_id, key), wrapped)


def around(session: Session, keyring: Keyring, row: Vault) -> DataKey:
    """Return our key around a vault. Raises `KeyGoneError` once its owner left."""
    return DataKeys(session, keyring).known(owner_of("vault", row.around))


def put_around(session: Session, keyring: Keyring, number: UUID) -> DataKey:
    """Return a new key of ours, to be put around a vault that is made now."""
    return DataKeys(session, keyring).of(owner_of("vault", number))


def sealed_by_passphrase(ours: DataKey, wrapped: Wrapped) -> bytes:
    """Return what is stored of a key under a passphrase."""
    return ours.seal(wrapped.by_passphrase, *_PASSPHRASE, str(wrapped.vault.staff_id))


def sealed_by_recovery(ours: DataKey, keyring: Keyring, vault: OpenVault) -> tuple[bytes, str]:
    """Return what is stored of a key under a new recovery key, and that key, to be printed once."""
    code = new_code(_RECOVERY_BITS)
    row = str(vault.staff_id)
    inner = envelope.seal(_recovery_key(keyring, code), vault.key.private, *_RECOVERY, row, key_id=_KEY_ID)
    return ours.seal(inner, *_RECOVERY, row), code


def opened_by_passphrase(ours: DataKey, row: Vault, passphrase: str) -> OpenVault:
    """Open a vault; takes a while. Raises `WrongPassphraseError`, `TooManyPassphrasesError`."""
    inner = ours.unseal(row.by_passphrase, *_PASSPHRASE, str(row.staff_id))
    private = passphrases.unwrap(passphrase, inner, *_PASSPHRASE, str(row.staff_id))
    return OpenVault(row.staff_id, SealingKey.from_private(private))


def opened_by_recovery(ours: DataKey, keyring: Keyring, row: Vault, typed: str) -> OpenVault:
    """Open a vault by its printed key. Raises `WrongRecoveryKeyError`."""
    inner = ours.unseal(row.by_recovery, *_RECOVERY, str(row.staff_id))
    try:
        private = envelope.unseal(_recovery_key(keyring, typed), inner, *_RECOVERY, str(row.staff_id), key_id=_KEY_ID)
    except EnvelopeError:
        raise WrongRecoveryKeyError("this recovery key does not open it; look at every sign and try again") from None
    return OpenVault(row.staff_id, SealingKey.from_private(private))


def _recovery_key(keyring: Keyring, typed: str) -> bytes:
    return keyring.bound("vault.recovery", read(typed))
