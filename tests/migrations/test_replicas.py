"""The step to replicas, with data: the way down forgets what comes again by itself, and nothing else."""

import pytest
from sqlalchemy import text

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.effective.replicas.models import KnownReplica
from governance.effective.replicas.service import Said, write_down
from governance.feed.handing import hand_out, is_handed
from governance.feed.signing import wire_keys
from tests.forum import Forum
from tests.migrations.conftest import downgrade

BELOW = "0032"


@pytest.fixture
def keyring(settings):
    return Keyring(settings.keys)


def test_the_way_down_forgets_what_replicas_say_again(app, keyring):
    assert app
    upgrade()
    with transaction() as session:
        forum = Forum(session, keyring)
        forum_id, at, keys = forum.id, forum.now, wire_keys(keyring, forum.id)
        forum.hides("ana")
        write_down(session, keyring, forum_id, Said("replica-one", 1, 5_000), at)
        hand_out(session, keyring, forum_id, keys, at)
    downgrade(BELOW)
    with transaction() as session:
        entries = session.scalar(text("SELECT count(*) FROM ledger_entry WHERE kind = 'feed_keys'"))
    assert entries == 1
    upgrade()
    assert at_head()
    with transaction() as session:
        assert session.query(KnownReplica).count() == 0
        assert not is_handed(session, keyring, forum_id, keys)
        write_down(session, keyring, forum_id, Said("replica-one", 1, 5_000), at)
        assert session.query(KnownReplica).one().applied == 1
