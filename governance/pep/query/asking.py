"""What one viewer may see of one page: asked of the service, and kept for this page alone."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from governance.decision.vocabulary import Action
from governance.pep.answers import Answer
from governance.pep.query.candidates import CandidateReader, Key
from governance.pep.query.declarations import Declared
from governance.pep.questions import Resource, Words

Asked = TypeVar("Asked", bound=Hashable)


class Decides(Protocol):
    """Who answers for a page: `governance.pep.Client`, or an evaluator on this machine."""

    def evaluate_page(self, viewer: str, action: Action, resources: Sequence[Resource]) -> list[Answer]:
        """Return one answer for each resource, in order; never raises."""


class Asking:
    """What was asked for one viewer and one page, and what of it was permitted.

    INVARIANT: `_permitted` holds only posts for which the service said yes to this viewer on this page. Make a new one
    for every page: permits are not kept, so that a patient's no is seen by the next page.
    """

    _viewer: str
    _client: Decides
    _asked: dict[Key, Resource]
    _permitted: set[Key]
    _people: set[str]
    passed: int
    """How many of the answers only observed a refusal: what enforcing would have hidden from this viewer."""

    def _begin(self, viewer: str, client: Decides) -> None:
        """Begin with nothing permitted."""
        self._viewer, self._client = viewer, client
        self._asked, self._permitted, self._people = {}, set(), {viewer}
        self.passed = 0

    @property
    def viewer(self) -> str:
        """The account that is read for."""
        return self._viewer

    def may(self, action: Action, posts: Iterable[Key]) -> frozenset[Key]:
        """Return those of the posts that the viewer sees and may do `action` to, such as `reply`; one request."""
        return frozenset(self._permitted_of(action, {key: self._asked[key] for key in posts if key in self._permitted}))

    def _ask_about(self, posts: Iterable[Key], reader: CandidateReader, forum: Declared, *, alone: bool) -> None:
        """Ask about posts, what they quote and the opening posts of their threads, in the same request.

        A post under a title that is hidden is hidden too, unless `alone`.
        """
        found = reader.read(set(posts) - self._asked.keys())
        keys = [key for key in found.words if key not in self._asked]
        resources = [found.resource(key, forum.content.type) for key in keys]
        said_yes = self._permitted_of(Action.VIEW, dict(zip(keys, resources, strict=True)))
        # An opening post that was asked about before is among the permitted already.
        said_yes |= self._permitted
        shown = {key for key in said_yes if alone or reader.stands_under(key, found) in said_yes} | self._permitted
        self._asked |= dict(zip(keys, resources, strict=True))
        self._permitted |= shown
        self._people |= {author for key in shown & set(keys) if (author := found.words[key].author)}

    def _permitted_of(self, action: Action, resources: Mapping[Asked, Resource]) -> set[Asked]:
        answers = self._client.evaluate_page(self._viewer, action, list(resources.values()))
        self.passed += sum(answer.observed is False for answer in answers)
        return {key for key, answer in zip(resources, answers, strict=True) if answer.permit is True}

    def _considered(self, action: Action, people: Iterable[tuple[str, str | None]]) -> set[tuple[str, str | None]]:
        asked = {(account, place): Resource("user", account, (Words(account, place),)) for account, place in people}
        permitted = self._permitted_of(action, asked)
        self._people |= {account for account, _ in permitted}
        return permitted
