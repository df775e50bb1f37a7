"""Flask's hold on the database: for doors. Services get a session and never see this."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from governance.db.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session whose work is committed once, at the end, or not at all."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session for reading alone: it takes no writer's turn and keeps nothing."""
    session: Session = db.session()
    session.connection(execution_options={"read_only": True})
    try:
        yield session
    finally:
        session.rollback()
