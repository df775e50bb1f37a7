"""The door where a forum hands in what a member told through its own button; sealed on receipt."""

from http import HTTPStatus
from typing import Any, Final

from flask import request
from marshmallow import RAISE, Schema, fields, validate

from governance.crypto.blind_index import account_key
from governance.db.extension import transaction
from governance.errors import BadInputError
from governance.identity.current import current_platform, platform_required
from governance.pdp.openapi import IDEMPOTENCY_KEY
from governance.pdp.tightening import Wish, tighten
from governance.policy.current import policies
from governance.reporting.filing.service import Handed, hand_in
from governance.reporting.keeping.brought import bring
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.messages import LONGEST
from governance.reporting.work import Work
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status
from governance.ui.strict_json import check_text

blueprint = Blueprint("reports", __name__, description="Reports that members make through a forum's own button")
register_status("custody_closed", HTTPStatus.CONFLICT)
_LONGEST_ID: Final = 256
_SHORT: Final = 2000


class ReportMade(Schema):
    """What a member told, and whom they want kept away."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE

    type = fields.String(
        required=True,
        metadata={"description": "one of the types of `GET /v1/policies/reporting`", "example": "boundary"},
    )
    what = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST),
        metadata={"example": "He wrote to me at night"},
    )
    where = fields.String(load_default="", validate=validate.Length(max=_SHORT), metadata={"description": "a link"})
    who = fields.String(load_default="", validate=validate.Length(max=500))
    hcp = fields.String(
        validate=validate.Length(min=1, max=_LONGEST_ID),
        metadata={"description": "the account it is about, if the member pointed at one"},
    )
    account = fields.String(
        validate=validate.Length(min=1, max=_LONGEST_ID),
        metadata={"description": "the member's account; needed for `block` and `known` alone, and not kept without"},
    )
    danger_now = fields.Boolean(load_default=False)
    minor = fields.Boolean(load_default=False)
    wish = fields.String(load_default="", validate=validate.Length(max=_SHORT))
    known = fields.Boolean(
        load_default=False,
        metadata={
            "description": "the member lets those who work on it know their account; sealed apart. 409 while nobody is "
            "there who keeps names: ask the member, and send it without",
        },
    )
    block = fields.Boolean(
        load_default=False,
        metadata={"description": "keep `hcp` away from `account` on this platform, at once"},
    )


class ReportFiled(Schema):
    """What the member must see now: nobody can tell it again."""

    code = fields.String(
        metadata={
            "description": "the receipt code: show it to the member once, and keep it nowhere",
            "example": "7K3M-9QWT-4XBD-P0RA-2HVN-PA5DZ",
        }
    )
    proof = fields.String(metadata={"description": "a signed proof of filing for the member, a compact JWS"})
    answers = fields.String(metadata={"description": "where the member reads our answer with the code"})


@blueprint.post("/v1/reports")
# Before the body is read: who sends no token is told so, and nothing else.
@platform_required("reports:submit")
@blueprint.arguments(ReportMade)
@blueprint.doc(security=needs("reports:submit"), parameters=[{**IDEMPOTENCY_KEY, "required": True}])
@blueprint.response(HTTPStatus.OK, ReportFiled)
def submit(told: dict[str, Any]) -> dict[str, str]:
    """Hand in a report. It is sealed before this answers: from then on the forum cannot read it, and neither can we.

    Sent again with the same random `Idempotency-Key` it is filed once, and the answer is the same for a day. Send the
    member to their own session with us instead where you can: what passes through a forum, the forum can read.
    """
    for name in ("what", "where", "who", "wish"):
        check_text(told[name])
    _check(told)
    handed = Handed(_draft(told), request.headers.get("Idempotency-Key", "").strip('"'), whose=_whose())
    # The block first and in a transaction of its own: it must not wait for anything, and nothing may link the two.
    if told["block"]:
        with transaction() as session:
            tighten(session, house().keyring, current_platform().platform_id, _wish(told), now())
    with transaction() as session:
        work = Work(session, house().keyring, now())
        filed = hand_in(work, handed, house().settings.public_url)
    return {**filed._asdict(), "answers": f"{house().settings.public_url}/answers"}


def _check(told: dict[str, Any]) -> None:
    if told["type"] not in {one.code for one in policies().reporting.types}:
        raise BadInputError("there is no such type; `GET /v1/policies/reporting` lists them, and `other` always fits")
    if told["block"] and not ("account" in told and "hcp" in told):
        raise BadInputError("to block somebody, name both `account` and `hcp`")
    if told["known"] and "account" not in told:
        raise BadInputError("`known` needs the member's `account`")


def _draft(told: dict[str, Any]) -> Draft:
    platform_id = current_platform().platform_id
    header = Header(kind=told["type"], danger_now=told["danger_now"], minor=told["minor"], platform_id=platform_id)
    more = {"through": "forum"} | ({"block": "yes"} if told["block"] else {})
    if "hcp" in told:
        more |= {"hcp": account_key(house().keyring, platform_id, told["hcp"]), "hcp_account": told["hcp"]}
    identity = None
    if told["known"]:
        more |= bring(house().keyring, platform_id, told["account"])
        identity = Identity(account=told["account"])
    said = {name: told[name].strip() for name in ("what", "where", "who", "wish")}
    return Draft(header=header, body=Body(**said, reach="code", more=more), identity=identity)


def _wish(told: dict[str, Any]) -> Wish:
    return Wish(told["account"], told["hcp"])


def _whose() -> str:
    return str(current_platform().platform_id)
