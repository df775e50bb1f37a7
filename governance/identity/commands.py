"""`governance platform`: add forums and list them. Runs inside the app."""

import json
from collections.abc import Sequence
from typing import Any, Final

import click

from governance.db.extension import reading, transaction
from governance.identity import service
from governance.identity.models import Client, Platform
from governance.identity.permissions import Scope
from governance.identity.service import Credentials, NewPlatform
from governance.ui.clock import now
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.group()
def platform() -> None:
    """The forums we serve."""


@platform.command("add")
@click.argument("name")
@click.option(
    "--issuer",
    help="The forum's OIDC issuer, exactly as its discovery document names it; "
    "left out for a forum that is no provider and brings its members by links.",
)
@click.option("--oidc-client-id", help="Under which id the forum's provider knows this service.")
@click.option(
    "--oidc-client-secret",
    envvar="GOVERNANCE_OIDC_CLIENT_SECRET",
    help="Its secret there; better in the environment or typed when asked, as others can read command lines.",
)
@click.option(
    "--account-claim", default="sub", show_default=True, help="Which claim is the id the forum uses in requests."
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    default=[str(scope) for scope in Scope],
    show_default=True,
    help="What the forum's tokens may do; may be given several times.",
)
@_JSON
def add(name: str, scopes: tuple[str, ...], *, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - options
    """Add the forum NAME, and print the client id and secret it uses here; the secret is shown this once."""
    if said["issuer"] is not None and said["oidc_client_secret"] is None:
        said["oidc_client_secret"] = click.prompt("Oidc client secret", hide_input=True, err=True)
    if said["issuer"] is None:
        # The secret may be in the environment for another forum.
        said["oidc_client_secret"] = None
    wanted = NewPlatform(name=name, scopes=frozenset(Scope(scope) for scope in scopes), **said)
    with transaction() as session:
        made, credentials = service.add_platform(session, house().keyring, wanted, now=now())
        told = _told(made, credentials)
    click.echo(json.dumps(told, indent=2) if as_json else _as_lines(told))


@platform.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """List the forums."""
    with reading() as session:
        found = [_described(one, Client.of_platform(session, one.id)) for one in Platform.all_by_name(session)]
    if as_json:
        click.echo(json.dumps({"platforms": found}, indent=2))
        return
    for one in found:
        click.echo(f"{one['name']}  {one['issuer'] or 'by links'}  clients: {', '.join(one['client_ids'])}")
    if not found:
        click.echo("no forum yet; add one by `governance platform add NAME --issuer ... --oidc-client-id ...`")


def _told(made: Platform, credentials: Credentials) -> dict[str, str]:
    public_url = house().settings.public_url
    told = {
        "platform": made.name,
        "platform_id": str(made.id),
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "token_endpoint": f"{public_url}/oauth/token",
    }
    if made.issuer is None:
        return {**told, "link_endpoint": f"{public_url}/v1/link-tokens"}
    return {**told, "redirect_uri": service.callback_address(public_url, made.name)}


def _as_lines(told: dict[str, str]) -> str:
    lines = [f"{name}: {value}" for name, value in told.items()]
    return "\n".join(
        [
            *lines,
            "keep the client secret now: it is not shown again",
            "register the redirect_uri at the forum's provider"
            if "redirect_uri" in told
            else "members come by links: the forum asks for one at the link_endpoint when somebody presses its button",
        ]
    )


def _described(one: Platform, clients: Sequence[Client]) -> dict[str, Any]:
    return {
        "name": one.name,
        "platform_id": str(one.id),
        "issuer": one.issuer,
        "account_claim": one.account_claim,
        "client_ids": [client.client_id for client in clients],
    }
