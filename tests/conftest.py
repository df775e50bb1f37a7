"""What many rooms' tests need: settings on a fresh SQLite file, the app, a session."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from governance.app import create_app
from governance.config import Settings
from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.db.extension import db
from tests.forum import Forum


def settings_in(folder: Path) -> Settings:
    """Settings of a service with a database and a root key of its own."""
    return Settings(
        public_url="http://127.0.0.1:8080",
        database_url=f"sqlite:///{folder / 'governance.db'}",
        root_key=secrets.token_bytes(32),
    )


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give the app over an empty database; `tests/migrations` proves that migrations make the same tables."""
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
    Base.metadata.create_all(engine)
    try:
        yield app
    finally:
        engine.dispose()


@contextmanager
def session_of(app: Flask) -> Iterator[Session]:
    """Give a session as services get it, outside of any request."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service of its own for every test."""
    return settings_in(tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app over an empty database."""
    with running(settings) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of which nothing is committed unless the test does so."""
    with session_of(app) as session:
        yield session


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    """The keys that the app uses too."""
    return Keyring(settings.root_key)


@pytest.fixture
def forum(session: Session, keyring: Keyring) -> Forum:
    """A forum with nobody on it yet."""
    return Forum(session, keyring)
