"""Every time of the API is RFC 3339 in UTC and ends with `Z`: all schemas and the whole document are looked through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from marshmallow import Schema, ValidationError, fields

import governance
from governance.ui.clock import to_the_second
from governance.ui.times import UtcTime

SOURCE = Path(governance.__file__).parent
_OTHER_TIMES = (fields.DateTime, fields.Time)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def all_below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from all_below(one)


def inner(field: fields.Field) -> Iterator[fields.Field]:
    yield field
    if isinstance(field, fields.List):
        yield from inner(field.inner)
    if isinstance(field, fields.Tuple):
        for one in field.tuple_fields:
            yield from inner(one)
    if isinstance(field, fields.Dict) and field.value_field is not None:
        yield from inner(field.value_field)


def other_times(schemas: list[type[Schema]]) -> set[str]:
    """Fields for times that are not the one of the API; texts that only say that they are times among them."""
    return {
        f"{schema.__name__}.{name}"
        for schema in schemas
        for name, field in schema._declared_fields.items()
        for one in inner(field)
        if not isinstance(one, UtcTime) and (isinstance(one, _OTHER_TIMES) or one.metadata.get("format") == "date-time")
    }


def times_in(described, path: str = "") -> Iterator[tuple[str, object]]:
    """The examples and defaults of every member of a document that is a time."""
    if isinstance(described, list):
        for number, one in enumerate(described):
            yield from times_in(one, f"{path}/{number}")
    if isinstance(described, dict):
        if described.get("format") == "date-time":
            yield from ((path, described[name]) for name in ("example", "default") if described.get(name) is not None)
        for name, one in described.items():
            yield from times_in(one, f"{path}/{name}")


class Slipped(Schema):
    """What the look through all schemas has to find."""

    plain = fields.DateTime()
    aware = fields.AwareDateTime()
    many = fields.List(fields.NaiveDateTime())
    named = fields.Dict(values=fields.DateTime())
    text = fields.String(metadata={"format": "date-time"})
    good = UtcTime()


def test_no_schema_has_another_field_for_times(app):
    app.test_client().get("/openapi.json")
    ours = [schema for schema in all_below(Schema) if schema.__module__.startswith("governance.")]
    assert {"CommunitySetting", "WebhookShown", "BadgeShown", "PublishedVersion"} <= {one.__name__ for one in ours}
    assert other_times(ours) == set()


def test_one_that_slips_in_is_found():
    assert other_times([Slipped]) == {f"Slipped.{name}" for name in ("plain", "aware", "many", "named", "text")}


def test_the_document_gives_no_example_in_another_form(app):
    found = list(times_in(app.test_client().get("/openapi.json").json))
    assert found
    assert [(path, said) for path, said in found if not str(said).endswith("Z")] == []
    assert "+00:00" not in app.test_client().get("/docs").text


def test_no_command_writes_a_time_in_a_form_of_its_own():
    commands = [path for path in SOURCE.rglob("*commands.py") if path.is_file()]
    assert len(commands) > 10
    assert [path.name for path in commands if "isoformat(" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("instant", [0, 1, 999_999, 1_777_888_999_123_456])
def test_a_command_prints_whole_seconds_in_utc(instant):
    said = to_the_second(instant)
    assert len(said) == len("2026-05-04T12:00:00Z")
    assert datetime.fromisoformat(said).timestamp() == instant // 1_000_000


@pytest.mark.parametrize("hours", [-12, -3.5, 0, 5.75, 14])
def test_what_is_answered_ends_with_z_whatever_zone_it_was_in(hours):
    assert (
        UtcTime().serialize("at", {"at": NOON.astimezone(timezone(timedelta(hours=hours)))}) == "2026-05-04T12:00:00Z"
    )
    assert UtcTime().serialize("at", {"at": None}) is None


def test_a_time_without_a_zone_is_neither_taken_nor_told():
    with pytest.raises(ValueError, match="zone"):
        UtcTime().serialize("at", {"at": NOON.replace(tzinfo=None)})
    with pytest.raises(ValidationError):
        UtcTime().deserialize("2026-05-04T12:00:00")
    assert UtcTime().deserialize("2026-05-04T14:00:00+02:00") == NOON
