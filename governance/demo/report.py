"""What the walk expected and what it saw: a table on a terminal, plain lines elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

_COLUMNS: Final = ("", "who", "step", "expected", "seen", "decision")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; `decision` is what the decision API said of the same thing, where there is one."""

    who: str
    what: str
    expected: str
    seen: str
    decision: str = ""

    @property
    def held(self) -> bool:
        """Say whether what was seen is what was expected."""
        return self.seen == self.expected


class Report:
    """Prints steps as they are taken, and counts those that did not hold."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Say lines with `say`, unless a terminal can show a table."""
        self._console = Console()
        self._say = say
        self._status = self._console.status("walking ...") if self._console.is_terminal else None
        if self._status is not None:
            self._status.start()
        self.steps: list[Step] = []

    def add(self, step: Step) -> None:
        """Take a step into the report; off a terminal it is told at once."""
        self.steps.append(step)
        if self._status is not None:
            self._status.update(f"{step.who}: {step.what}")
        else:
            decision = f" [{step.decision}]" if step.decision else ""
            mark = "ok " if step.held else "NOT"
            self._say(f"{mark} {step.who}: {step.what}: expected {step.expected}, saw {step.seen}{decision}")

    def end(self) -> bool:
        """Show the whole on a terminal, and say whether every step held; no step at all does not count."""
        if self._status is not None:
            self._status.stop()
            self._console.print(self._table())
        failed = sum(not step.held for step in self.steps)
        self._say(f"{len(self.steps)} steps, {failed} not as expected")
        return bool(self.steps) and not failed

    def _table(self) -> Table:
        table = Table(title="The demo, walked over HTTP", box=SIMPLE, padding=0)
        for name in _COLUMNS:
            table.add_column(name, no_wrap=name in {"who", "decision"})
        for step in self.steps:
            mark, style = ("yes", "") if step.held else ("NO", "bold red")
            table.add_row(mark, step.who, step.what, step.expected, step.seen, step.decision, style=style)
        return table
