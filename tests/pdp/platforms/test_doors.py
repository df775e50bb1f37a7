"""A forum's own doors to its life here, and what staff type."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from governance.cli.platform import platform
from tests.forum import asked
from tests.pdp.conftest import Caller
from tests.pdp.platforms.conftest import ADDRESS, LEAK

HCP = asked("nurse", "ana")


@pytest.fixture
def hand_in(people, life, prober):
    """A report is taken, so many seconds from now."""

    def hand_in(*leaks, seconds=0, **said):
        life(seconds=seconds).take(prober.says(leaks, ago=-timedelta(seconds=seconds), **said))
        people.session.commit()

    return hand_in


@pytest.fixture
def run(app, people):  # noqa: ARG001 - the forum is there
    def run(*arguments, **said):
        with app.app_context():
            done = CliRunner().invoke(platform, arguments, **said)
        return done.exit_code, done.output + str(done.exception or "")

    return run


def state(caller):
    return caller.client.get("/v1/standing", headers=caller.headers).json


def test_a_forum_reads_its_steps_in_their_order(caller, life):
    told = state(caller)
    assert life
    assert (told["state"], told["why"]) == ("trying", "")
    names = "client keys account_claim communities professionals members observe probe_key probe live off_switch"
    assert [step["name"] for step in told["steps"]] == names.split()
    assert [step["name"] for step in told["steps"] if not step["done"]] == ["probe", "live"]
    # Of members and professionals it counts, and names nobody.
    assert "ana" not in json.dumps(told)


def test_a_report_through_the_door_suspends_and_the_next_answer_refuses(caller, life, prober):
    assert life
    assert caller.decides(HCP) == (True, "permitted")
    sent = caller.send("/v1/probe-reports", {"report": prober.says([LEAK], kind="canary")})
    assert sent.json == {"kind": "canary", "result": "leaks", "leaks": 1, "state": "suspended"}
    assert caller.decides(HCP) == (False, "hcp_not_eligible")
    assert caller.decides(asked("pia", "ana")) == (True, "not_governed")
    assert (state(caller)["state"], state(caller)["why"]) == ("suspended", "canary")


def test_the_off_switch_is_the_forums_and_the_way_back_is_not(app, caller, run, life, prober):
    assert caller.send("/v1/suspension", {}).json["state"] == "suspended"
    assert caller.decides(HCP)[0] is False
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    assert not [rule for rule in routes if "resum" in rule]
    assert run("resume", "forum", "--yes")[0] == 1
    life(seconds=2).take(prober.says())
    assert caller.decides(HCP)[0] is False


@pytest.mark.parametrize("body", [{}, {"report": ""}, {"report": 1}, {"report": "x", "more": 1}, {"report": "x.y.z"}])
def test_what_is_no_report_is_refused_with_a_reason(caller, life, body):
    assert life
    answer = caller.send("/v1/probe-reports", body)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_without_a_noted_key_a_forum_is_told_whom_to_ask(caller, prober):
    answer = caller.send("/v1/probe-reports", {"report": prober.says()})
    assert answer.status_code == 400
    assert "governance platform probe" in answer.json["detail"]


@pytest.mark.parametrize(("method", "path"), [("GET", "standing"), ("POST", "probe-reports"), ("POST", "suspension")])
def test_every_door_asks_for_its_scope(app, people, method, path):
    asker = Caller(app, people.credentials, scope="decisions:evaluate")
    assert asker.send(f"/v1/{path}", {}, method=method).status_code == 403


def test_staff_lead_a_forum_through_its_steps(caller, run, prober, tmp_path):
    assert "next: probe_key: governance platform probe forum ADDRESS KEY" in run("steps", "forum")[1]
    assert run("live", "forum", "c")[0] == 1
    assert run("probe", "forum", ADDRESS, prober.key)[0] == 0
    report = tmp_path / "report"
    report.write_text(prober.says())
    assert "walk: clean, 0 leaks; the forum is trying" in run("report", "forum", str(report))[1]
    assert run("live", "forum", "c") == (0, "c is live\n")
    assert json.loads(run("steps", "forum", "--json")[1])["state"] == "live"
    assert "nothing is left to do" in run("steps", "forum")[1]
    assert run("suspend", "forum")[0] == 0
    assert caller.decides(HCP)[0] is False
    code, told = run("resume", "forum", "--yes")
    assert code == 1
    assert "before the forum was suspended" in told


def test_resuming_asks_first(run):
    assert run("suspend", "forum")[0] == 0
    assert run("resume", "forum", input="n\n")[0] == 1


def test_an_end_shows_professionals_nothing_at_once_even_to_a_token_that_runs(caller, run):
    assert caller.decides(HCP)[0] is True
    assert run("end", "forum", "--yes")[0] == 0
    assert caller.decides(HCP)[0] is False
    told = run("steps", "forum")[1]
    assert told.startswith("ended")
    # Nothing brings it back, so nothing comes next.
    assert told.endswith("it has ended for ever\n")


def test_staff_end_a_hold_of_the_whole_forum_by_what_was_mended_and_read_what_is_owed(run, hand_in, caller):
    hand_in(LEAK, kind="canary")
    hand_in(LEAK, seconds=1)
    hand_in(kind="canary", seconds=3)
    code, told = run("resume", "forum", "--yes")
    assert (code, "--because" in told) == (1, True)
    assert run("resume", "forum", "--because", "bored", "--yes")[0] == 2
    assert caller.decides(HCP)[0] is False
    code, told = run("resume", "forum", "--because", "patched", "--yes")
    assert (code, "it owes a walk that says 0 until" in told) == (0, True)
    assert caller.decides(HCP) == (True, "permitted")
    assert (state(caller)["state"], state(caller)["why"]) == ("trying", "walk_owed")
