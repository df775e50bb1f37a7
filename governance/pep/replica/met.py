"""Authors and places as one viewer meets them at one revision."""

from typing import Final, NamedTuple

from governance.decision.facts import Author, Viewer
from governance.decision.vocabulary import NOT_SENT, AccountKey, NotSentType
from governance.pep.replica.meanings import Known
from governance.pep.replica.state import State, Tokens
from governance.pep.wire.facts import account_name, author_of, tokens_of, whos_of

_NOBODY: Final = Known(Author(AccountKey("")))
"""Who never met the service. No rule asks who an author is."""


class Where(NamedTuple):
    """A community as facts call it, and what is the same of all that are just like it."""

    place: str | NotSentType
    alike: int


_NOWHERE: Final = Where(NOT_SENT, 0)
Shape = tuple[Known, object]
"""What is known of an author, and what matters of the place: see `Met.shape`."""


class Met:
    """Everybody whose words one viewer came across. Threads may share it: what two find at once is the same."""

    def __init__(self, state: State, tokens: Tokens, token: bytes, viewer: Viewer) -> None:
        """Know nobody yet; `token` is the viewer's own."""
        self.authors: dict[AccountKey, Author] = {}
        """The facts about those of them whom a decision was about, as it asks for them."""
        self.many = 0
        """How many were met since somebody set this to 0."""
        self._state = state
        self._tokens = tokens
        self._token = token
        self._viewer = tuple(tokens_of(token, state.governed.get(account_name(token))).items())
        self._somewhere = viewer.hcp.ever_peer
        """Whether capacities may tell one community from another that is just like it."""
        self._people: dict[str | None, tuple[bytes, Known | None]] = {}
        self._places: dict[str | None, Where] = {}

    def author(self, author: str | None) -> tuple[bytes, Known | None]:
        """Return an author's token, and what is known of them; None of a broken record, which refuses.

        Raises `ValueError` for words without an author, and `WireError`.
        """
        return self._people.get(author) or self._meet(author)

    def named(self, author: str | None) -> tuple[AccountKey, Known | None]:
        """Return an author's name, and what is known of them, which is among `authors` from now on. Raises likewise."""
        token, known = self.author(author)
        name = account_name(token)
        if known is not None:
            # A broken record is left out, so that it refuses.
            self.authors[name] = known.author
        return name, known

    def where(self, community: str | None) -> Where:
        """Return what a community is called. Raises `ValueError` for one whose row is broken."""
        return self._places.get(community) or self._find(community)

    def shape(self, author: str | None, community: str | None) -> Shape | None:
        """Return all that an answer rests on besides the viewer, the action and the times; None of one's own words.

        Also None if nothing can be said of the author. Raises what `author` and `where` do.

        INVARIANT: no rule asks who an author is but whether it is the viewer; and which community it is of two that
        are alike only where a line, or a capacity, speaks of a community.
        """
        token, known = self._people.get(author) or self._meet(author)
        if known is None or token == self._token:
            return None
        place, alike = self._places.get(community) or self._find(community)
        if place is NOT_SENT or self._somewhere or not known.placeless:
            return known, place
        return known, alike

    def _meet(self, author: str | None) -> tuple[bytes, Known | None]:
        if not author:
            raise ValueError("words without an author")
        token = self._tokens.account(author)
        self._people[author] = found = token, self._known(token)
        self.many += 1
        return found

    def _known(self, token: bytes) -> Known | None:
        state, keys = self._state, self._tokens.keys
        found, governed = state.author(token), state.governed.get(account_name(token))
        if governed is None:
            return _NOBODY if found is None else found.for_viewer(keys, token, self._viewer)
        whos = {} if found is None else whos_of(keys, token, dict(self._viewer))
        author = author_of(token, None if found is None else found.record, whos, state.platform, governed)
        return None if author is None else Known(author)

    def _find(self, community: str | None) -> Where:
        state = self._state
        if community is None:
            return _NOWHERE
        place = self._tokens.community(community)
        if place in state.broken:
            raise ValueError("a community whose row is broken")
        # Those that are alike are one object, which the state keeps.
        where = Where(place, id(state.rooms.get(place)))
        if place in state.rooms:
            self._places[community] = where
        return where
