"""The entries for what is done to keys: which epoch wraps all data keys from then on, and which one is given up."""

from pathlib import Path

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.commits import OUTSIDE
from governance.ledger.entries import Facts
from governance.ledger.outside import Outside
from governance.ledger.service import append


def enter_keys(session: Session, keyring: Keyring, outside: Path | None, said: tuple[Instant, str, Facts]) -> None:
    """Enter what is done to keys, in the caller's transaction; `outside` is where checkpoints are kept.

    Raises `LedgerError` and its kin, as `append` does.
    """
    session.info[OUTSIDE] = None if outside is None else Outside(outside)
    append(session, keyring, *said)
