"""One service with two forums and everybody who may knock: for tests that walk all routes."""

from base64 import b64encode
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from governance.config.limits import LimitSettings
from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.db.extension import db
from governance.identity.access import who_may_call
from governance.identity.permissions import PERMISSIONS
from governance.identity.sessions import service as sessions
from governance.ui.clock import now
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, with_people
from tests.identity.staff import client_of

NOBODY = UUID(int=7)
PUBLISHED = {"static", "api-docs.openapi_json"}
OFFERED = " ".join(scope for scope, routes in PERMISSIONS.items() if routes)


class House:
    """The app, its two forums, and what each identity sends."""

    def __init__(self, app, people, other):
        self.app, self.people, self.other = app, people, other

    def token(self, forum, scope=OFFERED):
        credentials = forum.credentials
        pair = b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode()
        sent = {"grant_type": "client_credentials", "scope": scope}
        answer = self.app.test_client().post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    def browser(self, name):
        """A browser in which a member of the forum is signed in."""
        client = self.app.test_client()
        account = self.people.account(name)
        self.people.session.commit()
        with session_of(self.app) as session:
            keyring = self.people.keyring
            cookie = sessions.start_signed_in(session, keyring, session.merge(account), now(), now=now())
            session.commit()
        client.set_cookie("governance", cookie)
        return client

    def staff(self, *roles, subject):
        return client_of(self.app, *roles, subject=subject)

    def routes(self):
        """Every route with a method and an address; what an address names does not exist."""
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint in PUBLISHED:
                continue
            with self.app.test_request_context():
                values = {name: _sample(rule, name) for name in rule.arguments}
                path = self.app.url_map.bind("127.0.0.1").build(rule.endpoint, values)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path, who_may_call(self.app.view_functions[rule.endpoint])

    def rows(self):
        """How many rows each table has, but for those that remember who asked."""
        with self.app.app_context(), db.engine.connect().execution_options(read_only=True) as connection:
            return {
                table.name: connection.execute(table.select()).fetchall()
                for table in Base.metadata.sorted_tables
                if table.name not in {"decision_log", "web_session", "kept_answer"}
            }


def _sample(rule, name):
    return NOBODY if type(rule._converters[name]).__name__ == "UUIDConverter" else "nothing"


@contextmanager
def open_house(folder):
    settings = replace(settings_in(folder), limits=LimitSettings(*["9999999/second"] * 3))
    with running(settings) as app, session_of(app) as session:
        # The guard of a route is asked, not the token of the form before it.
        app.config["WTF_CSRF_ENABLED"] = False
        keyring = Keyring(settings.keys)
        people = with_people(Forum(session, keyring, at=an_hour_ago()))
        other = Forum(session, keyring, "other", at=an_hour_ago())
        session.commit()
        yield House(app, people, other)


def scopes_but(wanted):
    """Every scope that a token can have, without one."""
    return " ".join(scope for scope in OFFERED.split() if scope != wanted)
