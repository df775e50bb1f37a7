"""For how long what was told counts: exact to the instant, action by action."""

import pytest

from governance.decision.vocabulary import Action, Instant
from governance.disclosure.coverage import DAY, Ends, Was, covered
from governance.policy.history import History, Published
from tests.disclosure.editions import editions

TOLD, CHANGE = 1_000 * DAY, 1_100 * DAY
R14 = {Action.QUOTE, Action.RESEARCH}
ALWAYS = TOLD + 730 * DAY


def history(*names):
    made = [editions()[name] for name in names]
    return History(tuple(Published(record, Instant(CHANGE * number)) for number, record in enumerate(made)))


def spans(versions, *told, seen=TOLD, ask_again=()):
    return covered([Was(*one) for one in told], history(*versions), Ends(seen, ask_again))


def touched(found, end):
    return {action for action, span in found.items() if span[1] == end}


def test_the_version_that_holds_covers_every_action_until_two_years_unseen():
    found = spans(["first"], ("1.0.0", TOLD))
    assert found == dict.fromkeys(Action, (TOLD, ALWAYS))


def test_a_material_change_ends_exactly_what_it_touches_after_thirty_days():
    found = spans(["first", "gentle"], ("1.0.0", TOLD))
    assert touched(found, CHANGE + 30 * DAY) == R14
    assert touched(found, ALWAYS) == set(Action) - R14


def test_weaker_protection_has_no_grace():
    assert touched(spans(["first", "second"], ("1.0.0", TOLD)), CHANGE) == R14


def test_a_changed_must_know_touches_every_action():
    assert touched(spans(["first", "everything"], ("1.0.0", TOLD)), CHANGE) == set(Action)


@pytest.mark.parametrize("later", ["typo", "clearer"])
def test_what_is_not_material_ends_nothing(later):
    assert spans(["first", "second", later], ("2.0.0", CHANGE + DAY)) == spans(
        ["first", "second"], ("2.0.0", CHANGE + DAY)
    )


def test_an_old_text_read_after_the_change_has_no_grace_and_never_covers_what_it_lacks():
    found = spans(["first", "gentle"], ("1.0.0", CHANGE), seen=CHANGE)
    assert found.keys() == set(Action) - R14


def test_an_old_text_read_again_takes_nothing_away():
    once = spans(["first", "gentle"], ("1.0.0", TOLD))
    assert spans(["first", "gentle"], ("1.0.0", TOLD), ("1.0.0", CHANGE + DAY)) == once


def test_reading_the_new_version_covers_what_it_touched_from_then_on():
    found = spans(["first", "second"], ("1.0.0", TOLD), ("2.0.0", CHANGE + 5))
    assert {found[action] for action in R14} == {(CHANGE + 5, ALWAYS)}
    assert found[Action.VIEW] == (TOLD, ALWAYS)


def test_a_version_that_we_do_not_know_counts_as_older_than_all():
    assert touched(spans(["first", "second"], ("", TOLD)), 0) == set()
    assert spans(["first", "second"], ("", TOLD)) == {}


def test_an_end_ends_what_was_told_before_it_and_nothing_after():
    at = TOLD + 10 * DAY
    assert touched(spans(["first"], ("1.0.0", TOLD), ask_again=[at]), at) == set(Action)
    assert touched(spans(["first"], ("1.0.0", TOLD), ("1.0.0", at + 1), ask_again=[at]), ALWAYS) == set(Action)
