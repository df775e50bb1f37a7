"""Proof by a provider over real HTTP: a fresh word about the very number that was told, and nothing else."""

import time
from urllib.parse import urlsplit

import pytest
import requests

from governance.conduct.models import HcpRecord
from governance.conduct.proofs.providers import NewProvider, add_provider
from governance.db.extension import reading, transaction
from governance.errors import BadInputError
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.people import PIN
from tests.conduct.visits import forum, marks, nora, register, stranger, vera
from tests.identity import hostile

__all__ = ["forum", "nora", "stranger", "vera"]


@pytest.fixture
def provider():
    made = hostile.Provider()
    made.claims = {"number": PIN}
    yield made
    made.served.stop()


def wanted(issuer, /, **said):
    given = {"name": "nurses", "shown": "Nurses' sign-in", "issuer": issuer, "oidc_client_id": hostile.CLIENT_ID}
    given |= {"oidc_client_secret": hostile.CLIENT_SECRET, "register": "gb-nmc", "number_claim": "number"}
    return NewProvider(**given | said)


@pytest.fixture
def matched(nora, vera, forum, provider):
    """Nora was found on the register, and there is a place where nurses are known."""
    with forum.app_context(), transaction() as session:
        add_provider(session, house().keyring, wanted(provider.issuer), now=now())
    register(nora)
    marks(vera, assurance="3", proof="")
    return forum


def assurance(app):
    with app.app_context(), reading() as session:
        return session.query(HcpRecord).one().assurance


def goes_there(nora):
    """Follow the link to the provider, and come back as it sends one back."""
    link = nora.get("/professional/proof").page.select_one("a[href*='/proof/at/']")["href"]
    left = nora.client.get(link).location
    back = urlsplit(requests.get(left, allow_redirects=False, timeout=5).headers["Location"])
    return nora.get(f"{back.path}?{back.query}")


def fresh(provider, **claims):
    provider.claims = {"number": PIN, "auth_time": int(time.time()), **claims}


def test_a_fresh_word_about_ones_own_number_is_proof(matched, nora, provider):
    fresh(provider)
    assert "It counts from now on" in goes_there(nora).text
    assert assurance(matched) == 4
    assert "You signed in where professionals are known" in nora.text


LIES = {
    "another number": {"number": "98Z7654Y"},
    "no number of the register": {"number": "12345"},
    "a number that is a list": {"number": [PIN]},
    "an old sign-in": {"auth_time": int(time.time()) - 3600},
    "a time that is text": {"auth_time": "now"},
    "another issuer": {"iss": "https://evil.example"},
    "for somebody else": {"aud": "another"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.slow
def test_any_other_word_proves_nothing(matched, nora, provider, lie):
    fresh(provider, **lie)
    assert "That did not prove it" in goes_there(nora).text
    assert assurance(matched) == 3


@pytest.mark.slow
def test_a_word_without_its_day_proves_nothing(matched, nora, provider):
    fresh(provider)
    provider.without = ("auth_time",)
    assert "That did not prove it" in goes_there(nora).text
    assert assurance(matched) == 3


@pytest.mark.slow
def test_who_is_no_professional_is_sent_nowhere(matched, stranger):
    assert matched
    assert stranger.client.get("/professional/proof/at/nurses").status_code != 302


@pytest.mark.parametrize(
    "wrong", [{"name": "N!"}, {"shown": " "}, {"issuer": "http://id.example"}, {"number_claim": ""}]
)
@pytest.mark.slow
def test_a_provider_is_told_whole(forum, wrong):
    with forum.app_context(), pytest.raises(BadInputError), transaction() as session:
        add_provider(session, house().keyring, wanted("https://id.example", **wrong), now=now())
