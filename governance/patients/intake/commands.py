"""Staff commands about patients who cannot come in themselves: `governance intake`, `recover` and `unjoin`."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from governance.db.extension import transaction
from governance.identity.models import Account
from governance.identity.service import account_for, platform_named
from governance.patients.forums.handed import hands
from governance.patients.forums.records import Work
from governance.patients.forums.undoing import undo
from governance.patients.intake import service as intake
from governance.patients.intake.service import Asked, How, Request
from governance.patients.recovery import service as recovery
from governance.ui.clock import now
from governance.ui.house import house

_PLATFORM = click.option("--platform", required=True, help="The platform's name.")
_PATIENT = click.option("--patient", required=True, help="The patient's account on that platform.")
_BY = click.option("--by", "staff", type=click.UUID, required=True, help="Your id; see `governance staff list`.")


@contextmanager
def _work() -> Iterator[Work]:
    with transaction() as session:
        yield Work(session, house().keyring, hands(), now())


def _account(work: Work, platform: str, name: str) -> Account:
    """Return an account. Of a forum that has ended there are still the accounts we knew."""
    return account_for(work.session, work.keyring, platform_named(work.session, platform), name, work.now)


@click.command("intake")
@_PLATFORM
@_PATIENT
@click.option("--asked", type=click.Choice([str(one) for one in Asked]), required=True, help="What they asked for.")
@click.option("--how", type=click.Choice([str(one) for one in How]), required=True, help="How they asked.")
@click.option("--account", help="The one professional's account there; with `refuse_one`.")
@_BY
def take(platform: str, patient: str, account: str | None, staff: UUID, **said: str) -> None:
    """Close at once what a patient asks for by phone or on paper.

    Be sure only that somebody asked: it can open nothing, and the patient sees it, with your number, when they come in.
    """
    with _work() as work:
        hcp = None if account is None else _account(work, platform, account).key
        intake.take(
            work, _account(work, platform, patient), Request(Asked(said["asked"]), How(said["how"]), hcp), staff
        )
    click.echo("in force at once; the patient is told at their next sign-in")


@click.group()
def recover() -> None:
    """Give a patient's record a new account, because the old one is lost; two members of staff must look."""


@recover.command("ask")
@_PLATFORM
@click.option("--lost", required=True, help="The account that is lost, on that platform.")
@click.option("--to-platform", required=True, help="The platform of the new account.")
@click.option("--to", required=True, help="The new account there.")
@_BY
def ask(platform: str, lost: str, to_platform: str, to: str, *, staff: UUID) -> None:
    """Ask for it; somebody else agrees by the number that this prints."""
    with _work() as work:
        known = recovery.known_account(work, platform, lost)
        made = recovery.ask(work, known, _account(work, to_platform, to), staff)
        number = made.id
    click.echo(f"asked; another officer agrees by: governance recover agree {number} --by THEIR-ID")


@recover.command("agree")
@click.argument("recovery_id", type=click.UUID)
@_BY
def agree(recovery_id: UUID, staff: UUID) -> None:
    """Agree to what somebody else asked for. Nothing opens: permits do not count on the new account."""
    with _work() as work:
        recovery.agree(work, recovery_id, staff)
    click.echo("joined: all that was closed is closed for the new account too")


@click.command("unjoin")
@_PLATFORM
@click.option("--account", required=True, help="The account that was joined by mistake.")
@_BY
def unjoin(platform: str, account: str, staff: UUID) -> None:
    """Part two people whose records were joined by mistake; each gets back their own, closed until they looked."""
    with _work() as work:
        undo(work, _account(work, platform, account), intake.serving(work, staff))
    click.echo("parted: both are closed until they have looked at their choices")
