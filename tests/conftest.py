"""What many rooms' tests need: settings on a fresh SQLite file, the app, a session."""

import secrets
from collections.abc import Iterator
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service of its own for every test."""
    return Settings(
        public_url="http://127.0.0.1:8080",
        database_url=f"sqlite:///{tmp_path / 'governance.db'}",
        root_key=secrets.token_bytes(32),
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app over an empty database; `tests/migrations` proves that migrations make the same tables."""
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session as services get it; nothing is committed unless the test does so."""
    with app.app_context():
        yield db.session()
        db.session.rollback()


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    """The keys that the app uses too."""
    return Keyring(settings.root_key)


@pytest.fixture
def forum(session: Session, keyring: Keyring) -> Forum:
    """A forum with nobody on it yet."""
    return Forum(session, keyring)
