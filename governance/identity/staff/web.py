"""Doors for staff: sign in at their provider, come back, see what is theirs to do."""

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.identity.access import anyone, who_may_call
from governance.identity.current import current_staff
from governance.identity.doors import staff_door
from governance.identity.errors import Guard, SignInFailedError
from governance.identity.oidc.departures import Purpose
from governance.identity.oidc.returning import ReturnRoutes
from governance.identity.oidc.signing_in import come_back, leave, note
from governance.identity.permissions import DUTIES, NAMES, Role
from governance.identity.sessions import service as sessions
from governance.identity.sessions.browser import browser_session
from governance.identity.sessions.service import SignedInStaff
from governance.identity.staff import service as staff
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import opens_once

blueprint = Blueprint("staff", __name__)
_HOME = "staff.home"


@blueprint.get("/staff")
@anyone
def home() -> ResponseReturnValue:
    """Show a member of staff who they are here and which desks are theirs; others how to sign in."""
    member = current_staff()
    if member is None:
        return redirect(url_for("staff.how_to_sign_in"), HTTPStatus.SEE_OTHER)
    desks = [(url_for(endpoint), gettext(title)) for endpoint, title, role in _desks() if role in member.roles]
    duties = [(NAMES[role], DUTIES[role]) for role in Role if role in member.roles]
    return render_template("identity/staff_home.html", name=_name_of(member), duties=duties, desks=desks)


@blueprint.get("/staff/sign-in")
@anyone
def how_to_sign_in() -> ResponseReturnValue:
    """Say how members of staff come in: by their own provider."""
    with reading() as session:
        providers = [provider.name for provider in StaffProvider.all_by_name(session)]
    again = "1" if request.args.get("again") == "1" else None
    wanted = _routes().allowed(request.args.get("next"))
    return render_template("identity/staff_sign_in.html", providers=providers, again=again, next=wanted)


@blueprint.get("/staff/sign-in/<name>")
@anyone
def to_provider(name: str) -> ResponseReturnValue:
    """Send a member of staff to their provider; `again=1`: to prove there once more who they are."""
    wanted = _routes().allowed(request.args.get("next"))
    return leave(staff_door(name), Purpose.SIGN_IN, wanted, again=request.args.get("again") == "1")


@blueprint.get("/staff/auth/<name>/callback")
@anyone
def from_provider(name: str) -> ResponseReturnValue:
    """Let a member of staff in, into a new session; nobody else."""
    opens_once()
    door = staff_door(name)
    identity, departure = come_back(door)
    browser, at = browser_session(), now()
    with transaction() as session:
        member = staff.staff_of(session, house().keyring, door.issuer, identity.sub)
        if member is None or member.provider_id != door.id:
            error = SignInFailedError(Guard.NOT_STAFF)
            note(door, error)
            raise error
        new_id = sessions.start_staff(session, house().keyring, member, identity.auth_time, now=at)
        sessions.end(session, browser.session_id)
    browser.become(new_id, at)
    return redirect(url_for(_routes().allowed(departure.next)), HTTPStatus.SEE_OTHER)


def _desks() -> Iterator[tuple[str, str, Role]]:
    """Every page behind a role that needs no arguments, by what its view says of itself."""
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        who = who_may_call(view)
        if who in set(Role) and not rule.arguments and "GET" in (rule.methods or ()):
            title = (view.__doc__ or rule.endpoint).splitlines()[0].rstrip(".")
            yield rule.endpoint, title, Role(who)


def _routes() -> ReturnRoutes:
    return ReturnRoutes(_HOME, frozenset(endpoint for endpoint, _, _ in _desks()))


def _name_of(member: SignedInStaff) -> str:
    with reading() as session:
        known = session.get_one(StaffMember, member.staff_id)
        return staff.staff_name(session, house().keyring, known)
