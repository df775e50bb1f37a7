"""A process that imports a register's file and is killed half-way: `killed_import.py FOLDER FILE AS_OF STEPS`.

It runs the command itself; after so many steps of its bar it gets SIGKILL.
With COMMIT_EACH set it commits at every step, as no import may.
"""

import os
import pickle
import signal
import sys
from pathlib import Path

from click.testing import CliRunner

from governance.app import create_app
from governance.conduct.feeds import commands
from governance.db.extension import db


def main():
    folder, file, as_of, steps = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    left, advance = steps, commands.Step.__call__

    def die(step):
        nonlocal left
        left -= 1
        if os.environ.get("COMMIT_EACH"):
            db.session.commit()
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        advance(step)

    commands.Step.__call__ = die
    with create_app(pickle.loads((folder / "settings").read_bytes())).app_context():  # noqa: S301 - our own test's
        words = ["import", file, "--register", "gb-nmc", "--as-of", as_of]
        CliRunner().invoke(commands.conduct, words, catch_exceptions=False)


if __name__ == "__main__":
    main()
