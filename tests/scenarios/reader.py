"""Reads scenario files: TOML in, a neutral description of a world and of the questions asked in it out."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.scenarios.patients import read_patient
from tests.scenarios.phrases import Speech
from tests.scenarios.professionals import read_professional, read_room, read_rules
from tests.scenarios.rows import RowReader, lines_of_rows
from tests.scenarios.tables import ScenarioError, Table
from tests.scenarios.world import Scenario, World

FOLDER = Path(__file__).parents[2] / "policies" / "scenarios"

_DEFAULTS = {"now": "2026-05-10 12:00", "community": "t1d", "created": "2026-05-01 12:00"}


def read_all(folder: Path = FOLDER) -> tuple[Scenario, ...]:
    """Read every scenario file, in order of their names."""
    return tuple(read_file(path) for path in sorted(folder.rglob("*.toml")))


def read_file(path: Path) -> Scenario:
    """Read one file.

    Raises:
        ScenarioError: something is unknown, missing or unreadable; the message names file and key.
    """
    return read_text(path.read_text(encoding="utf-8"), path.name)


def read_text(text: str, file: str) -> Scenario:
    """Read the text of a file."""
    try:
        table = Table(tomllib.loads(text), file)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: not TOML: {error}"
        raise ScenarioError(message) from None
    title, story = table.text("title"), table.text("story")
    speech = Speech(table.text("platform", "F"), table.text("zone", "Europe/London"))
    defaults = {key: table.text(key, usual) for key, usual in _DEFAULTS.items()}
    world = read_world(table.table("given"), speech)
    rows = RowReader(file, speech, world, defaults)
    numbers = _numbers(text, table)
    scenario = Scenario(
        file,
        title,
        story,
        world,
        rows=tuple(rows.rows(table.items("when"), iter(numbers["rows"]))),
        pairs=tuple(rows.pairs(table.items("law"), iter(numbers["pairs"]))),
    )
    table.done()
    return scenario


def read_world(given: Table, speech: Speech) -> World:
    """Read `[given]`: all people, communities and rules."""
    rooms = given.take("communities", {"t1d": {}})
    world = World(
        patients={
            name: read_patient(Table(content, f"{given.where}.patients.{name}"), name, speech)
            for name, content in _with_likes(given.table("patients")).items()
        },
        professionals={
            name: read_professional(Table(content, f"{given.where}.professionals.{name}"), name, speech)
            for name, content in _with_likes(given.table("professionals")).items()
        },
        strangers=frozenset(given.items("strangers")),
        rooms=tuple(
            read_room(Table(content, f"{given.where}.communities.{name}"), name, speech)
            for name, content in rooms.items()
        ),
        rules=read_rules(given.table("conduct")),
    )
    given.done()
    return world


def _with_likes(people: Table) -> Mapping[str, Mapping[str, Any]]:
    """Fill in `like = "ana"`: everything as Ana has it, but for what is written here."""
    filled: dict[str, Mapping[str, Any]] = {}
    for name, content in people.content.items():
        own = dict(content)
        model = own.pop("like", None)
        if model is not None and model not in filled:
            message = f"{people.where}.{name}.like: nobody called {model!r} stands above"
            raise ScenarioError(message)
        filled[name] = dict(filled.get(model, {})) | own
    return filled


def _numbers(text: str, table: Table) -> dict[str, list[int]]:
    """Split the line numbers of rows by `[[when]]` and `[[law]]`, in the order of the file."""
    numbers: dict[str, list[int]] = {}
    for key, group in (("rows", "when"), ("pairs", "law")):
        numbers[key] = lines_of_rows(text, key)
        written = sum(len(each.get(key, [])) for each in table.items(group))
        if len(numbers[key]) != written:
            message = f"{table.where}: write '{key} = [', then one row a line, then ']', each on a line of its own"
            raise ScenarioError(message)
    return numbers
