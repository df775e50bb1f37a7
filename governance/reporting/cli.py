"""What `governance config check` says of those who read reports. A warning: the service decides without them."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from governance.config import Settings
from governance.config.check import Found, State
from governance.db.engine import open_engine
from governance.reporting.vaults.duty import outside_contact
from governance.reporting.vaults.sharing import thin
from governance.reporting.vaults.state import standing
from governance.ui.clock import now


def check_readers(settings: Settings) -> Iterator[Found]:
    """Look whether reports are taken, whether those that are here can be read, and whom the closed form names."""
    engine = open_engine(settings.database_url)
    try:
        with Session(engine.execution_options(read_only=True)) as session:
            yield from _looked_at(session)
    except SQLAlchemyError:
        # What is wrong with the database is another line's to say.
        return
    finally:
        engine.dispose()


def _looked_at(session: Session) -> Iterator[Found]:
    closed = [one.forum for one in standing(session, now()) if not one.is_open]
    what = f"nobody could read a report about {', '.join(closed)}: two officers have to unlock a vault at /desk/vault"
    yield Found("reports", State.WARNING if closed else State.OK, what if closed else "can be taken everywhere")
    too_few = len(thin(session))
    what = f"{too_few} can be read by fewer than two people; officers share them at /desk/vault"
    yield Found("reports/readers", State.WARNING if too_few else State.OK, what if too_few else "two or more for each")
    named = outside_contact(session) is not None
    what = "named" if named else "nobody is named for when reports cannot be taken; `governance staff contact`"
    yield Found("reports/contact", State.OK if named else State.WARNING, what)
