"""Doors of the professional: see the badge as forums show it, and say whether it bears the name."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate
from sqlalchemy.orm import Session

from governance.conduct.badge.service import Badge, NameWish, Where, badge_of, withhold_name
from governance.conduct.badge.words import said
from governance.conduct.service import hcp_of
from governance.crypto.data_keys import DataKeys
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import NOT_SENT
from governance.effective.documents import HcpDocument
from governance.effective.life.holds import hold_on
from governance.effective.service import Register
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.once import said_once, say_once
from governance.policy.current import conduct_in_force
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

blueprint = Blueprint("badge", __name__, url_prefix="/professional/badge")


class _NameSchema(Schema):
    """Whether the name is on the badge."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE

    name = fields.String(required=True, validate=validate.OneOf(["shown", "withheld"]))


@blueprint.get("")
@sign_in_required
def shown() -> ResponseReturnValue:
    """Show the badge as it is on this forum now."""
    with reading() as session:
        hcp_id = hcp_of(session, signed_in().account_id)
        document = _document(session, hcp_id)
        worn = _badge(session, hcp_id, document)
        held = hold_on(session, house().keyring, signed_in().platform_id)
    withheld = str(signed_in().platform_id) in document.name_withheld
    words = None if worn is None else said(worn)
    return render_template("conduct/my_badge.html", words=words, withheld=withheld, held=held, said=said_once("badge"))


@blueprint.post("")
@sign_in_required
def choose() -> ResponseReturnValue:
    """Put the name on the badge of this forum, or take it off; it counts at once."""
    wanted = load(_NameSchema(), form_values())["name"]
    person = signed_in()
    with transaction() as session:
        hcp_id = hcp_of(session, person.account_id)
        wish = NameWish(person.platform_id, withheld=wanted == "withheld")
        withhold_name(session, house().keyring, hcp_id, wish, now())
    say_once("badge")
    return redirect(url_for("badge.shown"), HTTPStatus.SEE_OTHER)


def _document(session: Session, hcp_id: UUID) -> HcpDocument:
    document: HcpDocument = Register(session, house().keyring, now()).document("hcp", str(hcp_id))
    return document


def _badge(session: Session, hcp_id: UUID, document: HcpDocument) -> Badge | None:
    where = Where(signed_in().platform_id, NOT_SENT, conduct_in_force(), now())
    return badge_of(session, DataKeys(session, house().keyring), hcp_id, document, where)
