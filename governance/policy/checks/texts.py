"""Checks of the text files: there, pinned, and with exactly the sections that the record needs."""

from collections.abc import Iterator
from dataclasses import replace

from governance.policy.checks.rule import Kind
from governance.policy.problems import Problem, Severity
from governance.policy.reading import Label, Source, TextSource, labels, read_text
from governance.policy.records import MAIN_LANGUAGE, TextStatus, Variant

_REPIN = "bump the version, choose the change class, then run `governance policy pin {file}`"


def text_problems(source: Source, kind: Kind) -> Iterator[Problem]:
    """Yield what is wrong with the texts of a record whose header is sound."""
    needed = kind.words(source.data, Variant.STANDARD)
    found = labels(source)
    if needed and Label(MAIN_LANGUAGE) not in found:
        yield source.problem(f"texts.{MAIN_LANGUAGE}", "is missing", "add the English text, all others fall back to it")
    elif needed and not _is_approved(source, Label(MAIN_LANGUAGE)):
        yield source.problem(
            f"texts.{MAIN_LANGUAGE}.status", "is not approved", "approve the English text, all others fall back to it"
        )
    if found and not needed:
        yield source.problem("texts", "is not used by this record", "take the texts out")
        return
    for label in found:
        # Nobody reads a draft: one that is late or half done must not keep the other languages back.
        severity = Severity.ERROR if _is_approved(source, label) else Severity.WARNING
        yield from (
            problem if problem.severity is Severity.WARNING else replace(problem, severity=severity)
            for problem in _one_text(source, label, kind)
        )


def _one_text(source: Source, label: Label, kind: Kind) -> Iterator[Problem]:
    key = f"texts.{label.name}.file"
    try:
        text = read_text(source, label)
    except FileNotFoundError:
        yield source.problem(key, "there is no such file", f"write `{label.file_name(source.id)}` beside the record")
        return
    except (OSError, UnicodeDecodeError):
        yield source.problem(key, "cannot be read", "save the file as UTF-8 text that this user may read")
        return
    yield from _pin(source, text)
    yield from _translation(source, text)
    yield from _faults(text)
    yield from _keys(source, text, kind)
    for rule in kind.text_rules:
        yield from rule(source, text)


def _is_approved(source: Source, label: Label) -> bool:
    return bool(source.data["texts"][label.name]["status"] == TextStatus.APPROVED)


def _pin(source: Source, text: TextSource) -> Iterator[Problem]:
    key = f"texts.{text.label.name}.sha256"
    if not text.pinned:
        yield source.problem(key, "the text is not pinned", f"run `governance policy pin {source.file}`")
    elif text.pinned != text.sha256:
        # A hash that no longer matches is a text that people may have agreed to and that changed since.
        yield source.problem(key, "the text changed after it was pinned", _REPIN.format(file=source.file))


def _translation(source: Source, text: TextSource) -> Iterator[Problem]:
    """Find a translation whose English has changed since: people then read promises that differ by language."""
    english = _english(source, text.label)
    entry = source.data["texts"][text.label.name]
    if english is None or entry.get("translates") == english.sha256:
        return
    key = f"texts.{text.label.name}.translates"
    wrong = f"the English text ({english.file}) changed since" if "translates" in entry else "is missing"
    mend = f'read both, mend this text where they differ, then write translates = "{english.sha256}"'
    yield source.problem(key, wrong, mend, Severity.WARNING)


def _english(source: Source, label: Label) -> TextSource | None:
    """Return the English text that a text says in another language: that of its variant, or else the standard one."""
    if label.language == MAIN_LANGUAGE:
        return None
    names = [MAIN_LANGUAGE + label.name.removeprefix(label.language), MAIN_LANGUAGE]
    found = next((Label(name) for name in names if Label(name) in labels(source)), None)
    try:
        return None if found is None else read_text(source, found)
    except (OSError, UnicodeDecodeError):
        # The English text has its own problem then.
        return None


def _faults(text: TextSource) -> Iterator[Problem]:
    for fault in text.sections.faults:
        yield Problem(text.file, fault.key, fault.wrong, fault.mend)


def _keys(source: Source, text: TextSource, kind: Kind) -> Iterator[Problem]:
    present = text.sections.by_key.keys()
    known = kind.words(source.data, Variant.STANDARD)
    for key in sorted(kind.words(source.data, text.label.variant) - present):
        yield Problem(text.file, key, "is missing", f"write the section `## {key}`, {source.file} needs it")
    for key in sorted(present - known):
        yield Problem(text.file, key, "is not used", f"take the section out or name it in {source.file}")
