"""What doors of this room share: a provider read from its record, and where people may go afterwards."""

from typing import Final

from flask import current_app, render_template

from governance.db.extension import reading
from governance.identity import service
from governance.identity.current import signed_in
from governance.identity.errors import ForumProvesError
from governance.identity.models import Platform
from governance.identity.oidc.returning import ReturnRoutes
from governance.identity.oidc.signing_in import Door
from governance.identity.staff import service as staff
from governance.ui.house import house

RETURN_ROUTES: Final = "governance.return_routes"


def forum_door(name: str) -> Door:
    """Return a forum's provider. Raises `PlatformNotFoundError`, `NoProviderError`."""
    with reading() as session:
        platform = service.platform_named(session, name)
        issuer, client_id, secret = service.oidc_registration(house().keyring, platform)
        return Door(
            id=platform.id,
            name=platform.name,
            issuer=issuer,
            client_id=client_id,
            secret=secret,
            callback_address=service.callback_address(house().settings.public_url, name),
            account_claim=platform.account_claim,
        )


def staff_door(name: str) -> Door:
    """Return a provider for staff. Raises `StaffNotFoundError`."""
    with reading() as session:
        provider = staff.provider_named(session, name)
        return Door(
            id=provider.id,
            name=provider.name,
            issuer=provider.issuer,
            client_id=provider.oidc_client_id,
            secret=staff.provider_secret(house().keyring, provider),
            callback_address=staff.staff_callback_address(house().settings.public_url, name),
            kind="staff",
        )


def comes_by_link() -> bool:
    """Say whether the person who is signed in is from a forum that is no provider."""
    with reading() as session:
        return session.get_one(Platform, signed_in().platform_id).issuer is None


def check_comes_by_link() -> None:
    """Raise `ForumProvesError` for others: where the forum asks again, ours would be the easier way round."""
    if not comes_by_link():
        raise ForumProvesError("your forum asks you who you are; you need no PIN and no passkey here")


def by_forum_page() -> str:
    """Return the page for people whose forum asks them who they are: what is their proof here."""
    return render_template("identity/by_forum.html", forum=signed_in().forum)


def return_routes() -> ReturnRoutes:
    """Return where people may go after signing in."""
    routes: ReturnRoutes = current_app.extensions[RETURN_ROUTES]
    return routes
