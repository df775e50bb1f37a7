"""Officers at their pages: from an alarming message to a protected patient, and who opens nothing."""

from http import HTTPStatus

import pytest

from governance.db.extension import reading, transaction
from governance.effective.models import Measure
from governance.identity.permissions import Role
from governance.identity.service import NewPlatform, account_for, add_platform, platform_named
from governance.policy.current import policies
from governance.reporting.cases.models import Case, CaseEvent
from governance.reporting.keeping.drafts import Body, Draft, Header
from governance.reporting.keeping.service import file_report
from governance.reporting.protection.models import MeasureReview, RefusalOffer
from governance.reporting.protection.offers import AHEAD, offer
from governance.reporting.vaults.duty import duty_group, narrow
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.staff import add_staff, client_of, sign_in_staff
from tests.ui.visits import FORUM, Visitor, forum, nurse, visitor

__all__ = ["forum", "nurse", "visitor"]
DESK = "/desk/cases"
PASSPHRASE = "four otters sing in march"


def officer(app, name, *roles):
    """Somebody at the desk, with a vault that is open."""
    member = Visitor(client_of(app, *(roles or (Role.OFFICER,)), subject=name, name=name.title()))
    member.get("/desk/vault").press("Make my vault", new=PASSPHRASE, again=PASSPHRASE)
    return member


@pytest.fixture
def oda(forum):
    return officer(forum, "oda")


@pytest.fixture
def olu(forum, nurse, oda):
    """She works beside Oda, and Nora is a nurse here: one officer alone takes no report."""
    assert nurse
    assert oda
    return officer(forum, "olu")


def files(app, what="He wrote to me again after I said no.", kind="boundary", forum_name=FORUM, more=None, **flags):
    """Somebody files a report; return its code."""
    with app.app_context(), transaction() as session:
        work = Work(session, house().keyring, now())
        platform = platform_named(session, forum_name)
        body = Body(what=what, where="the thread about lows", who="N. Ward", more=more or {})
        draft = Draft(header=Header(kind=kind, platform_id=platform.id, **flags), body=body)
        return file_report(work, draft, duty_group(session, platform.id, work.now))


def keys(app, *names):
    with app.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        return [account_for(session, house().keyring, platform, name, now()).key for name in names]


def rows(app, model):
    with app.app_context(), reading() as session:
        return session.query(model).all()


def opens(member):
    member.get(DESK)
    return member.get(member.page.select_one("ul.tall-links a[href*='/desk/cases/']")["href"])


def test_from_an_alarming_message_to_a_protected_patient_in_two_pages_and_one_press(olu, forum):
    patient, hcp = keys(forum, "ana", "nora")
    files(forum, kind="safeguarding_adult", danger_now=True, more={"patient": patient, "hcp": hcp})
    assert "Danger now." in olu.get(DESK).text
    opens(olu)
    assert "He wrote to me again after I said no." in olu.text
    olu.press("Block the two from each other now")
    assert "It is in force" in olu.text
    (measure,) = rows(forum, Measure)
    assert (measure.kind, measure.about) == ("pair_block", [hcp])
    assert "Works on it: you." in olu.text
    assert "Nothing was asked or shown between the two." in olu.text


def test_without_accounts_the_officer_types_them(olu, forum, nurse):
    files(forum)
    opens(olu).follow("Protect somebody now")
    olu.press("Protect now", what="pair", patient="", hcp="nora")
    assert olu.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Type both accounts" in olu.text
    assert rows(forum, Measure) == []
    olu.press("Protect now", what="pair", patient="zoe", hcp="nora")
    assert [one.about for one in rows(forum, Measure)] == [[nurse]]


def test_a_whole_case_at_the_pages(olu, oda, forum):
    files(forum, minor=True)
    opens(olu).follow("Say that you have read it").press("Send", said="I have read it. We look into it.")
    olu.follow("Say how serious it is")
    olu.press("Set it", kind="boundary", severity="", harm_body="none", harm_mind="low", calendar="GB", reason="why")
    assert "Fill in: How serious" in olu.text
    olu.press("Set it", kind="boundary", severity="S3", harm_body="none", harm_mind="low", calendar="GB", reason="two")
    olu.follow("Decide").press("Decide", outcome="upheld", reasons="Two messages after a no.", rule="C9")
    olu.follow("Tell the outcome").press("Send", said="You were right.")
    olu.follow("Ask a second officer to close it").press("Ask", reason="All is done.")
    assert "Another officer answers this." in olu.text
    opens(oda).press("Yes, do it", answer="yes", words="I agree.")
    (case,) = rows(forum, Case)
    assert (case.state, case.outcome) == ("closed", "upheld")
    assert "Nothing waits for you." in oda.get(DESK).text


def test_another_look_at_a_registration_keeps_nobody_away(olu, forum):
    """The press that blocks stays in front until somebody was blocked."""
    patient, hcp = keys(forum, "ana", "nora")
    files(forum, more={"patient": patient, "hcp": hcp})
    opens(olu).follow("Other ways to protect").press("Protect now", what="recheck", patient=patient, hcp=hcp)
    assert "It is in force" in olu.text
    olu.press("Block the two from each other now")
    assert [one.kind for one in rows(forum, Measure)] == ["pair_block"]


def test_a_wide_block_takes_two_and_is_looked_at_again(olu, oda, forum):
    files(forum)
    opens(olu).follow("block the professional everywhere").press("Ask", hcp="nora", reason="Three people wrote.")
    assert rows(forum, Measure) == []
    opens(oda).press("Yes, do it", answer="yes", words="")
    assert [one.kind for one in rows(forum, Measure)] == ["hcp_block"]
    olu.get("/desk/measures").press("Write it down", result="right", words="It was needed.")
    assert "Somebody who did not take it" in olu.text
    officer(forum, "ben").get("/desk/measures").press("Write it down", result="renewed", words="It goes on.")
    assert [one.result for one in rows(forum, MeasureReview) if one.reviewed] == ["renewed"]


def test_an_emergency_view_is_not_given_where_the_patient_did_not_agree(olu, forum):
    files(forum, danger_now=True)
    opens(olu).follow("Protect somebody now")
    olu.press("Protect now", what="emergency", patient="ana", hcp="nora", thread="t1")
    assert "did not agree" in olu.text
    assert "emergency services" in olu.text
    assert rows(forum, Measure) == []


def test_a_professional_reads_answers_and_appeals_by_a_code(olu, oda, forum):
    files(forum)
    opens(olu).follow("Tell the professional what is said").press("Make a code", said="Somebody says you wrote twice.")
    code = olu.page.find(class_="code").text
    assert code not in opens(olu).text
    dan = Visitor(forum.test_client())
    dan.get("/your-side").press("Open", code="0000", go="open")
    assert "opens nothing" in dan.text
    dan.press("Open", code=code.lower(), go="open")
    assert "Somebody says you wrote twice." in dan.text
    dan.press("Send", said="I did not see the no.", go="answer")
    assert "We have your answer." in dan.text
    assert "I did not see the no." in opens(oda).text
    assert "Ask for another look" not in dan.text
    olu.get(opens(olu).path).follow("Say that you have read it").press("Send", said="read")
    olu.follow("Say how serious it is").press(
        "Set it", kind="boundary", severity="S1", harm_body="none", harm_mind="low", calendar="GB", reason="w"
    )
    olu.follow("Decide").press("Decide", outcome="upheld", reasons="It is plain.", rule="")
    assert "Ask for another look" not in dan.get("/your-side").text
    olu.follow("Tell the outcome").press("Send", said="You were right.", heard="We believe it was you.")
    dan.get("/your-side").press("Ask for another look", said="It was not me.", go="appeal")
    assert "had no part in it" in dan.text
    assert [case.state for case in rows(forum, Case)] == ["appealed"]


def doors(case_id):
    return [
        ("GET", f"{DESK}/{case_id}"),
        ("GET", f"{DESK}/{case_id}/protect"),
        ("POST", f"{DESK}/{case_id}/protect"),
        ("POST", f"{DESK}/{case_id}/protect-now"),
        ("GET", f"{DESK}/{case_id}/do/note"),
        ("POST", f"{DESK}/{case_id}/do/note"),
        ("GET", f"{DESK}/{case_id}/picture/0"),
        ("POST", f"{DESK}/{case_id}/answer/{case_id}"),
    ]


def tried(member, method, path):
    token = member.page.find("input", attrs={"name": "csrf_token"})["value"]
    given = {"csrf_token": token, "words": "mine", "what": "pair", "patient": "ana", "hcp": "nora", "answer": "yes"}
    return member.client.open(path, method=method, data=given if method == "POST" else None)


def test_whoever_is_not_in_a_case_opens_finds_and_counts_nothing(olu, oda, forum):
    tia = officer(forum, "tia")
    tia.get("/desk/ties").press("Write it down", kind="organisation", words="St Mary's")
    with forum.app_context(), transaction() as session:
        wanted = NewPlatform(name="other", issuer="https://o.example", oidc_client_id="us", oidc_client_secret="s")
        other, _ = add_platform(session, house().keyring, wanted, now=now())
        other_id = other.id
    eli_id = add_staff(forum, Role.OFFICER, subject="eli", name="Eli")
    with forum.app_context(), transaction() as session:
        narrow(Work(session, house().keyring, now()), eli_id, frozenset({other_id}))
    eli = Visitor(forum.test_client())
    eli.client.set_cookie("governance", sign_in_staff(forum, eli_id))
    eli.get("/desk/vault").press("Make my vault", new=PASSPHRASE, again=PASSPHRASE)
    files(forum, what="nobody else reads this")
    late = officer(forum, "late")
    opens(olu).follow("Protect somebody now").press(
        "Protect now", what="mark", patient="ana", hcp="dan", organisation="st mary's"
    )
    (case,) = rows(forum, Case)
    before = len(rows(forum, CaseEvent)), len(rows(forum, Measure))
    random = "00000000-0000-4000-8000-000000000000"
    for member in (tia, eli, late):
        member.get(DESK)
        assert "Nothing waits for you." in member.text
        for (method, path), (_, nowhere) in zip(doors(case.id), doors(random), strict=True):
            said, control = tried(member, method, path), tried(member, method, nowhere)
            assert (said.status_code, said.status_code) == (HTTPStatus.NOT_FOUND, control.status_code), path
            assert said.get_data() == control.get_data() or b"nobody else reads this" not in said.get_data()
        assert "None." in member.get(DESK).press("Find", typed="boundary").text
    assert (len(rows(forum, CaseEvent)), len(rows(forum, Measure))) == before
    # The control: whoever is in it opens every one of them, or is told what is missing.
    oda.get(DESK)
    assert [tried(oda, method, path).status_code for method, path in doors(case.id)][:2] == [200, 200]
    assert "boundary" not in oda.get(DESK).press("Find", typed="no such word").text
    assert str(case.id) in str(oda.get(DESK).press("Find", typed="boundary").page)


def test_other_staff_and_nobody_open_no_door(olu, forum):
    files(forum)
    opens(olu)
    (case,) = rows(forum, Case)
    vera = Visitor(client_of(forum, Role.VERIFIER, subject="vera2"))
    stranger = forum.test_client()
    for method, path in [("GET", DESK), *doors(case.id)]:
        if method == "GET":
            assert vera.client.get(path).status_code == HTTPStatus.FORBIDDEN
            assert stranger.get(path).status_code == HTTPStatus.SEE_OTHER


def test_a_locked_vault_shows_the_list_and_no_case(olu, forum):
    files(forum, what="sealed")
    opens(olu)
    path = olu.path
    olu.get("/desk/vault").press("Lock it now")
    assert "You unlock your vault to open one." in olu.get(DESK).text
    assert "Unlock your vault" in olu.get(path).text
    assert "sealed" in olu.press("Unlock", passphrase=PASSPHRASE).text


def test_what_was_read_is_seen_by_the_second_officer(olu, oda, forum):
    files(forum)
    opens(olu)
    history = opens(oda).text
    assert "read, Olu" in history
    assert "read, you" in history


def test_before_a_block_ends_the_patient_keeps_it_by_a_press(olu, forum, visitor):
    files(forum)
    visitor.get("/my/choices")
    opens(olu).follow("Protect somebody now").press("Protect now", what="pair", patient="ana", hcp="nora")
    (measure,) = rows(forum, Measure)
    with forum.app_context(), transaction() as session:
        assert offer(Work(session, house().keyring, measure.until - AHEAD)) == 1
    visitor.get("/my/closed-for-you")
    assert "Nora Quill is closed out for you" in visitor.text
    visitor.press("Yes, keep them out", answer="yes")
    assert "It stays closed." in visitor.text
    assert [one.answer for one in rows(forum, RefusalOffer)] == ["yes"]
    assert "Nora Quill" in visitor.get("/my/choices").text


def test_the_policy_and_the_types_fit():
    """Every kind of concern has its steps, and every letter its words."""
    desk, reporting = policies().desk, policies().reporting
    for kind in reporting.types:
        assert desk.record.section(f"playbook.{kind.code}")
        assert desk.record.section(f"playbook.{kind.code}", "es")
