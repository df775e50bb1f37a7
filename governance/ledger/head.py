"""The head of the ledger under our code: nobody else can say where the entries end."""

import hmac
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.ledger import models
from governance.ledger.errors import LedgerError
from governance.ledger.models import HeadRow
from governance.ledger.tree import Frontier

_PURPOSE: Final = "ledger.head"


class Head(NamedTuple):
    """Where the entries end, and how far the place outside had come when they did."""

    tree: Frontier = Frontier()
    epoch: int = 1
    kept: tuple[int, int] = (0, 0)
    """Epoch and size of the newest checkpoint outside that this database has seen."""
    journalled: int = 0
    """The last record of the journal that this database has seen."""
    stored: bool = False


def read_head(session: Session, keyring: Keyring, *, lock: bool = False) -> Head | None:
    """Return the head, nothing if there is none. Raises `LedgerError` if another hand wrote it."""
    row = models.find_head(session, lock=lock)
    if row is None:
        return None
    if not hmac.compare_digest(row.mac, _mac(keyring, row)):
        raise LedgerError("the ledger's head was changed by another hand; run `governance ledger verify`")
    tree = Frontier.decode(row.size, row.frontier)
    return Head(tree, row.epoch, (row.kept_epoch, row.kept_size), row.journalled, stored=True)


def write_head(session: Session, keyring: Keyring, head: Head) -> None:
    """Write the head under our code."""
    row = HeadRow(head.tree.size, head.epoch, head.tree.joined, *head.kept, head.journalled, b"")
    (models.move_head if head.stored else models.make_head)(session, row._replace(mac=_mac(keyring, row)))


def _mac(keyring: Keyring, row: HeadRow) -> bytes:
    numbers = (row.size, row.epoch, row.kept_epoch, row.kept_size, row.journalled)
    message = length_prefixed(*map(str, numbers), row.frontier)
    return hmac.digest(keyring.derive(_PURPOSE), message, "sha256")
