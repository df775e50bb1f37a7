import pytest

from tests.patients.home import Home


@pytest.fixture
def home(forum):
    return Home(forum)
