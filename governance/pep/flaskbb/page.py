"""One request of one member: what they may see of the forum, asked once and kept for this request alone."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Final

from flask import current_app, g, has_request_context, request
from flask_login import current_user
from flaskbb.extensions import db
from flaskbb.forum.models import Post, Topic
from sqlalchemy import Select, String, bindparam, cast, select
from sqlalchemy.sql.elements import ColumnElement

from governance.decision.vocabulary import Action, Reason
from governance.pep.answers import Answer
from governance.pep.flaskbb.asking import Badge, Service
from governance.pep.flaskbb.declared import FORUM
from governance.pep.flaskbb.quotes import QuoteReader
from governance.pep.flaskbb.writing import HITS, writes
from governance.pep.questions import Resource
from governance.pep.sqlalchemy import Content, Decides, HangsOn, Titled, ViewedSession
from governance.pep.sqlalchemy.candidates import CandidateReader
from governance.pep.sqlalchemy.declarations import Declaration, attribute, key_of

SERVICE: Final = "hcp_governance"
"""Where the service is among the app's extensions."""
MOST_POSTS: Final = 2_000
MOST_PEOPLE: Final = 200
"""How many posts, or members, one statement may ask about; what lies beyond is not shown."""
_ON_A_PROFILE: Final = 20
_SPARE_POSTS: Final = 50
_SPARE_PEOPLE: Final = 40
"""How far beyond the page that is read it asks, so that the page is full and a next one is known."""
_PAGE: Final = "hcp_governance_page"
_LOOKING: Final = "hcp_governance_looking"


class _Heard:
    """Asks as it is told, and hears whether the viewer is free: the service says so of everybody it does not govern."""

    def __init__(self, decides: Decides) -> None:
        self._decides = decides
        self.free = False

    def evaluate_page(self, viewer: str, action: Action, resources: Sequence[Resource]) -> list[Answer]:
        """Return one answer for each resource, in order."""
        answers = self._decides.evaluate_page(viewer, action, resources)
        for resource, answer in zip(resources, answers, strict=True):
            # One's own words are nobody's business either: they say nothing of the viewer.
            others = viewer not in {words.author for words in resource.words}
            self.free |= others and answer.permit and answer.reason == Reason.NOT_GOVERNED
        return answers


class Page(ViewedSession):
    """What the signed-in member of this request may see.

    `open`: the request changes something that it was let do already, and FlaskBB's own bookkeeping (counts, pointers to
    the last post) must see all rows, or it would store what one viewer may see for everybody. Rendering closes it.
    """

    reader_class: ClassVar[type[CandidateReader]] = QuoteReader

    def __init__(self, viewer: str, service: Service) -> None:
        """Begin with nothing permitted."""
        self._heard = _Heard(service.decides)
        super().__init__(db.engine, viewer, self._heard, FORUM)
        self._service = service
        self._badges: dict[str, Badge] = {}
        self.open = writes()
        self.pointers: dict[int, Post | None] = {}
        """The newest post that may be seen, by forum."""
        self.counted: dict[int, tuple[int, int | None]] = {}
        """How many posts may be seen, and the last of them, by topic."""
        self._looked_up: dict[str, bool] = {}

    def consider_bound(self, keys: Select[Any], given: Any, *, alone: bool = False) -> None:  # noqa: ANN401
        """Ask about posts by a statement with its parameters that brings their keys, the first `MOST` in its order."""
        keys = keys.limit(_window(keys, _SPARE_POSTS, MOST_POSTS)).offset(None)
        new = [key for key in self._keys(keys, given) if key is not None and key not in self._asked]
        if new:
            self.consider(select(Post.id).where(Post.id.in_(new)), alone=alone)
        if new and request.endpoint in HITS:
            self._keep_findable(new)

    def findable(self, people: Select[Any], given: Any) -> None:  # noqa: ANN401 - as SQLAlchemy hands parameters on
        """Let members be seen whom the viewer may find."""
        people = people.limit(_window(people, _SPARE_PEOPLE, MOST_PEOPLE)).offset(None)
        accounts = {str(key) for key in self._keys(people, given)} - self._people
        if accounts and request.blueprint == "user":
            # Whose words one reads has a profile, with these words on it.
            newest = select(Post.id).where(Post.user_id.in_(accounts)).order_by(Post.id.desc())
            self.consider(newest.limit(_ON_A_PROFILE))
            accounts -= self._people
        if accounts:
            self.consider_people(Action.FIND, accounts)

    def _keep_findable(self, hits: Collection[Any]) -> None:
        """Take out of a search whom the viewer may read but not find, in the community where they wrote."""
        wrote = select(Post.governed_author, Post.governed_community, Post.id).where(Post.id.in_(hits))
        with self._engine.connect() as connection:
            places = {row[2]: (row[0], str(row[1])) for row in connection.execute(wrote)}
        seen = set(self._people)
        asked = select(Post.governed_author, cast(Post.governed_community, String)).where(Post.id.in_(hits))
        findable = self.consider_people_in(Action.FIND, asked)
        self._people = seen
        self._permitted -= {post for post, place in places.items() if place not in findable}

    def may_look_up(self, account: str) -> bool:
        """Say whether the viewer may read what a member tells of themselves on their profile."""
        if account not in self._looked_up:
            seen = set(self._people)
            self._looked_up[account] = account in self.consider_people(Action.LOOK_UP, [account])
            # Who may be looked up may not be found for that.
            self._people = seen
        return account == self.viewer or self._looked_up[account]

    def may_write_to(self, account: str, *, patient_wrote_first: bool) -> bool:
        """Say whether the viewer may send a private message."""
        return self._service.may_write_to(self.viewer, account, patient_wrote_first=patient_wrote_first)

    def newest_in(self, forum_id: int, most: int) -> set[int]:
        """Return the newest posts of a forum, past the filter: to be asked about, never shown from here."""
        found = select(Post.id).join(Topic, Topic.id == Post.topic_id).where(Topic.forum_id == forum_id)
        found = found.where(Post.hidden.is_(False), Topic.hidden.is_(False)).order_by(Post.id.desc()).limit(most)
        return set(self._keys(found, None))

    def people(self) -> list[int]:
        """Return the members whom the viewer may see: themselves, whom they may find, and who wrote what they see."""
        return [int(account) for account in self._people if account.isdecimal()]

    @property
    def governed(self) -> bool:
        """Whether choices about professionals bind this viewer; so it is taken when nobody says."""
        return not self._heard.free and self.badges([self.viewer])[self.viewer].governed

    def badges(self, accounts: Collection[str]) -> dict[str, Badge]:
        """Return how accounts stand and what their badge says, now; nothing of it is kept beyond this request."""
        missing = {*accounts, self.viewer} - self._badges.keys()
        if missing:
            self._badges |= self._service.badges(missing)
        return {account: self._badges[account] for account in accounts}

    def limits(self) -> Iterable[tuple[type[Any], ColumnElement[bool]]]:
        """Yield what every SELECT on a governed class is limited to."""
        return [(model, self._limit(model, says)) for model, says in self._forum.declared.items()]

    def permitted(self) -> list[int]:
        """Return the posts that were asked about and may be seen."""
        return [key for key in self._permitted if isinstance(key, int)]

    def _keys(self, keys: Select[Any], given: Any) -> list[Any]:  # noqa: ANN401 - as SQLAlchemy hands parameters on
        with self._engine.connect() as connection:
            return list(connection.scalars(keys, given or None))

    def _limit(self, model: type[Any], says: Declaration) -> ColumnElement[bool]:
        # Read when a statement runs: a relationship that is loaded later goes by what was permitted until then.
        posts = bindparam(None, callable_=self.permitted, expanding=True, type_=key_of(FORUM.content_class).type)
        match says:
            case Content():
                return key_of(model).in_(posts)
            case Titled(opening):
                return attribute(model, opening).in_(posts)
            case HangsOn(post):
                return attribute(model, post).in_(posts)
            case _:
                raise TypeError(f"FlaskBB declares no {type(says).__name__}")


def _window(statement: Select[Any], spare: int, most: int) -> int:
    """Return how many rows from the first one on are asked about: those up to this page, and some more."""
    said = [statement._limit_clause, statement._offset_clause]  # noqa: SLF001 - nothing public tells them
    limit, offset = (getattr(clause, "value", None) for clause in said)
    return most if not isinstance(limit, int) else limit + (offset if isinstance(offset, int) else 0) + spare


def page_now() -> Page | None:
    """Return the page of this request; none where nobody is signed in, and while it is being found out who is."""
    if not has_request_context() or getattr(g, _LOOKING, False):
        return None
    setattr(g, _LOOKING, True)
    try:
        account = str(current_user.id) if current_user.is_authenticated else None
    finally:
        setattr(g, _LOOKING, False)
    kept: Page | None = getattr(g, _PAGE, None)
    if account is None or (kept is not None and kept.viewer == account):
        return None if account is None else kept
    page = Page(account, current_app.extensions[SERVICE])
    setattr(g, _PAGE, page)
    return page


def close_page(_failed: BaseException | None = None) -> None:
    """Forget what was permitted."""
    page: Page | None = g.pop(_PAGE, None)
    if page is not None:
        page.close()
