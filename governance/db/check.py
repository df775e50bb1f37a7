"""What `governance config check` says of the database: there, and of the newest schema."""

from collections.abc import Iterator

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from governance.config import Settings
from governance.config.check import Found, tried
from governance.db.engine import open_engine
from governance.db.errors import OUTDATED, DatabaseUrlError
from governance.db.migrate import migrations_folder


def check_database(settings: Settings) -> Iterator[Found]:
    """Look whether the database answers and has the newest schema."""
    yield tried("database", lambda: _looked_at(settings.database_url))


def _looked_at(url: str) -> str:
    engine = open_engine(url)
    try:
        newest = _is_newest(engine)
    except SQLAlchemyError:
        # Without what the driver says: it may repeat the address with its password.
        raise DatabaseUrlError("the database does not answer; see that it runs and that its address is right") from None
    finally:
        engine.dispose()
    if not newest:
        raise DatabaseUrlError(OUTDATED)
    return "there, with the newest schema"


def _is_newest(engine: Engine) -> bool:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with engine.connect().execution_options(read_only=True) as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(config).get_heads())
