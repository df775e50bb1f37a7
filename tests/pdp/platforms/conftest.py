"""A probe with a key of its own, whose reports are signed as the real one signs them."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.effective.life.service import Life
from governance.pep.probe.signing import public_key, sign
from governance.ui.clock import now
from tests.kept import people_in
from tests.pdp.conftest import Caller

ADDRESS = "https://forum.example"
LEAK = {"surface": "text", "page": "/post/*", "how": "its words are there"}


class Prober:
    """What a probe says, by a key of its own."""

    def __init__(self, folder, name="probe"):
        self.key_file = folder / f"{name}.pem"
        self.key = public_key(self.key_file)

    def says(self, leaks=(), kind="walk", ago=timedelta(0), told=None, **changed):
        rounds = ("before professional", "after professional") if kind == "walk" else ("after professional",)
        report = {
            "made": (datetime.now(UTC) - ago).isoformat(timespec="seconds"),
            "forum": ADDRESS,
            "plan": "0" * 64,
            "proves": True,
            "leaks": list(leaks),
            "lost": [],
            "unproven": [],
            "public": [],
            "surfaces": [],
            "walked": {name: {"pages": 3, "failed": 0} for name in rounds},
        }
        return sign({**report, **changed, **(told or {})}, self.key_file)


@pytest.fixture
def prober(tmp_path):
    return Prober(tmp_path)


@pytest.fixture
def people(session, settings):
    """Ana answers her nurse; the community `c` enforces, and nothing is proven of it yet."""
    return people_in(session, settings)


@pytest.fixture
def caller(app, people):
    return Caller(app, people.credentials)


@pytest.fixture
def life(people, prober):
    """The forum's life, now, once its probe is known."""

    def at(**later):
        moment = now() + timedelta(**later) // timedelta(microseconds=1)
        return Life(people.session, people.keyring, people.id, moment)

    at().note_probe(ADDRESS, prober.key)
    people.session.commit()
    return at
