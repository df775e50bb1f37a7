"""Breaks of the header that every record has."""

from datetime import UTC, datetime, timedelta, timezone

from governance.policy.checks import header
from tests.policy.breaks.row import AGES, CONDUCT, OPTOUT, Break


def stepped(version: str, change: str) -> dict[str, object]:
    return {
        "id": "conduct",
        "procedure": "conduct",
        "version": version,
        "change": change,
        "effective": datetime(2026, 1, 1, tzinfo=UTC),
        "summary": "rules",
        "owner": "publisher",
    }


HEADER = [
    Break(header.id_is_file_name, OPTOUT, ("record", "id"), "opt", "record.id", "file name", 'id = "optout"'),
    Break(
        header.procedure_is_folder, AGES, ("record", "procedure"), "conduct", "record.procedure", "folder", '"optout"'
    ),
    Break(header.version_says_change, CONDUCT, ("record", "version"), "1.0", "record.version", "no version", "1.2.3"),
    Break(
        header.version_says_change,
        CONDUCT,
        ("record",),
        stepped("1.1.0", "material"),
        "record.change",
        "clarifying",
        "mend",
    ),
    Break(
        header.version_says_change,
        CONDUCT,
        ("record",),
        stepped("1.1.2", "clarifying"),
        "record.change",
        "editorial",
        "mend",
    ),
    Break(
        header.effective_in_utc,
        OPTOUT,
        ("record", "effective"),
        datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        "record.effective",
        "UTC",
        "Z",
    ),
    Break(
        header.effective_in_utc,
        OPTOUT,
        ("record", "effective"),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        "record.effective",
        "UTC",
        "Z",
    ),
    Break(
        header.texts_are_named_after_record,
        OPTOUT,
        ("texts", "english"),
        {"file": "optout.english.md", "sha256": "0", "status": "draft"},
        "texts.english",
        "no language",
        "language code",
    ),
    Break(
        header.texts_are_named_after_record,
        OPTOUT,
        ("texts", "en", "file"),
        "../conduct/conduct.en.md",
        "texts.en.file",
        "conduct.en.md",
        "optout.en.md",
    ),
]
