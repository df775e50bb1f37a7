"""`governance probe`: the kit's probe, which is no part of the service and asks it nothing."""

import click

from governance.pep.probe.__main__ import main


@click.command(
    "probe", context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def probe(arguments: tuple[str, ...]) -> None:
    """Walk a forum as a professional, a peer and signed out, and find what leaks after a patient said no."""
    raise SystemExit(main(arguments))
