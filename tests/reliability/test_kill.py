"""kill -9 of the real service while people change what is in force: what was acknowledged is there."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import requests

from tests.forum import asked
from tests.marks import few

WRITERS = 3
PRESSES = 12
"""So many members stand ready for each writer; the service is killed before all of them are done."""
LOOPS = 20


def hides(address, cookie, form_token):
    """Press *hide me*; true once the service has said that it is done."""
    form = {"data": {"csrf_token": form_token}, "cookies": {"governance": cookie}}
    try:
        answer = requests.post(f"{address}/my/hide", **form, timeout=10, allow_redirects=False)
    except requests.RequestException:
        return False
    assert answer.status_code == 303, answer.text
    return True


class Forum:
    """A forum's own program, which registers communities and asks about members."""

    def __init__(self, address, credentials):
        self._address, pair = address, (credentials.client_id, credentials.client_secret)
        sent = {"grant_type": "client_credentials"}
        answer = requests.post(f"{address}/oauth/token", data=sent, auth=pair, timeout=10)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def registers(self, community):
        body = {"posture": "peer_only", "ages": "adults", "moderators": []}
        try:
            answer = requests.put(
                f"{self._address}/v1/communities/{community}", json=body, headers=self._headers, timeout=10
            )
        except requests.RequestException:
            return False
        assert answer.status_code == 200, answer.text
        return True

    def asks(self, viewer, author):
        url = f"{self._address}/access/v1/evaluation"
        return requests.post(url, json=asked(viewer, author), headers=self._headers, timeout=10)

    def hidden(self, members):
        """Return those of some members who are hidden."""
        found = set()
        for first in range(0, len(members), 1000):
            body = {"accounts": sorted(members)[first : first + 1000]}
            answer = requests.post(f"{self._address}/v1/opt-outs/query", json=body, headers=self._headers, timeout=30)
            found |= {status["account"] for status in answer.json()["opt_outs"] if status["hold"]}
        return found


class Loops:
    """Rounds of start, writing, and kill -9 on one house."""

    def __init__(self, house, starts, seed):
        self.house, self._starts, self._rng = house, starts, random.Random(seed)
        self._credentials = house.founds_forum()
        self._members = (f"member {number}" for number in count())
        self.hidden, self.communities = set(), set()

    def round(self, *variant):
        """Start, write, kill at any moment; then start again and look."""
        cookies = self.house.signs_in([next(self._members) for _ in range(WRITERS * PRESSES)])
        rows = list(cookies.items())
        with self._starts.serving(self.house, *variant) as service:
            forum = Forum(service.address, self._credentials)
            self._sees(forum)
            with ThreadPoolExecutor(WRITERS + 1) as pool:
                work = [pool.submit(self._writes, service, rows[part::WRITERS]) for part in range(WRITERS)]
                work.append(pool.submit(self._registers, forum, list(cookies)))
                self._waits()
                service.kill()
            for part in work:
                part.result()

    def _waits(self):
        """Wait for some presses to be done, however slow the machine is, and then for any moment."""
        done, until = len(self.hidden) + self._rng.randrange(WRITERS * PRESSES // 6), time.monotonic() + 10
        while len(self.hidden) < done and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(self._rng.random() * 0.05)

    def _writes(self, service, rows):
        form_token = self.house.form_token()
        for member, cookie in rows:
            if not hides(service.address, cookie, form_token):
                return
            self.hidden.add(member)

    def _registers(self, forum, names):
        for name in names:
            if not forum.registers(f"about {name}"):
                return
            self.communities.add(f"about {name}")

    def _sees(self, forum):
        lost = self.hidden - forum.hidden(self.hidden)
        assert not lost, f"acknowledged and lost: {len(lost)}"

    def ends(self):
        """Look once more at everything that was ever acknowledged."""
        with self._starts.serving(self.house) as service:
            forum = Forum(service.address, self._credentials)
            self._sees(forum)
            # Registered with notice ever since: were one lost, this would be its first time.
            assert all(forum.registers(community) for community in sorted(self.communities)[:5])
        self.house.verifies()
        self.house.has_an_entry_for_every_effect()


def survives(loops, many):
    for _ in range(many):
        loops.round()
        loops.house.verifies()
        loops.house.has_an_entry_for_every_effect()
    loops.ends()
    # Neither nothing was written, nor was everything done before the kill.
    assert many < len(loops.hidden) < many * WRITERS * PRESSES


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", few([3, LOOPS]))
def test_killed_at_any_moment_the_service_has_kept_all_it_acknowledged(house, starts, kills):
    survives(Loops(house, starts, seed=3), kills)


@pytest.mark.hunt
@pytest.mark.timeout(3600)
def test_killed_five_hundred_times_the_service_has_kept_all_it_acknowledged(house, starts):
    survives(Loops(house, starts, seed=5), 500)


@pytest.mark.slow
def test_a_service_that_answers_before_it_commits_is_caught(house, starts):
    """The control: these loops can fail."""
    loops = Loops(house, starts, seed=4)

    def rounds():
        for _ in range(LOOPS):
            loops.round("acknowledging-first")

    with pytest.raises(AssertionError, match="acknowledged and lost"):
        rounds()
