"""Judges a folder of policy records: `check` tells every problem and how to mend it."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from governance.policy.checks import header
from governance.policy.checks.rule import Kind
from governance.policy.checks.texts import text_problems
from governance.policy.kinds import KINDS
from governance.policy.problems import Problem
from governance.policy.reading import Source, name_in, read_source, record_files
from governance.policy.records import Procedure
from governance.policy.shape import misfits


def check(folder: Path, today: date | None = None) -> list[Problem]:
    """Return what is wrong with the records, in the order of the files.

    Without `today` nothing is said about what is merely old.
    """
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in record_files(folder):
        try:
            sources.append(read_source(folder, path))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
            problems.append(_unreadable(name_in(folder, path), broken))
    for source in sources:
        problems += _record_problems(source, today)
    problems += _duplicates(sources)
    problems += _missing(folder)
    problems += _orphans(folder, sources)
    return problems


def _unreadable(file: str, broken: Exception) -> Problem:
    return Problem(file, "(file)", f"cannot be read: {broken}", "mend the TOML and save the file as UTF-8")


def _record_problems(source: Source, today: date | None) -> Iterator[Problem]:
    kind = KINDS.get(source.id)
    if kind is None:
        yield source.problem("record.id", "no such record is known", f"known are {', '.join(KINDS)}; rename the file")
        return
    faults = list(misfits(source.data, {**header.SHAPE, **kind.shape}))
    if faults:
        # INVARIANT: rules run only on records that have their shape, so they need no type checks of their own.
        yield from (source.problem(fault.key, fault.wrong, fault.mend) for fault in faults)
        return
    yield from _rule_problems(source, kind, today)


def _rule_problems(source: Source, kind: Kind, today: date | None) -> Iterator[Problem]:
    in_header = [problem for rule in header.RULES for problem in rule(source)]
    yield from in_header
    if any(problem.key.startswith("texts.") for problem in in_header):
        # A text with an impossible name has no language to judge it by, so that is mended first.
        return
    for rule in kind.rules:
        yield from rule(source)
    if today is not None:
        for dated_rule in kind.dated_rules:
            yield from dated_rule(source, today)
    yield from text_problems(source, kind)


def _duplicates(sources: list[Source]) -> Iterator[Problem]:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.id, source)
        if other is not source:
            yield source.problem("record.id", f"`{source.id}` is also {other.file}", "keep one of the two records")


def _missing(folder: Path) -> Iterator[Problem]:
    for kind in KINDS.values():
        if not (folder / kind.procedure / f"{kind.id}.toml").is_file():
            file = f"policies/{kind.procedure}/{kind.id}.toml"
            yield Problem(file, "(file)", "there is no such record", "put it back, the service needs it")


def _orphans(folder: Path, sources: list[Source]) -> Iterator[Problem]:
    """Find texts that no record names: nobody would ever read them."""
    named = {source.path.with_name(file) for source in sources for file in _text_files(source)}
    for procedure in Procedure:
        for path in sorted((folder / procedure).glob("*.md")):
            if path not in named:
                yield Problem(name_in(folder, path), "(file)", "no record names this text", "name it or delete it")


def _text_files(source: Source) -> Iterator[str]:
    """Yield the files that a record names, also where the record is otherwise broken."""
    texts = source.data.get("texts", {})
    for text in texts.values() if isinstance(texts, dict) else ():
        if isinstance(text, dict) and text.get("file"):
            yield Path(str(text["file"])).name
