"""Guardians' pages: classes and their own refusals, and nothing else; the young person sees all of it."""

import re
import secrets
from http import HTTPStatus

import pytest
import textstat

from governance.db.extension import reading
from governance.optout import agreeing, guardians
from governance.patients.guardians import web as guardian_web
from governance.patients.guardians.models import Hearing
from tests.optout.wishes import prove
from tests.patients.family import Family
from tests.ui.test_pages import sentences
from tests.ui.visits import choose, forum

__all__ = ["forum"]


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.is_under_13()
    yield family
    family.stays()


def of(family, link, name="raj"):
    return family.comes(name).get(f"/guardian/{link}")


FORMS = {
    "refuse": {"circle": "everybody", "what": "everything"},
    "want": {"circle": "others", "level": "seen"},
    "answer": {"about": "00000000-0000-7000-8000-000000000000", "answer": "no"},
    "release": {},
}


def test_before_it_is_in_force_a_link_answers_as_if_it_were_not_there(family):
    family.asks_for_link("raj", "Raj")
    raj, link = family.comes("raj").get("/guardian"), family.links()[0]
    assert "It does not work yet" in raj.text
    assert of(family, link).status == HTTPStatus.NOT_FOUND
    token = {"csrf_token": raj.get("/guardian/ask").page.find("input", attrs={"name": "csrf_token"})["value"]}
    answers = [raj.client.post(f"/guardian/{link}/{path}", data={**form, **token}) for path, form in FORMS.items()]
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert family.document().layers == ()


def test_from_the_code_to_a_link_in_force_by_pages_and_a_command(family):
    family.asks_for_link("raj", "Raj")
    link = family.links()[0]
    family.runs("approve", str(link), "--by", "olu")
    assert "waits for the young person" in family.runs("list")
    maya = family.comes("maya").get("/my/guardians")
    assert "It does not work until you say" in maya.text
    assert "It works now." in maya.press("I have seen this").text
    assert of(family, link).status == HTTPStatus.OK


@pytest.mark.slow
def test_nobody_opens_anothers_page(family):
    link = family.links_guardian()
    assert of(family, link).status == HTTPStatus.OK
    assert of(family, link, "eve").status == HTTPStatus.NOT_FOUND
    assert of(family, link, "maya").status == HTTPStatus.NOT_FOUND


@pytest.mark.slow
def test_a_wrong_code_and_an_empty_form_say_what_to_do(family):
    raj = family.comes("raj").get("/guardian/ask")
    given = {"code": "", "name": "", "calls": "", "evidence": "", "until": "soon"}
    raj.press("Ask for the link", **given)
    assert raj.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert all(said in raj.text for said in ("Write the code", "Write your name", "Write the day"))
    given = {"code": "AAAA-BBBB-CCCC", "name": "Raj", "calls": "x", "evidence": "y", "until": ""}
    raj.press("Ask for the link", basis="parental_responsibility", **given)
    assert raj.status == HTTPStatus.GONE


def marked(family):
    """Everything of Maya's that a guardian must never read, each with a mark of its own."""
    marks = {name: f"{name}{secrets.token_hex(6)}" for name in ("handle", "nurse", "post", "place")}
    family.registers(marks["nurse"], "nurse", f"at-{marks['nurse']}")
    return marks


def test_no_page_of_a_guardian_holds_a_name_an_account_or_a_post(family):
    marks = marked(family)
    key = family.keys[f"at-{marks['nurse']}"]
    family.is_told()
    link = family.links_guardian()
    maya = family.comes("maya")
    choose(maya, "closed", "closed")
    maya.get("/choices/people").press("Go on", who=key).press("Go on", level="closed")
    maya.get("/choices/check").press("Save my choices")
    choose(family.comes("maya"), "closed", "seen")
    family.permits(f"at-{marks['nurse']}", post=marks["post"], community=marks["place"])
    assert found(family, link, [*marks.values(), "maya", key]) == []


def found(family, link, marks):
    """Which marks the pages of a guardian hold, who is asked for a yes just now."""
    raj = family.comes("raj")
    pages = [
        raj.client.get(path).get_data(as_text=True) for path in ("/guardian", "/guardian/ask", f"/guardian/{link}")
    ]
    assert "They ask for your yes" in pages[-1]
    return [mark for mark in marks for page in pages if mark in page]


@pytest.mark.slow
def test_a_page_that_showed_a_wish_with_its_names_is_caught(family, monkeypatch):
    """The control: with both looks for names gone, the mark is on the page."""
    key = family.registers("Nia Quill", "nurse", "nia")
    family.is_told()
    link = family.links_guardian()
    for room in (guardians, agreeing):
        monkeypatch.setattr(room, "names_somebody", lambda _: False)
    monkeypatch.setattr(guardian_web, "render_template", lambda _, **given: repr(given) + "They ask for your yes")
    choose(family.comes("maya"), "seen", "closed", [key])
    assert found(family, link, [key]) == [key]


@pytest.mark.slow
def test_what_a_guardian_closes_counts_at_once_and_the_young_person_sees_who(family):
    link = family.links_guardian()
    raj = of(family, link).press("Close it", circle="everybody", what="everything")
    assert "It is closed from now on." in raj.text
    assert [layer.by for layer in family.document().layers] == [f"guardian:{link}"]
    assert "Raj closed everything for you" in family.comes("maya").get("/my/choices").text


def test_below_the_age_of_own_choice_an_officer_hears_the_child_and_may_take_it_away(family):
    link = family.links_guardian()
    of(family, link).press("Close it", circle="everybody", what="everything")
    maya = family.comes("maya").get("/my/choices")
    assert "Take it away" not in maya.text
    maya.press("Hear me")
    assert "Our staff talk to you by" in maya.text
    listed = family.runs("requests")
    assert re.search(r"layer .*in time", listed)
    family.runs("hear", listed.split()[0], "--outcome", "granted")
    assert family.document().layers == ()
    assert family.runs("requests") == "none\n"


@pytest.mark.slow
def test_a_press_that_is_not_on_the_page_takes_nothing_away(family):
    link = family.links_guardian()
    of(family, link).press("Close it", circle="everybody", what="everything")
    maya = family.comes("maya").get("/my/choices")
    token = maya.page.find("input", attrs={"name": "csrf_token"})["value"]
    form = {"csrf_token": token, "layer": f"guardian:{link}"}
    assert maya.client.post("/my/layers/take-away", data=form).status_code == HTTPStatus.NOT_FOUND
    assert len(family.document().layers) == 1


def test_from_the_age_of_own_choice_she_takes_it_away_alone(family):
    link = family.links_guardian()
    of(family, link).press("Close it", circle="others", what="contact")
    family.runs(
        "age",
        "--platform",
        "t1d-forum",
        "--patient",
        "maya",
        "--turns-18",
        "2030-01-01",
        "--proof",
        "passport",
        "--proof",
        "school",
    )
    family.comes("maya").get("/my/choices").press("Take it away")
    assert family.document().layers == ()


@pytest.mark.slow
def test_what_a_guardian_does_not_want_any_more_the_child_takes_away(family):
    link = family.links_guardian()
    of(family, link).press("Close it", circle="everybody", what="everything")
    of(family, link).press("I do not want this any more")
    assert len(family.document().layers) == 1
    family.comes("maya").get("/my/choices").press("Take it away")
    assert family.document().layers == ()


def test_a_guardian_makes_nobody_older(family):
    link, before = family.links_guardian(), family.document().adult_from
    of(family, link).press("Say it", band="16_to_17")
    assert family.document().adult_from == before


@pytest.mark.slow
def test_a_guardian_who_makes_somebody_younger_is_told_to_staff(family):
    link = family.links_guardian()
    proofs = ("--proof", "passport", "--proof", "school")
    family.runs("age", "--platform", "t1d-forum", "--patient", "maya", "--turns-18", "2030-01-01", *proofs)
    of(family, link).press("Say it", band="under_13")
    assert "disagreement" in family.runs("requests")


def test_a_yes_needs_a_proof_and_a_no_needs_none(family):
    family.is_told()
    link = family.links_guardian()
    choose(family.comes("maya"), "closed", "seen")
    raj = family.comes("raj", proved=False).get(f"/guardian/{link}")
    assert raj.press("Yes, I agree", answer="yes").path == "/prove"
    prove(family.app, raj)
    raj = family.comes("raj", proved=False).get(f"/guardian/{link}")
    assert "It does not open" in raj.press("No", answer="no").text
    assert "A guardian or our staff said no." in family.comes("maya").get("/my/waiting").text


@pytest.mark.slow
def test_a_young_person_says_that_a_link_is_wrong_and_staff_end_it(family):
    family.asks_for_link("eve", "Eve")
    maya = family.comes("maya").get("/my/guardians").press("This is wrong")
    assert "Our staff talk to you by" in maya.text
    family.runs("hear", family.runs("requests").split()[0], "--outcome", "granted")
    assert "It has ended." in family.comes("maya").get("/my/guardians").text


@pytest.mark.slow
def test_a_court_ends_it_at_once(family):
    link = family.links_guardian()
    family.runs("end", str(link), "--why", "court order 12")
    assert of(family, link).status == HTTPStatus.NOT_FOUND


@pytest.mark.slow
def test_where_somebody_lives_is_theirs_to_say_and_earlier_alone_staffs(family):
    maya = family.comes("maya").get("/my/guardians/country")
    assert "It is saved." in maya.press("Save", country="DE").text
    maya = family.comes("maya").get("/my/guardians/country")
    assert "our staff look at it first" in maya.press("Save", country="GB").text
    with family.app.app_context(), reading() as session:
        assert [one.about for one in Hearing.all_open(session)] == [""]
    family.runs("hear", family.runs("requests").split()[0], "--outcome", "granted")
    chosen = family.comes("maya").get("/my/guardians/country").page.find("option", selected=True)
    assert chosen["value"] == "GB"


@pytest.mark.slow
def test_after_a_death_nothing_is_open_and_the_history_is_sealed(family):
    family.is_told()
    choose(family.comes("maya"), "closed", "closed")
    given = ("--platform", "t1d-forum", "--patient", "maya", "--evidence", "certificate 9")
    family.runs("died", *given)
    maya = family.comes("maya")
    assert maya.get("/my/history").status == HTTPStatus.NOT_FOUND
    assert maya.get("/my/receipts").status == HTTPStatus.NOT_FOUND
    assert "Take it away" not in maya.get("/my/choices").text
    assert [layer.by for layer in family.document().layers] == ["death"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"band": "13_to_15"}, HTTPStatus.OK),
        ({"band": "14"}, HTTPStatus.BAD_REQUEST),
        ({"band": "13_to_15", "birth_date": "2014-05-20"}, HTTPStatus.BAD_REQUEST),
        ({"band": "13_to_15", "changes_on": "2001-01-01"}, HTTPStatus.BAD_REQUEST),
        ({"band": "13_to_15", "zone": "Mars/Base"}, HTTPStatus.BAD_REQUEST),
    ],
)
def test_a_platform_says_a_band_and_nothing_finer(family, said, status):
    assert family.says_age("zoe", **said).status_code == status


def test_no_answer_to_a_forum_tells_whether_anybody_said_another_age(family):
    """Else a forum learns that somebody has an account, a guardian or staff elsewhere who know them as younger."""
    says = {"band": "16_to_17", "zone": "Europe/London"}
    alone = family.says_age("zoe", **says)
    link = family.links_guardian()
    of(family, link).press("Say it", band="under_13")
    assert family.document("maya").adult_from > family.document("zoe").adult_from
    younger = family.says_age("maya", **says)
    older = family.says_age("maya", "adult")
    assert [one.data for one in (younger, older)] == [alone.data] * 2
    assert alone.json == {"taken": True}


@pytest.mark.slow
def test_the_pages_are_easy_to_read(family):
    family.is_told()
    family.asks_for_link("mia", "Mia")
    link = family.links_guardian()
    choose(family.comes("maya"), "closed", "seen")
    raj = of(family, link).press("Ask them", circle="care_team", level="seen")
    raj.press("Close it", circle="everybody", what="everything")
    pages = [raj, *(family.comes("raj").get(path) for path in ("/guardian", "/guardian/ask"))]
    pages += [family.comes("maya").get(path) for path in ("/my/guardians", "/my/choices", "/my/guardians/country")]
    grades = {page.path: textstat.flesch_kincaid_grade(sentences(page.page)) for page in pages}
    assert {path: grade for path, grade in grades.items() if grade > 6} == {}
