"""Databases made by migrations, and histories with more steps than ours."""

import shutil

import flask_migrate
import pytest

from governance.app import create_app
from governance.db import migrate
from governance.db.extension import db
from tests.conftest import settings_in


@pytest.fixture
def settings(tmp_path, database):
    """Of a service on a database without any table, on SQLite and on PostgreSQL."""
    return settings_in(tmp_path, database)


@pytest.fixture
def app(settings):
    """The app over a database without any table."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def history(app, tmp_path, monkeypatch):
    """A copy of our history to which a test adds steps."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.migrations_folder(), folder)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)

    def add_step(upgrade, downgrade="pass"):
        head = (folder / ".current-head").read_text().strip()
        number = f"{int(head) + 1:04}"
        (folder / "versions" / f"{number}_more.py").write_text(
            f'from alembic import op\nimport sqlalchemy as sa\nrevision = "{number}"\ndown_revision = "{head}"\n'
            f"def upgrade():\n    {upgrade}\ndef downgrade():\n    {downgrade}\n"
        )

    assert app
    return add_step


def downgrade(to):
    flask_migrate.downgrade(directory=str(migrate.migrations_folder()), revision=to)
