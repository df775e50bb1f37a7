import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.demo.forum.app import create_forum
from governance.demo.forum.house import EXTENSION
from governance.demo.forum.models import Post
from governance.demo.forum.settings import ForumSettings
from tests.pep.hostile import hostile_service

CALLBACK = "http://127.0.0.1:8080/auth/keel/callback"
STAFF_CALLBACK = "http://127.0.0.1:8080/staff/auth/keel-staff/callback"


@pytest.fixture
def service():
    with hostile_service() as (url, script):
        yield url, script


@pytest.fixture
def script(service):
    return service[1]


@pytest.fixture
def settings(service, tmp_path):
    return ForumSettings(
        port=8081,
        directory=tmp_path,
        service_url=service[0],
        platform="keel",
        oidc_client_id="governance",
        oidc_client_secret="oidc-secret",
        oidc_redirect_uri=CALLBACK,
        staff_door="keel-staff",
        staff_client_id="governance-staff",
        staff_client_secret="staff-secret",
        staff_redirect_uri=STAFF_CALLBACK,
        kit_client_id="keel",
        kit_client_secret="kit-secret",
        cookie_secret="cookie-secret",
    )


@pytest.fixture
def forum(settings):
    app = create_forum(settings)
    yield app
    app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def browser(forum):
    """A browser at the forum, signed in by one press as whom the test names."""

    def signed_in_as(account):
        client = forum.test_client()
        press(client, "/people", "/sign-in", account=account)
        return client

    return signed_in_as


@pytest.fixture
def saying(forum):
    """The id of the one post with some words."""

    def found(words):
        with Session(forum.extensions[EXTENSION].engine) as session:
            return session.scalars(select(Post.id).where(Post.body.contains(words))).one()

    return found


def press(client, page, action, **fields):
    """Load a page and send its form with the token it carries."""
    with client.session_transaction() as session:
        session.setdefault("form", "f0rm")
        token = session["form"]
    assert token in client.get(page).text
    return client.post(action, data={"form": token, **fields})
