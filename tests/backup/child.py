"""A process that writes, or restores and is killed: `child.py write URL FOLDER`, `child.py WHERE URL FOLDER FILE`.

A writer tells every patient it hid after the commit returned. Told to try again in a moment, it does: SQLite lets
whoever writes fastest in again first, and the other ones wait.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from governance.backup import restoring, sqlite
from governance.db.failures import BusyError
from tests.backup.house import House

WHERE = ("filled", "halfway", "journalled", "committed", "unplaced")


def main() -> None:
    what, url, folder, *rest = sys.argv[1:]
    house = House(url, Path(folder))
    if what == "write":
        write(house)
    house.now += 60_000_000
    restore(house, what, Path(rest[0]))


def write(house):
    number = 0
    while True:
        try:
            with house.forum() as forum:
                forum.hides(f"{os.getpid()}-{number}")
        except BusyError:
            continue
        number += 1
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def restore(house, where, file):
    progress = die if where == "halfway" else lambda *_: None
    if where == "filled":
        restoring._bring_up = die
    elif where == "unplaced":
        sqlite.put_in_place = die
    elif where == "committed":
        event.listen(Session, "after_commit", die, insert=True)
    elif where == "journalled":
        restoring.open_engine = dying_before_commit(restoring.open_engine)
    restoring.restore(house.service, file, house.now, progress=progress)


def dying_before_commit(opened):
    def open_engine(url):
        engine = opened(url)
        # Readers end with a rollback: the one commit is the restore's.
        event.listen(engine, "commit", die)
        return engine

    return open_engine


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
