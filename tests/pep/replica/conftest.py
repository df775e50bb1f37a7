"""A real service over HTTP, a network in front of it that can lie, and a replica whose clocks are set by hand."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from governance.crypto.keys import Keyring
from governance.pep.replica import Replica, SetUp
from governance.pep.replica.setup import fetch
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, with_people
from tests.pep.replica.deciding import Hands
from tests.pep.replica.liar import Liar


class _Quiet(WSGIRequestHandler):
    def log(self, *_):
        """Say nothing of connections that were cut: they are meant to be."""


@contextmanager
def over_http(application):
    """Serve on a free port of this machine; yields the URL."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Here:
    """A forum with people at a real service, and what lies between it and its replicas."""

    def __init__(self, url, forum, liar):
        self.url, self.forum, self.liar = url, forum, liar

    def just_now(self):
        """Return when somebody writes now, as a forum would say it."""
        return (datetime.now(UTC) - timedelta(seconds=1)).isoformat()

    def commit(self):
        self.forum.session.commit()

    def set_up(self):
        credentials = self.forum.credentials
        return SetUp.of(fetch(self.url, credentials.client_id, credentials.client_secret))

    def replica(self):
        """Return a replica that asks when it is told to, and the clocks of its machine."""
        hands = self.liar.hands = Hands()
        return Replica(self.set_up(), clocks=hands.clocks), hands


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One service for a file; every test has a forum of its own there."""
    settings = settings_in(tmp_path_factory.mktemp("service"))
    with running(settings) as app, session_of(app) as session:
        liars = Liar(app.wsgi_app)
        with over_http(liars) as url:
            yield url, session, Keyring(settings.keys), liars


@pytest.fixture
def here(service):
    """A nurse whom Ana answers, a doctor whom she does not, and the community `c`."""
    url, session, keyring, liar = service
    forum = with_people(Forum(session, keyring, f"forum-{uuid4().hex[:8]}", at=an_hour_ago()))
    liar.honest()
    yield Here(url, forum, liar)
    liar.honest()
