"""A badge says what was checked and when, on one forum; it is gone with the standing, and no patient wears one."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from itertools import product

import pytest
from bs4 import BeautifulSoup

from governance.conduct.badge.service import NameWish, Where, badge_of, withhold_name
from governance.conduct.badge.words import said, shown, speaking
from governance.conduct.capacities import Scope, choose_capacity
from governance.crypto.data_keys import DataKeys
from governance.decision.vocabulary import NOT_SENT, Assurance, Capacity, Instant, Status
from governance.effective.roster import badge_names, professionals_on
from governance.policy.current import conduct_in_force, policies
from governance.ui.clock import to_instant
from tests.conduct.officers import officer, sanctions, wanted
from tests.conduct.people import accepts, checks, document, ends, in_good_standing, marks, says, seen
from tests.forum import DAY, Forum

MAY_3 = to_instant(datetime(2026, 5, 3, 9, tzinfo=UTC))


@pytest.fixture
def forum(session, keyring):
    found = Forum(session, keyring, at=MAY_3)
    found.nora = in_good_standing(found)
    return found


@pytest.fixture
def page(app):
    """A request, since words need a language."""
    with app.test_request_context():
        yield


def badge(forum, community=NOT_SENT, platform_id=None):
    where = Where(platform_id or forum.id, community, conduct_in_force(), forum.now)
    keys = DataKeys(forum.session, forum.keyring)
    return badge_of(forum.session, keys, forum.nora, document(forum, forum.nora), where)


def withholds(forum, *, withheld=True, platform_id=None):
    wish = NameWish(platform_id or forum.id, withheld)
    withhold_name(forum.session, forum.keyring, forum.nora, wish, forum.now)


@pytest.mark.usefixtures("page")
def test_who_proved_themselves_is_on_the_register_and_gives_no_advice(forum):
    words = said(badge(forum))
    assert words.heading == "Nora Quill, nurse"
    assert words.text == "On the NMC register, checked 3 May. This is not advice for you."


@pytest.mark.usefixtures("page")
def test_a_number_alone_is_no_person(forum):
    checks(forum, forum.nora, seen(Assurance.A3))
    text = "On the NMC register, checked 3 May: number checked, person not checked. This is not advice for you."
    assert said(badge(forum)).text == text


@pytest.mark.usefixtures("page")
def test_a_register_that_somebody_only_named_is_on_no_badge(forum):
    forum.later(hours=1)
    gmc = policies().registers.registers["gb-gmc"]
    says(forum, "nora", register=gmc, number="7654321", profession="doctor")
    words = said(badge(forum))
    assert (words.heading, "On the NMC register" in words.text) == ("Nora Quill, nurse", True)


@pytest.mark.usefixtures("page")
def test_a_name_is_withheld_on_one_forum_at_once_and_nowhere_else(forum):
    withholds(forum)
    assert badge(forum).name is None
    assert said(badge(forum)).heading == "Checked professional, name withheld (nurse)"
    other = Forum(forum.session, forum.keyring, "other", at=MAY_3)
    assert badge(forum, platform_id=other.id).name == "Nora Quill"
    withholds(forum, withheld=False)
    assert badge(forum).name == "Nora Quill"


@pytest.mark.slow
@pytest.mark.usefixtures("page")
def test_of_a_withheld_name_whose_person_was_not_checked_nothing_is_called_checked(forum):
    checks(forum, forum.nora, seen(Assurance.A3))
    withholds(forum)
    assert said(badge(forum)).heading == "Professional, name withheld (nurse)"


@pytest.mark.slow
@pytest.mark.usefixtures("page")
def test_restrictions_are_shown_plainly(forum):
    marks(forum, forum.nora, Status.RESTRICTED)
    assert "The register shows restrictions." in said(badge(forum)).text


def test_patients_find_them_by_the_name_of_the_account_where_the_name_is_withheld(forum):
    withholds(forum)
    names = badge_names(forum.session, forum.keyring, forum.id, forum.now)
    assert [*names.values()] == ["nora"]
    found = professionals_on(forum.session, forum.keyring, forum.id, forum.now)
    assert [one.name for one in found] == ["nora"]


def test_it_is_gone_in_the_transaction_in_which_the_standing_goes(forum):
    for status in (Status.LAPSED, Status.SUSPENDED, Status.REMOVED, Status.UNKNOWN):
        assert badge(forum)
        marks(forum, forum.nora, status)
        assert badge(forum) is None
        checks(forum, forum.nora)


def test_an_end_a_sanction_a_lapsed_word_and_an_old_check_take_it_away(forum):
    olu = officer(forum)
    taken = sanctions(forum).take(forum.nora, wanted("suspend"), olu)
    assert badge(forum) is None
    sanctions(forum).lift(taken.id, olu, "enough")
    assert badge(forum).until == MAY_3 + 90 * DAY
    accepts(forum, forum.nora, days=10)
    assert badge(forum).until == MAY_3 + 10 * DAY
    forum.later(days=10)
    assert badge(forum) is None
    accepts(forum, forum.nora)
    forum.later(days=80)
    assert badge(forum) is None
    checks(forum, forum.nora)
    assert badge(forum)
    ends(forum, forum.nora)
    assert badge(forum) is None


@pytest.mark.slow
def test_who_registered_anew_has_none_before_somebody_looked(forum):
    marks(forum, forum.nora, Status.LAPSED)
    says(forum, "nora")
    accepts(forum, forum.nora)
    assert badge(forum) is None


def test_who_is_here_as_a_patient_anywhere_on_the_forum_wears_none_there(forum):
    scope = Scope(str(forum.id), "a-place")
    args = (forum.session, forum.keyring, forum.nora, scope, Capacity.PEER)
    choose_capacity(*args, now=forum.now, begins=Instant(forum.now + DAY))
    forum.later(days=1)
    assert badge(forum) is None
    assert badge(forum, "a-place") is None
    assert badge(forum, "another-place")


NO_ADVICE = {"en": "This is not advice for you.", "es": "Esto no es un consejo para ti."}


@pytest.mark.usefixtures("page")
def test_it_never_says_verified_and_never_less_than_that_it_is_no_advice(forum):
    for assurance, withheld in product((Assurance.A3, Assurance.A4), (True, False)):
        checks(forum, forum.nora, seen(assurance))
        withholds(forum, withheld=withheld)
        for language, no_advice in NO_ADVICE.items():
            with speaking(language):
                words, both = said(badge(forum)), shown(badge(forum))
            for text in (words.all, both.html, both.svg):
                assert "verifi" not in text.casefold()
                assert no_advice in " ".join(text.split())


@pytest.mark.usefixtures("page")
def test_the_picture_can_be_read_aloud_and_the_words_cannot_break_out(forum):
    checks(forum, forum.nora, seen(name='<script>"Nora" & Quill</script>'))
    found = shown(badge(forum))
    picture = ET.fromstring(found.svg)  # noqa: S314 - our own
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == said(badge(forum)).all
    assert picture[0].text == said(badge(forum)).all
    shows = " ".join(part.text for part in picture.iter("{http://www.w3.org/2000/svg}text"))
    assert shows == f"{said(badge(forum)).heading} {said(badge(forum)).text}"
    assert not [part for part in picture.iter() if part.tag.endswith("script")]
    assert [tag.name for tag in BeautifulSoup(found.html, "html.parser").find_all()] == ["span", "strong"]
