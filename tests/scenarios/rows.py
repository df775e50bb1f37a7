"""Reads the rows of a scenario file: what is asked, and what must come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from governance.decision.vocabulary import (
    NOT_SENT,
    PERSON_ACTIONS,
    AccountKey,
    Action,
    Instant,
    NotSentType,
    Reason,
)
from tests.scenarios.phrases import NOT_SENT_PHRASE, Speech, word
from tests.scenarios.tables import ScenarioError, Table
from tests.scenarios.world import Pair, Piece, Row, World

_STEPS = frozenset({"0", "1", "2", *(f"3{letter}" for letter in "abcdefghijk")})
_OF_A_PIECE = ("community", "thread", "post", "created", "edited")


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one file against its world."""

    file: str
    speech: Speech
    world: World
    defaults: Mapping[str, Any]
    """What a row asks if it does not say: `now`, `community`, `created`."""

    def rows(self, groups: list[Any], lines: Iterator[int]) -> Iterator[Row]:
        """Read `[[when]]`: what a group says holds for each of its rows."""
        for number, group in enumerate(groups, 1):
            shared = Table(group, f"{self.file}: when[{number}]")
            shared.text("clause", "")
            for row in shared.tables("rows"):
                yield self._row(_merged(shared.content, row.content), f"{self.file}:{next(lines)}")

    def pairs(self, groups: list[Any], lines: Iterator[int]) -> Iterator[Pair]:
        """Read `[[law]]`: pairs of a question before and after a change."""
        for number, group in enumerate(groups, 1):
            shared = Table(group, f"{self.file}: law[{number}]")
            law, same = shared.text("says"), shared.flag("same", default=False)
            for pair in shared.tables("pairs"):
                name = f"{self.file}:{next(lines)}"
                common = _merged(shared.content, pair.content)
                before, after = (
                    self._row(_merged(common, pair.table(half).content), f"{name} {half}") for half in _HALVES
                )
                yield Pair(law, same, before, after)

    def _row(self, content: Mapping[str, Any], name: str) -> Row:
        usual = {key: value for key, value in self.defaults.items() if key != "created"}
        table = Table(usual | dict(content), name)
        viewer = self._account(table.must("viewer"), table.at("viewer"), None)
        platform = viewer.partition("@")[2]
        action = word(Action, table.must("action"), table.at("action"))
        row = Row(
            name=name,
            because=table.text("because"),
            platform=platform,
            viewer=viewer,
            action=action,
            pieces=tuple(self._pieces(table, action, platform)),
            now=self.speech.instant(table.must("now"), table.at("now")),
            sender=self._sender(table, platform),
            recipients=self._recipients(table, platform),
            flagged=_flag(table, "flagged"),
            patient_wrote_first=_flag(table, "patient_wrote_first"),
            then=word(Reason, table.must("then"), table.at("then")),
            step=_step(table),
        )
        table.done()
        return row

    def _pieces(self, table: Table, action: Action, platform: str) -> Iterator[Piece]:
        """Read `author`, or `authors`, and `quoting`: each a name, or a table that differs from the row."""
        if ("author" in table) == ("authors" in table):
            message = f"{table.where}: a row has either author or authors"
            raise ScenarioError(message)
        shared = {key: table.take(key) for key in _OF_A_PIECE if key in table}
        for key in ("author", "authors", "quoting"):
            for item in table.items(key):
                own = item if isinstance(item, Mapping) else {"author": item}
                yield self._piece(Table(shared | own, table.at(key)), action, platform)

    def _piece(self, table: Table, action: Action, platform: str) -> Piece:
        author = self._account(table.must("author"), table.where, platform)
        on_person = action in PERSON_ACTIONS
        thread, post = (NOT_SENT_PHRASE, NOT_SENT_PHRASE) if on_person else ("th1", "p1")
        created = NOT_SENT_PHRASE if on_person else self.defaults["created"]
        piece = Piece(
            author=author,
            community=_sent(table.text("community")),
            thread=_sent(table.text("thread", thread)),
            post=_sent(table.text("post", post)),
            created=self._time(table.take("created", created), table.at("created")),
            edited=self._edited(table.take("edited", NOT_SENT_PHRASE if on_person else "never"), table),
        )
        table.done()
        return piece

    def _time(self, text: str, where: str) -> Instant | NotSentType:
        return NOT_SENT if text == NOT_SENT_PHRASE else self.speech.instant(text, where)

    def _edited(self, text: str, table: Table) -> Instant | NotSentType | None:
        return None if text == "never" else self._time(text, table.at("edited"))

    def _sender(self, table: Table, platform: str) -> AccountKey | NotSentType:
        sender = table.take("sender", NOT_SENT_PHRASE)
        return NOT_SENT if sender == NOT_SENT_PHRASE else self._account(sender, table.at("sender"), platform)

    def _recipients(self, table: Table, platform: str) -> frozenset[AccountKey] | NotSentType:
        if table.take("recipients", NOT_SENT_PHRASE) == NOT_SENT_PHRASE:
            return NOT_SENT
        where = table.at("recipients")
        return frozenset(self._account(name, where, platform) for name in table.items("recipients"))

    def _account(self, text: object, where: str, platform: str | None) -> AccountKey:
        """Read the account of somebody the file introduced, so that a slip of the pen is no stranger."""
        account = self.speech.account(text, where, platform=platform)
        people = (*self.world.patients.values(), *self.world.professionals.values())
        if account.partition("@")[0] in self.world.strangers or any(account in each.accounts for each in people):
            return account
        message = f"{where}: nobody in this file has the account {account}"
        raise ScenarioError(message)


_HALVES = ("before", "after")
_AUTHORS = frozenset({"author", "authors"})
_NOT_OF_A_ROW = frozenset({"clause", "says", "same", "rows", "pairs", *_HALVES})


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what a row says over what its group says."""
    replaced = _AUTHORS if _AUTHORS & set(own) else frozenset[str]()
    merged = {key: value for key, value in shared.items() if key not in _NOT_OF_A_ROW | replaced} | own
    return {key: value for key, value in merged.items() if key not in _HALVES}


def _sent(text: str) -> str | NotSentType:
    return NOT_SENT if text == NOT_SENT_PHRASE else text


def _flag(table: Table, key: str) -> bool | NotSentType:
    return NOT_SENT if table.take(key) == NOT_SENT_PHRASE else table.flag(key, default=False)


def _step(table: Table) -> str | None:
    step: str | None = table.take("step")
    if step is not None and step not in _STEPS:
        raise table.wrong("step", "write 0, 1, 2, or 3a to 3k")
    return step


def lines_of_rows(text: str, key: str) -> list[int]:
    """Return the line number of every row: one a line, between `rows = [` (or pairs) and the closing bracket."""
    found, inside = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line == f"{key} = [":
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and line.lstrip().startswith("{"):
            found.append(number)
    return found
