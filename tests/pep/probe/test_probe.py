"""The probe on a small forum: it finds every leak that there is, and none that there is not."""

import base64
import json
import subprocess
import sys

import pytest

from governance.pep.probe.__main__ import FOUND_NOTHING, LEAKS, PROVES_NOTHING, main
from governance.pep.probe.browser import Browser
from governance.pep.probe.failures import ProbeError
from governance.pep.probe.judging import shape_of
from governance.pep.probe.plan import read_plan
from governance.pep.probe.signing import verify
from governance.pep.probe.walking import Walk, known_to
from tests.pep.probe import small_forum
from tests.pep.probe.small_forum import BAIT, FILE, QUOTE, TEXT, TITLE, Forum, serving

COUNT = {"page": "/", "pattern": r"(\d+) posts"}
WORDS = (("text", TEXT, BAIT), ("title", TITLE, ""), ("quote", QUOTE, ""), ("attachment", FILE, ""))


@pytest.fixture
def forum():
    return Forum()


@pytest.fixture
def plan(forum, tmp_path):
    with serving(forum) as url:
        sign_in = {
            viewer: {"page": "/login", "fields": {"name": name}}
            for viewer, name in (("professional", "doctor"), ("peer", "ben"))
        }
        marks = [{"surface": surface, "word": word, "bait": bait} for surface, word, bait in WORDS]
        file = tmp_path / "plan.json"
        file.write_text(json.dumps({"forum": url, "sign_in": sign_in, "marks": marks, "counts": [COUNT]}))
        yield file


def judged(plan, forum, capsys, *more):
    """Walk, hide, walk again; return how the probe ended and what it said."""
    assert main(["before", str(plan)]) == FOUND_NOTHING
    forum.hidden = True
    capsys.readouterr()
    left = main(["after", str(plan), "--json", *more])
    return left, json.loads(capsys.readouterr().out)


def test_a_forum_that_hides_all_passes_and_every_surface_was_proven(plan, forum, capsys):
    left, report = judged(plan, forum, capsys)
    assert (left, report["leaks"], report["lost"], report["unproven"]) == (FOUND_NOTHING, [], [], [])
    assert report["proves"] is True
    assert set(report["public"]) == {"attachment", "quote", "text", "title"}


@pytest.mark.parametrize("place", small_forum.LEAKS)
def test_every_leak_is_found_wherever_it_is(place, plan, forum, capsys):
    forum.leaks = place
    left, report = judged(plan, forum, capsys)
    assert left == LEAKS
    assert report["leaks"] != []


def test_a_leak_is_told_by_surface_and_by_kind_of_page_and_the_words_are_in_no_report(plan, forum, capsys):
    forum.leaks = "feed"
    _, report = judged(plan, forum, capsys)
    assert report["leaks"] == [{"surface": "text", "page": "/feed", "how": "its words are there"}]
    assert not any(word in json.dumps(report) for _, word, _ in WORDS)


def test_what_peers_lost_is_told(plan, forum, capsys):
    forum.too_much = True
    left, report = judged(plan, forum, capsys)
    assert left == FOUND_NOTHING
    assert {"surface": "text", "page": "/t/*"} in report["lost"]


def test_a_walk_that_never_saw_a_word_proves_nothing(plan, forum, capsys):
    forum.hidden = True
    assert main(["before", str(plan)]) == FOUND_NOTHING
    assert main(["after", str(plan), "--json"]) == PROVES_NOTHING
    report = json.loads(capsys.readouterr().out.partition("\n{")[2].join(("{", "")))
    assert report["unproven"] == ["attachment", "quote", "text", "title"]


def test_what_was_not_read_before_is_told_while_it_can_still_be_posted(plan, forum, capsys):
    forum.leaks, forum.hidden = "quote", True
    assert main(["before", str(plan)]) == FOUND_NOTHING
    assert "not read by the professional: attachment, text, title; post these" in capsys.readouterr().out
    forum.hidden = False
    assert main(["before", str(plan)]) == FOUND_NOTHING
    assert "not read" not in capsys.readouterr().out


def test_a_canary_is_judged_by_one_walk(plan, forum):
    forum.hidden = True
    assert main(["canary", str(plan)]) == FOUND_NOTHING
    forum.leaks = "list"
    assert main(["canary", str(plan)]) == LEAKS


def test_a_forum_that_answers_professionals_with_faults_alone_proves_nothing(plan, forum, capsys):
    """As while its sidecar is away: nothing leaks then, and nothing is filtered either."""
    forum.away = "doctor"
    left, report = judged(plan, forum, capsys)
    assert (left, report["leaks"], report["proves"]) == (PROVES_NOTHING, [], False)
    assert main(["canary", str(plan)]) == PROVES_NOTHING
    forum.away = None
    assert main(["canary", str(plan)]) == FOUND_NOTHING


def test_a_canary_that_nobody_can_read_any_more_proves_nothing(plan, forum):
    forum.hidden = forum.too_much = True
    assert main(["canary", str(plan)]) == PROVES_NOTHING


def test_the_session_is_not_ended_by_its_own_walk(plan, forum):
    main(["before", str(plan)])
    assert "/logout" not in forum.opened
    assert "/search" in forum.opened


def test_the_report_is_signed_and_a_changed_one_is_not_believed(plan, forum, capsys, tmp_path):
    report, key = tmp_path / "report.jws", tmp_path / "key.pem"
    judged(plan, forum, capsys, "--report", str(report), "--key", str(key))
    head, body, signature = report.read_text().strip().split(".")
    x = json.loads(base64.urlsafe_b64decode(head + "=="))["jwk"]["x"]
    assert verify(report.read_text(), x)["leaks"] == []
    assert key.stat().st_mode & 0o777 == 0o600
    changed = json.loads(base64.urlsafe_b64decode(body + "==")) | {"leaks": ["none, honestly"]}
    forged = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")
    with pytest.raises(ProbeError, match="changed"):
        verify(f"{head}.{forged}.{signature}", x)


def test_a_plan_changed_between_the_walks_is_refused(plan, capsys):
    main(["before", str(plan)])
    plan.write_text(plan.read_text().replace(TITLE, "zqanother"))
    assert main(["after", str(plan)]) == PROVES_NOTHING
    assert "walk again" in capsys.readouterr().err


def test_a_new_plan_has_fresh_words_and_no_password(tmp_path, monkeypatch):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert main(["new", str(first), "https://forum.example/"]) == FOUND_NOTHING
    assert main(["new", str(second), "https://forum.example"]) == FOUND_NOTHING
    assert main(["new", str(first), "https://forum.example"]) == PROVES_NOTHING
    monkeypatch.setenv("PROBE_PROFESSIONAL_PASSWORD", "another")
    monkeypatch.setenv("PROBE_PEER_PASSWORD", "from the environment")
    words = [{mark.word for mark in read_plan(file).marks} for file in (first, second)]
    assert len(words[0] | words[1]) == 2 * len(words[0])
    assert read_plan(first).sign_ins["peer"].fields["password"] == "from the environment"


def test_a_plan_is_made_of_an_address_alone(tmp_path, capsys):
    file = tmp_path / "plan.json"
    assert main(["new", str(file), "forum.example"]) == PROVES_NOTHING
    assert ("https://" in capsys.readouterr().err, file.exists()) == (True, False)


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"forum": "x", "sign_in": {}, "marks": []}'])
def test_what_is_no_plan_is_refused_with_what_to_do(broken, tmp_path, capsys):
    file = tmp_path / "plan.json"
    file.write_text(broken)
    assert main(["before", str(file)]) == PROVES_NOTHING
    assert "probe: " in capsys.readouterr().err


def test_a_viewer_who_cannot_sign_in_stops_the_probe(plan, capsys):
    plan.write_text(plan.read_text().replace('"name":', '"login":'))
    assert main(["before", str(plan)]) == PROVES_NOTHING
    assert "no form with the fields login" in capsys.readouterr().err


def test_a_word_that_the_probe_brings_itself_and_gets_back_is_no_leak(forum):
    with serving(forum) as url:
        browser = Browser(url)
        echoed = browser.open(f"/login?next=/t/1-{TITLE}")
        assert TITLE not in echoed.everything
        forum.leaks = "list"
        assert TITLE in browser.open("/").everything


def test_nobody_is_handed_the_secret_address_of_somebody_elses_feed():
    own, token = "https://f.example/t/12-zqtitle-of-a-topic", "https://f.example/feed/hK3_vQ9-aZ7bXw2cLm"
    walks = {"peer": Walk(seen={own: ["title"], token: ["text"]}), "professional": Walk()}
    assert known_to("professional", walks) == {own}
    assert known_to("peer", walks) == {own, token}


def test_kinds_of_pages_name_nobody():
    assert shape_of("https://f.example/t/12-my-secret?page=2&sort=up") == "/t/*?page&sort"
    assert shape_of("https://f.example/a/zqword-in-a-title", ["zqword"]) == "/a/*"


def test_the_probe_runs_where_nothing_of_the_service_is_installed(tmp_path):
    """In isolated mode with no site-packages: the standard library is all there is."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from governance.pep.probe.__main__ import main; "
        "raise SystemExit(main(['new', sys.argv[2], 'https://forum.example']))"
    )
    root = str(small_forum.__file__).partition("/tests/")[0]
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code, root, str(tmp_path / "plan.json")], check=False)
    assert done.returncode == FOUND_NOTHING


def test_the_command_line_hands_on_how_it_ended(plan):
    done = subprocess.run(
        [sys.executable, "-m", "governance", "probe", "canary", str(plan)], capture_output=True, text=True, check=False
    )
    assert done.returncode == LEAKS, done.stderr
    assert done.stdout.splitlines()[-1].endswith(" leaks")
