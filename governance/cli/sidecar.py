"""`governance sidecar`: the kit's own program, under the name that belongs to the others."""

import click

from governance.pep.sidecar.command import main


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def sidecar(context: click.Context, words: tuple[str, ...]) -> None:
    """Decide on this machine, for a forum in any language."""
    context.exit(main(words, "governance sidecar"))
