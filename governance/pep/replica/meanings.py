"""What authors' records mean to a decision. Records that differ in nothing but in whom they name share one meaning.

Whoever is named in none of them cannot tell one from another, and nearly every viewer is named in none. So of the very
many records that name somebody few are read in full: the others are found by what is left of them without the names.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from governance.decision.edges import Edges, all_lines, edges_of_author, looks_at_single_words
from governance.decision.facts import Author
from governance.decision.provisions import Scale, Who, WhoKind
from governance.decision.vocabulary import PlatformId
from governance.pep.wire.codec import TOKEN_BYTES, Reader
from governance.pep.wire.facts import author_of
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.lines import WireLine
from governance.pep.wire.people import AuthorRecord

Choices = tuple[tuple[WireLine, ...], ...]
Places = tuple[int, ...]
"""Where in a record names lie."""
_MOST_FORMS: Final = 8
"""So many ways in which names lie in records of one length are tried; who names many people is read in full."""


class Known:
    """An author's facts, and what decides for how long and for whom an answer about them can be kept."""

    __slots__ = ("_edges", "author", "placeless", "singly")

    def __init__(self, author: Author) -> None:
        """Work out what every page asks."""
        self.author = author
        self.singly = looks_at_single_words(author)
        """Whether two posts of theirs in one community can get two answers."""
        self.placeless = all(line.where.scale < Scale.COMMUNITY for line in all_lines(author))
        """Whether nothing about them speaks of a place within the forum."""
        self._edges: Edges | None = None

    @property
    def edges(self) -> Edges:
        """When what is known of them changes by itself; worked out once somebody looks at them again."""
        if self._edges is None:
            self._edges = edges_of_author(self.author)
        return self._edges


class Meaning:
    """What a record means to everybody whom it does not name, and what kind of people it names."""

    __slots__ = ("common", "kinds", "to_strangers")

    def __init__(self, record: AuthorRecord, platform: PlatformId) -> None:
        """Work out what is the same for every viewer. Nobody in particular is its author: no rule asks who it is."""
        author = author_of(b"", record, {}, platform)
        self.to_strangers = None if author is None else Known(author)
        """None if the record is broken."""
        self.kinds = frozenset(_kinds(record))
        self.common = frozenset(line.pair for line in record.choices if line.is_narrow)
        """Who is named in choices that many share: these stand outside of the record."""


def _kinds(record: AuthorRecord) -> Iterator[WhoKind]:
    for pair in (*record.team, *record.blocks):
        yield pair.kind
    for line in (*record.choices, *record.own, *record.over, *record.kept):
        if line.is_narrow:
            yield line.who


class Read:
    """An author's record as far as it was read: what it means to strangers, and the bytes that name somebody."""

    __slots__ = ("_choices", "_data", "_meaning", "_platform")

    def __init__(self, data: bytes, meaning: Meaning, platform: PlatformId, choices: Choices = ()) -> None:
        """Keep the record for those whom it names; `choices` is the list that it has its choices in, if in any."""
        self._data = data
        self._meaning = meaning
        self._platform = platform
        self._choices = choices

    @classmethod
    def sent(cls, data: bytes, platform: PlatformId) -> "Read":
        """Return a record that came alone, with its choices in it. Raises `WireError`."""
        return cls(data, Meaning(AuthorRecord.decode(data), platform), platform)

    @property
    def record(self) -> AuthorRecord:
        """The record as it was sent."""
        return AuthorRecord.decode(self._data, self._choices)

    def for_viewer(self, keys: WireKeys, author: bytes, viewer: Iterable[tuple[bytes, Who]]) -> Known | None:
        """Return what it means for one viewer, by all tokens that could mean them; None if it is broken."""
        meaning = self._meaning
        kinds = meaning.kinds
        if not kinds:
            return meaning.to_strangers
        whos = {}
        for token, who in viewer:
            if who.kind in kinds:
                pair = keys.pair(author, token)
                # Bytes that are no name, and look like this one, cost a reading: what is read finds nobody in them.
                if pair in self._data or pair in meaning.common:
                    whos[pair] = who
        if not whos:
            return meaning.to_strangers
        met = author_of(author, self.record, whos, self._platform)
        return None if met is None else Known(met)


class Meanings:
    """The meanings of a bundle's records. Never wrong when forgotten: what is not found is read again."""

    def __init__(self, choices: Choices, platform: PlatformId) -> None:
        """Know none yet."""
        self._choices = choices
        self._platform = platform
        self._forms: dict[int, list[_Form]] = {}

    def read(self, data: bytes) -> Read:
        """Return what a record means. Raises `WireError`."""
        return Read(data, self._found(data) or self._learnt(data), self._platform, self._choices)

    def forget(self) -> None:
        """Know none any more."""
        self._forms = {}

    def _found(self, data: bytes) -> Meaning | None:
        for form in self._forms.get(len(data), ()):
            meaning = form.meanings.get(form.nameless(data))
            if meaning is not None:
                return meaning
        return None

    def _learnt(self, data: bytes) -> Meaning:
        source = Reader(data)
        meaning = Meaning(AuthorRecord.read(source, self._choices), self._platform)
        places = tuple(source.pairs)
        if places:
            # Records without names stand in a bundle once, each with its number: nobody looks for them here.
            self._keep(data, places, meaning)
        return meaning

    def _keep(self, data: bytes, places: Places, meaning: Meaning) -> None:
        forms = self._forms.setdefault(len(data), [])
        form = next((one for one in forms if one.places == places), None)
        if form is None and len(forms) < _MOST_FORMS:
            form = _Form(places)
            forms.append(form)
        if form is not None:
            form.meanings[form.nameless(data)] = meaning


class _Form:
    """Where names lie in records of one length, and what such records mean.

    INVARIANT: a record is read from its beginning to its end, and no step depends on a name. So what is the same as a
    record that was read, but for the bytes that were names there, has its names at the very same places.
    """

    __slots__ = ("_between", "meanings", "places")

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meanings: dict[bytes, Meaning] = {}
        ends = (0, *(place + TOKEN_BYTES for place in places))
        self._between = tuple(slice(*span) for span in zip(ends, (*places, None), strict=True))

    def nameless(self, data: bytes) -> bytes:
        """Return what is left of a record without the names."""
        return b"".join([data[span] for span in self._between])
