"""The step to pictures of reports: the way down is closed while one would be lost, and open without."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.images import paint_anew
from governance.ui.clock import now
from tests.migrations.conftest import downgrade

BELOW = "0024"


@pytest.fixture
def keyring(app, settings):
    assert app
    upgrade()
    return Keyring(settings.keys)


def test_without_pictures_the_way_down_and_up_is_open(keyring):
    assert keyring
    downgrade(BELOW)
    upgrade()
    assert at_head()


def test_the_way_down_refuses_to_forget_pictures(keyring, caplog):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    with transaction() as session:
        work = SimpleNamespace(session=session, keyring=keyring, now=now())
        evidence.keep(work.session, paint_anew(file.getvalue()), (), work.now)
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "pictures that belong to reports" in caplog.text
    assert at_head()
