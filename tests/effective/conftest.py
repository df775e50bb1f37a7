import pytest

from governance.db.base import new_id
from governance.decision.facts import Conduct
from governance.effective.facts import People
from governance.effective.present import in_force
from governance.effective.service import Register
from governance.identity.models import Platform

NOTHING_ASKED = Conduct({}, {})


@pytest.fixture
def platform(session):
    """A platform's id; its row is there because accounts point to it."""
    return add_platform(session)


def add_platform(session):
    number = new_id()
    said = dict.fromkeys(("oidc_client_id", "account_claim"), "x")
    session.add(
        Platform(id=number, name=str(number), issuer=str(number), oidc_client_secret_sealed=b"", created=0, **said)
    )
    session.flush()
    return number


@pytest.fixture
def register(both, session, keyring):  # noqa: ARG001 - whoever writes through it does so on both databases
    return Register(session, keyring, 5)


@pytest.fixture
def read(session, keyring, platform):
    """Read facts as a decision does; nothing of the session's own copies counts."""

    def read(viewer, *authors, communities=()):
        session.flush()
        session.expire_all()
        reader = in_force(session, keyring, platform)
        return reader.facts(People(viewer, frozenset(authors)), communities, NOTHING_ASKED)

    return read
