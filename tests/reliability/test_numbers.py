"""Numbers without gaps while eight processes write what is in force: the ledger's, the platforms', the versions."""

import multiprocessing
from typing import NamedTuple

import pytest
from sqlalchemy import select

from governance.db.base import new_id
from governance.effective.models import Fragment, InForce, PlatformChange
from governance.effective.service import Register
from governance.identity.service import NewPlatform, account_for, add_platform
from governance.ledger.models import LedgerEntry
from governance.ui.clock import now
from tests.reliability.writing import EVERYBODYS, Place, write

PROCESSES, TURNS = 8, 10
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.reliability.writing", "psycopg"])


class Numbers(NamedTuple):
    ledger: list[int]
    revisions: dict[str, list[int]]
    versions: dict[str, list[int]]
    rows: dict[str, int]


def numbers_in(house):
    with house.reading() as session:
        changes = session.execute(select(PlatformChange.platform_id, PlatformChange.revision)).all()
        said = session.execute(select(Fragment.subject, Fragment.version)).all()
        return Numbers(
            sorted(session.scalars(select(LedgerEntry.number))),
            gathered(changes),
            gathered(said),
            dict(session.execute(select(InForce.subject, InForce.version)).all()),
        )


def gathered(pairs):
    found = {}
    for whose, number in sorted(pairs):
        found.setdefault(whose, []).append(number)
    return found


@pytest.fixture
def patients(house):
    """Members of two forums: one patient for all processes, and one for each."""
    subjects = [EVERYBODYS, *(str(new_id()) for _ in range(PROCESSES))]
    with house.writing() as session:
        register = Register(session, house.keyring, now())
        for name in ("one", "two"):
            wanted = NewPlatform(
                name=name, issuer=f"https://{name}.example", oidc_client_id="us", oidc_client_secret="x"
            )
            forum, _ = add_platform(session, house.keyring, wanted, now=now())
            for subject in subjects:
                key = account_for(session, house.keyring, forum, subject, now()).key
                register.bind(forum.id, key, patient=subject)
    return subjects


def eight(house, patients, *, early=False):
    """Let eight processes write at once; return what each of them told."""
    barrier, told = _FORKS.Barrier(PROCESSES), _FORKS.SimpleQueue()
    url, keys = house.settings.database_url, house.settings.keys.dump()
    place = Place(url, keys, str(house.settings.outside), TURNS, early)
    made = [
        _FORKS.Process(target=write, args=(place, [EVERYBODYS, own], barrier, told), daemon=True)
        for own in patients[1:]
    ]
    for process in made:
        process.start()
    answers = [told.get() for _ in made]
    for process in made:
        process.join()
    return answers


def test_eight_processes_leave_no_gap_in_any_numbering(house, patients):
    before = len(numbers_in(house).ledger)
    told = eight(house, patients)
    assert all(isinstance(answer, int) for answer in told), told
    committed = sum(told)
    found = numbers_in(house)
    assert committed > PROCESSES * TURNS / 2
    assert found.ledger == list(range(before + committed))
    assert len(found.revisions) == 2
    assert all(numbers == list(range(1, before // 2 + committed + 1)) for numbers in found.revisions.values())
    assert all(versions == list(range(1, found.rows[it] + 1)) for it, versions in found.versions.items())
    house.verifies()
    house.has_an_entry_for_every_effect()


@pytest.mark.slow
def test_a_number_read_before_ones_turn_is_refused_by_the_database(house, patients):
    """The control: without the turn the processes do meet."""
    assert "IntegrityError" in eight(house, patients, early=True)
    house.verifies()
