"""A thief who knows our program: opens a dump with whatever keys there are, and then what that opens in turn.

What stands between such a thief and a report is cryptography alone, so nothing here is forbidden.
"""

import base64
from functools import cache
from itertools import product
from uuid import UUID

import msgspec
from sqlalchemy import LargeBinary, inspect, select

from governance.crypto import envelope, passphrases
from governance.crypto.data_keys import unwrap
from governance.crypto.envelope import EnvelopeError
from governance.crypto.models import WrappedKey
from governance.crypto.sealing import SealBroken, SealingKey, unseal
from governance.identity.sessions.service import Secret, digest_of
from governance.ledger.commits import open_record
from governance.ledger.journal import Frame
from governance.reporting.keeping import codes
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import ReportSeal
from governance.reporting.keeping.seals import For, info_of
from governance.tables import TABLES
from tests.reliability.thief import search

PRIVATE_BYTES = 96


class Sealed:
    """One value that may be sealed, with the places that it may be bound to."""

    def __init__(self, value, places):
        self.value, self.places = value, places


class Haul:
    """Everything in a dump, and everything that was opened of it."""

    def __init__(self, session, keyring=None, *, epochs=True, derived=(), outside=None):
        """`keyring`: the server's keys; `epochs`: also those that lie outside; `derived`: every key derived by now."""
        self.session, self.keyring = session, keyring
        self.plain, self.keys, self.tried = {}, [], {}
        self.sealed = [sealed for row in self._rows() for sealed in _of_row(row)]
        self.seals = list(session.scalars(select(ReportSeal)))
        if keyring is None:
            return
        self.keys += [*derived, *(epoch.key for epoch in keyring.epochs if epochs)]
        self.ours = self._data_keys() if epochs else {}
        self.keys += self.ours.values()
        if outside is not None and epochs:
            self._read_journal(outside)
        self.open_all()

    def _rows(self):
        for table in TABLES:
            yield from self.session.scalars(select(table))

    def _data_keys(self):
        found = {}
        for row in self.session.scalars(select(WrappedKey)):
            if row.wrapped is not None:
                found[row.owner] = unwrap(self.keyring.epoch(row.epoch), row.owner, row.wrapped)
        return found

    def _read_journal(self, outside):
        for frame in outside.journal():
            if not isinstance(frame, Frame):
                continue
            said = msgspec.json.decode(open_record(self.keyring, frame.sequence, frame.body))
            if said["what"] in ("sealed", "sealed_row") and said["of"] in self.ours:
                opened = envelope.unseal(
                    self.ours[said["of"]], base64.b64decode(said["text"]), "journal", "record", said["of"], key_id="d1"
                )
                said = _json(opened)
            self.plain[f"journal {frame.sequence}"] = msgspec.json.encode(said)
            if said["what"] == "kept" and said["there"]:
                self.sealed += _of_kept(said)

    def open_all(self):
        """Open until nothing more opens."""
        before = None
        while before != (len(self.plain), len(self.keys)):
            before = len(self.plain), len(self.keys)
            for sealed in list(self.sealed):
                self._try(sealed)

    def _try(self, sealed):
        try:
            key_id = envelope.key_id_of(sealed.value)
        except (EnvelopeError, UnicodeDecodeError):
            return
        # No key is tried twice on one value; the journal holds most of them once more.
        tried = self.tried.get(sealed.value, 0)
        self.tried[sealed.value] = len(self.keys)
        for key, place in product(self.keys[tried:], sealed.places):
            try:
                opened = envelope.unseal(key, sealed.value, *place, key_id=key_id)
            except EnvelopeError:
                continue
            self._got(" ".join(place) + key_id, opened, sealed.places)

    def _got(self, name, opened, places):
        name = f"{name} {hash(opened)}"
        if name in self.plain:
            return
        self.plain[name] = opened
        self.sealed.append(Sealed(opened, places))
        stripped = opened[: -opened[-1]] if opened and 0 < opened[-1] <= 64 else opened
        self.sealed.append(Sealed(stripped, places))
        for private in (opened, stripped):
            if len(private) == PRIVATE_BYTES:
                self.has(SealingKey.from_private(private))

    def has(self, pair):
        """Open every seal to a pair, whoever it says that it is for."""
        for row in self.seals:
            place = (row.report_id, row.opens, For(row.kind), row.recipient)
            try:
                inner = unseal(pair.private, row.sealed_key, info_of(place))
            except SealBroken:
                continue
            ours = self.ours[f"report:{row.report_id}"]
            self.keys.append(ReportKey.of(row.report_id, inner, ours).secret)

    def knows_passphrase(self, passphrase):
        """Try a passphrase on everything that lies there wrapped by one; the slow part once for each salt."""
        wrapped = {
            sealed.value: sealed.places
            for sealed in self.sealed
            if sealed.value[:1] == b"\x01" and any(place[:2] == ("vault", "by_passphrase") for place in sealed.places)
        }
        slow = cache(passphrases._derive)
        for value, places in wrapped.items():
            for place in places:
                try:
                    opened = envelope.unseal(slow(passphrase, value[1:17]), value[17:], *place, key_id="p1")
                except EnvelopeError:
                    continue
                self._got("by passphrase", opened, [place])
        self.open_all()

    def knows_code(self, code):
        """Open by a receipt code what it opens."""
        self.keys.append(codes.opening_key(self.keyring, codes.read_code(code)))
        self.open_all()

    def knows_cookie(self, cookie):
        """Read a running session, as whoever sits in the machine does."""
        secret = Secret(cookie, self.keyring)
        for row in self._rows():
            if getattr(row, "id_digest", "") == digest_of(cookie):
                state = secret.unseal(row.sealed_state, ("web_session", "sealed_state"), row.id_digest)
                self.plain["cookie"] = msgspec.json.encode(state)
                self.has(SealingKey.from_private(bytes.fromhex(state["vault"]["key"])))
        self.open_all()

    def finds(self, markers):
        """Return of what words were read, opened or lying there in the clear."""
        clear = {
            f"{row.__tablename__}.{name}": str(getattr(row, name)).encode()
            for row in self._rows()
            for name in inspect(type(row)).columns.keys()  # noqa: SIM118 - no dict
        }
        lying = {f"raw {number}": sealed.value for number, sealed in enumerate(self.sealed)}
        return {what for what, _ in search(markers, {**self.plain, **clear, **lying})}


def _json(opened):
    return msgspec.json.decode(opened[: -opened[-1]])


def _of_row(row):
    mapper = inspect(type(row))
    numbers = [str(getattr(row, column.key)) for column in mapper.primary_key]
    values = {name: getattr(row, name) for name in mapper.columns.keys()}  # noqa: SIM118 - no dict
    return _sealed(row.__tablename__, values, numbers)


def _of_kept(said):
    model = next(table for table in TABLES if table.__tablename__ == said["table"])
    numbers = [str(said["values"][column.key]) for column in inspect(model).primary_key]
    binary = {column.key for column in inspect(model).columns if isinstance(column.type, LargeBinary)}
    values = {
        name: base64.b64decode(value) if name in binary and value is not None else value
        for name, value in said["values"].items()
    }
    return _sealed(said["table"], values, numbers)


def _sealed(table, values, numbers):
    """Bind each binary column to every place that we ever bind one to."""
    rows = {
        *numbers,
        "/".join(numbers),
        *(str(value) for value in values.values() if isinstance(value, UUID | str | int)),
    }
    numbers_of_reports = {str(values[name]) for name in ("id", "report_id") if name in values}
    found = []
    for column, value in values.items():
        if isinstance(value, bytes):
            places = [(table, column, row) for row in rows]
            places += [(table, column, row, other) for row, other in product(rows, numbers_of_reports)]
            found.append(Sealed(value, places))
    return found
