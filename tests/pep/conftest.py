import pytest

from governance.pep import Client
from tests.pep.hostile import hostile_service


@pytest.fixture
def service():
    with hostile_service() as (url, script):
        yield url, script


@pytest.fixture
def script(service):
    return service[1]


@pytest.fixture
def client(service):
    return Client(service[0], "forum", "s3cret", timeout_seconds=0.4)
