"""What `governance config check` says of the ledger, and of the keys that the database was written with."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from governance.config import KeySet, Settings
from governance.config.check import Found, tried
from governance.crypto.keys import EpochGoneError, Keyring
from governance.crypto.rotation import standing
from governance.db.engine import open_engine
from governance.ledger.errors import RolledBackError
from governance.ledger.outside import Outside
from governance.ledger.start import proven_since_checkpoint

_TRIES: Final = 3


def check_ledger(settings: Settings) -> Iterator[Found]:
    """Look at epochs and ledger as a start would, over a database of the newest schema."""
    engine = open_engine(settings.database_url)
    try:
        yield tried("epochs", lambda: _epochs(engine, settings.keys))
        outside = settings.outside
        if outside is not None:
            yield tried("ledger", lambda: proven(engine, Keyring(settings.keys), Outside(outside)))
    finally:
        engine.dispose()


def proven(engine: Engine, keyring: Keyring, outside: Outside) -> str:
    """Prove the ledger since its last checkpoint while others may write. Raises `LedgerError`."""
    for left in reversed(range(_TRIES)):
        try:
            with Session(engine.execution_options(read_only=True)) as session:
                present = proven_since_checkpoint(session, keyring, outside)
                return f"{present.size} entries in epoch {present.epoch}, proven since the last checkpoint"
        except RolledBackError:
            # A write between the look at the database and the one outside looks the same; a rollback stays.
            if not left:
                raise
    raise AssertionError


def _epochs(engine: Engine, known: KeySet) -> str:
    with Session(engine.execution_options(read_only=True)) as session:
        stands = standing(session, known)
    if stands.unreadable:
        raise EpochGoneError(
            f"{stands.unreadable} data keys are under epochs that are not in the key document; bring it here"
        )
    return f"all of {sum(stands.by_epoch.values())} data keys are under epochs of the key document"
