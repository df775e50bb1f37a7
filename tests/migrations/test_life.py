"""The step to forums' lives, with data: the way down is closed while a suspension or a report would be lost."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.effective.life.models import PlatformStage, Probe, ProbeReport
from governance.effective.life.service import Life
from governance.effective.life.states import State
from governance.ui.clock import now
from tests.forum import Forum
from tests.migrations.conftest import downgrade
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober

BELOW = "0033"


def test_the_way_down_refuses_to_forget_which_forum_is_suspended(app, settings, tmp_path, caplog):
    assert app
    upgrade()
    prober, keyring = Prober(tmp_path), Keyring(settings.keys)
    with transaction() as session:
        forum = Forum(session, keyring)
        forum.now = now()
        life = Life(session, keyring, forum.id, forum.now)
        life.note_probe(ADDRESS, prober.key)
        life.take(prober.says([LEAK], kind="canary"))
        platform = forum.id
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "suspended" in caplog.text
    with transaction() as session:
        row = session.get(PlatformStage, platform)
        assert (row.state, row.why) == (State.SUSPENDED, "canary")
        for found in (row, ProbeReport.newest(session, platform), session.get(Probe, platform)):
            session.delete(found)
    downgrade(BELOW)
    upgrade()
    assert at_head()
