"""A forum that is on hold, on a small phone and in both languages: what its professional reads, and who wrote there."""

import pytest

from governance.db.extension import transaction
from governance.decision.vocabulary import Action, Instant
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.effective.replicas.service import HEARD_FOR
from governance.identity.permissions import Role
from governance.identity.service import account_for, platform_named
from governance.ledger.decisions.service import Shown, write_shown
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.conftest import forum
from tests.browser.test_eyes_phone import proved
from tests.browser.test_phone import faults
from tests.conduct.visits import accept_rules, marks, register
from tests.identity.staff import client_of
from tests.ui.visits import FORUM, Visitor, sign_in

__all__ = ["forum"]
pytestmark = pytest.mark.browser
MINE = ("", "/measures", "/capacity", "/badge")


def joins(app):
    """Nora is a nurse in good standing."""
    client = app.test_client()
    client.set_cookie("governance", sign_in(app, "nora"))
    nora = register(Visitor(client))
    accept_rules(nora)
    marks(Visitor(client_of(app, Role.VERIFIER)))


def held(app):
    """The forum is put on hold, and says that it showed something all the same."""
    with app.app_context(), transaction() as session:
        platform, keyring = platform_named(session, FORUM), house().keyring
        Life(session, keyring, platform.id, now()).suspend(Why.CANARY)
        ana, nora = (account_for(session, keyring, platform, name, now()).key for name in ("ana", "nora"))
        later = Instant(now() + HEARD_FOR + 1_000_000)
        write_shown(session, keyring, platform.id, [Shown(ana, nora, Action.VIEW, later)])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_a_hold_have_no_fault(phones, forum, language):
    joins(forum)
    nora, ana = (phones(forum, name, language=language) for name in ("nora", "ana"))
    proved(forum)
    held(forum)
    found = {}

    def looks(phone, name, path):
        phone.open(path)
        phone.shoot(f"on-hold-{name}-{language}")
        found[name] = faults(phone)

    for page in MINE:
        looks(nora, f"professional{page.replace('/', '-')}", f"/professional{page}")
    looks(ana, "could-have-seen", "/my/could-have-seen")
    looks(ana, "stopped", "/my/stopped")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
