"""`python -m tests.benchmarks.storage`: what a choice, a page of decisions and their log cost. Run by hand.

Times are those of the clock, whole service calls with everything they wait for: ledger, journal, checkpoint, disk.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from governance.db.base import new_id
from governance.db.extension import reading
from governance.decision.vocabulary import Level
from governance.effective import present
from governance.ledger.commits import OUTSIDE
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.service import Noted, write
from governance.optout.choices import Choices
from governance.optout.ratchet import Press, choose
from governance.optout.service import hide
from governance.pdp.messages import Question, question_of
from tests.benchmarks.report import environment, say_environment
from tests.benchmarks.timing import quartiles
from tests.forum import Forum, asked
from tests.postgres import databases
from tests.reliability.house import House

PAGE = 100
DOWNWARDS = [Level.IN_TOUCH, Level.ANSWERED, Level.SEEN, Level.CLOSED]
"""Every step is a change that takes effect at once."""


class Bench:
    """One service with a page's authors and a nurse who reads it."""

    def __init__(self, name: str, house: House, rounds: int) -> None:
        self.name, self.house, self.rounds = name, house, rounds
        self.session = Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside})
        self.forum = Forum(self.session, house.keyring)
        self.forum.registers("nurse")
        self.forum.opens("c")
        open_ones = self._authors("open", DOWNWARDS[0])
        closed_ones = self._authors("closed", DOWNWARDS[-1])
        self.patients = [self.forum.patient(author).id for author in open_ones]
        self.session.commit()
        self.session.close()
        self.questions = [question_of(asked("nurse", author)) for author in open_ones]
        self.of_closed = [question_of(asked("nurse", author)) for author in closed_ones]
        self.medians: dict[str, float] = {}

    def runs(self) -> dict[str, float]:
        """Time everything; return medians in microseconds."""
        self.reads(f"page of {PAGE}, open choices", self.questions)
        self.reads(f"page of {PAGE}, open choices, nobody of it read before", self.questions, first=True)
        self.reads(f"page of {PAGE}, closed choices", self.of_closed)
        self.reads("one decision", self.questions[:1])
        self.changes()
        self.reads(f"page of {PAGE}, closed by three changes each", self.questions)
        self.logs()
        return self.medians

    def changes(self) -> None:
        """Time changes of choices, each in a transaction of its own; the first one ends everybody's team."""
        away, *closing = [[self._change(patient, level) for patient in self.patients] for level in DOWNWARDS[1:]]
        self._say("an opt-out change", [*away, *(taken for step in closing for taken in step)])
        self._say("an opt-out change that sends somebody away", away)
        self._say("an opt-out change that closes a level", [taken for step in closing for taken in step])
        self._say("hide me", [self._timed(partial(hide, patient_id=patient)) for patient in self.patients])

    def reads(self, what: str, questions: list[Question], *, first: bool = False) -> None:
        """Time decisions as the door takes them; `first` as by a process that made no facts of these people yet."""

        def page() -> float:
            if first:
                for kept in (present._author, present._viewer):
                    kept.cache_clear()
            return _microseconds(lambda: self._answer(questions))

        page()
        self._say(what, [page() for _ in range(self.rounds)])

    def _answer(self, questions: list[Question]) -> None:
        with reading() as session:
            self._desk(session).answer(questions, self.forum.now)

    def logs(self) -> None:
        """Time the log: what the request waits for, and what the thread writes afterwards."""
        with self.house.reading() as session:
            desk = self._desk(session)
            answers, revision = desk.answer(self.questions, self.forum.now), desk.revision
        group = [Noted(new_id(), self.forum.id, revision, *_said(answer)) for answer in answers]

        def write_group(noted: Any) -> None:
            with Session(self.house.engine) as session, session.begin():
                write(session, self.house.keyring, noted)

        buffer = DecisionBuffer(write_group, within=3600)
        noting, writing = [], []
        for _ in range(self.rounds):
            noting.append(_microseconds(lambda: buffer.note(group)))
            writing.append(_microseconds(buffer.flush))
        self._say(f"log of a page of {PAGE}, in the request", noting)
        self._say(f"log of a page of {PAGE}, written beside it", writing)
        buffer.close()

    def _change(self, patient: Any, level: Level) -> float:
        wanted = Choices(level, level, frozenset())

        def pick(session: Session, keyring: Any, *, now: Any) -> None:
            choose(session, keyring, patient, wanted, Press(now))

        return self._timed(pick)

    def _timed(self, act: Callable[..., object]) -> float:
        self.forum.now += 1

        def change() -> None:
            with self.house.writing() as session:
                act(session, self.house.keyring, now=self.forum.now)

        return _microseconds(change)

    def _authors(self, whose: str, level: Level) -> list[str]:
        names = [f"{whose} {number}" for number in range(PAGE)]
        for name in names:
            self.forum.acknowledges(name)
            self.forum.chooses(name, level, level, ["nurse"])
        return names

    def _desk(self, session: Session) -> Any:
        self.forum.session = session
        return self.forum.desk()

    def _say(self, what: str, taken: list[float]) -> None:
        low, median, high = quartiles(taken)
        self.medians[what] = median
        click.echo(f"{self.name}: {what}: {median:.0f} microseconds ({low:.0f} to {high:.0f})")


def _said(answer: Any) -> tuple[Any, ...]:
    return answer.request, answer.facts, answer.decision


def _microseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e6


@contextmanager
def _url(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'governance.db'}"
        return
    with databases() as made, made.lend(tables=False) as url:
        yield url


@click.command()
@click.option("--rounds", type=click.IntRange(2), default=100, show_default=True)
@click.option("--only", type=click.Choice(["sqlite", "postgres"]), help="One of the two databases.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the medians to this file.")
def main(rounds: int, only: str | None, json_file: Path | None) -> None:
    """Time an opt-out change, a page of decisions, and its log, on both databases; median and quartiles."""
    found = environment()
    say_environment(found)
    medians = {}
    for name in ("sqlite", "postgres") if only is None else (only,):
        with tempfile.TemporaryDirectory() as folder, _url(name, Path(folder)) as url:
            house = House(Path(folder) / "here", url)
            with house.app():
                medians[name] = Bench(name, house, rounds).runs()
            house.close()
    if json_file is not None:
        json_file.write_text(json.dumps({"environment": found, "microseconds": medians}, indent=2) + "\n")


if __name__ == "__main__":
    main()
