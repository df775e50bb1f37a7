"""Where a yes does not count: whatever was chosen, nothing more is permitted there than where it counts."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.decision.loosens import loosens
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import AccountKey, Action, Contact, Effect
from governance.effective.documents import Line, Member, PatientDocument, author_of
from governance.effective.forums import closed, counts_on_more, on_platform

NOBODY = AccountKey("")
WHOS = [(WhoKind.CARE_TEAM, ""), (WhoKind.OTHERS, ""), (WhoKind.NAMED, "nurse"), (WhoKind.PROFESSION, "doctor")]
PLACES = [(Scale.EVERYWHERE, "", ""), (Scale.PLATFORM, "g", ""), (Scale.COMMUNITY, "g", "c")]
SOME = [Action.VIEW, Action.REPLY, Action.MESSAGE, Action.FIND]


@st.composite
def lines(draw):
    (who, name), (scale, platform, place) = draw(st.sampled_from(WHOS)), draw(st.sampled_from(PLACES))
    effect, contact = draw(st.sampled_from(list(Effect))), draw(st.sampled_from(list(Contact)))
    actions = draw(st.frozensets(st.sampled_from(SOME), min_size=1))
    return Line("", effect, who, actions, name, scale, platform, place, contact=contact)


@st.composite
def documents(draw):
    found = draw(st.lists(lines(), max_size=5))
    numbered = tuple(msgspec.structs.replace(line, id=str(number)) for number, line in enumerate(found))
    team = draw(st.sampled_from([(), (Member(WhoKind.NAMED, "nurse", (0, 2**60)),)]))
    return PatientDocument(
        adult_from=0,
        covered=dict.fromkeys(Action, (0, 2**60)),
        lines=numbered,
        care_team=team,
        yes_on=frozenset({"f"}),
        peers_welcome=draw(st.booleans()),
        emergency_yes_since=draw(st.sampled_from([0, 2**62])),
    )


def opens(before, after):
    return loosens(author_of(NOBODY, before), author_of(NOBODY, after))


@settings(max_examples=40, deadline=None)
@given(documents())
def test_where_a_yes_does_not_count_nothing_more_is_permitted(document):
    assert opens(document, on_platform(document, "g")) is None
    assert on_platform(document, "f") is document


@settings(max_examples=40, deadline=None)
@given(documents())
def test_a_closed_record_permits_nothing_more_and_nothing_at_all(document):
    shut = msgspec.structs.replace(document, **as_members(closed({"lines": list(document.lines)})))
    assert opens(document, shut) is None
    assert all(line.effect is Effect.REFUSE for line in shut.lines)


def as_members(said):
    return {"lines": tuple(said["lines"]), "levels": said["levels"]}


def test_a_permit_that_was_limited_to_a_place_instead_would_win_where_it_lost():
    """The control: why a permit becomes a refusal where it does not count, and is not moved to where it does."""
    permit = Line("1", Effect.PERMIT, WhoKind.NAMED, frozenset({Action.VIEW}), "nurse")
    refusal = Line("2", Effect.REFUSE, WhoKind.OTHERS, frozenset({Action.VIEW}), "", Scale.PLATFORM, "f")
    both = PatientDocument(adult_from=0, covered=dict.fromkeys(Action, (0, 2**60)), lines=(permit, refusal))
    moved = msgspec.structs.replace(permit, scale=Scale.PLATFORM, platform="f")
    assert opens(both, msgspec.structs.replace(both, lines=(moved, refusal))) is not None


def test_a_yes_on_one_more_forum_is_an_opening():
    some, more, all_ = (PatientDocument(yes_on=yes) for yes in (frozenset("f"), frozenset("fg"), None))
    assert counts_on_more(some, more)
    assert counts_on_more(more, all_)
    assert not counts_on_more(more, some)
    assert not counts_on_more(all_, some)
