"""A process of the demo ends when the one that started it is gone, however that went: `kill -9` runs no clean-up."""

import os
import signal
import sys
import threading
import time
from typing import Final

_LEAVE_SECONDS: Final = 10.0


def end_with_parent() -> None:
    """Watch standard input, a pipe that the parent holds open and never writes to; at its end, end this process group.

    Only for a process that leads a group of its own, as `start_new_session` makes one.
    """
    threading.Thread(target=_watch, args=(sys.stdin.fileno(),), name="leash", daemon=True).start()


def _watch(parent: int) -> None:
    # A signal for this process is for its main thread, which knows how to end: a worker finishes what it has in hand.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    # Not through `sys.stdin`: its lock would be held in every process that is forked meanwhile.
    while os.read(parent, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LEAVE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
