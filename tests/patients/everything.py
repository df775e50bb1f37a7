"""All that can be read in a database by whoever has it and every key of the server."""

from itertools import permutations

from sqlalchemy import select

from governance.crypto.data_keys import DataKey, KeyGoneError, unwrap
from governance.crypto.envelope import EnvelopeError, unseal
from governance.crypto.models import WrappedKey
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.sealing import opened_payload
from governance.tables import TABLES


def rows_of(session):
    """Every row as its table and its columns' values."""
    for table in TABLES:
        for row in session.execute(select(table.__table__)).mappings():
            yield table.__tablename__, dict(row)


def texts(session, keyring):
    """Every value in the clear, and whatever of the sealed ones opens."""
    keys = [
        DataKey(one.owner, unwrap(keyring.epoch(one.epoch), one.owner, one.wrapped))
        for one in session.scalars(select(WrappedKey))
        if one.wrapped
    ]
    for table, row in rows_of(session):
        yield table, repr(row)
        for column, value in row.items():
            if isinstance(value, bytes):
                yield from ((table, text) for text in _opened(keyring, keys, (table, column), row))
        if table == "job":
            yield table, _payload(session, keyring, row)


def _opened(keyring, keys, place, row):
    """Try every key at every place that a row can be sealed for: its own values, alone or joined."""
    values = [str(value) for value in row.values() if value is not None and not isinstance(value, bytes)]
    sealed = row[place[1]]
    for length in (1, 2, 3):
        for joined in permutations(values, length):
            where = (*place, "/".join(joined))
            for key in keys:
                yield from _tried(lambda key=key, where=where: key.unseal(sealed, *where))
            if place[0] == "decision_log":
                yield from _tried(lambda where=where: unseal(keyring.derive("decision-log"), sealed, *where))


def _tried(attempt):
    try:
        yield attempt().decode(errors="replace")
    except EnvelopeError:
        return


def _payload(session, keyring, row):
    try:
        return repr(opened_payload(session, keyring, row["id"], row["sealed_payload"]))
    except (BadPayloadError, KeyGoneError):
        return ""
