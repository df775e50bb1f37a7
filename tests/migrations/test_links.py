"""The step that says whose a link is: links on their way end, up and down, and nothing else is lost."""

from sqlalchemy import text

from governance.crypto.keys import Keyring
from governance.db.extension import db, transaction
from governance.db.migrate import at_head, upgrade
from governance.identity.links.service import make_link
from tests.forum import Forum
from tests.migrations.conftest import downgrade

BELOW = "0023"


def count(table):
    with db.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a word of ours


def test_links_end_on_the_way_up_and_the_way_down_loses_nothing_else(app, settings):
    assert app
    upgrade()
    with transaction() as session:
        forum = Forum(session, Keyring(settings.keys))
        forum.account("ana")
        make_link(session, Keyring(settings.keys), forum.id, ("ana", "portal.choices"), now=forum.now)
    downgrade(BELOW)
    assert (count("link_token"), count("account")) == (1, 1)
    upgrade()
    assert at_head()
    assert (count("link_token"), count("account")) == (0, 1)
