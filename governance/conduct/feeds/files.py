"""Reading a dropped file, CSV or JSON: the whole of it is right, or every line that is wrong is told."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import MAXYEAR, date, datetime
from typing import Any, Final, NamedTuple

import msgspec

from governance.conduct.errors import BadFileError, BadNumberError
from governance.conduct.feeds.entries import Delivery, Entry, plain
from governance.conduct.numbers import read_number
from governance.decision.vocabulary import Instant, Status
from governance.errors import BadInputError
from governance.policy.views.registers import HcpRegister
from governance.sentences import Sentence
from governance.ui.clock import to_instant
from governance.ui.strict_json import load_strictly

_TOLD: Final = {
    one.value: one for one in (Status.GOOD, Status.RESTRICTED, Status.LAPSED, Status.SUSPENDED, Status.REMOVED)
}
_COLUMNS: Final = {"number", "name", "status"}
_OPTIONAL: Final = {"renews"}
_NO_TEXT: Final = Sentence("is no UTF-8; save the file as UTF-8")
_NO_CSV: Final = Sentence("is no CSV; is a quotation mark left open?")
_HEAD: Final = Sentence("must name the columns %(columns)s, and no others")
_HEAD_WITH: Final = Sentence("must name the columns %(columns)s (and may name %(more)s), and no others")
_COMMAS: Final = Sentence("%(wrong)s; put commas between them, not semicolons")
_OTHER_COLUMNS: Final = Sentence("does not have the columns of the head line, each as text")
_LARGEST: Final = 256 * 1024 * 1024
_LONGEST_NAME: Final = 200


class Row(NamedTuple):
    """One row of a file: its line for people, and its values as text."""

    line: int
    values: Mapping[str, str]


class Wrong(NamedTuple):
    """What is wrong with one line; never what stands there, which is about a person."""

    line: int
    what: Sentence

    def __str__(self) -> str:
        """Return it for people."""
        return f"line {self.line}: {self.what}"


class WrongFileError(BadFileError):
    """A file with lines that are wrong: nothing of it counts."""

    def __init__(self, wrong: list[Wrong]) -> None:
        """Tell every line."""
        are = "1 line is wrong" if len(wrong) == 1 else f"{len(wrong)} lines are wrong"
        super().__init__(f"{are}; nothing was taken. Mend what is wrong and send the whole file again")
        self.wrong = wrong


def read_delivery(raw: bytes, register: HcpRegister, as_of: Instant) -> Delivery:
    """Return what a register's file says. Raises `WrongFileError`, `BadFileError`."""
    entries: dict[str, Entry] = {}

    def take(values: Mapping[str, str]) -> None:
        entry = _entry(values, register)
        if entries.setdefault(entry.number, entry) != entry:
            raise BadFileError("this number stands in the file twice, with different words")

    each_row(rows_of(raw, _COLUMNS, _OPTIONAL), take)
    return Delivery(register, as_of, tuple(entries.values()), hashlib.sha256(raw).hexdigest())


def each_row(rows: Iterable[Row], take: Callable[[Mapping[str, str]], None]) -> None:
    """Take every row. Raises `WrongFileError` with all that are wrong."""
    wrong: list[Wrong] = []
    for row in rows:
        try:
            take(row.values)
        except BadFileError as error:
            wrong.append(Wrong(row.line, Sentence(str(error))))
    if wrong:
        raise WrongFileError(wrong)


def rows_of(raw: bytes, needed: set[str], optional: set[str]) -> Iterator[Row]:
    """Yield the rows of a CSV file with a head line, or of a JSON list. Raises `WrongFileError`, `BadFileError`."""
    if len(raw) > _LARGEST:
        raise BadFileError("this file is larger than 256 MB; send it in parts")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongFileError([Wrong(line, _NO_TEXT)]) from error
    rows = _json_rows(text) if text.lstrip().startswith("[") else _csv_rows(text, needed, optional)
    yield from _checked(rows, needed, optional)


def day_in(text: str) -> date | None:
    """Return a day as files write it; none where there is none. Raises `BadFileError`."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadFileError("this is no day; write it like 2027-03-31") from error
    if day.year == MAXYEAR:
        # After the last day there is none on which anything could end.
        raise BadFileError("this day is too far ahead; leave it out where nothing ends")
    return day


def moment_in(text: str) -> Instant:
    """Return an instant as an operator types it. Raises `BadFileError`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadFileError("this is no time; write it like 2026-12-24T06:00Z") from error
    if at.tzinfo is None:
        raise BadFileError("say in which zone this time is; end it with Z for UTC")
    return to_instant(at)


def number_in(text: str, register: HcpRegister) -> str:
    """Return a number in its register's form. Raises `BadFileError`, which does not repeat it."""
    try:
        return read_number(register, text).number
    except BadNumberError as error:
        raise BadFileError("the number is none of this register; were zeros at its start lost?") from error


def name_in(text: str) -> str:
    """Return a name. Raises `BadFileError`."""
    if not 0 < len(text.strip()) <= _LONGEST_NAME:
        raise BadFileError("the name is missing, or longer than 200 letters")
    return text


def _entry(values: Mapping[str, str], register: HcpRegister) -> Entry:
    word = values["status"].strip().casefold()
    status = _TOLD.get(word) or register.status_words.get(word)
    if status is None:
        raise BadFileError(f"the status is none of {', '.join([*_TOLD, *register.status_words])}")
    name = plain(name_in(values["name"]))
    return Entry(number_in(values["number"], register), frozenset([name]), status, day_in(values.get("renews", "")))


def _csv_rows(text: str, needed: set[str], optional: set[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [one.strip().casefold() for one in next(reader, [])]
        _check_head(head, needed, optional)
        for values in reader:
            if values:
                padded = values if len(values) == len(head) else []
                yield Row(reader.line_num, dict(zip(head, padded, strict=False)))
    except csv.Error as error:
        raise WrongFileError([Wrong(reader.line_num, _NO_CSV)]) from error


def _check_head(head: list[str], needed: set[str], optional: set[str]) -> None:
    if not needed <= set(head) <= needed | optional or len(head) != len(set(head)):
        named = Sentence(
            _HEAD_WITH.text if optional else _HEAD.text,
            {"columns": ", ".join(sorted(needed)), "more": ", ".join(sorted(optional))},
        )
        # Spreadsheets write semicolons where people write a comma into a number.
        by = any(";" in name for name in head)
        raise WrongFileError([Wrong(1, Sentence(_COMMAS.text, {"wrong": named}) if by else named)])


def _json_rows(text: str) -> Iterator[Row]:
    try:
        # Strictly: of a status that stands there twice, each reader would take another one.
        rows: list[dict[str, Any]] = msgspec.convert(load_strictly(text.encode()), type=list[dict[str, Any]])
    except (BadInputError, msgspec.ValidationError) as error:
        raise BadFileError("this is no JSON list of objects, each name once; nothing was taken") from error
    for at, row in enumerate(rows, 1):
        # A number that is no text has lost its zeros already.
        yield Row(at, {key: value for key, value in row.items() if isinstance(value, str)} if _is_text(row) else {})


def _is_text(row: Mapping[str, Any]) -> bool:
    return all(isinstance(value, str) or value is None for value in row.values())


def _checked(rows: Iterator[Row], needed: set[str], optional: set[str]) -> Iterator[Row]:
    wrong = []
    for row in rows:
        if needed <= row.values.keys() <= needed | optional:
            yield row
        else:
            wrong.append(Wrong(row.line, _OTHER_COLUMNS))
    if wrong:
        raise WrongFileError(wrong)
