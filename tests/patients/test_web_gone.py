"""The young person's page, once a guardian's own record is gone."""

import pytest

from governance.db.extension import transaction
from governance.holdings import HOLDINGS
from governance.identity.service import account_for, platform_named
from governance.patients.erasing.service import erase_whole
from governance.patients.service import patient_for
from governance.ui.clock import now
from governance.ui.house import house
from tests.patients.family import Family
from tests.ui.visits import FORUM, forum

__all__ = ["forum"]


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.is_under_13()
    yield family
    family.stays()


def test_of_a_guardian_who_deleted_their_record_the_page_says_that_and_no_name(family):
    link = family.links_guardian()
    family.comes("raj").get(f"/guardian/{link}").press("Close it", circle="everybody", what="everything")
    with family.app.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        raj = account_for(session, house().keyring, platform, "raj", now())
        own = patient_for(session, house().keyring, (raj.id, platform.id, raj.key), now())
        erase_whole(session, house().keyring, own.id, now(), HOLDINGS)
    maya = family.comes("maya").get("/my/guardians")
    assert "A guardian who deleted their record" in maya.text
    assert ("It has ended." in maya.text, "Raj" in maya.text) == (True, False)
    assert "A guardian of yours closed everything for you" in maya.get("/my/choices").text
