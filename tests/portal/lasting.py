"""A forum with its people that lasts for a whole file: each test finds it as it was made, whatever another one did."""

from contextlib import contextmanager

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from tests.conftest import make_tables, settings_in
from tests.forum import Forum


@contextmanager
def lasting(folder, build):
    """Make a forum in a folder by `build`, and keep it."""
    settings = settings_in(folder)
    make_tables(settings.database_url)
    engine = open_engine(settings.database_url)
    with Session(engine, expire_on_commit=False, info={OUTSIDE: Outside(settings.outside)}) as session:
        made = Forum(session, Keyring(settings.keys))
        build(made)
        session.commit()
        yield made
    engine.dispose()


@contextmanager
def as_it_was(made):
    """Lend it to one test, which commits nothing."""
    at = made.now
    made.session.expire_all()
    yield made
    made.session.rollback()
    made.now = at
