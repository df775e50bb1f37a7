"""The verifier's desk: side by side, two presses, fresh sign-in, and never one's own account."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from governance.conduct.models import HcpAccount, HcpRecord, RegisterCheck
from governance.db.base import new_id
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant, Status
from governance.identity.models import SignIn
from governance.identity.permissions import Role
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.visits import SEEN, forum, marks, nora, opens_first, register, stranger, vera
from tests.identity.staff import client_of
from tests.ui.visits import Visitor, sign_in

__all__ = ["forum", "nora", "stranger", "vera"]

DESK = "/desk/registrations"


def records(app):
    with app.app_context(), reading() as session:
        return session.query(HcpRecord).all()


def checks(app):
    with app.app_context(), reading() as session:
        return session.query(RegisterCheck).all()


@pytest.fixture
def waiting(nora, forum):
    """Nora has registered; return the app."""
    register(nora)
    return forum


def test_an_empty_desk_says_so(vera):
    assert "Nobody waits" in vera.get(DESK).text


def test_the_list_leads_to_what_was_said(vera, waiting):
    assert len(records(waiting)) == 1
    opens_first(vera)
    for said in ("Nora Quill", "12A3456B", "Nursing and Midwifery Council"):
        assert said in vera.text
    assert vera.page.find("a", href="https://www.nmc.org.uk/registration/search-the-register/")


def test_nothing_is_picked_beforehand(vera, waiting):
    assert records(waiting)
    opens_first(vera)
    assert vera.page.find_all("input", checked=True) == []


def test_one_press_changes_nothing_and_shows_both_sides(vera, waiting):
    opens_first(vera).press("See it once more", **{**SEEN, "name": "Norah Quill"})
    row = [cell.get_text() for cell in vera.page.select("tbody tr:first-child td")]
    assert row == ["Nora Quill", "Norah Quill"]
    assert checks(waiting) == []


def test_the_second_press_marks_it(vera, waiting):
    marks(vera)
    assert "It is marked" in vera.text
    found = records(waiting)[0]
    assert (found.assurance, found.status, found.waiting_since) == (4, Status.GOOD, None)
    assert "Nobody waits" in vera.get(DESK).text


def test_a_number_that_differs_is_not_marked(vera, waiting):
    marks(vera, number="98Z7654Y")
    assert vera.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "not the one they gave" in vera.text
    assert vera.page.find(id="check-name")["value"] == "Nora Quill"
    assert checks(waiting) == []


def test_nobody_found_is_a_mark_too(vera, waiting):
    marks(vera, assurance="0", status="good", name="", number="")
    assert (records(waiting)[0].assurance, records(waiting)[0].status) == (0, Status.UNKNOWN)


@pytest.mark.parametrize("lacks", [{"evidence": " "}, {"reason": ""}, {"assurance": None}, {"status": None}])
def test_what_is_missing_is_told(vera, waiting, lacks):
    given = {name: value for name, value in {**SEEN, **lacks}.items() if value is not None}
    opens_first(vera).press("See it once more", **given)
    assert vera.status == HTTPStatus.UNPROCESSABLE_ENTITY
    link = vera.page.select_one(".nhsuk-error-summary a")
    assert vera.page.find(id=link["href"].removeprefix("#"))
    assert checks(waiting) == []


def test_all_that_is_missing_is_told_at_once_and_at_its_field(vera, waiting):
    opens_first(vera).press("See it once more", assurance="3", name=" ")
    told = {link["href"]: link.get_text() for link in vera.page.select(".nhsuk-error-summary a")}
    assert set(told) == {f"#check-{field}" for field in ("name", "number", "status", "evidence", "reason")}
    for at, words in told.items():
        group = vera.page.find(id=at.removeprefix("#")).find_parent(class_="nhsuk-form-group--error")
        assert words.strip() in group.select_one(".nhsuk-error-message").get_text()
    assert checks(waiting) == []


@pytest.mark.parametrize(
    ("seen", "field", "told"),
    [
        ({"number": "12A3456"}, "number", "has 8 characters"),
        ({"renews": "31/3/2027"}, "renews", "no day"),
        ({"renews": "2020-03-31"}, "renews", "this day is over"),
        ({"proof": ""}, "proof", "showed that the entry is theirs"),
    ],
)
def test_what_is_odd_is_told_before_it_is_shown_again(vera, waiting, seen, field, told):
    marks(vera, **seen)
    link = vera.page.select_one(".nhsuk-error-summary a")
    assert link["href"] == f"#check-{field}"
    assert told.lower() in link.get_text().lower()
    assert checks(waiting) == []


def test_a_day_that_is_over_may_stand_with_a_lapsed_registration(vera, waiting):
    marks(vera, renews="2020-03-31", status="lapsed")
    assert records(waiting)[0].status == Status.LAPSED


def test_names_that_differ_are_pointed_out(vera, waiting):
    opens_first(vera).press("See it once more", **{**SEEN, "name": "Norah Quill"})
    assert "The two names are not the same" in vera.text
    opens_first(vera).press("See it once more", **{**SEEN, "name": "nora  QUILL", "renews": "2099-03-31"})
    assert "The two names are not the same" not in vera.text
    for shown in ("2099-03-31", SEEN["proof"]):
        assert shown in vera.text
    assert checks(waiting) == []


def test_verifiers_read_of_somebody_else_and_who_did_what(vera, waiting):
    marks(vera)
    vera.get(f"{DESK}/{records(waiting)[0].id}")
    assert "Matched, and proven to be theirs (A4)" in vera.text
    assert "proven to be you" not in vera.text
    with waiting.app_context(), reading() as session:
        member = session.query(StaffMember).one()
        name = staff_name(session, house().keyring, member)
    assert f"by {name}: checked." in vera.text
    assert str(member.id) not in vera.text


def test_somebody_who_does_not_wait_is_found_by_their_number(vera, waiting):
    marks(vera)
    vera.get(DESK).press("Find", answer=" 12a3456 b")
    assert vera.path == f"{DESK}/{records(waiting)[0].id}"
    assert "12A3456B" not in vera.path


def test_two_who_tell_one_number_are_listed(vera, waiting):
    client = waiting.test_client()
    client.set_cookie("governance", sign_in(waiting, "omar"))
    register(Visitor(client), name="Omar Quill")
    vera.get(DESK).press("Find", answer="12A3456B")
    assert {"Nora Quill", "Omar Quill"} <= {link.get_text() for link in vera.page.select("main a.tall-link")}


@pytest.mark.parametrize("typed", ["98Z7654Y", "nobody", "", "12A3456Д"])
def test_a_number_that_nobody_told_is_told_so(vera, waiting, typed):
    vera.get(DESK).press("Find", answer=typed)
    assert vera.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nobody told us this number" in vera.text
    assert len(records(waiting)) == 1


def test_only_verifiers_find_numbers(nora, waiting):
    token = nora.get("/professional/capacity").page.find("input", {"name": "csrf_token"})["value"]
    sent = nora.client.post(f"{DESK}/find", data={"csrf_token": token, "answer": "12A3456B"})
    assert sent.location.startswith("/staff/sign-in")
    assert len(records(waiting)) == 1


def test_a_worse_status_needs_two_presses(vera, nora, waiting):
    marks(vera)
    path = f"{DESK}/{records(waiting)[0].id}"
    vera.get(path).press("See the status once more", status="suspended", evidence="today", reason="so it says")
    assert records(waiting)[0].status == Status.GOOD
    vera.press("Yes, change it")
    assert records(waiting)[0].status == Status.SUSPENDED
    assert "Your registration is suspended" in nora.get("/professional").text


def test_an_end_needs_two_presses(vera, nora, waiting):
    path = f"{DESK}/{records(waiting)[0].id}"
    vera.get(path).press("See the end once more", evidence="a letter", reason="you asked us to")
    assert records(waiting)[0].ended is None
    vera.press("Yes, end it")
    assert records(waiting)[0].ended is not None
    assert "Your registration was ended" in nora.get("/professional").text


def test_what_changed_between_the_presses_is_not_marked(vera, nora, waiting):
    opens_first(vera).press("See it once more", **SEEN)
    register(nora, number="98Z7654Y")
    vera.press("Yes, mark it")
    assert vera.status == HTTPStatus.CONFLICT
    assert checks(waiting) == []


def test_the_second_press_alone_marks_nothing(vera, waiting):
    path = f"{DESK}/{records(waiting)[0].id}"
    token = vera.get(path).page.find("input", {"name": "csrf_token"})["value"]
    vera.client.post(f"{path}/confirm", data={"csrf_token": token, "seen": "x"})
    assert checks(waiting) == []


def test_what_another_window_prepared_is_not_marked_unseen(vera, waiting):
    opens_first(vera).press("See it once more", **SEEN)
    seen, token = (vera.page.find("input", {"name": name})["value"] for name in ("seen", "csrf_token"))
    opens_first(vera).press("See it once more", **{**SEEN, "status": "lapsed"})
    path = f"{DESK}/{records(waiting)[0].id}/confirm"
    assert vera.client.post(path, data={"csrf_token": token, "seen": seen}).status_code == HTTPStatus.SEE_OTHER
    assert checks(waiting) == []


def test_what_was_prepared_for_one_marks_no_other(vera, waiting, forum):
    opens_first(vera).press("See it once more", **SEEN)
    seen = vera.page.find("input", {"name": "seen"})["value"]
    token = vera.page.find("input", {"name": "csrf_token"})["value"]
    vera.client.post(f"{DESK}/{new_id()}/confirm", data={"csrf_token": token, "seen": seen})
    assert checks(waiting) == []
    assert forum is waiting


def test_nobody_marks_their_own_account(vera, waiting):
    with waiting.app_context(), transaction() as session:
        theirs = session.query(StaffMember).one().subject_digest
        tied = session.query(HcpAccount).one().account_id
        session.add(SignIn(subject_digest=theirs, account_id=tied, created=now()))
    marks(vera)
    assert vera.status == HTTPStatus.FORBIDDEN
    assert checks(waiting) == []


def test_the_same_number_twice_is_shown_and_matched_once(vera, waiting, nora):
    twin = Visitor(waiting.test_client())
    twin.client.set_cookie("governance", sign_in(waiting, "twin"))
    register(twin)
    marks(vera)
    opens_first(vera)
    assert "The same number stands in 1 other registration" in vera.text
    vera.press("See it once more", **SEEN).press("Yes, mark it")
    assert "matched with this" in vera.text
    assert len(checks(waiting)) == 1
    assert nora


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VERIFIER])
def test_other_members_of_staff_are_turned_away(forum, role):
    other = client_of(forum, role)
    assert other.get(DESK).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_sign_in_older_than_a_quarter_of_an_hour_is_asked_for_anew(forum, method):
    old = client_of(forum, Role.VERIFIER, auth_time=Instant(now() - timedelta(minutes=16) // timedelta(microseconds=1)))
    path = DESK if method == "get" else f"{DESK}/{new_id()}/confirm"
    answer = getattr(old, method)(path)
    assert answer.status_code in {HTTPStatus.SEE_OTHER, HTTPStatus.BAD_REQUEST}
    assert "/desk/" not in answer.headers.get("Location", "").split("?")[0]


def test_a_member_or_a_stranger_finds_no_desk(nora, stranger, waiting):
    path = f"{DESK}/{records(waiting)[0].id}"
    for visitor in (nora, stranger):
        assert visitor.get(path).path.startswith("/staff/sign-in")


def test_an_unknown_registration_is_not_found(vera):
    assert vera.get(f"{DESK}/{new_id()}").status == HTTPStatus.NOT_FOUND


def test_two_accounts_of_one_person_are_tied_by_two_presses(vera, waiting):
    twin = Visitor(waiting.test_client())
    twin.client.set_cookie("governance", sign_in(waiting, "twin"))
    register(twin)
    marks(vera)
    opens_first(vera).press("See the two once more", proof="one call", evidence="saw both", reason="both are yours")
    assert "Are both one person?" in vera.h1
    assert [record.ended is None for record in records(waiting)] == [True, True]
    vera.press("Yes, tie them")
    assert [record.ended is None for record in records(waiting)] == [True, False]
    assert "Matched, and proven to be you" in twin.get("/professional").text
