"""Doors to one's own vault: make, unlock, lock, change, recover, share. The same for officers and for custodians."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.crypto.passphrases import TooManyPassphrasesError, WeakPassphraseError, WrongPassphraseError, check_new
from governance.db.extension import reading, transaction
from governance.errors import NotFoundError
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.reporting.errors import VaultBusyError, WrongRecoveryKeyError
from governance.reporting.vaults import service, sharing
from governance.reporting.vaults.current import (
    CUSTODIANS,
    OFFICERS,
    doors_of,
    keep_unlocked,
    lock,
    next_page,
    open_vault,
    unlocked,
)
from governance.reporting.vaults.duty import Reader, all_officers, outside_contact
from governance.reporting.vaults.models import Vault
from governance.reporting.vaults.state import standing
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

_FRESH: Final = timedelta(minutes=15)
_SAID: Final = ("changed", "locked", "shared", "handed_over", "recovered")
_PAGES: Final = ("change", "recover", "hand-over")
for _code, _status in {
    "no_such_report": HTTPStatus.NOT_FOUND,
    "no_vault": HTTPStatus.NOT_FOUND,
    "vault_there": HTTPStatus.CONFLICT,
    "vault_locked": HTTPStatus.CONFLICT,
    "duty_closed": HTTPStatus.CONFLICT,
    "wrong_passphrase": HTTPStatus.BAD_REQUEST,
    "wrong_recovery_key": HTTPStatus.BAD_REQUEST,
    "weak_passphrase": HTTPStatus.BAD_REQUEST,
    "too_many_passphrases": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_guesses": HTTPStatus.TOO_MANY_REQUESTS,
}.items():
    register_status(_code, _status)


def page(which: str) -> ResponseReturnValue:
    """Show the form of one act."""
    if which not in _PAGES:
        raise NotFoundError("there is no such page; go back to your vault")
    if which == "recover":
        return _form("recover")
    return _home() if unlocked() is None else _form(which)


def make() -> ResponseReturnValue:
    """Make a vault under a passphrase, and show its printed key, once."""
    staff_id, problem = staff_member().staff_id, _new_problem()
    if problem:
        return _home(problem)
    with _in_turn():
        wrapped = service.prepare(staff_id, _sent("new"))
    with transaction() as session:
        made = service.store(_work(session), wrapped)
    keep_unlocked(made.vault)
    return _printed(made.recovery_key)


def unlock() -> ResponseReturnValue:
    """Unlock the vault, and go on to where its owner wanted to go."""
    staff_id = staff_member().staff_id
    with transaction() as session:
        service.begin_guess(_work(session), staff_id)
    try:
        with _in_turn(), reading() as session:
            vault = service.unlock(session, house().keyring, staff_id, _sent("passphrase"))
    except WrongPassphraseError:
        return _home({"passphrase": gettext("This is not your passphrase. Nothing was opened.")})
    with transaction() as session:
        service.note_worked(_work(session), staff_id)
    keep_unlocked(vault)
    return redirect(next_page(), HTTPStatus.SEE_OTHER)


def lock_it() -> ResponseReturnValue:
    """Lock the vault, at once."""
    lock()
    return _go_home("locked")


def change() -> ResponseReturnValue:
    """Put the vault under another passphrase; the one of now is typed once more."""
    vault, problem = open_vault(), _new_problem()
    if problem:
        return _form("change", problem)
    with transaction() as session:
        service.begin_guess(_work(session), vault.staff_id)
    try:
        with _in_turn(), reading() as session:
            service.unlock(session, house().keyring, vault.staff_id, _sent("passphrase"))
    except WrongPassphraseError:
        return _form("change", {"passphrase": gettext("This is not your passphrase of now. Nothing was changed.")})
    with _in_turn():
        wrapped = service.rewrap(vault, _sent("new"))
    with transaction() as session:
        service.change(_work(session), wrapped)
    return _go_home("changed")


def recover() -> ResponseReturnValue:
    """Open the vault by its printed key, under a new passphrase, and print another key."""
    staff_id, problem = staff_member().staff_id, _new_problem()
    if problem:
        return _form("recover", problem)
    with transaction() as session:
        service.begin_guess(_work(session), staff_id)
    try:
        with reading() as session:
            vault = service.open_by_recovery(session, house().keyring, staff_id, _sent("printed"))
    except WrongRecoveryKeyError:
        return _form("recover", {"printed": gettext("This is not the printed key. Look at every sign.")})
    with _in_turn():
        wrapped = service.rewrap(vault, _sent("new"))
    with transaction() as session:
        made = service.recover(_work(session), wrapped)
    keep_unlocked(made.vault)
    return _printed(made.recovery_key)


def share() -> ResponseReturnValue:
    """Let everybody on duty read what too few can read; let every custodian open the names that this one can."""
    with transaction() as session:
        if Role.OFFICER in staff_member().roles:
            sharing.top_up(_work(session), open_vault(), _recused(), _let_in())
        sharing.share_names(_work(session), open_vault(), _recused())
    return _go_home("shared")


def hand_over() -> ResponseReturnValue:
    """Let a colleague read everything that its owner can read, as before leaving."""
    with transaction() as session:
        to = next((one for one in _colleagues(session) if str(one.staff_id) == _sent("to")), None)
        if to is None:
            return _form("hand-over", {"to": gettext("Choose a colleague.")})
        sharing.hand_over(_work(session), open_vault(), to, _recused(), _let_in())
    return _go_home("handed_over")


@contextmanager
def _in_turn() -> Iterator[None]:
    """Derive a key, if not too many do. Raises `VaultBusyError`."""
    try:
        yield
    except TooManyPassphrasesError:
        raise VaultBusyError("too many people are typing a passphrase just now; try again in a few seconds") from None


def _doors(name: str, role: Role, prefix: str) -> Blueprint:
    """Return the doors of those with one role; a route names one role, so each has doors of its own."""
    made = Blueprint(name, __name__, url_prefix=prefix, template_folder="../templates")
    known, fresh = staff_required(role), staff_required(role, fresh=_FRESH)
    made.add_url_rule("/<which>", "page", known(page))
    for rule, view in {
        "make": fresh(make),
        "recover": fresh(recover),
        "unlock": known(unlock),
        "lock": known(lock_it),
    }.items():
        made.add_url_rule(f"/{rule}", f"do_{rule}", view, methods=["POST"])
    for rule, view in {"change": known(change), "share": known(share), "hand-over": known(hand_over)}.items():
        made.add_url_rule(f"/{rule}", f"do_{rule.replace('-', '_')}", view, methods=["POST"])
    return made


blueprint: Final = _doors(OFFICERS, Role.OFFICER, "/desk/vault")
custodians: Final = _doors(CUSTODIANS, Role.CUSTODIAN, "/custody/vault")


@blueprint.get("")
@staff_required(Role.OFFICER)
def home() -> ResponseReturnValue:
    """My vault."""
    return _home()


@custodians.get("", endpoint="home")
@staff_required(Role.CUSTODIAN)
def home_of_custodian() -> ResponseReturnValue:
    """My vault as a custodian."""
    return _home()


def _home(problem: dict[str, str] | None = None) -> ResponseReturnValue:
    member, at = staff_member(), now()
    with reading() as session:
        own = session.get(Vault, member.staff_id)
        stands = standing(session, at)
        few = sharing.thin(session) if own is not None else {}
        mine = sum(1 for report_id in sharing.held(session, member.staff_id) if report_id in few)
        contact = outside_contact(session)
    is_open = own is not None and unlocked() is not None
    return _render(
        "reporting/vault.html" if is_open else "reporting/vault_locked.html" if own else "reporting/vault_new.html",
        problem or {},
        stands=stands,
        few=mine,
        contact=contact,
        is_officer=Role.OFFICER in member.roles,
        said=said_once(*_SAID),
    )


def _form(which: str, problem: dict[str, str] | None = None) -> ResponseReturnValue:
    with reading() as session:
        colleagues = [(one.staff_id, _name(session, one.staff_id)) for one in _colleagues(session)]
    template = {"change": "vault_change", "recover": "vault_recover", "hand-over": "vault_hand_over"}[which]
    return _render(f"reporting/{template}.html", problem or {}, colleagues=colleagues)


def _printed(recovery_key: str) -> ResponseReturnValue:
    """Show a printed key, once: it is nowhere but on this page."""
    return _render("reporting/vault_printed.html", {}, recovery_key=recovery_key, goes_to=next_page())


def _render(template: str, problem: dict[str, str], **more: object) -> ResponseReturnValue:
    doors = doors_of(staff_member().roles)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render_template(template, problem=problem, errors=bool(problem), doors=doors, **more), status


def _new_problem() -> dict[str, str]:
    """Say what is wrong with a new passphrase, if anything."""
    new = _sent("new")
    try:
        check_new(new)
    except WeakPassphraseError:
        return {"new": gettext("Choose at least 15 signs, such as five words that have nothing in common.")}
    return {} if new == _sent("again") else {"again": gettext("The two are not the same. Type both again.")}


def _colleagues(session: Session) -> list[Reader]:
    me = staff_member().staff_id
    return [one for one in all_officers(session) if one.staff_id != me]


def _name(session: Session, staff_id: UUID) -> str:
    return staff_name(session, house().keyring, session.get_one(StaffMember, staff_id))


def _let_in() -> sharing.LetIn:
    found: sharing.LetIn = current_app.extensions.get(sharing.LET_IN, sharing.no_case)
    return found


def _recused() -> sharing.Recused:
    found: sharing.Recused = current_app.extensions.get(sharing.RECUSED, sharing.nobody_recused)
    return found


def _go_home(said: str) -> ResponseReturnValue:
    say_once(said)
    return redirect(url_for(f"{doors_of(staff_member().roles)}.home"), HTTPStatus.SEE_OTHER)


def _sent(name: str) -> str:
    return request.form.get(name, "")


def _work(session: Session) -> Work:
    return Work(session, house().keyring, now())
