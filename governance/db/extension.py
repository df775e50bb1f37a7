"""Flask's hold on the database: for doors. Services get a session and never see this."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NoReturn

from flask import Flask, current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from governance.db.base import Base
from governance.db.engine import database_url, engine_options

_INFO: Final = "governance.session_info"
_GUARD: Final = "governance.guard"
_KEPT: Final = "governance_kept_reading"


class _Database(SQLAlchemy):
    """Flask-SQLAlchemy with our reading of the address and our engines."""

    def init_app(self, app: Flask) -> None:
        """Register with an app. Raises `DatabaseUrlError`."""
        url = database_url(app.config["SQLALCHEMY_DATABASE_URI"])
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
        super().init_app(app)
        app.teardown_request(lambda _: _let_go())


# What was read stays readable after the end; reading it again would take a new writer's turn and keep it.
db = _Database(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


class _Reader(Session):
    """A session that keeps nothing, and says so where somebody tries to write."""


def tell_sessions(app: Flask, info: Mapping[str, object]) -> None:
    """Give every session of an app that writes this in its `info`."""
    app.extensions[_INFO] = dict(info)


def session_info(app: Flask) -> Mapping[str, object]:
    """Return what was told to an app's sessions."""
    told: Mapping[str, object] = app.extensions.get(_INFO, {})
    return told


def guard_readers(app: Flask, guard: Callable[[Session], None]) -> None:
    """Let every session that reads in an app first be proven by this, which raises if nothing may be read."""
    app.extensions[_GUARD] = guard


@event.listens_for(_Reader, "before_flush")
def _refuse_to_write(*_: object) -> NoReturn:
    raise RuntimeError("this session is for reading alone; open `transaction()` to write")


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session whose work is committed once, at the end, or not at all.

    Raises `RuntimeError` inside another one: the inner end would commit half of the outer work.
    """
    session: Session = db.session()
    if session.in_transaction():
        raise RuntimeError("a transaction is open already; a door opens one, once")
    _let_go()
    session.info.update(session_info(current_app))
    try:
        yield session
        session.commit()
    finally:
        session.close()


@dataclass
class _Kept:
    """What a request reads through: one state of the database for a whole page, and one proof of it."""

    session: Session
    users: int = 0


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session for reading alone: it takes no writer's turn and touches no other work.

    Within a request it is the same one until somebody writes, so that a page shows one state; whoever reads after that
    reads anew. Outside of requests, and beside a transaction that is open, everybody gets one of their own.
    """
    if not has_request_context() or db.session().in_transaction():
        with _new_reader() as session:
            yield session
        return
    kept: _Kept | None = g.get(_KEPT)
    if kept is None:
        kept = _Kept(_new_reader())
        setattr(g, _KEPT, kept)
    kept.users += 1
    try:
        yield kept.session
    except SQLAlchemyError:
        # PostgreSQL answers nothing more in a transaction that failed.
        _let_go()
        raise
    finally:
        kept.users -= 1
        if g.get(_KEPT) is not kept and not kept.users:
            kept.session.close()


def _new_reader() -> Session:
    session = _Reader(db.engine)
    try:
        session.connection(execution_options={"read_only": True})
        guard: Callable[[Session], None] | None = current_app.extensions.get(_GUARD)
        if guard is not None:
            guard(session)
    except BaseException:
        session.close()
        raise
    return session


def _let_go() -> None:
    """Begin anew for whoever reads next; who is reading goes on undisturbed, and the last of them closes it."""
    kept: _Kept | None = g.pop(_KEPT, None)
    if kept is not None and not kept.users:
        kept.session.close()
