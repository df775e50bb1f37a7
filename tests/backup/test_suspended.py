"""A forum that was suspended since the backup is suspended after a restore, with the reports on which that rests."""

from datetime import timedelta

import pytest

from governance.effective.life.keeping import forget_reports
from governance.effective.life.models import ProbeReport
from governance.effective.life.service import Life, standing_of
from governance.effective.life.states import State
from governance.ui.clock import now
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober

pytestmark = pytest.mark.slow


def test_a_suspension_outlives_a_restore(lived_in, empty, tmp_path):
    prober = Prober(tmp_path)
    with lived_in.forum() as forum:
        Life(forum.session, forum.keyring, forum.id, now()).note_probe(ADDRESS, prober.key)
    file = lived_in.backup()
    with lived_in.forum() as forum:
        Life(forum.session, forum.keyring, forum.id, now()).take(prober.says([LEAK], kind="canary"))
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        assert standing_of(forum.session, forum.id).state is State.SUSPENDED
        assert ProbeReport.newest(forum.session, forum.id).leaks == 1
        assert forum.decides("nia", "ana").reason == "hcp_not_eligible"


def test_a_report_that_was_forgotten_since_stays_forgotten(lived_in, empty, tmp_path):
    prober, day = Prober(tmp_path), timedelta(days=1)
    with lived_in.forum() as forum:
        life = Life(forum.session, forum.keyring, forum.id, now())
        life.note_probe(ADDRESS, prober.key)
        old = life.take(prober.says(kind="canary", ago=day / 2)).id
        newest = life.take(prober.says(kind="canary")).id
    file = lived_in.backup()
    with lived_in.forum() as forum:
        assert forget_reports(forum.session, forum.keyring, now()) == 1
    lived_in.restore(file, to=empty)
    with lived_in.forum() as forum:
        assert forum.session.get(ProbeReport, old) is None
        assert forum.session.get(ProbeReport, newest) is not None
