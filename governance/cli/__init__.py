"""The command line: every command by its room, loaded when somebody runs it."""

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

import click

from governance.cli.broken import in_words
from governance.cli.later import Later
from governance.cli.listed import ALONE, IN_THE_APP
from governance.errors import GovernanceError

_SHOWS_HELP: Final = "governance.shows_help"
_IN_THE_APP: Final = frozenset(command.name for command in IN_THE_APP)


class _Commands(click.Group):
    """Commands whose own errors are one clear line, loaded when somebody runs one."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; our errors say what to do and end with status 1."""
        try:
            return super().invoke(context)
        except GovernanceError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            told = in_words(error)
            if told is None:
                raise
            raise click.ClickException(told) from error

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find and load a command; note whether all it will do is show its help, which needs no settings."""
        name, found, rest = super().resolve_command(context, args)
        command = found.load() if isinstance(found, Later) else found
        alone = isinstance(command, click.Group) and command.no_args_is_help and not rest
        context.meta[_SHOWS_HELP] = alone or any(word in context.help_option_names for word in rest)
        return name, command, rest


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's own
    if asked and not context.resilient_parsing:
        click.echo(f"governance {_version()}")
        context.exit()


def _version() -> str:
    try:
        return metadata.version("hcp-governance")
    except metadata.PackageNotFoundError:
        # Run from a checkout that nobody installed.
        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GOVERNANCE_DIR",
    help="The directory made by `governance init`.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="Say which.")
@click.pass_context
def main(context: click.Context, directory: Path | None) -> None:
    """Let patients decide how health professionals may be involved in what they write on forums."""
    context.obj = directory
    if context.invoked_subcommand in _IN_THE_APP and not context.meta[_SHOWS_HELP]:
        # Here, because loading every room takes most of a second, and few commands need it.
        from governance.cli.opening import inside_app  # noqa: PLC0415

        context.with_resource(inside_app(directory))


for command in (*ALONE, *IN_THE_APP):
    main.add_command(command)
