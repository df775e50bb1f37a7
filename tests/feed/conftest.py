"""A forum with people, and its replica's program."""

from base64 import urlsafe_b64decode

import pytest

from governance.pep.wire.bundle import open_bundle
from governance.pep.wire.changes import Changes
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.signatures import HEADER, TrustedKeys
from tests.forum import Forum, an_hour_ago
from tests.kept import people_in
from tests.pdp.conftest import Caller


class Reader(Caller):
    """A forum's program that reads the feed as a sidecar would."""

    def __init__(self, app, credentials):
        super().__init__(app, credentials, scope="feed:read decisions:evaluate")
        told = self.get("/v1/feed").json
        self.keys = WireKeys(*(unwritten(told["keys"][name]) for name in ("accounts", "places", "tokens")))
        self.trusted = TrustedKeys(tuple(map(unwritten, told["public_keys"])))
        self.cursor = f"{told['epoch']}.{told['revision']}"

    def get(self, path, **headers):
        return self.client.get(path, headers={**self.headers, **headers})

    def asks(self, after=None, nonce="n1"):
        return self.get(f"/v1/changes?after={after or self.cursor}&nonce={nonce}")

    def changes(self, after=None):
        """Return what changed, and go on from there."""
        answer = self.asks(after)
        assert answer.status_code == 200, answer.text
        self.trusted.check_header("changes", answer.headers[HEADER], answer.data)
        changes = Changes.decode(answer.data)
        assert changes.nonce == "n1"
        self.cursor = f"{changes.epoch}.{changes.revision}"
        return changes

    def bundle(self):
        answer = self.get("/v1/bundle")
        assert answer.status_code == 200, answer.text
        return open_bundle(answer.data, self.trusted)


def unwritten(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def people(session, settings):
    """A nurse whom Ana answers, a doctor, and the community `c`."""
    return people_in(session, settings)


@pytest.fixture
def reader(app, people):
    return Reader(app, people.credentials)


@pytest.fixture
def other(session, keyring, people):  # noqa: ARG001 - the second one
    """Another forum."""
    forum = Forum(session, keyring, "other", at=an_hour_ago())
    session.commit()
    return forum
