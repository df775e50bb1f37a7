"""The step to webhooks, with data: the way down is closed while a forum's address would be lost, and open after."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.feed.webhooks import service
from governance.feed.webhooks.models import Webhook, WebhookEvent, WebhookPace
from governance.ledger.hints import Hint, News
from tests.forum import Forum
from tests.migrations.conftest import downgrade

BELOW = "0030"


@pytest.fixture
def keyring(settings):
    return Keyring(settings.keys)


def test_the_way_down_refuses_to_forget_where_forums_are_told(app, keyring, caplog):
    assert app
    upgrade()
    with transaction() as session:
        forum = Forum(session, keyring)
        wanted = service.Wanted("https://forum.example/hints", frozenset(Hint))
        webhook = service.set_up(session, keyring, forum.id, wanted, forum.now).id
        service.Announcer(keyring)(session, News(Hint.CHANGES, forum.id, forum.now))
    with pytest.raises(SystemExit):
        downgrade(BELOW)
    assert "webhooks" in caplog.text
    with transaction() as session:
        row = session.get(Webhook, webhook)
        assert service.address_of(keyring, row) == "https://forum.example/hints"
        assert session.get(WebhookPace, webhook).pump is not None
        assert WebhookEvent.counts(session, webhook) == {"waiting": 1}
        service.take_away(session, keyring, row)
    downgrade(BELOW)
    upgrade()
    assert at_head()
