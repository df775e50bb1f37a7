"""A live forum begins to leak: a real walk suspends it; an officer's word and one more walk bring it back."""

import json

import pytest
import requests

from governance.demo.check import ana_chooses, ana_hides
from governance.demo.commanding import run_commands
from governance.demo.errors import DemoError
from governance.demo.forum.seed import talk
from governance.demo.household import PLATFORM, free_port, running
from governance.demo.report import Report
from governance.demo.surfaces import OTHERS
from governance.demo.walker import ABSENT, SHOWN, Walker
from governance.pep.probe.__main__ import FOUND_NOTHING, LEAKS, main
from governance.pep.probe.signing import public_key
from tests.demo.test_probe import MARKS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
HONEST, LEAKY = "governance.demo.forum.__main__", "tests.demo.leaky_forum"


class Story:
    """The service, its worker and the forum as processes; an operator who walks, and an officer who types."""

    def __init__(self, house, folder):
        self.house, self.folder = house, folder
        self.plan, self.key = folder / "plan.json", folder / "probe-key.pem"
        self.forum = house._running[1]
        self.report = Report(lambda _: None)
        self.walker = Walker(house, self.report)
        accounts = {"professional": "dan", "peer": "cal"}
        sign_in = {who: {"page": "/people", "fields": {"account": name}} for who, name in accounts.items()}
        marks = [{"surface": surface, "word": word, "bait": bait} for surface, word, bait in MARKS]
        self.plan.write_text(json.dumps({"forum": house.forum_url, "sign_in": sign_in, "marks": marks}))
        self.headers = {"Authorization": f"Bearer {house.token('communities:write')}"}

    def types(self, *commands):
        """An officer at the command line of the service, by which a process is begun for all of them."""
        run_commands([self.house._in_service("platform", first, PLATFORM, *rest) for first, *rest in commands])

    def walks_after(self):
        signed = self.folder / "report.jws"
        left = main(["after", str(self.plan), "--json", "--report", str(signed), "--key", str(self.key)])
        return left, signed.read_text()

    def hands_in(self, signed):
        answer = requests.post(
            f"{self.house.service_url}/v1/probe-reports", json={"report": signed}, headers=self.headers, timeout=30
        )
        assert answer.status_code == requests.codes.ok, answer.text
        return answer.json()

    def standing(self):
        told = requests.get(f"{self.house.service_url}/v1/standing", headers=self.headers, timeout=30).json()
        return told["state"], told["why"]

    def runs(self, module):
        """The forum is stopped, and started as another version of its program."""
        before = self.forum
        before.terminate()
        before.wait(30)
        before.stdin.close()
        self.house._running.remove(before)
        self.house._run("forum", module, str(self.house._settings_file))
        self.forum = self.house._running[-1]
        self.house._wait_for(f"{self.house.forum_url}/healthz", "forum")

    def sees(self, who, expected):
        """What somebody sees of another member's post, and what we say of it: both are noted."""
        self.walker.see(who, expected, OTHERS)

    def goes_live(self):
        assert main(["before", str(self.plan)]) == FOUND_NOTHING
        ana_chooses(self.walker)
        ana_hides(self.walker)
        self.types(("probe", self.house.forum_url, public_key(self.key)))
        left, signed = self.walks_after()
        assert left == FOUND_NOTHING
        assert self.hands_in(signed)["state"] == "trying"
        self.types(*(("live", community["id"]) for community in talk()["community"]))


def test_a_walk_that_finds_a_leak_suspends_a_live_forum_and_a_clean_one_brings_it_back(tmp_path, monkeypatch):
    monkeypatch.setenv("LEAK", "thread_lines")
    with running(tmp_path, free_port(), free_port()) as house:
        story = Story(house, tmp_path)
        story.goes_live()
        assert story.standing() == ("live", "")
        story.sees("dan", SHOWN)

        story.runs(LEAKY)
        left, signed = story.walks_after()
        assert left == LEAKS
        # Until the report is handed in, nobody here knows.
        assert story.standing() == ("live", "")
        told = story.hands_in(signed)
        assert (told["kind"], told["result"], told["state"]) == ("walk", "leaks", "suspended")
        # The answer above came after the commit: the very next decision refuses, and members see what they saw.
        story.runs(HONEST)
        story.sees("dan", ABSENT)
        story.sees("cal", SHOWN)
        assert story.standing() == ("suspended", "leak")
        assert "platform_suspended" in (tmp_path / "service.log").read_text()
        with pytest.raises(DemoError):
            story.types(("resume", "--yes"))

        left, signed = story.walks_after()
        assert left == FOUND_NOTHING
        told = story.hands_in(signed)
        # While professionals are shown nothing, a walk is no walk.
        assert (told["kind"], told["state"]) == ("canary", "suspended")
        story.sees("dan", ABSENT)
        with pytest.raises(DemoError):
            story.types(("resume", "--yes"))
        story.types(("resume", "--because", "patched", "--yes"))
        assert story.standing() == ("live", "walk_owed")
        story.sees("dan", SHOWN)
        left, signed = story.walks_after()
        assert left == FOUND_NOTHING
        assert story.hands_in(signed)["kind"] == "walk"
        assert story.standing() == ("live", "")
        wrong = [step for step in story.report.steps if not step.held]
        assert wrong == []
