"""A disk without room: what is told as saved is saved, what is not is refused in plain words, and nobody sees more.

The system is asked to let the service's files grow no more (`RLIMIT_FSIZE`); to a program that is a full disk. The
test's own PostgreSQL serves other tests as well, so this is done on SQLite alone.
"""

import os
import resource
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.conftest import sqlite_in
from tests.reliability.test_kill import Forum

ROOM = 100_000
"""Bytes that are left: for some presses, and not for all."""
MEMBERS, DONE = 60, 303


@pytest.fixture
def database(tmp_path) -> str:
    return sqlite_in(tmp_path)


def processes_of(service):
    """Return the processes of a service: all of its session."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(ValueError, ProcessLookupError):
            if os.getsid(int(folder.name)) == service.pid:
                found.append(int(folder.name))
    return found


def let_grow(service, most):
    for process in processes_of(service):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def presses(service, house, cookie, seconds=30):
    form = {"data": {"csrf_token": house.form_token()}, "cookies": {"governance": cookie}}
    return requests.post(f"{service.address}/my/hide", **form, timeout=seconds, allow_redirects=False)


def largest_file(house):
    return max(path.stat().st_size for path in house.directory.parent.rglob("governance.db*"))


@pytest.mark.slow
def test_what_was_not_saved_is_told_and_what_was_is_there(house, starts):
    credentials = house.founds_forum()
    cookies = house.signs_in([f"member {number}" for number in range(MEMBERS)])
    hidden, refused = set(), {}
    with starts.serving(house) as service:
        forum = Forum(service.address, credentials)
        let_grow(service, largest_file(house) + ROOM)
        for name, cookie in cookies.items():
            answer = presses(service, house, cookie)
            if answer.status_code == DONE:
                hidden.add(name)
            else:
                refused[name] = answer
        assert len(hidden) > 1
        assert len(refused) > 1
        assert {answer.status_code for answer in refused.values()} == {500}
        assert all("what you sent may not be saved" in answer.text for answer in refused.values())
        assert "OperationalError SQLITE_" in starts.log
        assert "member" not in starts.log
        # Who only asks is still told, and nothing but what is saved.
        assert forum.hidden(set(cookies)) == hidden
        let_grow(service, resource.RLIM_INFINITY)
        assert {presses(service, house, cookies[name]).status_code for name in refused} == {DONE}
        assert forum.hidden(set(cookies)) == set(cookies)
    house.verifies()
    house.has_an_entry_for_every_effect()


@pytest.mark.slow
def test_a_service_that_answers_before_it_commits_is_caught(house, starts):
    """The control: it tells people that they are hidden, who are not."""
    credentials = house.founds_forum()
    cookies = house.signs_in([f"member {number}" for number in range(MEMBERS)])
    told = set()
    with starts.serving(house, "acknowledging-first") as service, suppress(requests.RequestException):
        let_grow(service, largest_file(house) + ROOM)
        for name, cookie in cookies.items():
            # The first one that it cannot save ends it.
            if presses(service, house, cookie, seconds=5).status_code == DONE:
                told.add(name)
    with starts.serving(house) as service:
        assert told - Forum(service.address, credentials).hidden(set(cookies))
