"""The unlocked vault of this request. Its key lies in the browser's session, which a secret in the cookie seals.

Neither the database with all our keys nor the cookie alone opens it. After 15 minutes without use it is gone.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from governance.crypto.sealing import SealingKey
from governance.identity.current import staff_member
from governance.identity.permissions import Role
from governance.identity.sessions.browser import browser_session
from governance.reporting.errors import VaultLockedError
from governance.reporting.vaults.keys import OpenVault
from governance.ui.clock import now

IDLE: Final = 15 * 60 * 1_000_000
OFFICERS: Final = "vault"
CUSTODIANS: Final = "custody_vault"
_NAME: Final = "vault"
_NEXT: Final = "vault_next"
_USED_EVERY: Final = 60 * 1_000_000
"""It is written at most this often that the key was used; so it is gone 14 to 15 minutes after its last use."""
_P = ParamSpec("_P")


def keep_unlocked(vault: OpenVault) -> None:
    """Keep an unlocked vault for the pages that follow."""
    browser_session()[_NAME] = {"key": vault.key.private.hex(), "whose": str(vault.staff_id), "used": int(now())}


def lock() -> None:
    """Forget the unlocked vault, at once."""
    browser_session().pop(_NAME, None)
    browser_session().pop(_NEXT, None)


def unlocked() -> OpenVault | None:
    """Return the unlocked vault of the member of staff who is signed in, or none."""
    browser, at = browser_session(), int(now())
    kept = browser.get(_NAME)
    if kept is None or browser.staff is None:
        return None
    if kept["whose"] != str(browser.staff.staff_id) or not 0 <= at - kept["used"] < IDLE:
        lock()
        return None
    if at - kept["used"] >= _USED_EVERY:
        browser[_NAME] = {**kept, "used": at}
    return OpenVault(browser.staff.staff_id, SealingKey.from_private(bytes.fromhex(kept["key"])))


def open_vault() -> OpenVault:
    """Return the unlocked vault. Raises `VaultLockedError`; never for a page behind `vault_required`."""
    found = unlocked()
    if found is None:
        raise VaultLockedError("your vault is locked; unlock it and do this again")
    return found


def vault_required(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
    """Let staff through whose vault is unlocked; send others to unlock it, and back here afterwards.

    Below `staff_required`: `@blueprint.get(...)`, `@staff_required(Role.OFFICER)`, `@vault_required`.
    """

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        if unlocked() is not None:
            return view(*args, **kwargs)
        if request.method == "GET" and request.endpoint is not None:
            # Kept here and not in the address: what is in an address can be sent to anybody by anybody.
            arguments = {name: str(value) for name, value in (request.view_args or {}).items()}
            browser_session().note(_NEXT, [request.endpoint, arguments])
        return redirect(url_for(f"{doors_of(staff_member().roles)}.home"), HTTPStatus.SEE_OTHER)

    return guarded


def doors_of(roles: frozenset[Role]) -> str:
    """Return whose doors to a vault somebody uses: who is both officer and custodian has one vault."""
    return OFFICERS if Role.OFFICER in roles else CUSTODIANS


def next_page() -> str:
    """Return where somebody was going when the vault was locked, and forget it; else the vault's own page."""
    kept = browser_session().pop(_NEXT, None)
    if kept is None:
        return url_for(f"{doors_of(staff_member().roles)}.home")
    endpoint, arguments = kept
    return url_for(endpoint, **arguments)
