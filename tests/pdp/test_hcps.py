"""Which accounts are governed, what their badge says, and that declaring one cannot be undone by its forum."""

import pytest

from governance.cli.staff import staff
from governance.crypto.data_keys import DataKeys, owner_of
from governance.decision.vocabulary import Capacity, Status
from governance.effective.service import Register
from tests.forum import asked
from tests.pdp.conftest import Caller

EMPTY = {"eligible": False, "actions": [], "assurance": None, "profession": None, "badge": None}


def governed(caller, query=""):
    answer = caller.client.get(f"/v1/hcps{query}", headers=caller.headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def standing(caller, *accounts, **said):
    answer = caller.send("/v1/hcps/query", {"accounts": list(accounts), **said})
    assert answer.status_code == 200, answer.text
    return answer.json["hcps"]


def declare(caller, *accounts):
    return caller.send("/v1/hcps/declare", {"accounts": list(accounts)})


def capacity(people, name, capacity, community=None):
    """A capacity on record, as a professional's own page would have it."""
    register = Register(people.session, people.keyring, people.now)
    hcp = people.registers(name)
    place = None if community is None else community
    entry = [capacity, str(people.id), place, 0, 2**62]
    register.put("hcp", str(hcp), "capacity", {"capacities": [entry]})
    people.session.commit()


def test_the_governed_accounts_are_listed_by_their_own_names(caller, people):
    people.declares("claire")
    people.session.commit()
    assert governed(caller) == {"accounts": ["claire", "doctor", "nurse"], "next": None, "complete": True}


def test_a_patient_is_not_governed(caller):
    assert "ana" not in governed(caller)["accounts"]


def test_pages_add_up_to_the_whole_list(caller, people):
    for number in range(7):
        people.declares(f"member {number}")
    people.session.commit()
    found, page = [], governed(caller, "?limit=2")
    while page["next"]:
        found += page["accounts"]
        page = governed(caller, f"?limit=2&after={page['next']}")
    assert sorted(found + page["accounts"]) == governed(caller)["accounts"]


def test_a_cursor_tells_nothing_and_opens_on_its_own_platform_alone(caller, other_caller, people):
    cursor = governed(caller, "?limit=1")["next"]
    assert people.key("nurse") not in cursor
    assert people.key("doctor") not in cursor
    for who, sent in ((other_caller, cursor), (caller, cursor[:-4] + "AAAA"), (caller, "x"), (caller, "%FF")):
        assert who.client.get(f"/v1/hcps?after={sent}", headers=who.headers).status_code == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after="])
def test_a_page_of_no_good_form_is_a_bad_request(asker, query):
    assert asker.client.get(f"/v1/hcps?{query}", headers=asker.headers).status_code == 400


def test_another_platform_sees_nothing_of_it(other_caller):
    assert governed(other_caller)["accounts"] == []
    assert standing(other_caller, "nurse") == [{"account": "nurse", "governed": False, **EMPTY}]


def test_a_list_that_lost_a_name_says_so(caller, people):
    DataKeys(people.session, people.keyring).destroy(owner_of("account", people.account("nurse").id))
    people.session.commit()
    assert governed(caller) == {"accounts": ["doctor"], "next": None, "complete": False}
    assert standing(caller, "nurse")[0]["governed"] is True


def test_the_badge_says_what_was_checked_and_no_more(caller, people):
    people.registers("third", "midwife", assurance=3)
    people.registers("second", "midwife", assurance=2)
    people.session.commit()
    fourth, third, second = standing(caller, "nurse", "third", "second")
    assert fourth["badge"] == "Nurse, nurse. On a professional register. This is not advice for you."
    assert third["badge"] == (
        "Third, midwife. On a professional register: number checked, person not checked. This is not advice for you."
    )
    assert second["badge"] is None
    assert [one["assurance"] for one in (fourth, third, second)] == ["A4", "A3", "A2"]
    assert [one["eligible"] for one in (fourth, third, second)] == [True, True, False]
    assert "record" in fourth["actions"]
    assert set(third["actions"]) == {"view", "find", "react", "reply", "moderate"}


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.REMOVED, Status.UNKNOWN, Status.LAPSED])
def test_who_may_do_nothing_wears_no_badge(caller, people, status):
    people.registers("ed", status=status)
    people.session.commit()
    assert (standing(caller, "ed")[0]["eligible"], standing(caller, "ed")[0]["badge"]) == (False, None)


def test_a_check_that_ran_out_takes_the_badge_away(caller, people):
    people.later(days=-61)
    people.registers("ed")
    people.session.commit()
    assert standing(caller, "ed")[0]["badge"] is None


def test_who_is_here_as_a_patient_wears_no_badge_and_has_no_profession(caller, people):
    capacity(people, "dee", Capacity.PEER)
    one = standing(caller, "dee")[0]
    assert (one["governed"], one["eligible"]) == (True, True)
    assert (one["badge"], one["profession"], one["assurance"]) == (None, None, None)


def test_declared_and_unknown_accounts_have_nothing_but_that(caller, people):
    people.declares("claire")
    people.session.commit()
    assert standing(caller, "claire", "never seen", "ana") == [
        {"account": "claire", "governed": True, **EMPTY},
        {"account": "never seen", "governed": False, **EMPTY},
        {"account": "ana", "governed": False, **EMPTY},
    ]


def test_the_answer_does_not_depend_on_any_patient(caller, people):
    before = standing(caller, "nurse", "doctor")
    people.hides("ana")
    people.session.commit()
    assert standing(caller, "nurse", "doctor") == before


def test_one_broken_row_is_governed_and_costs_nobody_else(caller, people):
    row = str(people.registers("ed"))
    people.session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'' WHERE subject = ?", (row,))
    people.session.commit()
    broken, good = standing(caller, "ed", "nurse")
    assert broken == {"account": "ed", "governed": True, **EMPTY}
    assert good["eligible"]


def test_declared_is_governed_at_once_and_stays_so(caller):
    assert caller.decides(asked("pia", "ana")) == (True, "not_governed")
    answer = declare(caller, "pia", "quin")
    assert answer.status_code == 200
    assert caller.decides(asked("pia", "ana")) == (False, "hcp_not_eligible")
    assert declare(caller, "pia").json == answer.json
    for method in ("DELETE", "PUT", "PATCH"):
        assert caller.send("/v1/hcps/declare", {"accounts": ["pia"]}, method=method).status_code == 405
    assert governed(caller)["accounts"] == ["doctor", "nurse", "pia", "quin"]


def test_only_our_staff_take_a_mark_away(caller, people):
    declare(caller, "pia")
    people.session.rollback()
    Register(people.session, people.keyring, people.now).clear_declared(people.id, people.key("pia"))
    people.session.commit()
    assert caller.decides(asked("pia", "ana")) == (True, "not_governed")


def test_staff_do_so_by_a_command_that_asks_first(app, caller):
    declare(caller, "pia")
    words = ["hcp", "undeclare", "--platform", "forum", "--account", "pia"]
    with app.app_context():
        run = app.test_cli_runner()
        assert run.invoke(staff, words, input="n\n").exit_code == 1
        assert caller.decides(asked("pia", "ana")) == (False, "hcp_not_eligible")
        assert run.invoke(staff, [*words, "--yes"]).exit_code == 0
    assert caller.decides(asked("pia", "ana")) == (True, "not_governed")


def test_clearing_a_declaration_leaves_a_registration_alone(caller, people):
    people.declares("nurse")
    Register(people.session, people.keyring, people.now).clear_declared(people.id, people.key("nurse"))
    people.session.commit()
    assert standing(caller, "nurse")[0]["governed"]


@pytest.mark.parametrize(
    "body",
    [{}, {"accounts": []}, {"accounts": ["a"] * 1001}, {"accounts": [""]}, {"accounts": "pia"}, {"accounts": [1]}],
)
@pytest.mark.parametrize("path", ["query", "declare"])
def test_a_list_of_no_good_form_changes_nothing(asker, body, path):
    assert asker.send(f"/v1/hcps/{path}", body).status_code == 400


def test_a_token_that_only_asks_declares_nobody(app, people):
    only = Caller(app, people.credentials, "decisions:evaluate")
    assert declare(only, "ana").status_code == 403
    assert only.decides(asked("ana", "ana")) == (True, "not_governed")
