"""The way down is closed while a guardian's link, or what was said of an age, would be lost."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import upgrade
from tests.forum import Forum
from tests.migrations.conftest import downgrade
from tests.migrations.test_migrations import counts
from tests.patients.home import Home

pytestmark = pytest.mark.slow


def test_a_link_and_an_age_keep_the_way_down_closed(app, settings, caplog):
    assert app
    upgrade()
    with transaction() as session:
        Home(Forum(session, Keyring(settings.keys))).linked("raj")
    before = counts()
    with pytest.raises(SystemExit):
        downgrade("0017")
    assert "which going back would lose" in caplog.text
    assert counts() == before
