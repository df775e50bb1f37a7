"""A forum with its people, stored once by a process: each later test begins with a copy of what was stored.

Three hundred statements make such a forum, more than most tests of it need. A copy has the same database, the same
place outside and the same keys. On PostgreSQL, with other keys or over a database that is not empty it is made anew.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, inspect, or_, select
from sqlalchemy.orm import Session

from governance.config import Settings
from governance.config.key_set import KeySet
from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.decision.vocabulary import Instant
from governance.identity.service import Credentials
from tests.forum import Forum, an_hour_ago, with_people

_SQLITE: Final = "sqlite:///"
_kept: "list[_Kept]" = []


@dataclass(frozen=True)
class _Kept:
    """What was stored, as files of a folder that goes with the process, and what its forum's program was told."""

    folder: "tempfile.TemporaryDirectory[str]"
    platform_id: UUID
    credentials: Credentials
    now: Instant

    @property
    def database(self) -> Path:
        return Path(self.folder.name) / "governance.db"

    @property
    def outside(self) -> Path:
        return Path(self.folder.name) / "outside"


@cache
def kept_keys() -> KeySet:
    """Return the keys of all services of this process that may begin with a copy."""
    return KeySet.fresh()


def people_in(session: Session, settings: Settings) -> Forum:
    """Return a forum on which Ana answers her nurse and nobody else; tokens go by the real clock, so it does too."""
    url, keyring = settings.database_url, Keyring(settings.keys)
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or settings.keys is not kept_keys() or not _is_bare(session):
        return with_people(Forum(session, keyring, at=an_hour_ago()))
    if not _kept:
        forum = with_people(Forum(session, keyring, at=an_hour_ago()))
        _kept.append(_keep(forum, path, settings.outside))
        return forum
    [kept] = _kept
    _copy(kept.database, path)
    shutil.copytree(kept.outside, settings.outside, dirs_exist_ok=True)
    forum = Forum.again(session, keyring, kept.platform_id, kept.credentials, kept.now)
    # Who holds the database keeps the app from it.
    session.commit()
    return forum


def _is_bare(session: Session) -> bool:
    """Say whether there is nothing that a copy would overwrite: no row, and no table but ours."""
    tables = Base.metadata.tables
    found = set(inspect(session.connection()).get_table_names())
    if found != tables.keys() or session.scalar(_any_row()):
        return False
    # Nothing of the session's own is lost by that, and who holds the database keeps others from it.
    session.rollback()
    return True


@cache
def _any_row() -> Select[tuple[bool]]:
    """The question whether any table of ours has a row, as one statement."""
    return select(or_(*(exists(table.select()) for table in Base.metadata.sorted_tables)))


def _keep(forum: Forum, database: Path, outside: Path) -> _Kept:
    kept = _Kept(tempfile.TemporaryDirectory(), forum.id, forum.credentials, forum.now)
    _copy(database, kept.database)
    shutil.copytree(outside, kept.outside)
    return kept


def _copy(database: Path, to: Path) -> None:
    """Copy by SQLite's own way, which knows of those who have either open."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
