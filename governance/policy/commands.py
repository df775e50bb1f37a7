"""`governance policy`: check the records, pin changed texts, read a procedure."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from governance.policy.errors import PolicyError
from governance.policy.loader import load_policies
from governance.policy.pins import PinChange, pin
from governance.policy.problems import Problem, errors_in
from governance.policy.reading import policies_folder
from governance.policy.records import MAIN_LANGUAGE, PolicyRecord, Procedure, Variant
from governance.policy.validate import check

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Records elsewhere; without it, those that came with the program.",
)


@click.group()
def policy() -> None:
    """Check, pin, read and publish the policy records."""


@policy.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@FOLDER
def check_command(*, as_json: bool, folder: Path | None) -> None:
    """Say what is wrong with the records and how to mend it; exit 1 if they cannot be used."""
    problems = check(_found(folder), today=datetime.now(UTC).date())
    errors = errors_in(problems)
    click.echo(_as_json(problems) if as_json else _as_lines(problems))
    sys.exit(1 if errors else 0)


def _found(folder: Path | None) -> Path:
    try:
        return folder or policies_folder()
    except PolicyError as refused:
        raise click.ClickException(str(refused)) from refused


def _as_json(problems: list[Problem]) -> str:
    counts = {"errors": len(errors_in(problems)), "warnings": len(problems) - len(errors_in(problems))}
    return json.dumps({"problems": [problem.as_json() for problem in problems], **counts}, indent=2)


def _as_lines(problems: list[Problem]) -> str:
    errors = len(errors_in(problems))
    lines = [str(problem) for problem in problems]
    warnings = len(problems) - errors
    return "\n".join([*lines, f"policy records: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}"])


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@policy.command("pin")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
def pin_command(files: tuple[Path, ...]) -> None:
    """Write the hash of each text into the record FILES, after bumping version and change class."""
    for file in files:
        try:
            changes = pin(file)
        except PolicyError as refused:
            raise click.ClickException(str(refused)) from refused
        for change in changes:
            click.echo(f"{file}: {_told(change)}")


def _told(change: PinChange) -> str:
    if not change.changed:
        return f"{change.label}: {change.file} is unchanged"
    before = change.before[:12] or "no pin"
    return f"{change.label}: {change.file} was {before}, is now {change.after[:12]}"


@policy.command("show")
@click.argument("procedure", type=click.Choice([str(procedure) for procedure in Procedure]))
@click.option("--lang", default=MAIN_LANGUAGE, show_default=True, help="Language code; falls back to English.")
@click.option(
    "--variant",
    type=click.Choice([str(variant) for variant in Variant]),
    default=str(Variant.STANDARD),
    show_default=True,
)
@FOLDER
def show_command(procedure: str, lang: str, variant: str, folder: Path | None) -> None:
    """Print the data of a PROCEDURE and its words as people read them."""
    try:
        policies = load_policies(folder)
    except PolicyError as refused:
        raise click.ClickException(str(refused)) from refused
    records = [record for record in policies.records.values() if record.procedure == procedure]
    click.echo("\n".join(_shown(records, lang, Variant(variant))))


def _shown(records: list[PolicyRecord], language: str, variant: Variant) -> Iterator[str]:
    for record in records:
        yield f"{record.id} {record.version} ({record.change}), in force from {record.effective:%Y-%m-%d %H:%M} UTC"
        yield f"{record.summary}\n"
        yield from _data(record.tables)
        if record.texts:
            text = record.text(language, variant)
            yield f"\ntext: {text.language}, {text.variant}, sha256 {text.sha256}\n"
            yield from (f"{key}\n{_indented(body)}\n" for key, body in text.sections.items())


def _data(value: object, key: str = "") -> Iterator[str]:
    """Yield tables as lines: a nested table opens its own line, what it holds stands beside its key."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _data(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, inner in enumerate(value, start=1):
            yield f"{key}[{number}]: {'; '.join(_data(inner))}"
    else:
        yield f"{key} = {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _indented(body: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in body.splitlines())
