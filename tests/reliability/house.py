"""A whole service in a directory: its keys, its database on either kind, a forum on it, and what others see of it."""

import re
from contextlib import contextmanager
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.app import create_app
from governance.config import init_directory, load_settings
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.db.extension import db
from governance.db.migrate import upgrade
from governance.demo.household import free_port
from governance.effective.audit import RowAudit
from governance.effective.models import AccountVersion, Fragment, PlatformChange
from governance.identity.clients.tokens import make_first_key
from governance.identity.service import NewPlatform, account_for, add_platform, platform_named
from governance.identity.sessions import service as sessions
from governance.ledger.commits import OUTSIDE
from governance.ledger.models import LedgerEntry
from governance.ledger.outside import Outside
from governance.ledger.verify import verify
from governance.ui.clock import now

FORUM = "t1d-forum"
_SEEN = "0" * 40


class House:
    """The directory that `governance init` made; its database may be another one than it made."""

    def __init__(self, directory: Path, database_url: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        init_directory(directory, self.address)
        name = "GOVERNANCE_DATABASE_URL"
        text = re.sub(f"(?m)^{name}=.*", lambda _: f"{name}={database_url}", self._settings_file.read_text())
        self._settings_file.write_text(text)
        self.settings = load_settings(directory, {})
        with self.app():
            upgrade()
        self.keyring = Keyring(self.settings.keys)
        self.outside = Outside(self.settings.outside)
        self.engine = open_engine(self.settings.database_url)

    @property
    def _settings_file(self):
        return self.directory / "settings.env"

    @contextmanager
    def app(self):
        """Give the app in this process, inside its context."""
        app = create_app(self.settings)
        with app.app_context():
            try:
                yield app
            finally:
                db.engine.dispose()

    @contextmanager
    def writing(self):
        with Session(self.engine, expire_on_commit=False, info={OUTSIDE: self.outside}) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self):
        with Session(self.engine.execution_options(read_only=True)) as session:
            yield session

    def founds_forum(self):
        """Let a forum in; return what its program needs."""
        wanted = NewPlatform(name=FORUM, issuer="https://forum.example", oidc_client_id="us", oidc_client_secret="x")
        with self.writing() as session:
            make_first_key(session, self.keyring, now=now())
            return add_platform(session, self.keyring, wanted, now=now())[1]

    def signs_in(self, members):
        """Return the session cookie of each member, as a sign-in gives it; all have seen a page with one form."""
        seen = {"csrf_token": _SEEN}
        with self.writing() as session:
            forum = platform_named(session, FORUM)
            cookies = {}
            for name in members:
                account = account_for(session, self.keyring, forum, name, now())
                cookie = sessions.start_signed_in(session, self.keyring, account, now(), now=now())
                sessions.keep(session, sessions.Secret(cookie, self.keyring), seen, frozenset(), now=now())
                cookies[name] = cookie
        return cookies

    def form_token(self):
        """Return what the pages of `signs_in` hold, by which a form proves that it comes from them."""
        return URLSafeTimedSerializer(self.keyring.derive("csrf"), salt="wtf-csrf-token").dumps(_SEEN)

    def verifies(self):
        """Hold everything against everything; nothing but what a stopped machine leaves may come out."""
        with self.reading() as session:
            report = verify(session, self.keyring, self.outside, [RowAudit(self.keyring)])
        assert not report.findings.damage, report.findings.first
        return report

    def has_an_entry_for_every_effect(self):
        """Count what was said and bound against what was entered, and look for gaps, by queries of our own."""
        with self.reading() as session:
            numbers = list(session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)))
            entered = session.scalar(select(func.count()).where(LedgerEntry.kind == "in_force"))
            said = session.scalar(select(func.count()).select_from(Fragment))
            bound = session.scalar(select(func.count()).select_from(AccountVersion))
            by_platform = select(func.count(), func.max(PlatformChange.revision)).group_by(PlatformChange.platform_id)
            revisions = session.execute(by_platform).all()
        assert numbers == list(range(len(numbers)))
        assert entered == said + bound
        assert all(many == highest for many, highest in revisions)

    def close(self):
        self.engine.dispose()
