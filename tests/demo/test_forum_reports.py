"""The forum's own report button, at a real service: sealed there, and nothing of it stays at the forum."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from governance.db.extension import transaction
from governance.demo.forum.app import create_forum
from governance.demo.forum.house import EXTENSION
from governance.demo.forum.models import Member, Post
from governance.demo.forum.settings import ForumSettings
from governance.identity.clients.tokens import make_first_key
from governance.identity.service import NewPlatform, add_platform
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, settings_in
from tests.demo.conftest import press
from tests.reporting.telling import opened, opens_an_office, reports


@pytest.fixture
def real(tmp_path):
    """A running service that knows the forum."""
    with running(settings_in(tmp_path)) as app:
        with app.app_context(), transaction() as session:
            make_first_key(session, house().keyring, now=now())
            wanted = NewPlatform(
                name="keel", issuer="https://keel.example", oidc_client_id="us", oidc_client_secret="x"
            )
            credentials = add_platform(session, house().keyring, wanted, now=now())[1]
        server = make_server("127.0.0.1", 0, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield app, f"http://127.0.0.1:{server.port}", credentials
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture
def keel(real, tmp_path):
    """The forum beside it."""
    _, url, credentials = real
    secrets = {"oidc_client_secret": "a", "staff_client_secret": "b", "cookie_secret": "c"}
    forum = create_forum(
        ForumSettings(
            port=8081,
            directory=tmp_path,
            service_url=url,
            platform="keel",
            oidc_client_id="governance",
            oidc_redirect_uri=f"{url}/auth/keel/callback",
            staff_door="keel-staff",
            staff_client_id="governance-staff",
            staff_redirect_uri=f"{url}/staff/auth/keel-staff/callback",
            kit_client_id=credentials.client_id,
            kit_client_secret=credentials.client_secret,
            **secrets,
        )
    )
    yield forum
    forum.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def pressed(keel):
    """Somebody presses the button below another one's post, and says what happened; return what the page shows."""
    with Session(keel.extensions[EXTENSION].engine) as session:
        post = session.scalars(select(Post)).first()
        reader = session.scalars(
            select(Member).where(Member.duty.is_(None), Member.account != post.author_account)
        ).first()
        path = f"/p/{post.id}/report"
        account = reader.account
    client = keel.test_client()
    press(client, "/people", "/sign-in", account=account)

    def say(**more):
        key = client.get(path).text.partition('name="key" value="')[2].partition('"')[0]
        return press(client, path, path, key=key, type="boundary", what="He wrote at night", **more)

    return say


def test_what_is_told_through_the_button_reaches_an_officer(real, pressed):
    office = opens_an_office(real[0])
    answer = pressed(block="yes")
    assert answer.status_code == 200, answer.text
    assert "This is your code" in answer.text
    with opened(real[0], office["olu"]) as read:
        assert read.report.body.what == "He wrote at night"
        assert read.report.body.more["through"] == "forum"


def test_where_nobody_reads_the_member_is_sent_to_the_service(real, pressed):
    answer = pressed()
    assert answer.status_code == 503
    assert f"{real[1]}/tell-us" in answer.text
    assert reports(real[0]) == []
