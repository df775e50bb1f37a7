"""Four processes serve one forum: what one of them acknowledged as closed, none of them permits any more."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests
from sqlalchemy.orm import Session

from governance.demo.household import free_port
from governance.ledger.commits import OUTSIDE
from governance.ui.clock import now
from tests.forum import IN_TOUCH, Forum, asked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PROCESSES = 4
ROUNDS = 300
EACH = 3
"""Times that each process is asked after a change: 300 x 4 x 3 are 3,600 checks."""


class Platform:
    """A forum's program that asks several processes of one service."""

    def __init__(self, credentials, addresses):
        self._addresses = addresses
        pair = (credentials.client_id, credentials.client_secret)
        sent = {"grant_type": "client_credentials"}
        token = requests.post(f"{addresses[0]}/oauth/token", data=sent, auth=pair, timeout=10).json()["access_token"]
        self._http = [requests.Session() for _ in addresses]
        for http in self._http:
            http.headers["Authorization"] = f"Bearer {token}"
        self._pool = ThreadPoolExecutor(PROCESSES)

    def permits(self, patient, times=1):
        """Ask every process, some times over, all at once; say what each answer was."""

        def ask(process):
            return [self._send(process, "/access/v1/evaluation", asked("nurse", patient)) for _ in range(times)]

        answers = self._pool.map(ask, range(PROCESSES))
        return [answer["decision"] for some in answers for answer in some]

    def tightens(self, process, patient):
        """Close a member to all professionals; returns once a process has acknowledged it."""
        self._send(process, "/v1/opt-outs/tighten", {"account": patient})

    def _send(self, process, path, body):
        answer = self._http[process].post(f"{self._addresses[process]}{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()


def open_ones(house, many):
    """A forum with so many members who permit a nurse; its credentials and their names."""
    with Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside}) as session:
        forum = Forum(session, house.keyring, at=now())
        forum.registers("nurse")
        forum.opens("c")
        names = [f"member {number}" for number in range(many)]
        for name in names:
            forum.acknowledges(name)
            forum.chooses(name, IN_TOUCH, IN_TOUCH, ["nurse"])
        session.commit()
        return forum.credentials, names


def stale(house, starts, rounds, *variant):
    """Count permits that somebody got after a process had acknowledged that there are none."""
    credentials, names = open_ones(house, rounds)
    rng, found = random.Random(11), 0
    with ExitStack() as stack:
        ports = [free_port() for _ in range(PROCESSES)]
        services = [stack.enter_context(starts.serving(house, *variant, port=port)) for port in ports]
        platform = Platform(credentials, [service.address for service in services])
        for name in names:
            assert all(platform.permits(name))
            platform.tightens(rng.randrange(PROCESSES), name)
            found += sum(platform.permits(name, EACH))
    return found


def test_after_a_change_was_acknowledged_no_process_permits(house, starts):
    assert stale(house, starts, ROUNDS) == 0


def test_a_memory_that_goes_by_time_is_caught(house, starts):
    """The control: the same harness finds permits that are a second old."""
    assert stale(house, starts, 10, "trusting-for-a-second") > 10
