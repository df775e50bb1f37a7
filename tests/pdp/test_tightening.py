"""A platform refuses on its member's behalf: at once, there alone, never less; the member takes it away."""

from datetime import UTC, datetime

import pytest

from governance.effective.replicas.service import Said, write_down
from governance.identity.service import account_name
from governance.pdp import tightening
from governance.policy.current import policies
from governance.portal.layers import Over
from governance.ui.clock import now
from tests.forum import ANSWERED, CLOSED, asked

PATH = "/v1/opt-outs/tighten"
NURSE, DOCTOR = asked("nurse", "ana"), asked("doctor", "ana")
PERMITTED, REFUSED = (True, "permitted"), (False, "refused")


@pytest.fixture
def people(people):
    """Ana answers her nurse and everybody else."""
    people.later(minutes=1)
    people.acknowledges("bea")
    people.chooses("bea", ANSWERED, ANSWERED, team=["nurse"])
    people.session.commit()
    return people


def tighten(caller, account="bea", key=None, **said):
    headers = {} if key is None else {"Idempotency-Key": key}
    return caller.send(PATH, {"account": account, **said}, **headers)


def decides(caller, viewer, author="bea"):
    return caller.decides(asked(viewer, author))


def party(people):
    return f"platform:{people.id}"


def over(people, name="bea"):
    people.session.rollback()
    return Over(people.session, people.keyring, policies().optout, people.now).of(people.key(name))


def test_all_professionals_are_kept_away_at_once(caller):
    assert decides(caller, "nurse") == decides(caller, "doctor") == PERMITTED
    answer = tighten(caller)
    assert answer.status_code == 200, answer.text
    assert decides(caller, "nurse") == decides(caller, "doctor") == REFUSED
    assert decides(caller, "pia") == (True, "not_governed")


def test_one_is_kept_away_and_nobody_else(caller):
    tighten(caller, hcp="nurse")
    assert decides(caller, "nurse") == REFUSED
    assert decides(caller, "doctor") == PERMITTED


def test_who_is_no_professional_is_kept_away_too(caller):
    tighten(caller, hcp="pia")
    assert decides(caller, "pia") == REFUSED


def test_a_member_whom_we_did_not_know_is_kept_closed_from_then_on(caller, people):
    tighten(caller, "new here")
    assert decides(caller, "doctor", "new here") == REFUSED
    assert [layer.set_by for layer in over(people, "new here")] == ["forum"]


def test_it_holds_on_the_platform_that_said_it_alone(caller, other_caller):
    assert tighten(other_caller).status_code == 200
    assert decides(caller, "doctor") == PERMITTED


def test_there_is_no_way_to_loosen(caller):
    tighten(caller)
    for said in ({"hcp": "nurse"}, {}):
        tighten(caller, **said)
        assert decides(caller, "doctor") == REFUSED
    for method in ("DELETE", "PUT", "PATCH", "GET"):
        assert caller.send(PATH, {"account": "bea"}, method=method).status_code == 405
    for body in ({"account": "bea", "lift": True}, {"account": "bea", "level": "answered"}, {"accounts": ["bea"]}):
        assert caller.send(PATH, body).status_code == 400
    assert decides(caller, "doctor") == REFUSED


def test_the_patient_sees_it_and_takes_it_away(caller, people):
    tighten(caller)
    assert [(layer.party, layer.set_by, layer.removable) for layer in over(people)] == [(party(people), "forum", True)]
    Over(people.session, people.keyring, policies().optout, people.now).take_away(people.key("bea"), party(people))
    people.session.commit()
    assert decides(caller, "doctor") == PERMITTED


def test_saying_it_again_writes_nothing(caller):
    first, again = tighten(caller).json, tighten(caller).json
    assert first["revision"] == again["revision"]
    assert tighten(caller, hcp="doctor").json["revision"] > first["revision"]


def test_it_says_by_when_everybody_goes_by_it(caller, people):
    def seconds():
        effective = tighten(caller, hcp="nurse").json["effective"]
        assert all(when.endswith("Z") for when in effective.values())
        at, by = (datetime.fromisoformat(effective[who]) for who in ("service", "platforms_by"))
        assert abs((datetime.now(UTC) - at).total_seconds()) < 5
        return (by - at).total_seconds()

    assert seconds() == 0
    for lease, expected in ((5_000, 6), (30_000, 31), (2_000, 31)):
        write_down(people.session, people.keyring, people.id, Said(f"replica-{lease}", None, lease), now())
        people.session.commit()
        assert seconds() == expected


def test_a_call_sent_again_after_the_patient_took_it_away_does_nothing(caller, people):
    first = tighten(caller, key='"k-1"')
    Over(people.session, people.keyring, policies().optout, people.now).take_away(people.key("bea"), party(people))
    people.session.commit()
    again = tighten(caller, key='"k-1"')
    assert (again.status_code, again.data) == (200, first.data)
    assert decides(caller, "doctor") == PERMITTED
    tighten(caller, key='"k-2"')
    assert decides(caller, "doctor") == REFUSED


def test_a_key_belongs_to_one_call(caller, other_caller):
    assert tighten(caller, key="k", hcp="nurse").status_code == 200
    answer = tighten(caller, key="k")
    assert (answer.status_code, answer.json["type"]) == (422, "urn:governance:problem:idempotency_key_reused")
    assert decides(caller, "doctor") == PERMITTED
    # Another platform's key is another key.
    assert tighten(other_caller, key="k").status_code == 200


@pytest.mark.parametrize("key", ['""', "", "x" * 257])
def test_a_key_of_no_good_form_is_refused(caller, key):
    assert tighten(caller, key=key).status_code == 400
    assert decides(caller, "doctor") == PERMITTED


@pytest.mark.parametrize(
    "said", [{"account": ""}, {"account": 7}, {"hcp": ""}, {"hcp": None}, {"hcp": ["nurse"]}, {"account": "x" * 257}]
)
def test_a_wish_of_no_good_form_changes_nothing(caller, said):
    assert tighten(caller, **said).status_code == 400
    assert decides(caller, "doctor") == PERMITTED


def test_what_the_patient_chose_stays_as_it_was(caller, people):
    tighten(caller, "ana")
    people.session.rollback()
    assert (people.choices("ana").care_team, people.choices("ana").others) == (ANSWERED, CLOSED)


def test_the_names_that_were_sent_are_sealed(caller, people):
    tighten(caller, "quite new here")
    people.session.rollback()
    account = people.account("quite new here")
    assert b"quite" not in account.sealed_name
    assert account_name(people.session, people.keyring, account) == "quite new here"


def test_single_accounts_have_an_end_and_all_professionals_do_not(caller, monkeypatch):
    monkeypatch.setattr(tightening, "MOST_NAMED", 2)
    assert [tighten(caller, hcp=who).status_code for who in ("pia", "quin", "rob", "quin")] == [200, 200, 400, 200]
    assert "leave out `hcp`" in tighten(caller, hcp="rob").json["detail"]
    assert decides(caller, "pia") == REFUSED
    assert decides(caller, "nurse") == PERMITTED
    assert tighten(caller).status_code == 200
    assert decides(caller, "nurse") == REFUSED
