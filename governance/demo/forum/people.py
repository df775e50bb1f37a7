"""Who is signed in at the forum, and the forms' protection against being sent by another site."""

import hmac
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from governance.demo.forum.house import house
from governance.demo.forum.models import Member

blueprint = Blueprint("people", __name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The member behind this browser, and when they last proved who they are (seconds since 1970, UTC)."""

    member: Member
    auth_time: int


def signed_in() -> SignedIn | None:
    """Return who is signed in, if anybody."""
    account = session.get("account")
    if account is None:
        return None
    with house().plain_session() as reading:
        member = reading.get(Member, account)
    return None if member is None else SignedIn(member, int(session["auth_time"]))


def for_staff(client_id: str | None) -> bool:
    """Say whether the client is the service's door for staff; members and staff are never let through the other one."""
    return client_id == house().settings.staff_client_id


def everybody() -> list[Member]:
    """Return the demo's people for its one-click sign-in; the list is no page of the forum and tells no more."""
    with house().plain_session() as reading:
        return reading.query(Member).order_by(Member.here_as.notlike("patient%"), Member.name).all()


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Show who one may be; on the way to the service, only those who may go through that door."""
    wanted, all_of_them = session.get("wanted"), everybody()
    members = [member for member in all_of_them if member.duty is None]
    staff = [member for member in all_of_them if member.duty is not None]
    door = None if wanted is None else for_staff(parse_qs(urlsplit(wanted).query).get("client_id", [""])[0])
    return house().page(
        "people.html", members=[] if door else members, staff=[] if door is False else staff, wanted=door is not None
    )


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Sign in with one click and no password: demo only, and only on loopback."""
    check_form()
    with house().plain_session() as reading:
        member = reading.get(Member, request.form.get("account", ""))
    if member is None:
        abort(404)
    wanted, reading_on = session.get("wanted"), session.get("reading", url_for("pages.communities"))
    session.clear()
    session.update(account=member.account, auth_time=int(time.time()), form=secrets.token_urlsafe(16))
    if wanted is not None:
        # The provider asked for a sign-in just now: that one is fresh enough, the next one asks again.
        session["proved_for"] = wanted
        return redirect(wanted, 303)
    if member.duty is not None:
        settings = house().settings
        return redirect(f"{settings.service_url}/staff/sign-in/{settings.staff_door}", 303)
    return redirect(reading_on, 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Leave."""
    check_form()
    session.clear()
    return redirect(url_for("people.people"), 303)


def form_token() -> str:
    """Return the token that every form of this browser carries."""
    return str(session.setdefault("form", secrets.token_urlsafe(16)))


def check_form() -> None:
    """Refuse a form that did not come from a page of ours."""
    # As bytes: of two texts it takes no letter outside ASCII, which anybody can send.
    if not hmac.compare_digest(request.form.get("form", "").encode(), form_token().encode()):
        abort(400)
