from urllib.parse import urlsplit

import pytest
import requests
from flask import render_template_string
from structlog.testing import capture_logs

from governance.app import create_app
from governance.config import Settings
from governance.config.limits import LimitSettings
from governance.db.base import Base
from governance.db.extension import db, transaction
from governance.identity import service
from governance.identity.clients.remembered import RememberedTokens
from governance.identity.current import (
    REMEMBERED_TOKENS,
    current_platform,
    current_sign_in,
    platform_required,
    sign_in_required,
)
from governance.identity.doors import RETURN_ROUTES
from governance.identity.oidc.provider import Providers
from governance.identity.oidc.returning import ReturnRoutes
from governance.identity.oidc.signing_in import PROVIDERS
from governance.identity.proofs.proof import proof_required
from governance.identity.service import NewPlatform
from governance.ui.clock import now
from governance.ui.house import house
from tests.crypto.fixed import FIXED
from tests.identity import hostile

MANY = "1000000/minute"


def build_app(folder, public_url="http://127.0.0.1:8080", database_url=None):
    database_url = database_url or f"sqlite:///{folder}/identity.db"
    # All of these people come from one address, in a minute.
    limits = LimitSettings(platform=MANY, anonymous=MANY, tokens=MANY)
    settings = Settings(public_url=public_url, database_url=database_url, keys=FIXED, limits=limits)
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    app.extensions[RETURN_ROUTES] = ReturnRoutes("inside", frozenset({"also_inside", "proved"}))
    app.add_url_rule("/inside", "inside", inside)
    app.add_url_rule("/also-inside", "also_inside", sign_in_required(lambda: "also inside"))
    app.add_url_rule("/proved", "proved", proof_required(lambda: "proved"), methods=["GET", "POST"])
    app.add_url_rule("/proved-form", "proved_form", proof_required(lambda: "sent"), methods=["POST"])
    app.add_url_rule("/form", "form", lambda: render_template_string("{{ csrf_token() }}"))
    app.add_url_rule("/asks", "asks", platform_required("decisions:evaluate")(asks))
    return app


def inside():
    person = current_sign_in()
    return {"account": None} if person is None else {"account": person.account_key, "auth_time": person.auth_time}


def asks():
    return {"client_id": current_platform().client_id, "scopes": sorted(current_platform().scopes)}


@pytest.fixture(scope="session")
def house_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("identity")


@pytest.fixture(scope="session")
def built_app(house_folder):
    return build_app(house_folder)


@pytest.fixture(scope="session")
def built_app_on_postgres(house_folder, postgres):
    with postgres.lend(tables=True) as url:
        built = build_app(house_folder, database_url=url)
        yield built
        with built.app_context():
            db.engine.dispose()


@pytest.fixture
def app(request):
    """Return the one app of these tests, as if it had just been started with an empty database.

    On SQLite; on PostgreSQL too where a module asks for `both`.
    """
    chosen = request.getfixturevalue("both") if "both" in request.fixturenames else "sqlite"
    built_app = request.getfixturevalue("built_app" if chosen == "sqlite" else "built_app_on_postgres")
    with built_app.app_context(), transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    built_app.extensions[PROVIDERS] = Providers()
    built_app.extensions[REMEMBERED_TOKENS] = RememberedTokens()
    return built_app


@pytest.fixture
def provider():
    provider = hostile.Provider()
    yield provider
    provider.served.stop()


@pytest.fixture
def add_platform(app):
    def add(provider_or_issuer="https://forum.example", name="forum", **said):
        issuer = getattr(provider_or_issuer, "issuer", provider_or_issuer)
        wanted = NewPlatform(
            name=name,
            issuer=issuer,
            oidc_client_id=hostile.CLIENT_ID,
            oidc_client_secret=hostile.CLIENT_SECRET,
            **said,
        )
        with app.app_context(), transaction() as session:
            _, credentials = service.add_platform(session, house().keyring, wanted, now=now())
            return credentials

    return add


@pytest.fixture
def forum(add_platform, provider):
    return add_platform(provider)


class Browser:
    """One person's browser: our pages through the test client, the forum's over HTTP."""

    def __init__(self, app):
        self.client = app.test_client()

    def leave(self, name="forum", **query):
        """Follow the link to the forum and return the address it sends back to."""
        self.left = self.client.get(f"/sign-in/{name}", query_string=query)
        if self.left.status_code != 303:
            return None
        at_forum = requests.get(self.left.location, allow_redirects=False, timeout=5)
        return at_forum.headers["Location"]

    def come_back(self, address):
        """Open the address the forum sends back to; return the answer and the guard that refused, if one did."""
        parts = urlsplit(address)
        with capture_logs() as logs:
            answer = self.client.get(f"{parts.path}?{parts.query}")
        self.guard = next((entry["guard"] for entry in logs if entry["event"] == "sign_in_failed"), None)
        self.logs = logs
        return answer

    def sign_in(self, name="forum", **query):
        with capture_logs() as logs:
            address = self.leave(name, **query)
        if address is None:
            self.guard = next(entry["guard"] for entry in logs if entry["event"] == "sign_in_failed")
            return self.left
        return self.come_back(address)

    @property
    def account(self):
        return self.client.get("/inside").json["account"]

    def cookie(self, name="governance"):
        return self.client.get_cookie(name)


@pytest.fixture
def browser(app, forum):  # noqa: ARG001 - there is a forum to come from
    return Browser(app)


@pytest.fixture
def other_browser(app):
    return Browser(app)


@pytest.fixture
def name_accounts_by(app, forum):  # noqa: ARG001 - the forum whose record is changed
    def name_by(claim):
        with app.app_context(), transaction() as session:
            service.platform_named(session, "forum").account_claim = claim

    return name_by
