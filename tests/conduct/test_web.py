"""A professional at our pages: register, be checked, accept the rules one by one, say how they are here."""

from http import HTTPStatus

import pytest

from governance.conduct.models import Attestation, HcpRecord, SaidRegistration
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.measures import Measures
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.people import PIN
from tests.conduct.visits import accept_rules, answers, forum, marks, nora, prove, register, stranger, vera
from tests.ui.visits import Visitor, sign_in

__all__ = ["forum", "nora", "stranger", "vera"]


def count(app, table):
    with app.app_context(), reading() as session:
        return session.query(table).count()


def test_who_is_not_registered_reads_first_what_it_changes(nora):
    nora.get("/professional")
    assert nora.h1 == "What changes when you register"
    assert "every account that is ever tied to you" in nora.text
    assert "It does not end when you retire" in nora.text


def test_the_whole_way_registers(nora, forum):
    register(nora)
    assert (nora.path, nora.h1) == ("/professional", "How I stand as a professional")
    assert "You are registered" in nora.text
    assert "You cannot take part as a professional now" in nora.text
    assert count(forum, HcpRecord) == 1


def test_nothing_is_stored_before_the_last_press(nora, forum):
    answers(nora)
    assert nora.h1 == "Check your answers"
    assert "every account that is ever tied to you" in nora.text
    assert count(forum, HcpRecord) == 0


def test_a_typing_error_is_explained_and_what_was_typed_stays(nora):
    nora.get("/professional/register/register").press("Go on", answer="gb-nmc").press("Go on", answer="nurse")
    nora.press("Go on", answer="1203456b")
    assert nora.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Did you mean 12O3456B?" in nora.text
    link = nora.page.select_one(".nhsuk-error-summary a")
    assert nora.page.find(id=link["href"].removeprefix("#"))["value"] == "1203456b"


def test_zeros_at_the_start_stay(nora):
    nora.get("/professional/register/register").press("Go on", answer="nl-big").press("Go on", answer="doctor")
    nora.press("Go on", answer="01234567890").press("Go on", answer="Nora Quill")
    prove(nora).get("/professional/register/check")
    assert "01234567890" in nora.text


def test_a_doubtful_number_may_go_on_with_a_warning(nora, forum):
    nora.get("/professional/register/register").press("Go on", answer="fr-rpps").press("Go on", answer="doctor")
    nora.press("Go on", answer="10001234560").press("Go on", answer="Nora Quill")
    prove(nora).get("/professional/register/check")
    assert "Look at your number once more" in nora.text
    nora.press("Register me")
    assert count(forum, SaidRegistration) == 1


@pytest.mark.parametrize("page", ["register", "profession", "number", "name"])
def test_no_answer_is_said_at_the_top_and_at_the_question(nora, page):
    nora.get("/professional/register/register").press("Go on", answer="gb-nmc").press("Go on", answer="nurse")
    nora.press("Go on", answer=PIN).press("Go on", answer="Nora Quill")
    nora.get(f"/professional/register/{page}").press("Go on", answer="")
    assert nora.status == HTTPStatus.UNPROCESSABLE_ENTITY
    link = nora.page.select_one(".nhsuk-error-summary a")
    assert nora.page.find(id=link["href"].removeprefix("#")).name == "input"


def test_who_finds_a_phone_open_makes_nobody_a_professional(nora, forum):
    nora.get("/professional/register/register").press("Go on", answer="gb-nmc").press("Go on", answer="nurse")
    nora.press("Go on", answer=PIN)
    token = nora.page.find("input", {"name": "csrf_token"})["value"]
    assert nora.press("Go on", answer="Nora Quill").path == "/prove"
    assert nora.page.select_one("a[href*='next=joining.check']")
    assert "You want to register as a health professional" in nora.text
    sent = {"csrf_token": token, "seen": "x"}
    assert nora.client.post("/professional/register/check", data=sent).headers["Location"].startswith("/prove")
    assert count(forum, HcpRecord) == 0


def test_no_page_can_be_jumped_over(nora):
    prove(nora)
    for page in ("profession", "number", "name", "check"):
        assert nora.get(f"/professional/register/{page}").path == "/professional/register/register"


def test_another_register_asks_for_its_own_number(nora):
    nora.get("/professional/register/register").press("Go on", answer="gb-nmc").press("Go on", answer="nurse")
    nora.press("Go on", answer=PIN).press("Go on", answer="Nora Quill")
    nora.get("/professional/register/register").press("Go on", answer="gb-gmc")
    assert nora.path == "/professional/register/profession"
    nora.press("Go on", answer="doctor")
    assert nora.path == "/professional/register/number"


def test_a_number_of_somebody_else_looks_no_different(nora, forum, stranger):
    register(nora)
    first = nora.text
    twin = Visitor(forum.test_client())
    twin.client.set_cookie("governance", sign_in(forum, "twin"))
    register(twin)
    assert without_times(twin.text) == without_times(first)
    assert stranger.get("/professional").path != "/professional"


def without_times(text):
    return [word for word in text.split() if not any(sign.isdigit() for sign in word)]


def test_rules_are_accepted_one_by_one_where_they_are_marked(nora, forum):
    register(nora)
    marked = [rule for rule in policies().conduct.rules() if rule.must_accept]
    nora.get("/professional/rules")
    assert f"{len(marked)} rules matter most" in nora.text
    nora.follow("Start")
    shown = []
    while "/declaration" not in nora.path:
        shown.append(nora.path.rsplit("/")[-1].upper())
        nora.press("I accept this rule")
    assert shown == [rule.code for rule in marked]
    assert count(forum, Attestation) == 0
    nora.press("I accept all the rules")
    assert "You have accepted the rules" in nora.text
    with forum.app_context(), reading() as session:
        kept = session.query(Attestation).one()
    assert (kept.version, kept.text_sha256) == (policies().conduct.version, policies().conduct.record.text().sha256)
    assert kept.until - kept.at == policies().conduct.attestation_days * 24 * 3600 * 1_000_000


def test_the_others_cannot_be_accepted_before_those_that_are_marked(nora, forum):
    register(nora)
    assert nora.get("/professional/rules/declaration").path == "/professional/rules/c1"
    token = nora.page.find("input", {"name": "csrf_token"})["value"]
    policy = policies().conduct
    sent = {"csrf_token": token, "version": policy.version, "text": policy.record.text().sha256}
    nora.client.post("/professional/rules/declaration", data=sent)
    assert count(forum, Attestation) == 0


def test_a_rule_of_another_version_is_not_accepted(nora):
    register(nora)
    nora.get("/professional/rules/c1")
    token = nora.page.find("input", {"name": "csrf_token"})["value"]
    sent = {"csrf_token": token, "version": "0.9.0", "text": policies().conduct.record.text().sha256}
    nora.client.post("/professional/rules/c1", data=sent)
    assert nora.get("/professional/rules/declaration").path == "/professional/rules/c1"


@pytest.mark.parametrize("path", ["rules", "capacity", "measures"])
def test_who_is_not_registered_has_no_such_page(nora, path):
    assert nora.get(f"/professional/{path}").status == HTTPStatus.NOT_FOUND


def test_a_rule_that_is_not_marked_has_no_page_of_its_own(nora):
    register(nora)
    assert nora.get("/professional/rules/c2").status == HTTPStatus.NOT_FOUND


def test_checked_and_accepted_one_can_take_part(nora, vera):
    register(nora)
    accept_rules(nora)
    marks(vera)
    nora.get("/professional")
    assert "You can take part as a professional" in nora.text
    assert "Found on the register: Nora Quill" in nora.text
    assert "all of it agrees" in nora.text
    assert "the page of today" not in nora.text


def test_a_place_as_a_patient_is_shown_with_its_day(nora):
    register(nora)
    nora.get("/professional/capacity").press("Choose this", capacity="peer", community="")
    assert "On this forum: you are here as a professional. From" in nora.text


def test_a_group_that_nobody_knows_is_told(nora):
    register(nora)
    nora.get("/professional/capacity").press("Choose this", capacity="peer", community="no such")
    assert nora.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "no group of this name" in nora.text


def test_no_capacity_picked_is_told(nora):
    register(nora)
    nora.get("/professional/capacity").press("Choose this", community="")
    assert (nora.status, "Pick how you are here" in nora.text) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)


def test_a_measure_is_shown_with_how_to_appeal(nora, forum):
    register(nora)
    assert "Nothing shuts you out" in nora.get("/professional/measures").text
    with forum.app_context(), transaction() as session:
        hcp = session.query(HcpRecord).one().id
        Measures(session, house().keyring, now()).block_hcp(hcp, Instant(now() + 10**12))
    assert "Now:" in nora.get("/professional/measures").text
    assert "ask us to look again" in nora.text
    assert "We have shut you out for now" in nora.get("/professional").text


def test_a_form_without_its_token_registers_nobody(nora, forum):
    answers(nora)
    seen = nora.page.find("input", {"name": "seen"})["value"]
    answer = nora.client.post("/professional/register/check", data={"seen": seen})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert count(forum, HcpRecord) == 0
