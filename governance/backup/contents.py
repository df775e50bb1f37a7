"""Looking into a database: schema, ledger, keys needed, rows; the same for a copy and for the one in use."""

from collections.abc import Iterable

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from governance.backup.errors import BackupError
from governance.backup.manifest import Contents
from governance.crypto.keys import Keyring
from governance.crypto.models import WrappedKey
from governance.ledger.head import Head, read_head
from governance.ledger.models import entries_from
from governance.ledger.tree import Frontier, leaf_hash

LEDGER_BROKEN = "the ledger in it does not lead to its head; run `governance ledger verify`, nothing was kept"


def contents_of(connection: Connection, keyring: Keyring) -> Contents:
    """Return what is there. Raises `LedgerError` if the ledger's head is not ours."""
    with Session(connection) as session:
        head = read_head(session, keyring) or Head()
        epochs = sorted(epoch for epoch in WrappedKey.counts(session) if epoch is not None)
    return Contents(
        schema_revision=",".join(sorted(MigrationContext.configure(connection).get_current_heads())),
        ledger_epoch=head.epoch,
        ledger_size=head.tree.size,
        ledger_root=head.tree.root.hex(),
        key_epochs=tuple(epochs),
        rows=_rows(connection),
    )


def check_ledger(connection: Connection, contents: Contents) -> None:
    """Hash every entry and hold the tree against the head. Raises `BackupError`."""
    with Session(connection) as session:
        entries = entries_from(session, 0)
        check_leaves(contents, (_leaf(entry.number, entry.document, entry.leaf) for entry in entries))


def check_leaves(contents: Contents, leaves: Iterable[tuple[int, bytes]]) -> None:
    """Hold numbered leaves, in their order, against the head. Raises `BackupError`."""
    tree = Frontier()
    for number, leaf in leaves:
        if number != tree.size:
            raise BackupError(LEDGER_BROKEN)
        tree, _ = tree.grown(leaf)
    if (tree.size, tree.root.hex()) != (contents.ledger_size, contents.ledger_root):
        raise BackupError(LEDGER_BROKEN)


def _leaf(number: int, document: bytes, leaf: bytes) -> tuple[int, bytes]:
    if leaf_hash(document) != leaf:
        raise BackupError(LEDGER_BROKEN)
    return number, leaf


def _rows(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(table)}").scalar_one()  # noqa: S608 - our names
        for table in sorted(inspect(connection).get_table_names())
    }
