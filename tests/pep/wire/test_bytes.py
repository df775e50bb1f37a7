"""What is written is read again, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.decision.facts import CapacityRecord, Community, Room, Setting
from governance.decision.provisions import Interval, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Capacity,
    Contact,
    Effect,
    Instant,
    PlatformId,
    Posture,
)
from governance.pep.wire.bundle import Header, Places
from governance.pep.wire.changes import Change, Changes
from governance.pep.wire.codec import ACTIONS, Reader, WireError, Writer, actions_of, mask_of
from governance.pep.wire.governed import GovernedRecord, Standing, WireClaim, WireView
from governance.pep.wire.lines import IN_A_PLACE, Where, WireLine
from governance.pep.wire.people import KINDS, AuthorRecord, Covering, Pair
from governance.pep.wire.places import CommunityRecord, Whole, read_room

SOME = settings(max_examples=30, deadline=None)
_YEAR_2026 = 1_767_225_600_000_000
instants = (
    st.sampled_from([BEGINNING, FOREVER])
    | st.integers(0, 2**55).map(Instant)
    | st.integers(-(2**31), 2**36).map(lambda seconds: Instant(seconds * 1_000_000))
)
spans = st.builds(Interval, instants, instants)
tokens = st.binary(min_size=8, max_size=8)
actions = st.frozensets(st.sampled_from(Action))


@st.composite
def lines(draw: st.DrawFn) -> WireLine:
    who, where = draw(st.sampled_from(WhoKind)), draw(st.sampled_from(Where))
    return WireLine(
        effect=draw(st.sampled_from(Effect)),
        who=who,
        actions=draw(actions),
        pair=draw(tokens) if who in KINDS else b"",
        where=where,
        place=draw(tokens) if where in IN_A_PLACE else b"",
        when=draw(spans),
        reach=draw(spans),
        contact=draw(st.sampled_from(Contact)),
    )


def few(one: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(one, max_size=3).map(tuple)


pairs = st.builds(Pair, st.sampled_from(KINDS), tokens, spans)
authors = st.builds(
    AuthorRecord,
    record=st.booleans(),
    adult_from=st.just(UNKNOWN) | instants,
    covered=few(st.builds(Covering, actions, spans)),
    choices=few(lines()),
    own=few(lines()),
    team=few(pairs),
    hold=st.booleans(),
    over=few(lines()),
    blocks=few(pairs),
    emergency_yes_since=instants,
    peers_welcome=st.booleans(),
    erased_at=st.none() | instants,
    kept=few(lines()),
    broken=st.booleans(),
)
capacities = st.builds(
    CapacityRecord,
    st.sampled_from(Capacity),
    st.just(PlatformId("")),
    st.none() | tokens.map(bytes.hex),
    spans,
)
governed = st.builds(
    GovernedRecord,
    governed=st.booleans(),
    known=st.booleans(),
    surely=st.booleans(),
    names=few(tokens),
    claims=few(st.builds(WireClaim, st.sampled_from(KINDS), tokens, spans)),
    capacities=few(capacities),
    standing=few(st.builds(Standing, instants, actions, actions)),
    views=few(st.builds(WireView, tokens, spans)),
    broken=st.booleans(),
)
rooms = st.builds(Room, st.sampled_from(Posture), st.sampled_from(Ages))
settings_ = st.builds(Setting, instants, st.sampled_from(Posture), st.sampled_from(Ages))
moderators = st.frozensets(tokens.map(lambda token: AccountKey(token.hex())), max_size=2)
communities = st.builds(Community, few(settings_), moderators, instants)


@SOME
@given(authors)
def test_an_author_is_read_as_written(record: AuthorRecord) -> None:
    assert AuthorRecord.decode(record.encode()) == record
    assert AuthorRecord.decode(record.encode(1), ((), record.choices)) == record


@SOME
@given(governed)
def test_a_governed_account_is_read_as_written(record: GovernedRecord) -> None:
    assert GovernedRecord.decode(record.encode()) == record


@SOME
@given(
    rooms,
    st.dictionaries(tokens.map(bytes.hex), st.builds(CommunityRecord, st.none() | communities), max_size=3),
    st.booleans(),
)
def test_places_are_read_as_written(strictest: Room, found: dict[str, CommunityRecord], suspended: bool) -> None:  # noqa: FBT001
    told = Places(strictest, found, suspended)
    assert Places.decode(told.encode()) == told


@SOME
@given(rooms)
def test_a_program_that_knows_no_suspension_reads_no_room_in_it_and_permits_nothing(strictest: Room) -> None:
    assert read_room(Reader(Whole(strictest).encode())) == strictest
    with pytest.raises(WireError):
        read_room(Reader(Whole(strictest, suspended=True).encode()))


@SOME
@given(authors, st.data())
def test_what_was_cut_or_lengthened_is_not_read(record: AuthorRecord, data: st.DataObject) -> None:
    encoded = record.encode()
    with pytest.raises(WireError):
        AuthorRecord.decode(encoded[: data.draw(st.integers(0, len(encoded) - 1))])
    with pytest.raises(WireError):
        AuthorRecord.decode(encoded + b"\0")


@SOME
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for read in (AuthorRecord.decode, GovernedRecord.decode, CommunityRecord.decode, Places.decode, Header.decode):
        try:
            read(data)
        except WireError:
            continue


def test_every_action_has_its_bit_for_ever() -> None:
    assert set(ACTIONS) == set(Action)
    assert [mask_of(frozenset({action})) for action in ACTIONS] == [1 << bit for bit in range(13)]
    assert mask_of(frozenset({Action.VIEW, Action.CONNECT})) == 0b1000000000001
    with pytest.raises(WireError):
        actions_of(1 << 13)


@SOME
@given(lines())
def test_a_line_takes_24_bytes_unless_it_limits_more_than_people_do(line: WireLine) -> None:
    to = Writer()
    line.write(to)
    written = to.done()
    source = Reader(written)
    assert WireLine.read(source) == line
    source.end()
    limits = sum(instant not in (BEGINNING, FOREVER) for instant in (*line.when, *line.reach))
    assert len(written) <= 4 + len(line.pair) + len(line.place) + 8 * limits


ANSWER = Changes(
    platform="0192",
    epoch="e1",
    after=4,
    revision=6,
    newest=6,
    now=Instant(_YEAR_2026),
    lease_ms=5_000,
    nonce="n0",
    changes=(
        Change(5, "author", b"12345678", AuthorRecord().encode()),
        Change(6, "strictest", b"", b"\x02"),
    ),
)


def test_an_answer_is_read_as_written() -> None:
    assert Changes.decode(ANSWER.encode()) == ANSWER
    assert ANSWER.changes[0].author() == AuthorRecord()
    assert ANSWER.changes[1].whole() == Whole(Room(Posture.INFORMED, Ages.MIXED))


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (b'"revision":6', b'"revision":true'),
        (b'"revision":6', b'"revision":6.0'),
        (b'"revision":6', b'"revision":"6"'),
        (b'"revision":6', b'"revision":3'),
        (b'"lease_ms":5000', b'"lease_ms":5000,"lease_ms":5000000'),
        (b'"lease_ms":5000', b'"lease":5000'),
        (b'"newest":6', b'"newest":5'),
        (b'[5,"author"', b'[4,"author"'),
        (b'[5,"author"', b'[7,"author"'),
        (b'[5,"author"', b'[5,"hcp"'),
        (b'"MTIzNDU2Nzg"', b'"MTIzNDU2Nzg="'),
        (b'"MTIzNDU2Nzg"', b'"MTIzNDU2"'),
        (b'"changes":[', b'"changes":7,"others":['),
        (b"{", b"[{"),
        (b"{", b"<html>{"),
    ],
)
def test_an_answer_that_is_not_as_it_should_be_is_none(said: bytes, instead: bytes) -> None:
    body = ANSWER.encode()
    assert said in body
    with pytest.raises(WireError):
        Changes.decode(body.replace(said, instead, 1))
