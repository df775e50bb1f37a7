"""The step to several forums: the way down is closed while a join, a code or an event would be forgotten."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.patients.hide_codes.service import make_code
from tests.forum import ANSWERED, CLOSED, Forum
from tests.migrations.conftest import downgrade
from tests.patients.two_forums import joins, record, tells

BELOW = "0018"


def joined(f, g):
    joins(f, "ana", g, "other")


def printed(f, _g):
    make_code(f.session, f.keyring, record(f, "ana"), f.now)


def told(f, _g):
    tells(f, "deleted", "ana")


@pytest.mark.parametrize(("act", "lost"), [(joined, "joined"), (printed, "printed codes"), (told, "told of accounts")])
def test_the_way_down_refuses_to_forget(app, settings, caplog, act, lost):
    assert app
    upgrade()
    with transaction() as session:
        f, g = (Forum(session, Keyring(settings.keys), name) for name in ("f", "g"))
        f.registers("nurse")
        f.acknowledges("ana")
        f.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
        act(f, g)
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert lost in caplog.text
    assert at_head()
