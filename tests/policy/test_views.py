"""What the other rooms read from the records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from governance.decision.levels import EXTRAS, LEVELS
from governance.decision.vocabulary import PEER_ACTIONS, Action, Assurance, Level, Posture, Status
from governance.policy.errors import PolicyInvalidError, PolicyTextNotFoundError
from governance.policy.loader import Policies, load_policies
from governance.policy.records import Variant
from governance.policy.views.reporting import AgeGroup
from tests.policy.copies import put, rewrite


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load_policies()


def test_broken_records_are_never_loaded(folder: Path) -> None:
    put(folder, "conduct/conduct", ("assurance", "view"), "A0")
    with pytest.raises(PolicyInvalidError, match=r"policies/conduct/conduct.toml: assurance\.view: is A0"):
        load_policies(folder)


def test_a_text_changed_behind_its_pin_is_never_loaded(folder: Path) -> None:
    rewrite(folder, "disclosure/disclosure.en.md", "signed in", "signed up")
    with pytest.raises(PolicyInvalidError, match="changed after it was pinned"):
        load_policies(folder)


def test_a_record_knows_its_version_and_when_it_is_in_force(policies: Policies) -> None:
    for record in policies.records.values():
        assert record.version.count(".") == 2
        assert record.effective >= datetime(2026, 1, 1, tzinfo=UTC)
        assert record.effective.tzinfo is UTC


def test_levels_and_extras_are_those_that_decisions_compile(policies: Policies) -> None:
    assert policies.optout.levels == LEVELS
    assert frozenset(policies.optout.extras) == EXTRAS


def test_a_form_offers_minors_less_for_strangers_only(policies: Policies) -> None:
    assert policies.optout.offered("others", minor=True)[-1] is Level.ANSWERED
    assert policies.optout.offered("others", minor=False)[-1] is Level.IN_TOUCH
    assert policies.optout.offered("care_team", minor=True)[-1] is Level.PART_OF_CARE


def test_nobody_is_open_before_choosing(policies: Policies) -> None:
    for minor in (True, False):
        defaults = policies.optout.defaults(minor=minor)
        assert (defaults.care_team, defaults.others, defaults.find) == (Level.CLOSED, Level.CLOSED, False)
    assert policies.optout.defaults(minor=False).community_posture
    assert not policies.optout.defaults(minor=True).community_posture


def test_presets_and_postures_are_typed(policies: Policies) -> None:
    first = policies.optout.presets[0]
    assert (first.slug, first.care_team, first.others) == ("nobody", Level.CLOSED, Level.CLOSED)
    assert policies.optout.postures[Posture.HCP_PRESENT].opens == {Action.VIEW, Action.REACT, Action.REPLY}


def test_waiting_times_are_those_of_the_record(policies: Policies) -> None:
    assert (policies.optout.cooling_off_hours, policies.optout.undo_minutes) == (24, 10)
    assert policies.optout.emergency_view_hours == 24


def test_a_level_has_words_for_each_circle(policies: Policies) -> None:
    assert policies.optout.level_words(Level.CLOSED, "care_team").body.startswith("Your care team cannot")
    assert policies.optout.level_words(Level.CLOSED, "others").body.startswith("Other professionals cannot")


@pytest.mark.parametrize(("country", "age", "listed"), [("GB", 13, True), ("DE", 16, True), ("de", 16, True)])
def test_ages_follow_the_country(policies: Policies, country: str, age: int, listed: bool) -> None:  # noqa: FBT001
    ages = policies.optout.ages(country)
    assert (ages.digital_consent, ages.listed, ages.adult) == (age, listed, 18)


def test_a_country_that_is_not_listed_gets_the_strictest_ages(policies: Policies) -> None:
    ages = policies.optout.ages("ZZ")
    assert (ages.digital_consent, ages.own_choice, ages.listed) == (16, 16, False)


def test_conduct_speaks_the_words_of_the_gate(policies: Policies) -> None:
    conduct = policies.conduct
    assert conduct.assurance[Action.VIEW] is Assurance.A3
    assert conduct.assurance[Action.MESSAGE] is Assurance.A4
    assert conduct.permits_by_status[Status.GOOD] == frozenset(Action)
    assert conduct.permits_by_status[Status.STALE] == frozenset()
    assert conduct.permits_by_status[Status.RESTRICTED] < PEER_ACTIONS


def test_conduct_has_its_times_and_all_rules(policies: Policies) -> None:
    conduct = policies.conduct
    assert (conduct.attestation_days, conduct.capacity_begins_after) == (365, timedelta(hours=24))
    assert [rule.code for rule in conduct.rules()] == [f"C{number}" for number in range(1, 31)]
    assert all(conduct.limits())


def test_the_disclosure_has_six_must_knows_in_every_variant(policies: Policies) -> None:
    for variant in Variant:
        must_knows = policies.disclosure.must_knows("en", variant)
        assert [one.slug for one in must_knows][:3] == ["public_posts", "signed_out", "emergencies"]
        assert len(must_knows) == 6
        assert must_knows[2].shows == "emergency_lines"


def test_every_question_has_its_right_answer(policies: Policies) -> None:
    for variant in Variant:
        questions = policies.disclosure.teach_back("en", variant)
        assert all(question.options[question.right] for question in questions)
        assert {slug for question in questions for slug in question.shows_again} <= {
            one.slug for one in policies.disclosure.must_knows("en", variant)
        }


def test_a_variant_tells_the_risks_that_it_names(policies: Policies) -> None:
    assert [risk.code for risk in policies.disclosure.risks()] == [f"R{number}" for number in range(1, 20)]
    child = policies.disclosure.risks("en", Variant.CHILD)
    assert "R10" not in {risk.code for risk in child}
    assert {action for risk in child for action in risk.touches} == set(Action)


def test_a_record_without_words_says_so(policies: Policies) -> None:
    with pytest.raises(PolicyTextNotFoundError, match="ages"):
        policies.records["ages"].text()


def test_every_kind_of_concern_has_words(policies: Policies) -> None:
    reporting = policies.reporting
    assert all(reporting.type_words(one.code).title for one in reporting.types)
    assert {"uncomfortable", "optout_breach", "other"} <= {one.code for one in reporting.types}


@pytest.mark.parametrize(
    ("country", "age", "numbers"),
    [
        ("IE", AgeGroup.CHILD, ["112", "1800 66 66 66", "116 123"]),
        ("IE", AgeGroup.ADULT, ["112", "116 123"]),
        ("IE", AgeGroup.UNKNOWN, ["112", "1800 66 66 66", "116 123"]),
        ("it", AgeGroup.ADULT, ["112"]),
        ("ZZ", AgeGroup.UNKNOWN, []),
    ],
)
def test_emergency_lines_follow_country_and_age(policies: Policies, country: str, age: AgeGroup, numbers) -> None:
    assert [line.number for line in policies.reporting.emergency_lines(country, age)] == numbers
