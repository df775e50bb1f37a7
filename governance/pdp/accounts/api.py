"""The door where forums tell what became of accounts: deleted, merged, renamed, recycled."""

from http import HTTPStatus
from typing import Any, Final

from flask import request
from marshmallow import RAISE, Schema, fields, validate

from governance.db.extension import transaction
from governance.effective.models import find_revision
from governance.identity.current import current_platform, platform_required
from governance.identity.models import Platform
from governance.patients.forums.events import Event, Kind, take
from governance.patients.forums.handed import hands
from governance.patients.forums.records import Work
from governance.pdp.idempotency import Call, once
from governance.pdp.openapi import IDEMPOTENCY_KEY
from governance.pdp.schemas import Revised
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.problems import register_status

blueprint = Blueprint("accounts", __name__, description="What became of accounts")
for _code, _status in (
    ("account_taken", HTTPStatus.CONFLICT),
    ("not_joinable", HTTPStatus.CONFLICT),
    ("bad_event", HTTPStatus.BAD_REQUEST),
):
    register_status(_code, _status)
_KINDS: Final = [kind.value for kind in Kind]


class AccountEvent(Schema):
    """What became of one account."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE

    event = fields.String(
        required=True,
        validate=validate.OneOf(_KINDS),
        metadata={
            "description": "deleted: its holder left; merged: it goes on as `to`; renamed: its id is `to` now; "
            "recycled: the same id is another person's from now on",
            "example": "renamed",
        },
    )
    account = fields.String(required=True, metadata={"description": "the id until now", "example": "ana"})
    to = fields.String(metadata={"description": "the id that goes on; with merged and renamed", "example": "ana-2"})


@blueprint.post("/v1/accounts/events")
@platform_required("links:write")
@blueprint.arguments(AccountEvent)
@blueprint.doc(security=needs("links:write"), parameters=[IDEMPOTENCY_KEY])
@blueprint.response(HTTPStatus.OK, Revised)
def tell(told: dict[str, Any]) -> dict[str, Any]:
    """Tell that an account was deleted, merged, renamed or recycled; it counts at once and opens nothing.

    What stands under the account goes on refusing what its holder refused. Its sessions here end. Told again, it does
    nothing. Tell a recycled id before its new holder writes or signs in.
    """
    keyring, platform_id = house().keyring, current_platform().platform_id
    call = Call(platform_id, "account-event", request.headers.get("Idempotency-Key"), told)
    with transaction() as session:

        def act() -> dict[str, Any]:
            work = Work(session, keyring, hands(), now())
            event = Event(Kind(told["event"]), told["account"], told.get("to"))
            take(work, session.get_one(Platform, platform_id), event)
            return {"revision": find_revision(session, platform_id)}

        return once(session, keyring, call, now(), act)
