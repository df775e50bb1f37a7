"""Reads the folder of policy records as it is, broken or not; judging is for `validate`."""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from governance.policy.errors import PolicyFolderNotFoundError
from governance.policy.problems import Problem, Severity
from governance.policy.records import MAIN_LANGUAGE, Procedure, Table, Variant
from governance.policy.sections import Sections, parse


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a text in its record, such as `en` or `en_child`."""

    name: str

    @property
    def language(self) -> str:
        """Return the language code."""
        return self.name.partition("_")[0]

    @property
    def variant(self) -> Variant:
        """Return for whom the text is written."""
        _, _, variant = self.name.partition("_")
        return Variant(variant) if variant else Variant.STANDARD

    def file_name(self, record: str) -> str:
        """Return the file name that belongs to it, such as `disclosure.en.child.md`."""
        return ".".join([record, *self.name.split("_", maxsplit=1), "md"])


@dataclass(frozen=True, slots=True)
class TextSource:
    """One text file as it lies there; `pinned` is the hash the record names, `sha256` that of the bytes now."""

    label: Label
    file: str
    pinned: str
    sha256: str
    sections: Sections
    content: str


@dataclass(frozen=True, slots=True)
class Source:
    """One record file as it lies there; `file` is its name for people, from `policies/` on."""

    path: Path
    file: str
    data: Table
    document: str = ""

    @property
    def id(self) -> str:
        """Return the file's name without its ending: what the record's id must be."""
        return self.path.stem

    def problem(self, key: str, wrong: str, mend: str, severity: Severity = Severity.ERROR) -> Problem:
        """Tell a problem of this file."""
        return Problem(self.file, key, wrong, mend, severity)


def policies_folder() -> Path:
    """Return the records that came with the package: in the wheel, or beside the package in a source tree.

    Raises `PolicyFolderNotFoundError` where there is neither.
    """
    package = Path(str(files("governance")))
    # The wheel's folder comes first: a `policies` beside an installed package belongs to somebody else.
    for folder in (package / "_policies", package.parent / "policies"):
        if folder.is_dir():
            return folder
    raise PolicyFolderNotFoundError("no policy records came with this installation: install the package again")


def name_in(folder: Path, path: Path) -> str:
    """Return the name for people of a file in the folder."""
    return f"policies/{path.relative_to(folder).as_posix()}"


def record_files(folder: Path) -> Iterator[Path]:
    """Yield the record files of the four procedures, in a fixed order."""
    for procedure in Procedure:
        yield from sorted((folder / procedure).glob("*.toml"))


def read_source(folder: Path, path: Path) -> Source:
    """Read one record file, with the files in the folder of its name, if there is one.

    Raises `tomllib.TOMLDecodeError`, `UnicodeDecodeError` or `OSError` where it cannot be read.
    """
    documents = [path.read_text(encoding="utf-8"), *_parts(path)]
    tables = [tomllib.loads(document) for document in documents]
    return Source(path, name_in(folder, path), _together(tables), "\n".join(documents))


def _parts(path: Path) -> Iterator[str]:
    """Yield the files of a record that has a folder of its own name beside it, in the order of their names."""
    for part in sorted(path.with_suffix("").glob("*.toml")):
        try:
            document = part.read_text(encoding="utf-8")
            told = tomllib.loads(document)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            raise tomllib.TOMLDecodeError(f"{part.name}: {broken}") from broken
        # INVARIANT: only rows of lists, so that the files one after the other are one document that says the same.
        if not all(isinstance(rows, list) and len(rows) == 1 for rows in told.values()):
            raise tomllib.TOMLDecodeError(f"{part.name}: must hold one entry and nothing else")
        if [row.get("code") for rows in told.values() for row in rows] != [part.stem]:
            raise tomllib.TOMLDecodeError(f"{part.name}: must be named after its code")
        yield document


def _together(tables: list[dict[str, Any]]) -> dict[str, Any]:
    first, *rest = tables
    for table in rest:
        for name, rows in table.items():
            first.setdefault(name, []).extend(rows)
    return first


def read_text(source: Source, label: Label) -> TextSource:
    """Read one text of a record whose header has the right shape.

    Raises `UnicodeDecodeError` or `OSError` where it cannot be read.
    """
    entry = source.data["texts"][label.name]
    path = source.path.with_name(entry["file"])
    raw = path.read_bytes()
    content = raw.decode("utf-8")
    return TextSource(
        label=label,
        file=str(Path(source.file).with_name(path.name).as_posix()),
        pinned=entry.get("sha256", ""),
        sha256=hashlib.sha256(raw).hexdigest(),
        sections=parse(content),
        content=content,
    )


def labels(source: Source) -> list[Label]:
    """Return the texts that a record names, English first."""
    names = source.data.get("texts", {})
    return [Label(name) for name in sorted(names, key=lambda name: (not name.startswith(MAIN_LANGUAGE), name))]
