"""A platform learns its members' levels by class; never whom a choice names, never another platform's members."""

import pytest

from governance.decision.vocabulary import Action, Level
from governance.optout.choices import Choices, Named
from tests.forum import CLOSED, SEEN

PATH = "/v1/opt-outs/query"


def statuses(caller, *accounts):
    answer = caller.send(PATH, {"accounts": list(accounts)})
    assert answer.status_code == 200, answer.text
    return answer.json["opt_outs"]


def status(account, care_team="closed", others="closed", *, hold=False, extras=((), ())):
    told = {"care_team_extras": list(extras[0]), "others_extras": list(extras[1])}
    return {"account": account, "hold": hold, "care_team": care_team, "others": others, **told}


def test_the_levels_of_both_classes_are_told_in_the_order_asked(caller):
    expected = [status("bea"), status("ana", "answered"), status("bea"), status("ana", "answered")]
    assert statuses(caller, "bea", "ana", "bea", "ana") == expected


def test_a_hold_is_told(caller, people):
    people.hides("ana")
    people.session.commit()
    assert statuses(caller, "ana") == [status("ana", "answered", hold=True)]


def test_unknown_and_closed_look_alike(caller, people):
    people.chooses("bea", CLOSED, CLOSED)
    people.patient("cat")
    people.session.commit()
    answers = statuses(caller, "bea", "cat", "never seen", "nurse")
    assert answers == [status(name) for name in ("bea", "cat", "never seen", "nurse")]


def test_whom_a_choice_names_is_never_told(caller, people):
    answer = caller.send(PATH, {"accounts": ["ana"]})
    assert people.key("nurse") not in answer.text
    assert "nurse" not in answer.text


def test_the_extras_of_both_classes_are_told(caller, people):
    given = {
        "care_team_extras": frozenset({Action.QUOTE, Action.MENTION}),
        "others_extras": frozenset({Action.RESEARCH}),
    }
    people.acknowledges("bea")
    people.wants("bea", Choices(SEEN, SEEN, **given))
    people.session.commit()
    assert statuses(caller, "bea") == [status("bea", "seen", "seen", extras=(("mention", "quote"), ("research",)))]


def test_who_is_chosen_for_by_name_changes_nothing_that_a_platform_reads(caller, people):
    before = statuses(caller, "ana", "bea")
    named = {Named(people.key("doctor"), CLOSED), Named(people.key("nurse"), SEEN)}
    people.wants("ana", people.choices("ana")._replace(named=frozenset(named)))
    people.acknowledges("bea")
    people.wants("bea", Choices(named=frozenset({Named(people.key("nurse"), Level.PART_OF_CARE)})))
    people.session.commit()
    assert people.choices("ana").named
    assert people.choices("bea").named
    assert statuses(caller, "ana", "bea") == before


def test_another_platform_sees_nothing_of_it(other_caller):
    assert statuses(other_caller, "ana") == [status("ana")]


def test_one_broken_patient_reads_as_closed_and_costs_nobody_else(caller, people):
    people.acknowledges("bea")
    people.chooses("bea", "seen", "seen")
    connection = people.session.connection()
    connection.exec_driver_sql("UPDATE effective_row SET mac = x'' WHERE subject = ?", (str(people.patient("ana").id),))
    people.session.commit()
    assert statuses(caller, "ana", "bea") == [status("ana"), status("bea", "seen", "seen")]


def test_a_thousand_accounts_are_answered(asker):
    names = [f"member-{number}" for number in range(1000)]
    assert statuses(asker, *names) == [status(name) for name in names]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"accounts": []},
        {"accounts": ["a"] * 1001},
        {"accounts": "ana"},
        {"accounts": [1]},
        {"accounts": [None]},
        {"accounts": [""]},
        {"accounts": ["x" * 257]},
        {"accounts": ["☂" * 86]},
        {"accounts": ["ana"], "account": ["bea"]},
        {"accounts": {"ana": 1}},
    ],
)
def test_a_query_of_no_good_form_is_a_bad_request(asker, body):
    answer = asker.send(PATH, body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
