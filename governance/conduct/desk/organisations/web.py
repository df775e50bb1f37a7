"""Doors of the verifier's desk: organisations, their lists of who works there, and who left.

THREAT: a list names people who have nothing to do with us. It is kept nowhere: between the two presses the page itself
holds it, and what is taken is read anew.
"""

import binascii
from base64 import b64decode, b64encode
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from governance.conduct.desk.organisations.service import locked, organisations, place, shown, unlocked
from governance.conduct.desk.web import acting_verifier
from governance.conduct.errors import BadFileError, OwnRecordError
from governance.conduct.feeds.files import Wrong, WrongFileError, day_in
from governance.conduct.schemas import AnswerSchema, LeaverSchema, ListSchema, TakeListSchema
from governance.conduct.work.lists import EmployeeList, change_by, end_of, read_list, take_list
from governance.conduct.work.service import leave_work, named
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError, GovernanceError
from governance.identity.current import staff_required
from governance.identity.permissions import Role
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import policies
from governance.sentences import said_by
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.pages import form_values, load

_FRESH: Final = timedelta(minutes=15)
_LARGEST_FILE: Final = 500_000
"""Bytes, ten thousand lines: of more, Werkzeug would put it into a file on the way."""
_LARGEST_FORM: Final = _LARGEST_FILE * 4 // 3 + 16_384
"""The page between the presses holds the file in a form that is a third longer."""
_MOST_TOLD: Final = 50

blueprint = Blueprint("desk_organisations", __name__, url_prefix="/desk/organisations")


@blueprint.url_value_preprocessor
def _make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a list in: forms are read before any view, and those of all other pages are short."""
    request.max_content_length = request.max_form_memory_size = _LARGEST_FORM


@blueprint.get("")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def all_of_them() -> ResponseReturnValue:
    """Organisations, and who works there."""
    return _all_page()


@blueprint.post("")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def add() -> ResponseReturnValue:
    """Take down an organisation; one that is known already is shown."""
    name = load(AnswerSchema(), {"answer": "", **form_values()})["answer"]
    try:
        with transaction() as session:
            added = named(session, house().keyring, name, now()).id
    except BadInputError as error:
        return _all_page(in_our_words(said_by(error)))
    return redirect(url_for("desk_organisations.one", organisation_id=added), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:organisation_id>")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def one(organisation_id: UUID) -> ResponseReturnValue:
    """Show one organisation: who works there by its last list, and where the next one goes in."""
    return _one_page(organisation_id)


@blueprint.post("/<uuid:organisation_id>/list")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def show_change(organisation_id: UUID) -> ResponseReturnValue:
    """Read a list, and show what it changes or every line that is wrong; nothing counts yet."""
    given = load(ListSchema(), {"day": "", **form_values()})
    try:
        return _change_page(organisation_id, _sent(), _as_of(given["day"]))
    except BadFileError as error:
        return _one_page(organisation_id, error, given["day"])


@blueprint.post("/<uuid:organisation_id>/take")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def take(organisation_id: UUID) -> ResponseReturnValue:
    """Take the list that was shown, the whole of it, if it still changes what the page said."""
    given = load(TakeListSchema(), form_values())
    try:
        raw = b64decode(given["list"], validate=True)
    except binascii.Error:
        raise BadInputError("this did not come from the buttons of our page; open the page again") from None
    try:
        is_taken = _take(organisation_id, _read(raw, Instant(given["as_of"])), given["seen"])
        if not is_taken:
            # Somebody registered or left meanwhile: what counts must be what was read.
            return _change_page(organisation_id, raw, Instant(given["as_of"]))
    except (BadFileError, OwnRecordError) as error:
        return _one_page(organisation_id, error)
    say_once("listed")
    return redirect(url_for("desk_organisations.one", organisation_id=organisation_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<uuid:organisation_id>/left")
@staff_required(Role.VERIFIER, fresh=_FRESH)
def left(organisation_id: UUID) -> ResponseReturnValue:
    """End at once that somebody works there."""
    gone = load(LeaverSchema(), form_values())["who"]
    with transaction() as session:
        leave_work(session, house().keyring, gone, locked(session, organisation_id).key, now())
    say_once("listed")
    return redirect(url_for("desk_organisations.one", organisation_id=organisation_id), HTTPStatus.SEE_OTHER)


def _sent() -> bytes:
    file = request.files.get("file")
    raw = b"" if file is None else file.stream.read(_LARGEST_FILE + 1)
    if not 0 < len(raw) <= _LARGEST_FILE:
        raise BadFileError("pick a file of at most half a megabyte")
    return raw


def _take(organisation_id: UUID, told: EmployeeList, seen: str) -> bool:
    by, at, keyring, days = acting_verifier(), now(), house().keyring, policies().registers.list_days
    with transaction() as session:
        organisation = locked(session, organisation_id)
        if change_by(session, keyring, organisation, told, days=days).seen != seen:
            return False
        take_list(session, keyring, organisation, told, days=days, now=at, by=by)
        return True


def _read(raw: bytes, as_of: Instant) -> EmployeeList:
    if as_of > now():
        raise BadFileError("this day lies ahead; nobody can say yet who works there then")
    return read_list(raw, policies().registers.registers, as_of)


def _as_of(day: str) -> Instant:
    """Return as of when a list is: the end of its day, or now. Raises `BadFileError`."""
    said, at = day_in(day.strip()), now()
    if said is None:
        return at
    if end_of(said) - at > timedelta(days=1) // timedelta(microseconds=1):
        raise BadFileError("this day lies ahead; nobody can say yet who works there then")
    return min(at, end_of(said))


def _all_page(error: str = "") -> ResponseReturnValue:
    with reading() as session:
        found = organisations(session, house().keyring)
    page = render_template("conduct/organisations.html", found=found, error=_capital(error), errors=bool(error))
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _one_page(organisation_id: UUID, error: GovernanceError | None = None, day: str = "") -> ResponseReturnValue:
    with reading() as session:
        found = place(session, house().keyring, organisation_id)
    wrong: list[Wrong] = error.wrong if isinstance(error, WrongFileError) else []
    page = render_template(
        "conduct/organisation.html",
        place=found,
        registers=policies().registers.registers,
        day=day,
        days=policies().registers.list_days,
        error=_told(error),
        errors=error is not None,
        wrong=[(line.line, in_our_words(line.what)) for line in wrong[:_MOST_TOLD]],
        more=max(0, len(wrong) - _MOST_TOLD),
        said="" if error else said_once("listed"),
    )
    return page, HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY


def _change_page(organisation_id: UUID, raw: bytes, as_of: Instant) -> ResponseReturnValue:
    told, keyring = _read(raw, as_of), house().keyring
    with reading() as session:
        found = place(session, keyring, organisation_id)
        organisation = unlocked(session, organisation_id)
        days = policies().registers.list_days
        change = shown(session, keyring, change_by(session, keyring, organisation, told, days=days))
    return render_template(
        "conduct/organisation_change.html",
        place=found,
        shown=change,
        list=b64encode(raw).decode(),
        as_of=int(as_of),
        empty=not told.employees,
    )


def _told(error: GovernanceError | None) -> str:
    if isinstance(error, WrongFileError):
        # Translators: of a file that was sent in
        told: str = ngettext(
            "%(num)d line is wrong, and nothing was taken. Mend it and send the whole file again",
            "%(num)d lines are wrong, and nothing was taken. Mend them and send the whole file again",
            len(error.wrong),
        )
        return told
    return _capital("" if error is None else in_our_words(said_by(error)))


def _capital(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"
