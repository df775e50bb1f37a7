"""`loosens` looks at so many candidates and no more, which is enough for real records; then it says that it stopped."""

from dataclasses import replace

import pytest

from governance.decision.facts import Layer
from governance.decision.loosens import loosens, search
from governance.decision.loosens.search import MOST_CANDIDATES
from governance.decision.provisions import EVERYWHERE, OTHERS, Provisions, Who, WhoKind, named
from governance.decision.vocabulary import Action
from tests.decision.corners import Corner
from tests.decision.lines import CLOSED_TO_ALL, patient, permit, refuse
from tests.decision.records import CHANGES, MOST_LINES, NOTHING, Patient


def stopped(seed: str, kind: str, records: int) -> list[int]:
    """Tell at which of some drawn records the search stops."""
    drawn = (Patient(f"{seed}:{kind}:{number}").edit(kind, MOST_LINES) for number in range(records))
    witnesses = [loosens(*edit) for edit in drawn]
    return [number for number, witness in enumerate(witnesses) if witness is not None and witness.too_much]


@pytest.mark.parametrize("kind", CHANGES)
def test_records_of_200_lines_stay_far_from_the_bound(kind, monkeypatch):
    monkeypatch.setattr(search, "MOST_CANDIDATES", MOST_CANDIDATES // 2)
    assert stopped("plain", kind, 5) == []


@pytest.mark.hunt
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", CHANGES)
def test_records_of_200_lines_stay_below_the_bound_400_times(kind):
    assert stopped("hunt", kind, 400) == []


def many_refusals_dropped(many):
    """Drop refusals of so many organisations, none of which anybody gains by."""
    organisations = [Who(WhoKind.ORGANISATION, str(number)) for number in range(many)]
    before = patient(*(refuse(who, actions=Action) for who in organisations), layers=(Layer(None, NOTHING),))
    return before, replace(before, provisions=Provisions())


def test_a_search_that_stops_says_so_and_names_nobody(monkeypatch):
    edit = many_refusals_dropped(10)
    assert loosens(*edit) is None
    monkeypatch.setattr(search, "MOST_CANDIDATES", 100)
    witness = loosens(*edit)
    assert witness is not None
    assert witness.too_much
    assert (witness.who, witness.also, witness.where, witness.action) == (OTHERS, (), EVERYWHERE, Action.QUOTE)
    assert (witness.before.permit, witness.after.permit) == (False, False)


@pytest.mark.hunt
def test_two_thousand_refusals_dropped_at_once_are_too_much():
    witness = loosens(*many_refusals_dropped(2_000))
    assert witness is not None
    assert witness.too_much


@pytest.mark.parametrize("most", [0, 1, 4, 20, 100])
def test_stopping_earlier_never_hides_a_gain(most, monkeypatch):
    for number in range(300):
        corner = Corner("bound", number)
        before = corner.author()
        after = corner.edited(before)
        with monkeypatch.context() as patch:
            patch.setattr(search, "MOST_CANDIDATES", most)
            early = loosens(before, after)
        if early is None:
            assert loosens(before, after) is None
        elif not early.too_much:
            assert (early.before.permit, early.after.permit) == (False, True)


def test_what_only_closes_is_never_too_much(monkeypatch):
    monkeypatch.setattr(search, "MOST_CANDIDATES", 0)
    before = patient(*(permit(named(f"p/{number}"), actions=Action) for number in range(2_000)))
    closed = replace(before, provisions=Provisions((*before.provisions.lines, *CLOSED_TO_ALL)))
    for after in (closed, replace(before, hold=True), replace(before, layers=(Layer(None, NOTHING),)), patient()):
        assert loosens(before, after) is None
