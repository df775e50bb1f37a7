"""Checks of the header that every record has."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from governance.policy.checks.rule import Rule
from governance.policy.problems import Problem
from governance.policy.reading import Source
from governance.policy.records import ChangeClass, Procedure, TextStatus, Variant
from governance.policy.shape import Shape

SHAPE: dict[str, Shape] = {
    "record": {
        "id": str,
        "procedure": Procedure,
        "version": str,
        "change": ChangeClass,
        "effective": datetime,
        "summary": str,
        "owner": str,
    },
    "texts?": {"*": {"file": str, "sha256?": str, "translates?": str, "status": TextStatus}},
}

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_LABEL = re.compile(rf"[a-z]{{2,3}}(_({Variant.CHILD}|{Variant.EASY_READ}))?")


def id_is_file_name(source: Source) -> Iterator[Problem]:
    """A record is found by its id, so the file is named after it."""
    if source.data["record"]["id"] != source.id:
        yield source.problem("record.id", "differs from the file name", f'write id = "{source.id}" or rename the file')


def procedure_is_folder(source: Source) -> Iterator[Problem]:
    """A record lies in the folder of its procedure."""
    folder = source.path.parent.name
    if source.data["record"]["procedure"] != folder:
        yield source.problem(
            "record.procedure", "differs from the folder", f'write procedure = "{folder}" or move the file'
        )


def version_says_change(source: Source) -> Iterator[Problem]:
    """The step of the version and the change class say the same."""
    version, change = source.data["record"]["version"], source.data["record"]["change"]
    if not _VERSION.fullmatch(version):
        yield source.problem("record.version", f"`{version}` is no version", 'write it as "1.2.3"')
        return
    step = _step(*(int(part) for part in version.split(".")))
    if step != change:
        yield source.problem(
            "record.change",
            f"version {version} is a step called {step}, the change class says {change}",
            "material raises the first number, clarifying the second, editorial the third; mend the one that is wrong",
        )


def _step(_major: int, minor: int, patch: int) -> ChangeClass:
    if patch:
        return ChangeClass.EDITORIAL
    return ChangeClass.CLARIFYING if minor else ChangeClass.MATERIAL


def effective_in_utc(source: Source) -> Iterator[Problem]:
    """What was in force at an instant must not depend on where somebody asks."""
    effective: datetime = source.data["record"]["effective"]
    if effective.utcoffset() != timedelta(0):
        yield source.problem("record.effective", "is not in UTC", "write it with a Z, such as 2026-01-01T00:00:00Z")


def texts_are_named_after_record(source: Source) -> Iterator[Problem]:
    """A text file's name tells its record, language and variant, and it lies beside the record."""
    for name, text in source.data.get("texts", {}).items():
        key = f"texts.{name}"
        if not _LABEL.fullmatch(name):
            yield source.problem(key, "names no language", "use a language code, or one with _child or _easy_read")
            continue
        expected = ".".join([source.id, *name.split("_", maxsplit=1), "md"])
        if text["file"] != expected:
            yield source.problem(f"{key}.file", f"is `{text['file']}`", f"name the file `{expected}`")


RULES: tuple[Rule, ...] = (
    id_is_file_name,
    procedure_is_folder,
    version_says_change,
    effective_in_utc,
    texts_are_named_after_record,
)
