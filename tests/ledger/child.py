"""A process that writes to a ledger and is killed where it was told: `child.py URL FOLDER WHERE AFTER`.

It writes the number of every entry after its commit returned, which is what a caller would have been told.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.crypto.fixed import RING
from tests.ledger.place import Place


def main() -> None:
    url, folder, where, after = sys.argv[1:]
    place = Place(url, RING, Path(folder))
    left = int(after)

    def die(*_):
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    if where == "journal":
        # What the engine calls just before it commits: the journal has been written.
        event.listen(place.engine, "commit", die)
    elif where == "checkpoint":
        # Before our own listener: the database has committed, the checkpoint is not yet outside.
        event.listen(Session, "after_commit", die, insert=True)
    number = 0
    while True:
        (written,) = place.append_in_one([("test", {"n": number})], [f"record {number}".encode()])
        sys.stdout.write(f"{written}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
