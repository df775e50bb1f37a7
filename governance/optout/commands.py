"""Staff command of opt-out: hide a patient who asks for it by phone or on paper."""

import click

from governance.db.extension import transaction
from governance.identity.service import account_for, platform_named
from governance.optout.service import hide
from governance.patients.service import patient_for
from governance.ui.clock import now
from governance.ui.house import house


@click.command("hide")
@click.option("--platform", required=True, help="The platform's name.")
@click.option("--account", required=True, help="The patient's account on that platform.")
def hide_command(platform: str, account: str) -> None:
    """Hide a patient from everyone signed in as a professional, at once, because they asked you to.

    Be sure only that somebody asked: hiding does no harm that the patient cannot see and undo.
    """
    at, keyring = now(), house().keyring
    with transaction() as session:
        forum = platform_named(session, platform)
        theirs = account_for(session, keyring, forum, account, at)
        patient = patient_for(session, keyring, (theirs.id, forum.id, theirs.key), at)
        hide(session, keyring, patient.id, at)
    click.echo("hidden: in force at once")
    if theirs.created == at:
        # A slip of the pen hides nobody, and whoever asked goes on being read.
        click.echo(
            "nobody came to us by this name so far: see that it is the forum's own id for them, letter by letter"
        )
