"""The form: one question a page, one address, nothing filed before *Send*, and then once."""

import io

import pytest

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Level
from governance.identity.models import Account
from governance.identity.staff.service import end_staff
from governance.optout.service import choices_now
from governance.patients.service import find_patient
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.reporting.evidence.service import content_of, forget_never_sent
from governance.reporting.filing.steps import STEPS
from governance.reporting.keeping.models import Report
from governance.reporting.vaults.duty import name_contact
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.reporting.telling import ANSWERS, code_on, opened, opens_an_office, picture, reports, send, sends, tells
from tests.ui.visits import FORUM, Visitor, doctor, forum, multipart, nurse, sign_in, stranger, visitor

__all__ = ["doctor", "forum", "nurse", "stranger", "visitor"]


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


def how_many(app, table):
    with app.app_context(), reading() as session:
        return session.query(table).count()


@pytest.mark.usefixtures("office")
def test_nothing_is_filed_before_send_and_one_report_after_it(forum, stranger):
    tells(stranger)
    assert stranger.h1 == "Look at it once more"
    assert reports(forum) == []
    send(stranger, "/tell-us", go="on")
    assert stranger.h1 == "We have it. This is your code"
    assert len(reports(forum)) == 1


def test_an_officer_reads_what_was_told_and_nobody_learns_who_did(forum, stranger, office):
    sends(stranger)
    with opened(forum, office["olu"]) as read:
        body, header = read.report.body, read.report.header
        assert (body.what, body.where, body.who) == ("He wrote to me at night", "In a private message", "N. Ward")
        assert body.wish == "That it stops\nOnly that you know"
        assert (header.kind, header.danger_now, header.minor, header.platform_id) == ("boundary", False, False, None)
        assert body.more == {"young": "no"}


@pytest.mark.usefixtures("office")
def test_every_page_has_one_address_and_one_title(stranger):
    titles = set()
    stranger.get("/tell-us")
    for said in ({}, {"danger": "no"}, {"what": "x"}, {"about": "other"}, {}, {}, {"young": "no"}, {}, {}):
        titles.add(stranger.page.title.get_text())
        assert stranger.path == "/tell-us"
        send(stranger, "/tell-us", go="on", **said)
    assert {title.partition(" ")[0] for title in titles} == {"Tell"}
    assert len(titles) == 1


@pytest.mark.usefixtures("office")
def test_no_page_is_kept_by_the_browser_and_each_can_be_left_at_once(stranger):
    tells(stranger)
    answer = stranger.client.get("/tell-us")
    assert answer.headers["Cache-Control"] == "no-store"
    assert stranger.page.find("a", attrs={"data-leave": True})
    stranger.client.get("/leave")
    assert stranger.get("/tell-us").h1 == "Tell us what happened"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("step", ["danger", "what", "about", "young", "reach"])
def test_what_is_missing_is_said_where_it_is(stranger, step):
    stranger.get("/tell-us")
    send(stranger, "/tell-us")
    for name in STEPS[: STEPS.index(step)]:
        send(stranger, "/tell-us", go="on", **ANSWERS[name])
    send(stranger, "/tell-us", go="on")
    assert stranger.status == 422
    assert stranger.page.find(class_="nhsuk-error-summary")
    assert stranger.page.title.get_text().startswith("Tell us (there is a problem)")


@pytest.mark.usefixtures("office")
def test_an_answer_can_be_changed_before_sending(forum, stranger, office):
    send(tells(stranger), "/tell-us", go="change:what")
    assert stranger.h1 == "What happened?"
    assert "He wrote to me at night" in stranger.page.textarea.get_text()
    send(stranger, "/tell-us", go="on", what="Twice")
    assert stranger.h1 == "Look at it once more"
    send(stranger, "/tell-us", go="on")
    with opened(forum, office["olu"]) as read:
        assert read.report.body.what == "Twice"


@pytest.mark.usefixtures("office")
def test_one_can_go_back_and_throw_it_away(forum, stranger):
    tells(stranger)
    send(stranger, "/tell-us", go="back")
    assert stranger.h1 == "How may we answer you safely?"
    send(stranger, "/tell-us", go="away")
    assert stranger.h1 == "Tell us what happened"
    assert reports(forum) == []


@pytest.mark.usefixtures("office")
def test_sent_twice_it_is_filed_once(forum, stranger):
    tells(stranger)
    token = stranger.page.find("input", attrs={"name": "csrf_token"})["value"]
    sent = {"csrf_token": token, "step": "check", "go": "on"}
    first = stranger.client.post("/tell-us", data=sent)
    assert first.status_code == 200
    again = stranger.client.post("/tell-us", data=sent, follow_redirects=True)
    assert b"This is your code" in again.data
    assert len(reports(forum)) == 1


@pytest.mark.usefixtures("office")
def test_the_last_signs_of_the_code_are_typed_back(stranger):
    code = sends(stranger)
    assert code_on(stranger.get("/tell-us")) == code
    assert send(stranger, "/tell-us", go="on", last="0000").status == 422
    assert send(stranger, "/tell-us", go="skip", last="").status == 422
    send(stranger, "/tell-us", go="on", last=code[-4:].lower())
    assert stranger.h1 == "Thank you for telling us"
    assert code not in stranger.get("/tell-us").page.get_text()


@pytest.mark.usefixtures("office")
def test_who_is_signed_in_may_leave_that_out(visitor):
    sends(visitor)
    assert send(visitor, "/tell-us", go="skip", last="").h1 == "Thank you for telling us"


def test_pictures_come_with_the_report(forum, stranger, office):
    stranger.get("/tell-us")
    send(stranger, "/tell-us")
    for said in ({"danger": "yes"}, {"what": "x"}, {"about": "other"}, {}, {}, {"young": "me"}):
        send(stranger, "/tell-us", go="on", **said)
    assert stranger.h1 == "Do you have a picture of it?"
    for color in ("red", "blue", "green"):
        send(stranger, "/tell-us", go="add", picture=(io.BytesIO(picture(color)), "IMG_2026.png"))
    dropped = stranger.page.find_all("button", attrs={"value": lambda v: v and v.startswith("drop:")})[0]["value"]
    send(stranger, "/tell-us", go=dropped)
    # Picked, and the button for it forgotten.
    send(stranger, "/tell-us", go="on", picture=(io.BytesIO(picture("black")), "IMG_2027.png"))
    assert stranger.h1 == "What would you like?"
    send(stranger, "/tell-us", go="on")
    send(stranger, "/tell-us", go="on", reach="code")
    send(stranger, "/tell-us", go="on")
    with opened(forum, office["olu"]) as read:
        assert read.report.body.evidence == ("2.png", "3.png", "1.png")
        assert [one.name for one in read.pictures] == ["1.png", "2.png", "3.png"]
        assert all(content_of(read.session, one).startswith(b"\x89PNG") for one in read.pictures)
        assert (read.report.header.danger_now, read.report.header.minor) == (True, True)
    assert how_many(forum, Evidence) == 3


@pytest.mark.usefixtures("office")
def test_a_picture_that_is_not_taken_says_what_to_do(forum, stranger):
    send(tells(stranger), "/tell-us", go="change:pictures")
    send(stranger, "/tell-us", go="add", picture=(io.BytesIO(b"\0\0\0\x18ftypheic" + b"\0" * 99), "IMG.HEIC"))
    assert stranger.status == 422
    assert "take a screenshot" in stranger.text
    send(stranger, "/tell-us", go="add")
    assert "Pick a picture first" in stranger.text
    assert how_many(forum, Evidence) == 0


@pytest.mark.usefixtures("office")
def test_a_picture_larger_than_other_forms_may_be_is_taken_and_never_lies_on_a_disk(stranger, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a file was written")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    send(tells(stranger), "/tell-us", go="change:pictures")
    large = picture(size=(1200, 900), kind="BMP")
    assert len(large) > 3_000_000
    send(stranger, "/tell-us", go="add", picture=(io.BytesIO(large), "x.bmp"))
    assert "We cannot read this as a picture" in stranger.text
    answer = stranger.client.post("/tell-us", **multipart({"picture": (io.BytesIO(b"x" * 17_000_000), "x")}))
    assert answer.status_code == 413
    assert stranger.client.post("/hide", data={"code": "x" * 300_000}).status_code == 413  # The control.


@pytest.mark.usefixtures("office")
def test_pictures_of_what_is_never_sent_are_forgotten(forum, stranger):
    send(tells(stranger), "/tell-us", go="change:pictures")
    send(stranger, "/tell-us", go="add", picture=(io.BytesIO(picture()), "x.png"))
    assert how_many(forum, EvidencePart) == 1
    for later, left in ((30 * 60, 1), (3 * 3600, 0)):
        with forum.app_context(), transaction() as session:
            forget_never_sent(session, now() + later * 1_000_000)
        assert how_many(forum, EvidencePart) == left


def test_fewer_than_two_readers_close_the_form_to_somebody_outside(forum, stranger, office):
    with forum.app_context(), transaction() as session:
        name_contact(Work(session, house().keyring, now()), "Help House", "0000 1234")
        end_staff(session, house().keyring, office["olu"].staff_id, now=now())
    stranger.get("/tell-us")
    assert stranger.status == 503
    assert stranger.h1 == "You cannot tell us here just now"
    assert "Help House" in stranger.text
    first = stranger.page.main.find_all(["a", "p"])
    assert any(one.get("href", "").startswith("tel:") for one in first)


def test_closed_while_somebody_writes_nothing_is_taken_and_nothing_lost(forum, stranger, office):
    tells(stranger)
    with forum.app_context(), transaction() as session:
        end_staff(session, house().keyring, office["olu"].staff_id, now=now())
    assert send(stranger, "/tell-us", go="on").status == 503
    assert reports(forum) == []


@pytest.mark.usefixtures("nurse", "office")
def test_a_person_can_be_blocked_at_once_and_the_case_alone_knows_why(forum, visitor, nurse, office):
    answers = {"where": {"forum": FORUM}, "who": {"hcp": nurse}, "wish": {"block": "yes"}}
    tells(visitor, **answers)
    assert "Block Nora Quill now" in visitor.text
    send(visitor, "/tell-us", go="on")
    assert "The person is blocked" in visitor.text
    with forum.app_context(), reading() as session:
        ana = next(one for one in session.query(Account) if find_patient(session, one.id))
        chosen = choices_now(session, house().keyring, find_patient(session, ana.id).id)
        assert {(one.account, one.level) for one in chosen.named} == {(nurse, Level.CLOSED)}
    with opened(forum, office["olu"]) as read:
        assert read.report.body.more == {"young": "no", "hcp": nurse, "block": "yes"}


@pytest.mark.usefixtures("office")
def test_only_who_lets_themselves_be_known_is_named_and_apart_from_the_report(forum, visitor, office):
    sends(visitor, reach={"reach": "account"}, where={"forum": FORUM})
    with opened(forum, office["olu"]) as read:
        assert set(read.report.body.more) == {"young", "patient"}


@pytest.mark.usefixtures("office")
def test_nobody_signed_in_blocks_nobody_and_names_no_professional(stranger, nurse):
    sends(stranger, where={"forum": FORUM}, who={"hcp": nurse}, wish={"block": "yes"})
    assert "blocked" not in stranger.text


@pytest.mark.usefixtures("office")
def test_two_tabs_ask_anew_what_was_not_asked(stranger):
    stranger.get("/tell-us")
    send(stranger, "/tell-us")
    token = stranger.page.find("input", attrs={"name": "csrf_token"})["value"]
    for step in ("check", "reach", "no-such-step"):
        answer = stranger.client.post("/tell-us", data={"csrf_token": token, "step": step, "go": "on"})
        assert answer.status_code == 303
    assert stranger.get("/tell-us").h1 == "Is somebody in danger now?"


@pytest.mark.usefixtures("office")
def test_strange_answers_are_refused_and_break_nothing(stranger):
    stranger.get("/tell-us")
    send(stranger, "/tell-us")
    assert send(stranger, "/tell-us", go="on", danger="perhaps").status == 400
    stranger.get("/tell-us")
    assert send(stranger, "/tell-us", go="on", danger="no", more="x").status == 400


def test_a_browser_of_somebody_else_sees_nothing(forum, stranger, office):
    assert office
    code = sends(stranger)
    other = Visitor(forum.test_client())
    assert code not in str(other.get("/tell-us").page)
    signed_in = Visitor(forum.test_client())
    signed_in.client.set_cookie("governance", sign_in(forum, "bea"))
    assert code not in str(signed_in.get("/tell-us").page)


@pytest.mark.usefixtures("office")
def test_what_is_no_button_of_the_page_sends_nothing(forum, stranger):
    tells(stranger)
    token = stranger.page.find("input", attrs={"name": "csrf_token"})["value"]
    answer = stranger.client.post("/tell-us", data={"csrf_token": token, "step": "check", "go": "elsewhere"})
    assert answer.status_code == 400
    assert how_many(forum, Report) == 0
