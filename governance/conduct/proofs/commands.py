"""`governance conduct provider`: where professionals sign in to prove that a registration is theirs."""

import click

from governance.conduct.feeds.commands import register_named
from governance.conduct.proofs.models import ProfessionalProvider
from governance.conduct.proofs.providers import NewProvider, add_provider, callback_address
from governance.db.extension import reading, transaction
from governance.identity.asking import HELP, VARIABLE, secret_said
from governance.ui.clock import now
from governance.ui.house import house


@click.group()
def provider() -> None:
    """The OIDC providers that know professionals by their number."""


@provider.command("add")
@click.argument("name")
@click.option("--shown", required=True, help="What pages call it.")
@click.option("--issuer", required=True, help="Its issuer, exactly as its discovery document names it.")
@click.option("--oidc-client-id", required=True, help="Under which id the provider knows this service.")
@click.option("--oidc-client-secret", envvar=VARIABLE, help=HELP)
@click.option("--register", required=True, help="The register whose numbers it knows, such as gb-nmc.")
@click.option("--number-claim", required=True, help="Which claim of its ID token is the number.")
def add(name: str, oidc_client_secret: str | None, **said: str) -> None:
    """Add the provider NAME: who signs in there and is known by the number they told us has proven it (A4)."""
    register_named(said["register"])
    wanted = NewProvider(name=name, oidc_client_secret=secret_said(oidc_client_secret), **said)
    with transaction() as session:
        add_provider(session, house().keyring, wanted, now=now())
    address = callback_address(house().settings.public_url, name)
    click.echo(f"added; register this redirect_uri at the provider: {address}")


@provider.command("list")
def list_command() -> None:
    """List them."""
    with reading() as session:
        found = [f"{one.name}  {one.register}  {one.issuer}" for one in ProfessionalProvider.all_by_name(session)]
    click.echo("\n".join(found) or "none yet; add one by `governance conduct provider add NAME --issuer ...`")
