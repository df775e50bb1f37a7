"""The AuthZEN doors: one evaluation, several, and where they are (OpenID AuthZEN 1.0, sections 5, 6 and 9).

What decides comes in as an argument, so that the certification's own little world is asked through these very doors.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from governance.errors import BadInputError
from governance.identity.access import anyone
from governance.identity.current import platform_required
from governance.pdp.batches import cut, items_of, semantic_of
from governance.pdp.openapi import BATCHES, EVALUATION, EVALUATIONS, QUESTIONS, body
from governance.pdp.schemas import DecisionAnswer, DecisionAnswers, Metadata
from governance.ui.api import Blueprint, json_body, needs
from governance.ui.house import house

Asked = TypeVar("Asked")
_SCOPE = "decisions:evaluate"


class Evaluator(Protocol[Asked]):
    """What stands behind the doors."""

    def read(self, members: Mapping[str, Any]) -> Asked:
        """Return a typed question. Raises `BadInputError`."""

    def answer(self, questions: Sequence[Asked]) -> Sequence[dict[str, Any]]:
        """Return a decision object for each question, in their order. Raises `BadInputError`."""


def open_authzen(blueprint: Blueprint, evaluator: Evaluator[Any], tenant: str = "") -> None:
    """Give a blueprint the doors to an evaluator, below `tenant` if one is named."""
    one, many = f"{tenant}/access/v1/evaluation", f"{tenant}/access/v1/evaluations"
    _open_metadata(blueprint, tenant, one, many)
    _open_one(blueprint, evaluator, one)
    _open_many(blueprint, evaluator, many)


def _open_metadata(blueprint: Blueprint, tenant: str, one: str, many: str) -> None:
    @blueprint.get(f"/.well-known/authzen-configuration{tenant}")
    @blueprint.response(HTTPStatus.OK, Metadata)
    @anyone
    def configuration() -> ResponseReturnValue:
        """Where decisions are asked for (AuthZEN section 9); built from the configured address alone."""
        base = house().settings.public_url
        answer = jsonify(
            policy_decision_point=f"{base}{tenant}",
            access_evaluation_endpoint=f"{base}{one}",
            access_evaluations_endpoint=f"{base}{many}",
        )
        answer.headers["Cache-Control"] = "public, max-age=3600"
        return answer


def _open_one(blueprint: Blueprint, evaluator: Evaluator[Any], path: str) -> None:
    @blueprint.post(path)
    @blueprint.doc(security=needs(_SCOPE), requestBody=body(EVALUATION, QUESTIONS))
    @blueprint.response(HTTPStatus.OK, DecisionAnswer)
    @platform_required(_SCOPE)
    def evaluation() -> ResponseReturnValue:
        """Say whether one viewer may act on one thing (AuthZEN section 5)."""
        return jsonify(answer_one(evaluator, json_body(request)))


def _open_many(blueprint: Blueprint, evaluator: Evaluator[Any], path: str) -> None:
    @blueprint.post(path)
    @blueprint.doc(security=needs(_SCOPE), requestBody=body(EVALUATIONS, BATCHES))
    @blueprint.response(HTTPStatus.OK, DecisionAnswers)
    @platform_required(_SCOPE)
    def evaluations() -> ResponseReturnValue:
        """Answer a page of questions (AuthZEN section 6); without `evaluations` as one evaluation."""
        return jsonify(answer_many(evaluator, json_body(request)))


def answer_one(evaluator: Evaluator[Any], members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to one evaluation. Raises `BadInputError`."""
    return evaluator.answer([evaluator.read(members)])[0]


def answer_many(evaluator: Evaluator[Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a page; without `evaluations` to one evaluation. Raises `BadInputError`."""
    items = items_of(sent)
    if not items:
        return answer_one(evaluator, sent)
    semantic = semantic_of(sent)
    return {"evaluations": cut(_each(evaluator, items), semantic)}


def _each(evaluator: Evaluator[Any], items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return an answer for each item; one that cannot be understood is refused, and does not cost the page."""
    read = [_read(evaluator, item) for item in items]
    decided = iter(evaluator.answer([question for question, refusal in read if refusal is None]))
    return [next(decided) if refusal is None else refusal for _, refusal in read]


def _read(evaluator: Evaluator[Any], item: Mapping[str, Any]) -> tuple[Any, dict[str, Any] | None]:
    try:
        return evaluator.read(item), None
    except BadInputError as error:
        status = HTTPStatus.BAD_REQUEST.value
        return None, {"decision": False, "context": {"error": {"status": status, "message": str(error)}}}
