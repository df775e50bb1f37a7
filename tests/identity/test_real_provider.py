"""A provider that others wrote: Canaille, started by pytest-iam."""

import pytest
import requests
from flask.globals import app_ctx

from tests.identity.conftest import Browser

pytestmark = pytest.mark.filterwarnings("ignore")
"""Canaille's own warnings are not ours to mend."""


@pytest.fixture(scope="session")
def iam_server(iam_server):
    """The provider, without its app's context: left open, tests that come later would speak in its language."""
    context = app_ctx._get_current_object()
    context.pop()
    yield iam_server
    context.push()


@pytest.fixture
def member_there(iam_server, add_platform):
    address = f"http://localhost:{iam_server.port}"
    discovered = requests.get(f"{address}/.well-known/openid-configuration", timeout=5).json()
    user = iam_server.random_user()
    with iam_server.app.app_context():
        client = iam_server.models.Client(
            client_id="governance",
            client_secret="the secret we hold at the forum",
            client_name="Governance",
            client_uri="http://localhost",
            redirect_uris=["http://127.0.0.1:8080/auth/forum/callback"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid"],
            token_endpoint_auth_method="client_secret_basic",
            id_token_signed_response_alg="RS256",
        )
        iam_server.backend.save(client)
        client.audience = [client]
        iam_server.backend.save(client)
    iam_server.login(user)
    iam_server.consent(user, client)
    add_platform(discovered["issuer"])
    yield client
    iam_server.logout()
    with iam_server.app.app_context():
        iam_server.backend.delete(client)


@pytest.mark.usefixtures("member_there")
def test_a_member_of_a_real_provider_gets_in(app):
    browser = Browser(app)
    answer = browser.sign_in()
    assert (answer.status_code, browser.guard) == (303, None)
    assert browser.account


def test_a_real_provider_that_names_no_audience_is_refused(app, member_there, iam_server):
    with iam_server.app.app_context():
        member_there.audience = []
        iam_server.backend.save(member_there)
    browser = Browser(app)
    browser.sign_in()
    assert browser.guard == "id_token"
