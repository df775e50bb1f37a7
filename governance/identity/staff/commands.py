"""`governance staff add | end | list | provider`: who works here. Run inside the app."""

import json
from typing import Any, Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.identity.asking import HELP, VARIABLE, secret_said
from governance.identity.leaving import tell_left
from governance.identity.permissions import DUTIES, Role
from governance.identity.staff import service as staff
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.identity.staff.service import NewStaff, NewStaffProvider
from governance.ui.clock import now, to_the_second
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
_ROLES: Final = "; ".join(f"{role}: {duty}" for role, duty in DUTIES.items())


@click.command("add")
@click.option("--provider", required=True, help="Where they sign in; `governance staff provider list` shows them.")
@click.option("--subject", required=True, help="The `sub` that the provider gives them.")
@click.option("--name", required=True, help="Their name, as colleagues see it; kept sealed.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([str(role) for role in Role]),
    help=f"May be given several times. {_ROLES}.",
)
@_JSON
def add(roles: tuple[str, ...], *, as_json: bool, **said: str) -> None:
    """Let somebody work here from now on."""
    wanted = NewStaff(roles=frozenset(Role(role) for role in roles), **said)
    with transaction() as session:
        staff_id = str(staff.add_staff(session, house().keyring, wanted, now=now()).id)
    said_plain = f"added {staff_id}; they sign in at {house().settings.public_url}/staff"
    click.echo(json.dumps({"staff": staff_id}) if as_json else said_plain)


@click.command("end")
@click.argument("staff_id", type=click.UUID)
def end(staff_id: UUID) -> None:
    """End the work of STAFF_ID here, and every session of theirs, at once."""
    with transaction() as session:
        at = now()
        staff.end_staff(session, house().keyring, staff_id, now=at)
        further = tell_left(session, staff_id, at)
    click.echo(f"ended; they are signed out everywhere{further and '; '}{further}")


@click.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """List who works here, and who did."""
    with reading() as session:
        found = [_described(session, one) for one in StaffMember.all_oldest_first(session)]
    if as_json:
        click.echo(json.dumps({"staff": found}, indent=2))
        return
    for one in found:
        ended = f"  ended {one['ended']}" if one["ended"] else ""
        click.echo(f"{one['staff']}  {one['name']}  {' '.join(one['roles'])}{ended}")
    if not found:
        click.echo("nobody yet; add a provider by `governance staff provider add`, then `governance staff add`")


@click.group()
def provider() -> None:
    """The OIDC providers at which staff sign in."""


@provider.command("add")
@click.argument("name")
@click.option("--issuer", required=True, help="Its issuer, exactly as its discovery document names it.")
@click.option("--oidc-client-id", required=True, help="Under which id the provider knows this service.")
@click.option(
    "--oidc-client-secret",
    envvar=VARIABLE,
    help=HELP,
)
@_JSON
def add_provider(name: str, oidc_client_secret: str | None, *, as_json: bool, **said: str) -> None:
    """Add the provider NAME, and print the address to register there."""
    wanted = NewStaffProvider(name=name, oidc_client_secret=secret_said(oidc_client_secret), **said)
    with transaction() as session:
        staff.add_provider(session, house().keyring, wanted, now=now())
    address = staff.staff_callback_address(house().settings.public_url, name)
    told = {"provider": name, "redirect_uri": address}
    click.echo(json.dumps(told) if as_json else f"added; register this redirect_uri at the provider: {address}")


@provider.command("list")
@_JSON
def list_providers(*, as_json: bool) -> None:
    """List the providers at which staff sign in."""
    with reading() as session:
        found = [{"name": one.name, "issuer": one.issuer} for one in StaffProvider.all_by_name(session)]
    lines = [f"{one['name']}  {one['issuer']}" for one in found]
    nothing = "no provider for staff yet; add one by `governance staff provider add NAME --issuer ...`"
    click.echo(json.dumps({"providers": found}, indent=2) if as_json else "\n".join(lines) or nothing)


COMMANDS: Final[tuple[click.Command, ...]] = (add, end, list_command, provider)
"""What the command line puts under `governance staff`."""


def _described(session: Session, member: StaffMember) -> dict[str, Any]:
    return {
        "staff": str(member.id),
        "name": staff.staff_name(session, house().keyring, member),
        "roles": member.roles.split(),
        "since": to_the_second(member.created),
        "ended": None if member.ended is None else to_the_second(member.ended),
    }
