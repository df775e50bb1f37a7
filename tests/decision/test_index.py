"""The index of a directive leaves out only lines that cannot match; these tests look at what it finds."""

import pytest

from governance.decision.facts import Author, Facts, Request, Viewer, Words
from governance.decision.provisions import (
    EVERYWHERE,
    NEVER,
    OTHERS,
    Bucket,
    Interval,
    Place,
    Provision,
    Scale,
    Who,
    WhoKind,
    named,
    narrower,
)
from governance.decision.question import Question
from governance.decision.vocabulary import NOT_SENT, Action, Capacity, Contact, Effect
from tests.decision.universe import USUAL

REFUSE, PERMIT = Effect.REFUSE, Effect.PERMIT
PLATFORM, OTHER_PLATFORM = Place(Scale.PLATFORM, "p"), Place(Scale.PLATFORM, "q")
COMMUNITY, THREAD, POST = Place(Scale.COMMUNITY, "p", "c"), Place(Scale.THREAD, "p", "t"), Place(Scale.POST, "p", "w")
TODAY = Interval(0, 10)


def line(where=EVERYWHERE, effect=PERMIT, who=OTHERS, name="line", **limits):
    return Provision(name, effect, who, where, frozenset({Action.VIEW}), **limits)


def question(community="c", thread="t", post="w", platform="p"):
    words = Words("a", community, thread, post)
    request = Request(platform, "d", Action.VIEW, (words,), at=5)
    return Question(request, Facts(Viewer("d"), {"a": Author("a")}, USUAL), words, Action.VIEW, Capacity.PROFESSIONAL)


def many(*lines):
    """Add so many lines about another post that the bucket has to be searched by place."""
    return Bucket((*lines, *(line(Place(Scale.POST, "p", f"elsewhere{n}")) for n in range(9))))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, True),
        ({"where": PLATFORM}, False),
        ({"when": TODAY}, False),
        ({"reach": TODAY}, False),
        ({"when": TODAY, "reach": TODAY}, False),
        ({"when": NEVER}, False),
        ({"contact": Contact.AFTER}, False),
    ],
)
def test_a_line_is_unconditional_if_nothing_limits_it(limits, expected):
    assert line(**limits).unconditional is expected


WIDE, NARROW = line(PLATFORM, who=named("d")), line(COMMUNITY, who=named("d"))
NURSES = Who(WhoKind.PROFESSION, "nurse")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (NARROW, WIDE, True),
        (WIDE, NARROW, False),
        (WIDE, WIDE, False),
        (line(COMMUNITY, who=named("another account of d")), WIDE, True),
        (line(COMMUNITY, who=NURSES), line(PLATFORM, who=Who(WhoKind.ORGANISATION, "o")), False),
        (line(PLATFORM, who=NURSES), line(PLATFORM), True),
        (line(EVERYWHERE, who=NURSES), line(PLATFORM), False),
    ],
)
def test_narrower_is_contained_in_person_and_place_and_smaller_in_one(one, other, expected):
    assert narrower(one, other) is expected


def test_the_first_unconditional_line_settles_unless_one_refuses():
    first, second, refusal = line(name="first"), line(name="second"), line(effect=REFUSE, name="no")
    assert Bucket((line(PLATFORM), first, second)).settled is first
    assert Bucket((first, second, refusal)).settled is refusal
    assert Bucket((line(PLATFORM, REFUSE),)).settled is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((line(),), set()),
        ((line(), line(COMMUNITY)), {"c"}),
        ((line(COMMUNITY), line(THREAD), line(POST)), {"c", "t", "w"}),
        ((line(COMMUNITY), line(PLATFORM)), None),
        ((line(COMMUNITY), line(when=TODAY)), None),
    ],
)
def test_elsewhere_is_known_if_nothing_but_small_places_limits_a_line(lines, expected):
    assert Bucket(lines).elsewhere == expected


def test_eight_lines_are_few_and_stay_in_their_order():
    lines = (line(POST), *(line(name=str(n)) for n in range(7)))
    bucket = Bucket(lines)
    assert (bucket.few, bucket.lines, bucket.by_place) == (True, lines, {})


def test_nine_lines_are_many_and_stand_widest_first():
    bucket = Bucket((line(POST), line(COMMUNITY), *(line(name=str(n)) for n in range(7))))
    assert bucket.few is False
    assert [found.where.scale for found in bucket.lines] == [0] * 7 + [2, 4]


@pytest.mark.parametrize("where", [EVERYWHERE, PLATFORM, COMMUNITY, THREAD, POST])
def test_of_many_lines_those_of_the_place_are_found(where):
    wanted = line(where)
    assert list(question().near(many(wanted))) == [wanted]


@pytest.mark.parametrize(
    "where",
    [
        OTHER_PLATFORM,
        Place(Scale.COMMUNITY, "q", "c"),
        Place(Scale.COMMUNITY, "p", "t"),
        Place(Scale.THREAD, "p", "w"),
        Place(Scale.POST, "p", "c"),
    ],
)
def test_of_many_lines_those_of_another_place_are_left_out(where):
    assert list(question().near(many(line(where)))) == []


def test_what_a_wide_place_carries_beside_its_scale_does_not_hide_a_line():
    everywhere, platform = line(Place(Scale.EVERYWHERE, "p", "c")), line(Place(Scale.PLATFORM, "p", "c"))
    assert list(question().near(many(platform, everywhere))) == [everywhere, platform]


@pytest.mark.parametrize("missing", ["community", "thread", "post"])
def test_where_a_place_was_not_sent_every_line_is_near(missing):
    bucket = many(line(COMMUNITY))
    assert question(**{missing: NOT_SENT}).near(bucket) is bucket.lines


def test_of_few_lines_all_are_near():
    bucket = Bucket((line(OTHER_PLATFORM),))
    assert question().near(bucket) is bucket.lines


@pytest.mark.parametrize(
    ("sent", "places", "expected"),
    [
        ({}, {"c"}, True),
        ({}, {"t"}, True),
        ({}, {"w"}, True),
        ({}, {"x"}, False),
        ({}, set(), False),
        ({"community": NOT_SENT}, {"x"}, True),
        ({"thread": NOT_SENT}, {"x"}, True),
        ({"post": NOT_SENT}, {"x"}, True),
    ],
)
def test_words_may_lie_where_they_lie_and_where_nobody_said(sent, places, expected):
    assert question(**sent).may_lie_in(frozenset(places)) is expected
