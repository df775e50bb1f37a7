"""Officers at the page of forums, on a small phone and in both languages: no fault, and one press stops a forum."""

from datetime import timedelta

import pytest

from governance.db.extension import transaction
from governance.effective.life.service import Life
from governance.effective.replicas.service import Said, write_down
from governance.identity.permissions import Role
from governance.identity.service import platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.pressing import press
from tests.browser.test_professional_phone import faults
from tests.browser.test_vaults_phone import staff
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober
from tests.pdp.platforms.test_desk import SURFACES
from tests.ui.visits import FORUM

pytestmark = pytest.mark.browser
LONG = [*SURFACES, {"surface": "a-name-that-its-operator-made-very-long-x", "page": "/", "before": 1, "leaks": 3}]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_forums_have_no_fault(phones, forum, tmp_path, language):
    prober, found = Prober(tmp_path), {}

    def life(what, seconds=0):
        with forum.app_context(), transaction() as session:
            platform = platform_named(session, FORUM)
            at = now() + timedelta(seconds=seconds) // timedelta(microseconds=1)
            what(Life(session, house().keyring, platform.id, at))
            write_down(session, house().keyring, platform.id, Said("one", 0, 5_000), now())

    life(lambda one: one.note_probe(ADDRESS, prober.key))
    life(lambda one: one.take(prober.says([LEAK], told={"surfaces": LONG})))
    olu = staff(phones, forum, "olu", Role.OFFICER, language)

    def looks(name):
        olu.shoot(f"forum-lives-{name}-{language}")
        found[name] = faults(olu)

    olu.open("/desk/forums")
    looks("list")
    press(olu.page.locator("a[href*='/desk/forums/']").first)
    looks("one")
    press(olu.page.locator("form[action$=hold] button"))
    looks("no-reason")
    olu.page.locator("#because").check()
    press(olu.page.locator("form[action$=hold] button"))
    looks("held")
    life(lambda one: one.take(prober.says(ago=-timedelta(seconds=5))), seconds=5)
    olu.page.reload()
    press(olu.page.locator("a[href$=go-on]"))
    looks("go-on")
    press(olu.page.locator("form:not([action]) button"))
    looks("go-on-nothing-said")
    olu.page.locator("#mended").check()
    press(olu.page.locator("form:not([action]) button"))
    looks("goes-on")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
