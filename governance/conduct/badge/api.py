"""The door where a forum asks for badges."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.conduct.badge.schemas import BadgeAnswer, BadgeQuery
from governance.conduct.badge.service import Badge, Where, badge_of
from governance.conduct.badge.words import said, shown, speaking
from governance.crypto.blind_index import account_key, place_key
from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.extension import reading
from governance.decision.vocabulary import NOT_SENT
from governance.effective.errors import BrokenRowError
from governance.effective.present import Present, PresentAccount
from governance.identity.current import current_platform, platform_required
from governance.policy.current import conduct_in_force
from governance.ui.api import Blueprint, needs
from governance.ui.clock import now, to_datetime
from governance.ui.house import house

blueprint = Blueprint("badges", __name__, description="Badges of professionals")
_log = structlog.get_logger()


@blueprint.post("/v1/hcps/badges")
@platform_required("decisions:evaluate")
@blueprint.arguments(BadgeQuery)
@blueprint.doc(security=needs("decisions:evaluate"))
@blueprint.response(HTTPStatus.OK, BadgeAnswer)
def query_badges(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the badges of accounts as they are now; keep them no longer than `until`, and ask again after a change.

    Who is here as a patient has none, whatever they work as.
    """
    keyring, platform_id = house().keyring, current_platform().platform_id
    community = place_key(keyring, platform_id, "community", asked["community"]) if "community" in asked else NOT_SENT
    where = Where(platform_id, community, conduct_in_force(), now())
    wanted = {account: account_key(keyring, platform_id, account) for account in asked["accounts"]}
    with reading() as session, speaking(asked["language"]):
        found = Present(session, keyring, platform_id).accounts({*wanted.values()})
        keys = DataKeys(session, keyring)
        keys.fetch({owner_of("hcp", one.professional) for one in found.values() if one.professional})
        badges = {key: _badge(session, keys, one, where) for key, one in found.items()}
        answers = [{"account": account, "badge": _told(badges.get(wanted[account]))} for account in asked["accounts"]]
    return {"badges": answers}


def _badge(session: Session, keys: DataKeys, account: PresentAccount, where: Where) -> Badge | None:
    try:
        document = account.hcp() if account.marks() else None
    except BrokenRowError:
        _log.critical("broken_row", kind="hcp")
        return None
    return None if document is None else badge_of(session, keys, UUID(str(account.professional)), document, where)


def _told(badge: Badge | None) -> dict[str, Any] | None:
    if badge is None:
        return None
    words = said(badge)
    return {
        "name": badge.name,
        "profession": badge.profession,
        "register": badge.register,
        "checked": None if badge.checked is None else to_datetime(badge.checked),
        "person_checked": badge.person,
        "restricted": badge.restricted,
        "until": to_datetime(badge.until),
        "heading": words.heading,
        "text": words.text,
        **shown(badge)._asdict(),
    }
