"""`governance staff duty | contact | vault`: who reads reports, and what becomes of them. Run inside the app."""

import json
from typing import Any, Final
from uuid import UUID

import click
from flask import current_app
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.identity.service import platform_named
from governance.identity.staff.models import StaffMember
from governance.reporting.vaults import duty, service
from governance.reporting.vaults.duty import Reader
from governance.reporting.vaults.leaving import leave, only_theirs
from governance.reporting.vaults.models import Vault
from governance.reporting.vaults.sharing import LET_IN, RECUSED, hand_over, no_case, nobody_recused, share_names, thin
from governance.reporting.vaults.state import Standing, standing
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.group("duty")
def duty_command() -> None:
    """Who reads reports, and whether they can be taken."""


@duty_command.command("list")
@_JSON
def list_duty(*, as_json: bool) -> None:
    """Say of every forum who could read a report now; status 1 if nobody could, somewhere."""
    with reading() as session:
        found = standing(session, now())
        too_few = len(thin(session))
    if as_json:
        click.echo(json.dumps({"forums": [_described(one) for one in found], "too_few_readers": too_few}, indent=2))
    else:
        for one in found:
            click.echo(f"{one.forum}  {'open' if one.is_open else 'CLOSED'}  {len(one.recent)} of {one.most}")
        click.echo(f"{too_few} reports can be read by fewer than two people")
    raise SystemExit(0 if all(one.is_open for one in found) else 1)


@duty_command.command("set")
@click.argument("staff_id", type=click.UUID)
@click.option("--platform", "platforms", multiple=True, help="A forum's name; several times. Without it: every forum.")
def set_duty(staff_id: UUID, platforms: tuple[str, ...]) -> None:
    """Let the officer STAFF_ID read what is reported about these forums from now on."""
    with transaction() as session:
        wanted = frozenset(platform_named(session, name).id for name in platforms)
        duty.narrow(Work(session, house().keyring, now()), staff_id, wanted)
    click.echo("set; what was filed before stays with whom it was sealed to")


@click.command("contact")
@click.option("--name", required=True, help="Who it is; published.")
@click.option("--reach", required=True, help="How people reach them; published.")
def contact(name: str, reach: str) -> None:
    """Name somebody outside of the desk, to turn to while reports cannot be taken."""
    with transaction() as session:
        duty.name_contact(Work(session, house().keyring, now()), name, reach)
    click.echo("named; the form shows them whenever it is closed")


@click.group("vault")
def vault_command() -> None:
    """The keys of those who read reports."""


@vault_command.command("list")
@_JSON
def list_vaults(*, as_json: bool) -> None:
    """List who has a vault, and on which day their passphrase worked last."""
    with reading() as session:
        found = [_vault(vault, member) for vault, member in Vault.serving(session)]
    lines = [f"{one['staff']}  {one['worked']}  {one['roles']}" for one in found]
    nothing = "nobody yet; officers and custodians make theirs at /desk/vault and /custody/vault"
    click.echo(json.dumps({"vaults": found}, indent=2) if as_json else "\n".join(lines) or nothing)


@vault_command.command("reset")
@click.argument("staff_id", type=click.UUID)
@click.option("--lose", is_flag=True, help="Also where nobody else can read some reports, which then nobody ever can.")
def reset(staff_id: UUID, *, lose: bool) -> None:
    """Take the vault of STAFF_ID away, who knows neither passphrase nor printed key; they make a new one."""
    with transaction() as session:
        work = Work(session, house().keyring, now())
        theirs = len({report_id for report_id, _ in only_theirs(work, staff_id)})
        if theirs and not lose:
            raise BadInputError(
                f"{theirs} reports can be read by nobody else; look for the printed key first, or say `--lose`"
            )
        left = leave(work, staff_id, lose=lose)
    click.echo(
        f"taken away, with the seals of {left.revoked} reports; colleagues seal theirs to the new one at the desk"
    )


@vault_command.command("hand-over")
@click.argument("staff_id", type=click.UUID)
@click.option(
    "--to", type=click.UUID, help="The officer who reads the reports from now on; names go to all custodians."
)
@click.option("--recovery-key", prompt="Printed recovery key", hide_input=True, help="Better typed than given here.")
def hand_over_command(staff_id: UUID, to: UUID | None, recovery_key: str) -> None:
    """Seal what only STAFF_ID could read, who left, to somebody who works here; then take their vault away."""
    with transaction() as session:
        work = Work(session, house().keyring, now())
        opened = service.open_by_recovery(session, work.keyring, staff_id, recovery_key)
        recused = current_app.extensions.get(RECUSED, nobody_recused)
        let_in = current_app.extensions.get(LET_IN, no_case)
        many = 0 if to is None else hand_over(work, opened, _reader(session, to), recused, let_in)
        names = share_names(work, opened, recused)
        member = session.get(StaffMember, staff_id)
        stranded = leave(work, staff_id).stranded if member is not None and member.ended is not None else 0
    click.echo(f"{many} reports and {names} names handed over; {stranded} are left that nobody else can read")


COMMANDS: Final[tuple[click.Command, ...]] = (duty_command, contact, vault_command)
"""What the command line puts under `governance staff`."""


def _reader(session: Session, staff_id: UUID) -> Reader:
    found = {one.staff_id: one for one in duty.all_officers(session)}
    if staff_id not in found:
        raise BadInputError("name an officer who works here and has a vault; `governance staff vault list` shows them")
    return found[staff_id]


def _described(one: Standing) -> dict[str, Any]:
    return {"forum": one.forum, "open": one.is_open, "readers": len(one.recent), "officers": one.most}


def _vault(vault: Vault, member: StaffMember) -> dict[str, str]:
    return {"staff": str(member.id), "worked": service.day_of(vault), "roles": member.roles}
