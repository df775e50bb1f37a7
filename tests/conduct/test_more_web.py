"""Pages around what somebody holds: proof, place of work, no register; and the desk's page of one person."""

from http import HTTPStatus

import pytest

from governance.conduct.due.service import Ahead, warn
from governance.conduct.models import HcpRecord
from governance.db.extension import reading, transaction
from governance.decision.provisions import WhoKind
from governance.effective.documents import HcpDocument
from governance.effective.service import Register
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.visits import forum, marks, nora, opens_first, prove, register, stranger, vera

__all__ = ["forum", "nora", "stranger", "vera"]


@pytest.fixture
def matched(nora, vera, forum):
    """Nora is on the register, and nothing shows that it is she."""
    register(nora)
    marks(vera, assurance="3", proof="")
    return forum


def document(app) -> HcpDocument:
    with app.app_context(), reading() as session:
        hcp = session.query(HcpRecord).one()
        return Register(session, house().keyring, now()).document("hcp", str(hcp.id))


def held(vera, app):
    with app.app_context(), reading() as session:
        hcp = session.query(HcpRecord).one().id
    return vera.get(f"/desk/registrations/{hcp}/held")


def test_a_code_in_a_letter_from_desk_to_proof(matched, vera, nora):
    assert "Nora Quill" in held(vera, matched).page.find("h1").get_text()
    page = vera.press("Write it down, or send the code", kind="post", detail="Hillview, 1 High Street")
    code = page.page.select("main p.nhsuk-heading-l")[0].get_text()
    assert code not in held(vera, matched).text
    assert "Prove that the registration is yours" in nora.get("/professional").text
    prove(nora).get("/professional/proof").press("This is my code", answer="wrong")
    assert "not right" in nora.text
    nora.press("This is my code", answer=code)
    assert "It is proven" in nora.text
    assert "You typed a code that came in a letter" in nora.text
    assert document(matched).assurance == 4
    # Nobody is asked for what they did already.
    assert "There are three ways" not in nora.text
    assert "Prove that the registration is yours" not in nora.get("/professional").text


def test_an_address_without_a_pick_is_no_proof(matched, vera):
    page = held(vera, matched)
    assert page.page.find_all("input", checked=True) == []
    vera.press("Write it down, or send the code", detail="Hillview, 1 High Street")
    assert "Pick how it is proven" in vera.text
    assert document(matched).assurance == 3


@pytest.mark.slow
def test_what_was_seen_is_written_down_with_one_press(matched, vera):
    held(vera, matched).press("Write it down, or send the code", kind="seen", detail="passport by video")
    assert "passport by video" in vera.text
    assert document(matched).assurance == 4


@pytest.mark.slow
def test_nothing_written_proves_nothing(matched, vera):
    held(vera, matched).press("Write it down, or send the code", kind="seen", detail="")
    assert "Write what showed" in vera.text
    assert document(matched).assurance == 3


@pytest.mark.slow
def test_a_place_of_work_is_said_and_left(matched, nora):
    nora.get("/professional/work").press("I work there", answer=" Hillview   Clinic ")
    assert "Hillview Clinic: you told us. The place has not." in " ".join(nora.text.split())
    assert [one.who for one in document(matched).claims] == [WhoKind.PROFESSION, WhoKind.ORGANISATION]
    nora.press("I work there no more")
    assert "you work there no more" in nora.text
    nora.get("/professional/work").press("I work there", answer="")
    assert "Type the name of the place" in nora.text


@pytest.mark.slow
def test_the_desk_ends_a_place_of_work(matched, nora, vera):
    nora.get("/professional/work").press("I work there", answer="Hillview")
    held(vera, matched).press("They work there no more")
    assert "Hillview: left" in vera.text


def test_who_is_on_no_register_is_governed_and_carries_no_badge(nora, forum):
    prove(nora).get("/professional/unregistered").press("Write this down")
    assert "Pick what you do" in nora.text
    nora.press("Write this down", answer="diabetes_educator")
    assert "on no register" in nora.text
    found = document(forum)
    assert (found.badge, found.assurance, found.status) == (b"", 0, "unknown")
    assert [(one.name, one.verified[0] < one.verified[1]) for one in found.claims] == [("diabetes_educator", False)]


@pytest.mark.slow
def test_who_is_on_no_register_may_register_later(nora, forum):
    prove(nora).get("/professional/unregistered").press("Write this down", answer="student")
    register(nora)
    assert "Nora Quill" in nora.get("/professional").text
    with forum.app_context(), reading() as session:
        assert session.query(HcpRecord).count() == 1


@pytest.mark.slow
def test_a_role_that_is_none_is_not_taken(nora, forum):
    prove(nora).get("/professional/unregistered").press("Write this down", answer="nurse")
    assert "Pick what you do" in nora.text
    with forum.app_context(), reading() as session:
        assert session.query(HcpRecord).count() == 0


@pytest.mark.slow
def test_a_further_registration_shows_both_and_can_be_left(matched, nora, vera):
    nora.get("/professional/register/register").press("Go on", answer="gb-hcpc")
    nora.press("Go on", answer="dietitian").press("Go on", answer="DT012345")
    if "/name" in nora.path:
        nora.press("Go on", answer="Nora Quill")
    prove(nora).get("/professional/register/check").press("Register me")
    assert "Each of them has to be in order" in nora.get("/professional").text
    opens_first(vera)
    assert "DT012345" in vera.text
    marks(vera, number="DT012345", assurance="3", proof="", status="lapsed")
    assert document(matched).status == "lapsed"
    held(vera, matched).follow("Look at this one")
    held(vera, matched)
    forms = vera.page.select("form[action$='/held/left']")
    assert len(forms) == 2


@pytest.mark.slow
def test_a_last_day_ends_the_look(nora, vera, forum):
    register(nora)
    marks(vera, renews="2026-13-01")
    assert "this is no day" in vera.text.casefold()
    marks(vera, renews="2020-01-01")
    assert document(forum).checked_until < now()


@pytest.mark.slow
def test_a_warning_stands_on_the_page(matched, nora):
    with matched.app_context(), transaction() as session:
        warn(session, house().keyring, Ahead(manual=91, feed=1), now())
    assert "Our last look at your registration ends on" in nora.get("/professional").text


@pytest.mark.parametrize("path", ["/professional/proof", "/professional/work"])
@pytest.mark.slow
def test_who_is_no_professional_finds_no_such_page(stranger, path):
    assert stranger.get(path).status in {HTTPStatus.NOT_FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.OK}
