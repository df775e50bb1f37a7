"""The step to sanctions: the way down is closed while a sanction would close something that nobody could appeal."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from tests.conduct.officers import officer, sanctions, wanted
from tests.forum import Forum
from tests.migrations.conftest import downgrade

BELOW = "0020"


def test_the_way_down_refuses_to_forget_a_sanction(app, settings, caplog):
    assert app
    upgrade()
    with transaction() as session:
        forum = Forum(session, Keyring(settings.keys))
        nora = forum.registers("nora")
        sanctions(forum).take(nora, wanted("suspend"), officer(forum))
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "sanctions, with the reasons and appeals" in caplog.text


def test_without_one_the_way_down_and_up_is_open(app):
    assert app
    upgrade()
    downgrade(BELOW)
    upgrade()
    assert at_head()
