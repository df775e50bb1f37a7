"""`governance policy`, with the two commands that need the database; the others run without any settings."""

from pathlib import Path

import click

from governance.policy.commands import FOLDER, policy

__all__ = ["policy"]


@policy.command("publish")
@FOLDER
@click.option("--dry-run", is_flag=True, help="Say what would be published, and publish nothing.")
@click.pass_context
def publish(context: click.Context, folder: Path | None, *, dry_run: bool) -> None:
    """Publish the records that changed, and carry a new disclosure out to everybody's permits.

    Until this has ended nobody is worse protected than before; if it is stopped on the way, run it again.
    """
    # Here, because loading every room takes most of a second, and `policy check` needs none.
    from governance.cli.opening import inside_app  # noqa: PLC0415
    from governance.disclosure.commands import publish_all  # noqa: PLC0415

    with inside_app(context.obj):
        publish_all(folder, dry_run=dry_run)


@policy.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@click.pass_context
def status(context: click.Context, *, as_json: bool) -> None:
    """Say which versions hold since when, and how many people have been told which one, by language."""
    from governance.cli.opening import inside_app  # noqa: PLC0415 - as above
    from governance.disclosure.commands import tell_status  # noqa: PLC0415 - as above

    with inside_app(context.obj):
        tell_status(as_json=as_json)
