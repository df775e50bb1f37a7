"""kill -9 of one of two workers while changes are due: each takes effect, and takes effect once."""

import pytest

from governance.optout.waiting import End
from tests.conftest import make_tables
from tests.optout.at_work import Ward

PATIENTS = 12


@pytest.fixture
def ward(settings, both):
    assert both
    make_tables(settings.database_url)
    ward = Ward(settings.database_url, PATIENTS)
    yield ward
    ward.ends()


@pytest.mark.slow
def test_what_is_due_takes_effect_once_whoever_is_killed(ward):
    ward.drains()
    assert ward.kills
    assert ward.outcomes() == [End.IN_FORCE.value] * PATIENTS
    assert ward.versions() == [[1, 2]] * PATIENTS
