"""A forum with its people, whose program may read Consents."""

import pytest

from governance.crypto.keys import Keyring
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, with_people
from tests.kept import people_in
from tests.pdp.conftest import Caller

SCOPE = "system/Consent.rs"


class Reader(Caller):
    """A forum's program that reads FHIR."""

    def __init__(self, app, credentials, scope=SCOPE):
        super().__init__(app, credentials, scope)
        self.app = app

    def get(self, path, **headers):
        return self.client.get(path, headers={**self.headers, **headers})

    def search(self, **sent):
        named = {name.replace("patient_identifier", "patient.identifier"): value for name, value in sent.items()}
        return self.client.post("/fhir/Consent/_search", data=named, headers=self.headers)

    def of(self, *accounts, **sent):
        """The Consents found of these accounts."""
        answer = self.search(patient_identifier=",".join(accounts), **sent)
        assert answer.status_code == 200, answer.text
        return [entry["resource"] for entry in answer.json.get("entry", [])]


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    """A program that only asks: one for a whole file, since nobody changes anything."""
    settings = settings_in(tmp_path_factory.mktemp("asked"))
    with running(settings) as app, session_of(app) as session:
        forum = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        yield Reader(app, forum.credentials)


@pytest.fixture
def people(session, settings):
    """Ana answers her nurse and is closed to others; tokens go by the real clock, so the forum does too."""
    return people_in(session, settings)


@pytest.fixture
def reader(app, people):
    return Reader(app, people.credentials)


@pytest.fixture
def other_reader(app, session, keyring):
    """The program of another forum, on which nothing was said yet."""
    other = Forum(session, keyring, "other", at=an_hour_ago())
    session.commit()
    reader = Reader(app, other.credentials)
    reader.forum = other
    return reader
