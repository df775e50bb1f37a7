"""A service with a forum in it, on a database that can be lost and brought back."""

from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from governance.backup import copies
from governance.backup.restoring import Service, restore
from governance.db.base import Base
from governance.db.engine import database_url, open_engine
from governance.db.migrate import migrations_folder
from governance.identity.service import platform_named
from governance.ledger.outside import Outside
from governance.optout.restored import catch_up
from tests.crypto.fixed import RING
from tests.forum import START, Forum


def silent(_done, _total):
    pass


class House:
    def __init__(self, url, folder: Path) -> None:
        self.url, self.folder, self.keyring = database_url(url), folder, RING
        self.outside = Outside(folder / "outside")
        self.engine = open_engine(self.url)
        self.now = START

    @property
    def service(self):
        return Service(self.url, self.keyring, self.outside, (catch_up,))

    def furnish(self):
        """Every table, at the newest schema, and a forum."""
        Base.metadata.create_all(self.engine)
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()))
        with self.engine.begin() as connection:
            MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(config), "heads")
        with self.session() as session:
            forum = Forum(session, self.keyring)
            forum.opens("c")
        return self

    @contextmanager
    def session(self):
        info = {"outside": self.outside}
        with Session(self.engine, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    @contextmanager
    def forum(self):
        """The forum, in one transaction, a second after the last one."""
        self.now += 1_000_000
        with self.session() as session:
            yield forum_in(session, self.keyring, self.now)

    def permits(self, viewer, author, action="view", **properties):
        with Session(self.engine.execution_options(read_only=True)) as session:
            return forum_in(session, self.keyring, self.now + 1).permits(viewer, author, action, **properties)

    def backup(self, name="backup", progress=silent):
        file = copies.place_for(self.folder / name, self.now)
        copies.take(self.url, self.keyring, file, self.now, progress)
        return file

    def restore(self, file, *, to=None, without_journal=False, progress=silent):
        """Bring a backup back; `to` names the new database where the old one cannot be replaced."""
        self.close()
        if to is not None:
            self.url = database_url(to)
        self.now += 60_000_000
        replayed = restore(self.service, file, self.now, without_journal=without_journal, progress=progress)
        self.engine = open_engine(self.url)
        return replayed

    def close(self):
        self.engine.dispose()


def forum_in(session, keyring, now):
    forum = Forum.__new__(Forum)
    forum.session, forum.keyring, forum.now = session, keyring, now
    forum.platform = platform_named(session, "forum")
    forum.id = forum.platform.id
    return forum
