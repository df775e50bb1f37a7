"""`governance platform`: add forums and list them. Runs inside the app."""

import json
from collections.abc import Sequence
from typing import Any, Final, TextIO

import click

from governance.db.extension import reading, transaction
from governance.identity import service
from governance.identity.asking import HELP, VARIABLE, secret_said
from governance.identity.clients import platforms
from governance.identity.models import Client, Platform
from governance.identity.permissions import Scope
from governance.identity.service import Credentials, NewPlatform
from governance.ui.clock import now, to_the_second
from governance.ui.house import house

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.group()
def platform() -> None:
    """The forums we serve."""


@platform.command("add", short_help="Add a forum; print its client id and secret.")
@click.argument("name")
@click.option(
    "--issuer",
    help="The forum's OIDC issuer, exactly as its discovery document names it; "
    "left out for a forum that is no provider and brings its members by links.",
)
@click.option("--display-name", help="What its members call it, for pages that people read; else NAME.")
@click.option("--oidc-client-id", help="Under which id the forum's provider knows this service.")
@click.option(
    "--oidc-client-secret",
    envvar=VARIABLE,
    help=HELP,
)
@click.option(
    "--account-claim", default="sub", show_default=True, help="Which claim is the id the forum uses in requests."
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    type=click.Choice([str(scope) for scope in Scope]),
    default=[str(scope) for scope in Scope],
    show_default=True,
    help="What the forum's tokens may do; may be given several times.",
)
@_JSON
def add(name: str, scopes: tuple[str, ...], *, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - options
    """Add the forum NAME, and print the client id and secret it uses here; the secret is shown this once."""
    # Without an issuer a secret in the environment is another forum's.
    given = said.pop("oidc_client_secret")
    said["oidc_client_secret"] = None if said["issuer"] is None else secret_said(given)
    wanted = NewPlatform(name=name, scopes=frozenset(Scope(scope) for scope in scopes), **said)
    with transaction() as session:
        made, credentials = service.add_platform(session, house().keyring, wanted, now=now())
        told = {**_told(made, credentials), "scopes": " ".join(sorted(scopes))}
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
        state = "ended" if one["ended"] else f"clients: {', '.join(one['client_ids'])}"
        click.echo(f"{one['name']}  “{one['display_name']}”  {one['issuer'] or 'by links'}  {state}")
    if not found:
        click.echo("no forum yet; add one by `governance platform add NAME --issuer ... --oidc-client-id ...`")


@platform.command("rotate-secret", short_help="Give a forum a new secret.")
@click.argument("name")
@_JSON
def rotate_secret(name: str, *, as_json: bool) -> None:
    """Give the forum NAME a new secret. The old one gets no token from now on; tokens it got run for 10 minutes."""
    with transaction() as session:
        made = platforms.rotate_secret(session, house().keyring, name)
    told = {"clients": [{"client_id": one.client_id, "client_secret": one.client_secret} for one in made]}
    click.echo(
        json.dumps(told, indent=2)
        if as_json
        else "\n".join(f"{k}: {v}" for one in told["clients"] for k, v in one.items())
    )


@platform.command("use-keys", short_help="Let a forum prove itself by its own keys.")
@click.argument("name")
@click.argument("keys", type=click.File(encoding="utf-8"))
def use_keys(name: str, keys: TextIO) -> None:
    """Let the forum NAME prove itself by its own keys (KEYS: a file with its public JWK set) and by no secret."""
    with transaction() as session:
        clients = platforms.use_keys(session, house().keyring, name, keys.read())
    click.echo(f"{', '.join(clients)}: sign in at the token endpoint by private_key_jwt from now on")


@platform.command("scopes", short_help="Say what a forum's tokens may do.")
@click.argument("name")
@click.argument("scopes", metavar="SCOPES...", nargs=-1, required=True, type=click.Choice([str(one) for one in Scope]))
@click.option("--add", "adds", is_flag=True, help="Leave what they may do already, and add SCOPES to it.")
def set_scopes(name: str, scopes: tuple[str, ...], *, adds: bool) -> None:
    """Let the tokens of the forum NAME do exactly SCOPES. What is new needs a new token.

    `governance platform add --help` lists them.
    """
    change = platforms.add_scopes if adds else platforms.set_scopes
    with transaction() as session:
        clients = change(session, house().keyring, name, map(Scope, scopes))
    click.echo(f"{', '.join(clients)}: {'and ' if adds else ''}{' '.join(sorted(set(scopes)))}")


@platform.command("display-name", short_help="Say what pages call a forum.")
@click.argument("name")
@click.argument("shown")
def display_name(name: str, shown: str) -> None:
    """Have pages call the forum NAME by the name SHOWN, as its members do."""
    with transaction() as session:
        shown = platforms.set_display_name(session, house().keyring, name, shown)
    click.echo(f"{name} is called {shown} from now on")


def _told(made: Platform, credentials: Credentials) -> dict[str, str]:
    public_url = house().settings.public_url
    told = {
        "platform": made.name,
        "display_name": made.shown,
        "platform_id": str(made.id),
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "token_endpoint": f"{public_url}/oauth/token",
        "evaluation_endpoint": f"{public_url}/access/v1/evaluation",
        "evaluations_endpoint": f"{public_url}/access/v1/evaluations",
        "openapi": f"{public_url}/openapi.json",
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
        "display_name": one.shown,
        "platform_id": str(one.id),
        "issuer": one.issuer,
        "ended": None if one.ended is None else to_the_second(one.ended),
        "account_claim": one.account_claim,
        "client_ids": [client.client_id for client in clients],
    }
