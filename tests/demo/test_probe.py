"""The kit's probe on the demo forum: no leak, and every place where the filter was left out is found."""

import json

import pytest

from governance.demo import household
from governance.demo.check import ana_chooses, ana_hides
from governance.demo.household import free_port, running
from governance.demo.report import Report
from governance.demo.walker import Walker
from governance.pep.probe.__main__ import FOUND_NOTHING, LEAKS, main
from tests.marks import one_each_time

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
MARKS = (
    ("text", "scared of the nights", "nights"),
    ("title", "do i tell my new boss", ""),
    ("post", "like a reversing lorry", "lorry"),
    ("news", "taped mine to the coffee tin", "coffee"),
)
COUNT = {"page": "/c/ask-together", "pattern": r"Ben \S (\d+) posts"}


def probed(folder, capsys):
    """Walk, have Ana hide from all professionals, walk again; return how it ended and what it said."""
    with running(folder, free_port(), free_port()) as house:
        sign_in = {
            viewer: {"page": "/people", "fields": {"account": account}}
            for viewer, account in (("professional", "dan"), ("peer", "cal"))
        }
        marks = [{"surface": surface, "word": word, "bait": bait} for surface, word, bait in MARKS]
        plan = folder / "plan.json"
        plan.write_text(json.dumps({"forum": house.forum_url, "sign_in": sign_in, "marks": marks, "counts": [COUNT]}))
        assert main(["before", str(plan)]) == FOUND_NOTHING
        walker = Walker(house, Report(lambda _: None))
        ana_chooses(walker)
        ana_hides(walker)
        capsys.readouterr()
        left = main(["after", str(plan), "--json"])
        return left, json.loads(capsys.readouterr().out)


def test_the_demo_forum_leaks_nothing(tmp_path, capsys):
    left, report = probed(tmp_path, capsys)
    assert (report["leaks"], left) == ([], FOUND_NOTHING)
    assert report["proves"] is True
    assert report["lost"] == []
    proven = {(one["surface"], one["page"]) for one in report["surfaces"] if one["before"]}
    assert {("text", "/t/night-lows"), ("title", "/c/ask-together"), ("text", "/m/ana")} <= proven


@pytest.mark.parametrize("place", one_each_time(["thread_lines", "search", "newest"]))
def test_a_place_without_the_filter_is_found(place, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(household, "_FORUM", "tests.demo.leaky_forum")
    monkeypatch.setenv("LEAK", place)
    left, report = probed(tmp_path, capsys)
    assert left == LEAKS
    assert report["leaks"] != []
