"""Doors of professionals: what registering changes, how I stand, how I am here, measures against me."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.conduct import service
from governance.conduct.capacities import PeerPosts, Scope, community_on, name_place, switch_capacity
from governance.conduct.errors import PeerPostsError, UnknownCommunityError
from governance.conduct.models import HcpAccount
from governance.conduct.more.service import More, more_of
from governance.conduct.overview import Overview, overview
from governance.conduct.sanctions.web import all_of_mine
from governance.conduct.schemas import CapacitySchema, PeerPostsSchema
from governance.conduct.words import number_name, with_country, written
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Capacity, Instant
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.policy.here import policies_here
from governance.policy.views.conduct import ConductPolicy
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load
from governance.ui.problems import register_status

SWITCHING: Final = "switching"
"""In the session: where somebody who is there as a patient wants to be a professional, until they said more."""

blueprint = Blueprint("conduct", __name__, url_prefix="/professional", template_folder="templates")
for _code, _status in {
    "already_registered": HTTPStatus.CONFLICT,
    "not_registered": HTTPStatus.NOT_FOUND,
    "bad_number": HTTPStatus.BAD_REQUEST,
    "unknown_community": HTTPStatus.BAD_REQUEST,
    "peer_posts": HTTPStatus.CONFLICT,
    "own_record": HTTPStatus.FORBIDDEN,
    "number_taken": HTTPStatus.CONFLICT,
    "not_matched": HTTPStatus.BAD_REQUEST,
    "record_changed": HTTPStatus.CONFLICT,
    "bad_file": HTTPStatus.BAD_REQUEST,
    "unknown_organisation": HTTPStatus.NOT_FOUND,
    "unknown_professional_provider": HTTPStatus.NOT_FOUND,
}.items():
    register_status(_code, _status)
blueprint.add_app_template_filter(number_name)
blueprint.add_app_template_filter(written)
blueprint.add_app_template_filter(with_country)


@blueprint.get("")
@sign_in_required
def home() -> ResponseReturnValue:
    """Show a professional how they stand; anybody else what registering changes."""
    found = _mine()
    if found is None:
        return render_template("conduct/becoming.html", words=_policy().record.words("becoming"), registered=False)
    extra = _more()
    if _on_no_register(found, extra):
        known = {"mine": found, "more": extra, "against": all_of_mine(), "said": said_once("role_said")}
        return render_template("conduct/unregistered_standing.html", **known)
    return render_template(
        "conduct/standing.html",
        mine=found,
        more=extra,
        against=all_of_mine(),
        policy=_policy(),
        registers=policies().registers.registers,
        said=said_once("registered", "accepted"),
    )


@blueprint.get("/what-changes")
@sign_in_required
def becoming() -> ResponseReturnValue:
    """Say what registering changes, to those who registered too."""
    registered = _mine() is not None
    return render_template("conduct/becoming.html", words=_policy().record.words("becoming"), registered=registered)


@blueprint.get("/capacity")
@sign_in_required
def capacity() -> ResponseReturnValue:
    """Ask how a professional wants to be here."""
    return _capacity_page()


@blueprint.post("/capacity")
@sign_in_required
def pick_capacity() -> ResponseReturnValue:
    """Declare a capacity; it counts after the wait of the policy."""
    values = form_values()
    if "capacity" not in values:
        return _capacity_page(gettext("Pick how you are here"), "#capacity")
    wanted = load(CapacitySchema(), values)
    try:
        _choose(wanted["capacity"], wanted["community"].strip())
    except UnknownCommunityError:
        community = wanted["community"].strip()
        error = gettext("Your forum has no group of this name")
        return _capacity_page(error, "#community", (wanted["capacity"], community))
    except PeerPostsError:
        browser[SWITCHING] = wanted["community"].strip()
        return redirect(url_for("conduct.peer_posts"), HTTPStatus.SEE_OTHER)
    say_once("capacity_chosen")
    return redirect(url_for("conduct.capacity"), HTTPStatus.SEE_OTHER)


@blueprint.get("/capacity/posts")
@sign_in_required
def peer_posts() -> ResponseReturnValue:
    """Ask what becomes of what somebody wrote as a patient, before they are a professional there."""
    return _posts_page() if SWITCHING in browser else redirect(url_for("conduct.capacity"), HTTPStatus.SEE_OTHER)


@blueprint.post("/capacity/posts")
@sign_in_required
def say_of_posts() -> ResponseReturnValue:
    """Take what they say of it, and the capacity with it."""
    values = form_values()
    if SWITCHING not in browser:
        return redirect(url_for("conduct.capacity"), HTTPStatus.SEE_OTHER)
    if "posts" not in values:
        return _posts_page(errors=True)
    _choose(Capacity.PROFESSIONAL, browser[SWITCHING], load(PeerPostsSchema(), values)["posts"])
    browser.pop(SWITCHING)
    say_once("capacity_chosen")
    return redirect(url_for("conduct.capacity"), HTTPStatus.SEE_OTHER)


@blueprint.get("/measures")
@sign_in_required
def measures() -> ResponseReturnValue:
    """Show the measures against a professional, and how to appeal."""
    return render_template(
        "conduct/measures.html",
        mine=_registered(),
        against=all_of_mine(),
        appeal=_policy().record.words("appeal"),
        at=now(),
    )


def _choose(wanted: Capacity, community: str, posts: PeerPosts | None = None) -> None:
    person, keyring, at = signed_in(), house().keyring, now()
    begins = Instant(at + _policy().capacity_begins_after // timedelta(microseconds=1))
    with transaction() as session:
        hcp_id = service.hcp_of(session, person.account_id)
        scope = Scope(str(person.platform_id))
        if community:
            scope = community_on(session, keyring, person.platform_id, community)
            name_place(session, keyring, hcp_id, scope, community)
        switch_capacity(session, keyring, hcp_id, scope, wanted, now=at, begins=begins, posts=posts)


def _posts_page(*, errors: bool = False) -> ResponseReturnValue:
    page = render_template("conduct/peer_posts.html", place=browser[SWITCHING], kinds=tuple(PeerPosts), errors=errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _capacity_page(error: str = "", at: str = "", given: tuple[Any, str] = ("", "")) -> ResponseReturnValue:
    found = _registered()
    page = render_template(
        "conduct/capacity.html",
        mine=found,
        on_no_register=_on_no_register(found, _more()),
        words=_policy().record,
        hours=_policy().capacity_begins_after // timedelta(hours=1),
        kinds=tuple(Capacity),
        error=error,
        error_at=at,
        errors=bool(error),
        given=given,
        said="" if error else said_once("capacity_chosen"),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _mine() -> Overview | None:
    """Return how the person who signed in stands as a professional; none if they are none."""
    with reading() as session:
        hcp_id = HcpAccount.hcp_of(session, signed_in().account_id)
        return None if hcp_id is None else _overview(session, hcp_id)


def _more() -> More:
    with reading() as session:
        return more_of(session, house().keyring, service.hcp_of(session, signed_in().account_id), now())


def _on_no_register(found: Overview, more: More) -> bool:
    """Say whether somebody only told us that they work with patients, on no register."""
    return found.words is None and more.profession in policies().registers.unregistered


def _registered() -> Overview:
    """Return the same. Raises `NotRegisteredError`."""
    with reading() as session:
        return _overview(session, service.hcp_of(session, signed_in().account_id))


def _overview(session: Session, hcp_id: UUID) -> Overview:
    return overview(session, house().keyring, hcp_id, signed_in().platform_id, now())


def _policy() -> ConductPolicy:
    return policies_here().conduct
