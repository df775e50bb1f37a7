"""Badges over REST: one entry an account, none for patients, strangers and who may do nothing, and all these alike."""

import pytest

from governance.decision.vocabulary import Capacity, Status
from tests.pdp.test_hcps import capacity


def badges(caller, *accounts, **said):
    answer = caller.send("/v1/hcps/badges", {"accounts": list(accounts), **said})
    assert answer.status_code == 200, answer.text
    return answer.json["badges"]


def test_a_badge_has_its_facts_its_words_and_its_pictures(caller):
    found = badges(caller, "nurse")[0]
    assert found["account"] == "nurse"
    badge = found["badge"]
    assert (badge["name"], badge["profession"], badge["person_checked"]) == ("Nurse", "nurse", True)
    assert badge["text"] == "On a professional register. This is not advice for you."
    assert badge["html"].startswith('<span class="professional-badge" lang="en"><strong>Nurse, nurse</strong>')
    assert badge["svg"].startswith("<svg ")
    assert badge["until"].endswith("Z")


def test_it_speaks_the_language_that_was_asked_for(caller):
    assert "Esto no es un consejo para ti." in badges(caller, "nurse", language="es")[0]["badge"]["text"]
    assert caller.send("/v1/hcps/badges", {"accounts": ["nurse"], "language": "xx"}).status_code == 400


def test_nobody_else_has_one_and_they_all_look_alike(caller, people):
    capacity(people, "dee", Capacity.PEER)
    people.registers("ed", status=Status.LAPSED)
    people.registers("second", assurance=2)
    people.declares("claire")
    people.session.commit()
    asked = ["dee", "ed", "second", "claire", "ana", "nobody knows"]
    assert badges(caller, *asked) == [{"account": account, "badge": None} for account in asked]


def test_another_platform_sees_none(other_caller):
    assert badges(other_caller, "nurse") == [{"account": "nurse", "badge": None}]


@pytest.mark.parametrize("body", [{}, {"accounts": []}, {"accounts": ["a"] * 101}, {"accounts": ["a"], "x": 1}])
def test_what_is_no_such_question_is_a_bad_request(caller, body):
    assert caller.send("/v1/hcps/badges", body).status_code == 400


def test_who_sends_no_token_learns_nothing(asker):
    assert asker.client.post("/v1/hcps/badges", json={"accounts": ["nurse"]}).status_code == 401
