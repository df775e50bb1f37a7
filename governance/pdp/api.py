"""The doors of the decision counter: AuthZEN evaluations, opt-out status, communities."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key
from governance.db.extension import reading, transaction
from governance.decision.facts import Conduct, Room
from governance.decision.vocabulary import Ages, Posture
from governance.effective.present import in_force
from governance.errors import BadInputError
from governance.identity.access import anyone
from governance.identity.current import current_platform, platform_required
from governance.pdp.batches import check_size, cut, items_of, semantic_of
from governance.pdp.communities import Communities
from governance.pdp.digests import Digests
from governance.pdp.log import note
from governance.pdp.messages import LONGEST_ID, Question, is_too_long, question_of
from governance.pdp.schemas import (
    EVALUATION,
    EVALUATIONS,
    CommunityChange,
    CommunitySetting,
    DecisionAnswer,
    DecisionAnswers,
    OptOutAnswer,
    OptOutQuery,
)
from governance.pdp.service import Desk, OptOut
from governance.policy.current import policies
from governance.ui.api import Blueprint, json_body, needs
from governance.ui.clock import now, to_datetime, to_instant
from governance.ui.house import house
from governance.ui.strict_json import check_text

blueprint = Blueprint("pdp", __name__, description="Decisions for platforms")


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def conduct_in_force() -> Conduct:
    """Return what the published conduct record asks of each action and status."""
    record = policies().conduct
    return Conduct(assurance=record.assurance, permits=record.permits_by_status)


@blueprint.get("/.well-known/authzen-configuration")
@blueprint.response(HTTPStatus.OK)
@anyone
def configuration() -> ResponseReturnValue:
    """Where decisions are asked for (AuthZEN section 9); built from the configured address alone."""
    base = house().settings.public_url
    answer = jsonify(
        policy_decision_point=base,
        access_evaluation_endpoint=f"{base}/access/v1/evaluation",
        access_evaluations_endpoint=f"{base}/access/v1/evaluations",
    )
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.post("/access/v1/evaluation")
@blueprint.doc(security=needs("decisions:evaluate"), requestBody=_body(EVALUATION))
@blueprint.response(HTTPStatus.OK, DecisionAnswer)
@platform_required("decisions:evaluate")
def evaluation() -> ResponseReturnValue:
    """Say whether one viewer may act on one thing (AuthZEN section 5)."""
    question = question_of(json_body(request))
    return jsonify(_decide([question])[0])


@blueprint.post("/access/v1/evaluations")
@blueprint.doc(security=needs("decisions:evaluate"), requestBody=_body(EVALUATIONS))
@blueprint.response(HTTPStatus.OK, DecisionAnswers)
@platform_required("decisions:evaluate")
def evaluations() -> ResponseReturnValue:
    """Answer a page of questions (AuthZEN section 6); without `evaluations` as one evaluation."""
    body = json_body(request)
    items = items_of(body)
    if not items:
        return jsonify(_decide([question_of(body)])[0])
    semantic = semantic_of(body)
    read = [_read(item) for item in items]
    questions = [question for question in read if isinstance(question, Question)]
    check_size(questions)
    decisions = iter(_decide(questions))
    answers = (next(decisions) if isinstance(question, Question) else question for question in read)
    return jsonify({"evaluations": cut(answers, semantic)})


@blueprint.post("/v1/opt-outs/query")
# Before the body is read: who sends no token is told so, and nothing else.
@platform_required("optouts:read")
@blueprint.arguments(OptOutQuery)
@blueprint.doc(security=needs("optouts:read"))
@blueprint.response(HTTPStatus.OK, OptOutAnswer)
def query_opt_outs(asked: dict[str, Any]) -> dict[str, Sequence[OptOut]]:
    """Return the opt-out status of accounts; never whom a choice names."""
    with reading() as session:
        return {"opt_outs": _desk(session).opt_outs(asked["accounts"])}


@blueprint.put("/v1/communities/<path:community>")
@platform_required("communities:write")
@blueprint.arguments(CommunityChange)
@blueprint.doc(security=needs("communities:write"))
@blueprint.response(HTTPStatus.OK, CommunitySetting)
def put_community(change: dict[str, Any], community: str) -> dict[str, Posture | Ages | datetime]:
    """Say what a community is: stricter at once, looser for posts after 14 days' notice."""
    _check_community(community)
    platform_id, keyring = current_platform().platform_id, house().keyring
    wanted = Room(change["posture"], change["ages"])
    told = None if change["told_since"] is None else to_instant(change["told_since"])
    with transaction() as session:
        moderators = [account_key(keyring, platform_id, account) for account in change["moderators"]]
        communities = Communities(session, keyring, platform_id)
        setting = communities.put(community, wanted, moderators, now=now(), told=told)
    return {"posture": setting.posture, "ages": setting.ages, "since": to_datetime(setting.since)}


@blueprint.after_request
def _echo_request_id(answer: Response) -> Response:
    """Send back `X-Request-ID` (AuthZEN section 10.1.4): a client matches answers to questions by it."""
    sent = request.headers.get("X-Request-ID")
    if sent is not None and len(sent) <= LONGEST_ID:
        answer.headers["X-Request-ID"] = sent
    return answer


def _check_community(community: str) -> None:
    check_text(community)
    # Bytes of an address that are no UTF-8 all arrive as this sign: two communities would become one.
    if is_too_long(community) or "\N{REPLACEMENT CHARACTER}" in community:
        raise BadInputError(f"a community's id must be UTF-8 and {LONGEST_ID} bytes long at most")


def _read(item: dict[str, Any]) -> Question | dict[str, Any]:
    """Return a question, or the refusal that stands in its place: one bad item must not cost the page."""
    try:
        return question_of(item)
    except BadInputError as error:
        status = HTTPStatus.BAD_REQUEST.value
        return {"decision": False, "context": {"error": {"status": status, "message": str(error)}}}


def _decide(questions: Sequence[Question]) -> list[dict[str, Any]]:
    with reading() as session:
        desk = _desk(session)
        answers, revision = desk.answer(questions, now()), desk.revision
    ids = note(current_platform().platform_id, revision, answers)
    return [
        {"decision": answer.decision.permit, "context": {"id": str(made), "reason": answer.decision.reason.value}}
        for made, answer in zip(ids, answers, strict=True)
    ]


def _desk(session: Session) -> Desk:
    keyring, platform_id = house().keyring, current_platform().platform_id
    return Desk(Digests(keyring, platform_id), in_force(session, keyring, platform_id), conduct_in_force())
