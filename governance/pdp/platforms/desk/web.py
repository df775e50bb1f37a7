"""Doors of officers to the life of forums: a list, one forum, one press that stops it, two that let it go on."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.db.extension import reading, transaction
from governance.effective.life.errors import NotNowError, NotProvenError
from governance.effective.life.service import By, Life
from governance.effective.life.states import Because, Mended, Why
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.pdp.platforms.desk import words
from governance.pdp.platforms.desk.overview import HOOKS, Overview, lines, overview
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values

blueprint = Blueprint("forum_lives", __name__, url_prefix="/desk/forums", template_folder="../templates")
_FRESH: Final = timedelta(minutes=15)
_STOP, _GO_ON = "stopped", "goes_on"


@blueprint.get("")
@staff_required(Role.OFFICER)
def forums() -> ResponseReturnValue:
    """Forums, and how each of them stands."""
    with reading() as session:
        found = lines(session, house().keyring, now())
    return render_template("pdp/platforms/forums.html", lines=found, words=words)


@blueprint.get("/<uuid:platform_id>")
@staff_required(Role.OFFICER)
def forum(platform_id: UUID) -> ResponseReturnValue:
    """Show how one forum stands."""
    return _page(platform_id)


@blueprint.post("/<uuid:platform_id>/hold")
@staff_required(Role.OFFICER)
def hold(platform_id: UUID) -> ResponseReturnValue:
    """Show professionals nothing on a forum, from this press on; what stops nothing but showing needs no second one."""
    sent = str(form_values().get("because", ""))
    if sent not in set(Because):
        return _page(platform_id, lacks_reason=True)
    by = By(staff_member().staff_id, Because(sent))
    why = Why.SEEN if by.because is Because.SEEN else Why.STAFF
    return _done(platform_id, _STOP, lambda life: life.suspend(why, by))


@blueprint.get("/<uuid:platform_id>/go-on")
@staff_required(Role.OFFICER, fresh=_FRESH)
def confirm(platform_id: UUID) -> ResponseReturnValue:
    """Ask once more before professionals are shown again what patients permitted."""
    found = _found(platform_id)
    return _confirming(found) if found.may_resume else _back(platform_id)


@blueprint.post("/<uuid:platform_id>/go-on")
@staff_required(Role.OFFICER, fresh=_FRESH)
def go_on(platform_id: UUID) -> ResponseReturnValue:
    """Let a forum go on, if the last report found nothing and was made since it was put on hold.

    A hold that no report can end alone asks what was mended, and leaves the forum owing a walk.
    """
    sent = str(form_values().get("mended", ""))
    found = _found(platform_id)
    if found.may_resume and found.by_walk and sent not in set(Mended):
        return _confirming(found, lacks_reason=True)
    because = Mended(sent) if sent in set(Mended) else None
    by = By(staff_member().staff_id)
    return _done(platform_id, _GO_ON, lambda life: life.resume(by, because))


def _confirming(found: Overview, *, lacks_reason: bool = False) -> ResponseReturnValue:
    page = render_template(
        "pdp/platforms/go_on.html", forum=found, words=words, errors=lacks_reason, lacks_reason=lacks_reason
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if lacks_reason else HTTPStatus.OK


def _back(platform_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("forum_lives.forum", platform_id=platform_id), HTTPStatus.SEE_OTHER)


def _done(platform_id: UUID, said: str, act: Callable[[Life], None]) -> ResponseReturnValue:
    _found(platform_id)
    try:
        with transaction() as session:
            act(Life(session, house().keyring, platform_id, now()))
    except (NotNowError, NotProvenError) as error:
        return _page(platform_id, error=in_our_words(words.refusal(error)))
    say_once(said)
    return _back(platform_id)


def _found(platform_id: UUID) -> Overview:
    with reading() as session:
        return overview(session, house().keyring, current_app.extensions[HOOKS], platform_id, now())


def _page(platform_id: UUID, error: str = "", *, lacks_reason: bool = False) -> ResponseReturnValue:
    page = render_template(
        "pdp/platforms/forum.html",
        forum=_found(platform_id),
        words=words,
        at=now(),
        said=said_once(_STOP, _GO_ON),
        error=error,
        errors=bool(error) or lacks_reason,
        lacks_reason=lacks_reason,
    )
    return page, HTTPStatus.CONFLICT if error else HTTPStatus.UNPROCESSABLE_ENTITY if lacks_reason else HTTPStatus.OK
