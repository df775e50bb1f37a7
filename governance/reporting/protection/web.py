"""Doors of a patient whose block ends: go on by a refusal of one's own, or let it end."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.roster import badge_names
from governance.errors import NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once, say_once
from governance.patients.service import find_patient
from governance.reporting.handed import BLOCK
from governance.reporting.protection import offers
from governance.reporting.protection.models import RefusalOffer
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values

blueprint = Blueprint("block_ends", __name__, url_prefix="/my/closed-for-you", template_folder="../templates")
RefuseByName = Callable[[Session, Keyring, tuple[UUID, UUID, AccountKey], AccountKey, Instant], None]


def block_by_patient(
    session: Session, keyring: Keyring, account: tuple[UUID, UUID, AccountKey], whom: AccountKey, at: Instant
) -> None:
    """Have the patient behind an account refuse a professional by name, at once: an ordinary choice, like any other."""
    refuse: RefuseByName = current_app.extensions[BLOCK]
    refuse(session, keyring, account, whom, at)


@blueprint.get("")
@sign_in_required
def ask() -> ResponseReturnValue:
    """Show what ends, with the two answers."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        rows = [] if patient is None else RefusalOffer.open_of(session, patient.id)
        names = badge_names(session, house().keyring, signed_in().platform_id, now()) if rows else {}
        shown = [(row.id, names.get(AccountKey(row.account), ""), offers.ends(session, row)) for row in rows]
    return render_template("reporting/block_ends.html", shown=shown, said=said_once("kept", "let_end"))


@blueprint.post("/<uuid:offer_id>")
@sign_in_required
def answer(offer_id: UUID) -> ResponseReturnValue:
    """Keep it closed, or let it end."""
    person, at, keeps = signed_in(), now(), form_values().get("answer") != "no"
    account = (person.account_id, person.platform_id, person.account_key)
    with transaction() as session:
        patient = find_patient(session, person.account_id)
        if patient is None:
            raise NotFoundError("this was answered already; look at your choices")
        refuse = partial(_refuse, session, account, at) if keeps else None
        offers.answer(Work(session, house().keyring, at), patient.id, offer_id, refuse=refuse)
    say_once("kept" if keeps else "let_end")
    return redirect(url_for("block_ends.ask"), HTTPStatus.SEE_OTHER)


def _refuse(
    session: Session, account: tuple[UUID, UUID, AccountKey], at: Instant, _patient_id: UUID, whom: AccountKey
) -> None:
    block_by_patient(session, house().keyring, account, whom, at)
