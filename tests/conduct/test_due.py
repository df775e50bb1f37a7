"""Looks that grow old: told once, fourteen days ahead or one for a register's file; a forecast that changes nothing."""

import json

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from governance.cli.conduct import conduct
from governance.conduct.due.models import HcpNotice
from governance.conduct.due.policy import ahead_in_force
from governance.conduct.due.service import Ahead, forecast, looks, warn
from governance.conduct.models import HcpRecord
from governance.db.extension import transaction
from governance.decision.vocabulary import Instant, Status
from governance.ui.clock import now
from tests.conduct.people import checks, in_good_standing, marks
from tests.conduct.register_files import delivers, held, line
from tests.forum import DAY, Forum

pytestmark = pytest.mark.usefixtures("both")

AHEAD = Ahead(manual=14, feed=1)


@pytest.fixture
def forum(forum):
    forum.nora = in_good_standing(forum)
    return forum


def warned(forum):
    warn(forum.session, forum.keyring, AHEAD, forum.now)
    forum.session.flush()
    return [row.kind for row in reversed(HcpNotice.of_hcp(forum.session, forum.nora))]


def listed(forum):
    day, file = Instant(forum.now + 14 * DAY), Instant(forum.now + DAY)
    return len(HcpRecord.to_look_at(forum.session, day, 10, file_before=file))


def test_the_policy_says_how_long_before():
    assert ahead_in_force() == AHEAD


def test_a_look_by_a_person_is_told_fourteen_days_ahead_and_once(forum):
    forum.later(days=76, seconds=-1)
    assert warned(forum) == []
    forum.later(seconds=1)
    assert (warned(forum), warned(forum)) == (["look_ends"], ["look_ends"])


@pytest.mark.slow
def test_that_it_is_over_is_told_too(forum):
    forum.later(days=80)
    warned(forum)
    forum.later(days=10)
    assert (warned(forum), warned(forum)) == (["look_ends", "look_over"],) * 2


@pytest.mark.slow
def test_a_new_look_is_told_of_anew(forum):
    forum.later(days=80)
    warned(forum)
    checks(forum, forum.nora)
    assert warned(forum) == ["look_ends"]
    forum.later(days=80)
    assert warned(forum) == ["look_ends", "look_ends"]


def test_a_file_is_told_of_a_day_before_and_stands_on_no_desk_until_then(forum):
    forum.later(days=1)
    delivers(forum, line())
    forum.later(days=4, seconds=-1)
    assert (warned(forum), listed(forum)) == ([], 0)
    forum.later(seconds=2)
    assert (warned(forum), listed(forum)) == (["look_ends"], 1)


@pytest.mark.slow
def test_a_file_that_did_not_come_wakes_somebody(forum):
    forum.later(days=1)
    delivers(forum, line())
    for days, alarm in ((4, "register_file_late"), (1, "register_file_too_old")):
        forum.later(days=days)
        with capture_logs() as logs:
            warned(forum)
        assert [(entry["event"], entry["register"]) for entry in logs] == [(alarm, "gb-nmc")]


@pytest.mark.slow
def test_who_is_not_in_standing_is_told_by_the_status_and_not_by_a_day(forum):
    marks(forum, forum.nora, Status.LAPSED)
    forum.later(days=100)
    assert warned(forum) == []


@pytest.mark.slow
def test_a_forecast_counts_people_and_changes_nothing(forum):
    found = looks(forum.session)
    at = [Instant(forum.now + days * DAY) for days in (75, 76, 90)]
    assert [(one.warned, one.refused, one.by_file) for one in forecast(found, AHEAD, at)] == [
        (0, 0, 0),
        (1, 0, 0),
        (1, 1, 0),
    ]
    assert held(forum).status == Status.GOOD


@pytest.mark.slow
def test_the_command_prints_a_table_and_json(app, keyring):
    with app.app_context():
        with transaction() as session:
            in_good_standing(Forum(session, keyring, at=now() - 89 * DAY))
        told = json.loads(CliRunner().invoke(conduct, ["forecast", "--days", "3", "--json"]).stdout)
        table = CliRunner().invoke(conduct, ["forecast", "--days", "3"]).stdout
    assert [one["refused"] for one in told][-1] == 1
    assert "By the end of" in table
