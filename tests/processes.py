"""Processes that tests start, and those that they start in turn."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def children(parent: int) -> list[int]:
    """Return the ids of the processes that one has started and that are still there; none where Linux does not tell."""
    told = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def kill_all(processes: list[int]) -> None:
    """Kill them; one that is gone already is no mistake."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
