"""Platforms with real tokens over HTTP."""

from base64 import b64encode

import pytest

from governance.crypto.keys import Keyring
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, with_people
from tests.kept import people_in

ALL_SCOPES = (
    "decisions:evaluate optouts:read optouts:tighten communities:write hcps:declare exposures:write webhooks:write "
    "system/Consent.rs"
)


class Caller:
    """A platform with its token."""

    def __init__(self, app, credentials, scope=ALL_SCOPES):
        self.client, self.credentials = app.test_client(), credentials
        pair = b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode()
        sent = {"grant_type": "client_credentials", "scope": scope}
        answer = self.client.post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"})
        self.headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def send(self, path, body, method="POST", **headers):
        """Send bytes as they are, or a value as JSON."""
        headers = {"Content-Type": "application/json", **self.headers, **headers}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.client.open(path, method=method, headers=headers, **sent)

    def decides(self, question):
        answer = self.send("/access/v1/evaluation", question)
        assert answer.status_code == 200, answer.text
        return answer.json["decision"], answer.json["context"]["reason"]


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    """A forum's program that only asks: one for a whole file, since nobody changes anything."""
    settings = settings_in(tmp_path_factory.mktemp("asked"))
    with running(settings) as app, session_of(app) as session:
        forum = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        yield Caller(app, forum.credentials)


@pytest.fixture
def people(session, settings):
    """The same forum for one test that changes something."""
    return people_in(session, settings)


@pytest.fixture
def caller(app, people):
    """The forum's own program."""
    return Caller(app, people.credentials)


@pytest.fixture
def other_caller(app, session, keyring):
    """The program of another forum, on which nothing was said yet."""
    other = Forum(session, keyring, "other")
    session.commit()
    return Caller(app, other.credentials)
