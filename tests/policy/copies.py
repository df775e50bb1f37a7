"""Broken copies of the real records: one value changed, written as TOML again."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

from governance.policy.problems import Problem
from governance.policy.reading import policies_folder
from governance.policy.records import Procedure
from governance.policy.validate import check

GONE = object()
"""The value to put where a key is to be taken out."""


def copy_of_records(target: Path) -> Path:
    for procedure in Procedure:
        shutil.copytree(policies_folder() / procedure, target / "policies" / procedure)
    return target / "policies"


def put(folder: Path, record: str, at: tuple[str | int, ...], value: object) -> Path:
    path = folder / f"{record}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    *way, last = at
    inner = data
    for step in way:
        inner = inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    path.write_text("".join(f"{key} = {_toml(table)}\n" for key, table in data.items()), encoding="utf-8")
    return path


def rewrite(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def problem_at(folder: Path, file: str, key: str, wrong: str = "", *, today: date | None = None) -> Problem:
    problems = check(folder, today)
    found = [
        problem
        for problem in problems
        if (problem.file, problem.key) == (f"policies/{file}", key) and wrong in problem.wrong
    ]
    assert found, f"no problem at {file} {key} saying {wrong!r} among {[str(problem) for problem in problems]}"
    return found[0]


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
