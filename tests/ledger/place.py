"""A ledger in a database with its place outside, and the hands of others on both."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.ledger import service, start
from governance.ledger.commits import open_record
from governance.ledger.journal import Frame
from governance.ledger.models import LedgerEntry, LedgerHead
from governance.ledger.outside import Outside
from governance.ledger.verify import Report, verify

NOW = 1_800_000_000_000_000


class Place:
    def __init__(self, url: str, keyring: Keyring, folder: Path) -> None:
        self.url, self.keyring, self.folder = url, keyring, folder
        self.outside = Outside(folder)
        self.engine: Engine = open_engine(url)

    def make_tables(self) -> "Place":
        LedgerEntry.metadata.create_all(self.engine, tables=[LedgerEntry.__table__, LedgerHead.__table__])
        return self

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self.engine, info={"outside": self.outside}) as session:
            yield session

    def append(self, many: int = 1, kind: str = "test") -> list[int]:
        """Each in a transaction of its own."""
        return [self.append_in_one([(kind, {"n": number})])[0] for number in range(many)]

    def append_in_one(self, entries, records=()) -> list[int]:
        with self.session() as session:
            numbers = [service.append(session, self.keyring, NOW, kind, facts) for kind, facts in entries]
            for record in records:
                service.journal(session, self.keyring, record)
            session.commit()
        return numbers

    def start(self):
        with Session(self.engine) as session:
            return start.proven_since_checkpoint(session, self.keyring, self.outside)

    def declare_restore(self) -> int:
        with self.session() as session:
            number = start.declare_restore(session, self.keyring, self.outside, NOW)
            session.commit()
        return number

    def verify(self, *checks, progress=None) -> Report:
        with Session(self.engine) as session:
            session.connection(execution_options={"read_only": True})
            return verify(session, self.keyring, self.outside, checks, progress)

    def found(self) -> set[str]:
        return set(self.verify().findings.counts)

    def numbers(self) -> list[int]:
        return [row[0] for row in self.sql("SELECT number FROM ledger_entry ORDER BY number")]

    def sql(self, statement: str, **values):
        """What somebody does who can write to the database and knows nothing else."""
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else None

    def rows(self) -> dict[str, list[dict]]:
        """Return a copy of both tables, for a thief of time to put back."""
        with self.engine.connect() as connection:
            return {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in (LedgerEntry.__table__, LedgerHead.__table__)
            }

    def put_back(self, rows: dict[str, list[dict]]) -> None:
        with self.engine.begin() as connection:
            for table in (LedgerEntry.__table__, LedgerHead.__table__):
                connection.execute(table.delete())
                if rows[table.name]:
                    connection.execute(table.insert(), rows[table.name])

    def copy_outside(self, to: Path) -> Path:
        shutil.copytree(self.folder, to)
        return to

    def told(self) -> list[bytes]:
        """What opens in the journal by the root key alone, but its marks."""
        records = (
            open_record(self.keyring, part.sequence, part.body)
            for part in self.outside.journal()
            if isinstance(part, Frame)
        )
        return [record for record in records if not record.startswith(b'{"what":"reached"')]

    @property
    def is_sqlite(self) -> bool:
        return make_url(self.url).drivername.startswith("sqlite")
