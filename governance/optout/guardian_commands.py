"""`governance guardian hear`: what an officer decided after hearing a young person."""

from uuid import UUID

import click

from governance.optout.agreeing import Agreeing
from governance.optout.errors import NothingWaitsError
from governance.optout.proving import HOUR
from governance.patients.guardians.commands import decided, desk, settle
from governance.patients.guardians.hearings import Outcome, Subject
from governance.policy.current import policies


@click.command("hear")
@click.argument("request", type=click.UUID)
@click.option("--outcome", type=click.Choice([one.value for one in Outcome]), required=True, help="What you decided.")
def hear(request: UUID, outcome: str) -> None:
    """Write down what you decided after hearing the young person, and do it.

    A wish that is granted waits its time first, so that the young person can still stop it.
    """
    with desk() as at_desk:
        hearing = decided(at_desk, request, outcome)
        if hearing.kind == Subject.WISH:
            wait = policies().optout.cooling_off_hours * HOUR
            agreeing = Agreeing(at_desk.session, at_desk.keyring, wait, at_desk.at)
            try:
                agreeing.decide(UUID(hearing.about), yes=outcome == Outcome.GRANTED)
            except NothingWaitsError:
                click.echo("the young person does not want it any more")
        else:
            settle(at_desk, hearing, Outcome(outcome))
    click.echo("decided")
