"""The doors of the counter for platforms: decisions, opt-outs, professionals, communities."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from flask import current_app, request

from governance.crypto.blind_index import account_key
from governance.db.extension import reading, transaction
from governance.decision.facts import Room
from governance.decision.vocabulary import BEGINNING, NOT_SENT
from governance.effective.facts import FactsReader
from governance.effective.models import find_revision
from governance.effective.replicas.service import platforms_by
from governance.errors import BadInputError
from governance.identity.current import current_platform, platform_required
from governance.pdp.answers import answers_for
from governance.pdp.communities import Communities, Registered, Wanted
from governance.pdp.digests import digests_of
from governance.pdp.doors import open_authzen
from governance.pdp.exposures import keep_shown
from governance.pdp.hcps import HcpStatus, Professionals, Standpoint
from governance.pdp.idempotency import Call, once
from governance.pdp.in_force import read_in_force
from governance.pdp.messages import LONGEST_ID, Question, is_too_long, question_of
from governance.pdp.openapi import COMMUNITY_ID, IDEMPOTENCY_KEY
from governance.pdp.schemas import (
    CommunityChange,
    CommunitySetting,
    Exposures,
    GovernedAccounts,
    HcpDeclaration,
    HcpPage,
    HcpQuery,
    HcpStandings,
    OptOutAnswer,
    OptOutQuery,
    Received,
    Revised,
    Tightened,
    Tightening,
)
from governance.pdp.service import Desk, OptOut
from governance.pdp.tightening import Wish, tighten
from governance.policy.current import conduct_in_force
from governance.ui.api import Blueprint, needs
from governance.ui.clock import in_iso, now, to_datetime, to_instant
from governance.ui.house import house
from governance.ui.strict_json import check_text

blueprint = Blueprint("pdp", __name__, description="Decisions for platforms")
DECLARED_AT_ONCE: Final = 25
"""Accounts in one transaction: about half a second, in which nobody else may write."""
_LETS_OTHERS: Final = 0.05
"""Seconds between two of them: on SQLite who waits looks only now and then whether it is their turn."""


class PatientsChoices:
    """What stands behind the AuthZEN doors: the patients' choices, as they are in force now."""

    def read(self, members: Mapping[str, Any]) -> Question:
        """Return a typed question. Raises `BadInputError`."""
        return question_of(members)

    def answer(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Return a decision object for each question, and let the log remember it. Raises `BadInputError`."""
        return answers_for(current_app, current_platform().platform_id, questions, now())


open_authzen(blueprint, PatientsChoices())


@blueprint.post("/v1/opt-outs/query")
# Before the body is read: who sends no token is told so, and nothing else.
@platform_required("optouts:read")
@blueprint.arguments(OptOutQuery)
@blueprint.doc(security=needs("optouts:read"))
@blueprint.response(HTTPStatus.OK, OptOutAnswer)
def query_opt_outs(asked: dict[str, Any]) -> dict[str, Sequence[OptOut]]:
    """Return the opt-out status of accounts; never whom a choice names."""
    return {"opt_outs": read_in_force(lambda reader: _desk(reader).opt_outs(asked["accounts"]))}


@blueprint.post("/v1/opt-outs/tighten")
@platform_required("optouts:tighten")
@blueprint.arguments(Tightening)
@blueprint.doc(security=needs("optouts:tighten"), parameters=[IDEMPOTENCY_KEY])
@blueprint.response(HTTPStatus.OK, Tightened)
def tighten_opt_out(asked: dict[str, Any]) -> dict[str, Any]:
    """Keep all professionals, or one, away from a member on this platform, at once; only the member undoes it."""
    keyring, platform_id = house().keyring, current_platform().platform_id
    call = Call(platform_id, "tighten", request.headers.get("Idempotency-Key"), asked)
    with transaction() as session:

        def act() -> dict[str, Any]:
            tighten(session, keyring, platform_id, Wish(**asked), now())
            at = now()
            # As text: the answer is kept for whoever sends this again.
            effective = {"service": at, "platforms_by": platforms_by(session, platform_id, at)}
            return {
                "revision": find_revision(session, platform_id),
                "effective": {who: in_iso(when) for who, when in effective.items()},
            }

        told = once(session, keyring, call, now(), act)
    return told | {"effective": {who: datetime.fromisoformat(when) for who, when in told["effective"].items()}}


@blueprint.get("/v1/hcps")
@platform_required("decisions:evaluate")
@blueprint.arguments(HcpPage, location="query")
@blueprint.doc(security=needs("decisions:evaluate"))
@blueprint.response(HTTPStatus.OK, GovernedAccounts)
def list_hcps(asked: dict[str, Any]) -> dict[str, Any]:
    """Return which accounts are governed, a page at a time."""
    with reading() as session:
        professionals = Professionals(session, house().keyring, current_platform().platform_id)
        return professionals.page(asked.get("after"), asked["limit"])._asdict()


@blueprint.post("/v1/hcps/query")
@platform_required("decisions:evaluate")
@blueprint.arguments(HcpQuery)
@blueprint.doc(security=needs("decisions:evaluate"))
@blueprint.response(HTTPStatus.OK, HcpStandings)
def query_hcps(asked: dict[str, Any]) -> dict[str, Sequence[HcpStatus]]:
    """Return what accounts may do at all, the words of their badge, and how sure we are who they are."""
    keyring, platform_id = house().keyring, current_platform().platform_id
    digests = digests_of(keyring, platform_id)
    community = digests.community(asked["community"]) if "community" in asked else NOT_SENT
    where = Standpoint(platform_id, community, conduct_in_force(), now())
    wanted = [(account, digests.account(account)) for account in asked["accounts"]]
    with reading() as session:
        return {"hcps": Professionals(session, keyring, platform_id).statuses(wanted, where)}


@blueprint.post("/v1/hcps/declare")
@platform_required("hcps:declare")
@blueprint.arguments(HcpDeclaration)
@blueprint.doc(security=needs("hcps:declare"))
@blueprint.response(HTTPStatus.OK, Revised)
def declare_hcps(asked: dict[str, Any]) -> dict[str, Any]:
    """Have accounts governed from now on: permitted nothing until registered here, and taken out by our staff alone.

    What fails on the way leaves the first of them governed; told again, it goes on.
    """
    keyring, platform_id = house().keyring, current_platform().platform_id
    named = [(account, account_key(keyring, platform_id, account)) for account in asked["accounts"]]
    # THREAT: a thousand in one transaction would keep every patient who says no waiting for longer than they may.
    for first in range(0, len(named), DECLARED_AT_ONCE):
        if first:
            time.sleep(_LETS_OTHERS)
        with transaction() as session:
            Professionals(session, keyring, platform_id).declare(named[first : first + DECLARED_AT_ONCE], now())
    with reading() as session:
        return {"revision": find_revision(session, platform_id)}


@blueprint.post("/v1/exposures")
@platform_required("exposures:write")
@blueprint.arguments(Exposures)
@blueprint.doc(security=needs("exposures:write"), parameters=[{**IDEMPOTENCY_KEY, "required": True}])
@blueprint.response(HTTPStatus.OK, Received)
def keep_exposures(asked: dict[str, Any]) -> dict[str, Any]:
    """Write down what was shown to which professional, where the platform decided by itself."""
    keyring, platform_id = house().keyring, current_platform().platform_id
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise BadInputError("send an `Idempotency-Key`, a new one for each batch: without it a retry counts twice")
    call = Call(platform_id, "exposures", key, asked)
    with transaction() as session:

        def act() -> dict[str, Any]:
            keep_shown(session, keyring, platform_id, asked["exposures"], now())
            return {"received": len(asked["exposures"])}

        return once(session, keyring, call, now(), act)


@blueprint.put("/v1/communities/<path:community>", parameters=[COMMUNITY_ID])
@platform_required("communities:write")
@blueprint.arguments(CommunityChange)
@blueprint.doc(security=needs("communities:write"))
@blueprint.response(HTTPStatus.OK, CommunitySetting)
def put_community(change: dict[str, Any], community: str) -> dict[str, Any]:
    """Say what a community is: stricter at once, looser for posts after 14 days' notice."""
    _check_community(community)
    platform_id, keyring = current_platform().platform_id, house().keyring
    moderators = [account_key(keyring, platform_id, account) for account in change["moderators"]]
    wanted = Wanted(Room(change["posture"], change["ages"]), moderators, change["mode"], change["audience"])
    told = None if change["told_since"] is None else to_instant(change["told_since"])
    with transaction() as session:
        return _set(Communities(session, keyring, platform_id).put(community, wanted, now=now(), told=told))


def _set(made: Registered) -> dict[str, Any]:
    since: datetime | None = None if made.mode_since == BEGINNING else to_datetime(made.mode_since)
    setting = made.setting
    return {
        "posture": setting.posture,
        "ages": setting.ages,
        "since": to_datetime(setting.since),
        "mode": made.mode,
        "mode_since": since,
    }


def _check_community(community: str) -> None:
    check_text(community)
    # Bytes of an address that are no UTF-8 all arrive as this sign: two communities would become one.
    if is_too_long(community) or "\N{REPLACEMENT CHARACTER}" in community:
        raise BadInputError(f"a community's id must be UTF-8 and {LONGEST_ID} bytes long at most")


def _desk(reader: FactsReader) -> Desk:
    return Desk(digests_of(house().keyring, current_platform().platform_id), reader, conduct_in_force())
