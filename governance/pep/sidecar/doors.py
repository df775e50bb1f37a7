"""The sidecar's routes: which there are, and what each answers. Nothing here decides; the replica does."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from governance.pep.answers import Answer
from governance.pep.replica.asking import Question
from governance.pep.replica.state import NotReadyError
from governance.pep.sidecar.reading import read_action, read_id, read_item, read_question
from governance.pep.sidecar.requests import Asked, ProblemError

Members = dict[str, Any]

MOST_ITEMS: Final = 1_000
MOST_QUESTIONS: Final = 500
_STOPS: Final = {"execute_all": None, "deny_on_first_deny": False, "permit_on_first_permit": True}
_DEFAULTS: Final = ("subject", "action", "resource", "context")
_OF_A_PAGE: Final = frozenset({"viewer", "action", "items", "initiated_by_patient"})


class Knows(Protocol):
    """What the doors need of a replica."""

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in their order. Raises `NotReadyError`."""

    def governed(self) -> Members:
        """Return which accounts are governed. Raises `NotReadyError`."""

    def hidden_authors(self, viewer: str, authors: Sequence[str] | None = None) -> Members:
        """Return whose words one viewer may not see everywhere. Raises `NotReadyError`."""

    def emergency(self) -> list[Members]:
        """Return whom to call in danger."""

    def health(self) -> Members:
        """Return how it stands with the service; nothing about anybody."""


class Doors:
    """Answers what was asked over HTTP."""

    def __init__(self, replica: Knows) -> None:
        """Ask this replica."""
        self._replica = replica
        self._routes: Final[Mapping[tuple[str, str], Callable[[Asked], Members]]] = {
            ("GET", "/healthz"): lambda _: {"status": "alive"},
            ("GET", "/readyz"): self._ready,
            ("GET", "/.well-known/authzen-configuration"): lambda _: _ROUTES,
            ("GET", "/governed"): lambda _: self._replica.governed(),
            ("GET", "/hidden-authors"): self._hidden_authors,
            ("GET", "/emergency"): lambda _: {"lines": self._replica.emergency()},
            ("POST", "/hidden-authors"): self._hidden_among,
            ("POST", "/visible"): self._visible,
            ("POST", "/access/v1/evaluation"): self._evaluation,
            ("POST", "/access/v1/evaluations"): self._evaluations,
        }
        self._paths = frozenset(path for _, path in self._routes)

    def answer(self, asked: Asked) -> tuple[int, Members]:
        """Return status and body. Raises `ProblemError`."""
        route = self._routes.get((asked.method, asked.path))
        if route is None:
            raise ProblemError(405 if asked.path in self._paths else 404, "there is no such address here")
        try:
            return 200, route(asked)
        except NotReadyError:
            # Nothing was ever learnt: also what members wrote is nobody's to show.
            raise ProblemError(503, "nothing is known yet; show nothing, and see `/readyz`") from None

    def _ready(self, _: Asked) -> Members:
        health = self._replica.health()
        if not health["ready"]:
            raise NotReadyError
        return health

    def _visible(self, asked: Asked) -> Members:
        body = _body(asked)
        if not _OF_A_PAGE.issuperset(body):
            raise ProblemError(400, f"send nothing but {', '.join(sorted(_OF_A_PAGE))}")
        items = body.get("items")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise ProblemError(400, f"`items` must be a list of at most {MOST_ITEMS}")
        viewer, action, first = read_id(body, "viewer"), read_action(body), body.get("initiated_by_patient")
        if first is not None and not isinstance(first, bool):
            raise ProblemError(400, "`initiated_by_patient` must be true or false")
        questions = [read_item(viewer, action, item, first) for item in items]
        ids = [question.resource.id for question in questions]
        if len(set(ids)) != len(ids):
            # Two things of one id: the forum could not tell which of them it may show.
            raise ProblemError(400, "give each item an id of its own")
        return self._page(ids, self._replica.answers(questions))

    def _page(self, ids: Sequence[str], answers: Sequence[Answer]) -> Members:
        visible = [own_id for own_id, answer in zip(ids, answers, strict=True) if answer.permit is True]
        would_hide = sum(answer.permit and answer.observed is False for answer in answers)
        hidden = len(ids) - len(visible)
        page: Members = {"visible": visible, "hidden": hidden, "would_hide": would_hide}
        # Who writes of danger where nobody may look must not wait for an answer that cannot come.
        return {**page, "emergency": self._replica.emergency()} if hidden else page

    def _hidden_authors(self, asked: Asked) -> Members:
        return self._replica.hidden_authors(read_id(asked.query, "viewer"))

    def _hidden_among(self, asked: Asked) -> Members:
        body = _body(asked)
        authors = body.get("authors")
        if not isinstance(authors, list) or len(authors) > MOST_ITEMS:
            raise ProblemError(400, f"`authors` must be a list of at most {MOST_ITEMS} account ids")
        return self._replica.hidden_authors(
            read_id(body, "viewer"), [read_id({"authors": author}, "authors") for author in authors]
        )

    def _evaluation(self, asked: Asked) -> Members:
        return self._decided([read_question(_body(asked))])[0]

    def _evaluations(self, asked: Asked) -> Members:
        body = _body(asked)
        items = body.get("evaluations", [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ProblemError(400, "`evaluations` must be a list of objects")
        if len(items) > MOST_QUESTIONS:
            raise ProblemError(400, f"`evaluations` may hold {MOST_QUESTIONS} at most; send the rest in another call")
        if not items:
            return self._evaluation(asked)
        stop = _stop(body)
        defaults = {name: body[name] for name in _DEFAULTS if name in body}
        return {"evaluations": _cut(self._each([{**defaults, **item} for item in items]), stop)}

    def _each(self, items: Sequence[Mapping[str, object]]) -> list[Members]:
        """Return an answer for each; one that cannot be understood is refused, and does not cost the page."""
        read: list[Question | None] = []
        refused: dict[int, Members] = {}
        for number, item in enumerate(items):
            try:
                read.append(read_question(item))
            except ProblemError as problem:
                error = {"status": problem.status, "message": problem.title}
                refused[number] = {"decision": False, "context": {"error": error}}
        decided = iter(self._decided(read))
        return [refused[number] if number in refused else next(decided) for number in range(len(items))]

    def _decided(self, questions: Sequence[Question | None]) -> list[Members]:
        """Return decision objects; None, an action that is none of ours, is refused."""
        answers = iter(self._replica.answers([question for question in questions if question is not None]))
        return [_told(_UNKNOWN_ACTION if question is None else next(answers)) for question in questions]


_ROUTES: Final[Members] = {
    "policy_decision_point": "http://localhost",
    "access_evaluation_endpoint": "http://localhost/access/v1/evaluation",
    "access_evaluations_endpoint": "http://localhost/access/v1/evaluations",
}
"""AuthZEN section 9: names, for who comes through a socket has no host of ours to ask."""
_UNKNOWN_ACTION: Final = Answer(permit=False, reason="refused")


def _told(answer: Answer) -> Members:
    context: Members = {"id": str(uuid.uuid4()), "reason": answer.reason}
    if answer.observed is not None:
        context["observed"] = answer.observed
    return {"context": context, "decision": answer.permit}


def _body(asked: Asked) -> Mapping[str, object]:
    return asked.body or {}


def _stop(body: Mapping[str, object]) -> bool | None:
    options = body.get("options", {})
    name = options.get("evaluations_semantic", "execute_all") if isinstance(options, dict) else None
    if not isinstance(name, str) or name not in _STOPS:
        raise ProblemError(400, f"`evaluations_semantic` must be one of {', '.join(_STOPS)}")
    return _STOPS[name]


def _cut(answers: Sequence[Members], stop: bool | None) -> list[Members]:  # noqa: FBT001 - the decision that ends it
    kept = []
    for answer in answers:
        kept.append(answer)
        if answer["decision"] is stop:
            break
    return kept
