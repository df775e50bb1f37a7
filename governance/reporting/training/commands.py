"""`governance staff training-desk`: a desk to learn at."""

import click

from governance.db.extension import reading, transaction
from governance.policy.current import policies
from governance.reporting.training.service import fill, learners
from governance.reporting.vaults import service as vaults
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house


@click.command("training-desk")
@click.option("--passphrase", prompt=True, hide_input=True, help="Of every learner's vault; it keeps no secret.")
def training_desk(passphrase: str) -> None:
    """Fill the empty desk of a service of its own with cases of nobody, clocks running and one missed.

    Refused wherever reports or vaults are. What is made is marked as training wherever it is shown.
    """
    with reading() as session:
        learning = [one.id for one in learners(session)]
    keys = [vaults.prepare(staff_id, passphrase) for staff_id in learning]
    with transaction() as session:
        learners(session)
        filled = fill(Work(session, house().keyring, now()), policies().desk, keys)
    click.echo(f"{filled.cases} training cases at a desk of {filled.officers} officers; nobody in them is real")


COMMANDS = (training_desk,)
"""What the command line puts under `governance staff`."""
