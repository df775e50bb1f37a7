"""A forum's own button: sealed on receipt, filed once, the block at once in the platform's layer."""

import uuid
from base64 import b64encode

import pytest

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.layers import Layers
from governance.identity.clients.platforms import rotate_secret
from governance.identity.clients.tokens import make_first_key
from governance.identity.models import Account
from governance.identity.sessions.service import start_staff
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import end_staff
from governance.patients.service import find_patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.reporting.telling import code_on, opened, opens_an_office, reports, send
from tests.ui.visits import FORUM, Visitor, forum, nurse

__all__ = ["forum", "nurse"]
SAID = {"type": "boundary", "what": "He wrote to me at night", "minor": True}


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


@pytest.fixture
def program(forum):
    """The forum's program: sends a report."""
    with forum.app_context(), transaction() as session:
        make_first_key(session, house().keyring, now=now())
        (credentials,) = rotate_secret(session, house().keyring, FORUM)
    client = forum.test_client()
    pair = b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode()
    sent = {"grant_type": "client_credentials"}
    token = client.post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"}).json["access_token"]

    def submit(key="", path="/v1/reports", **said):
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key is not None else {})
        headers = {**headers, "Idempotency-Key": str(uuid.uuid4())} if key == "" else headers
        return client.post(path, json=said, headers=headers)

    return submit


def test_a_report_is_filed_and_its_member_gets_the_code(forum, program, office):
    answer = program(**SAID)
    assert answer.status_code == 200, answer.text
    visitor = Visitor(forum.test_client())
    assert send(visitor.get("/answers"), "/answers", go="open", code=answer.json["code"]).h1 == "You and us"
    with opened(forum, office["olu"]) as read:
        assert read.report.body.what == SAID["what"]
        assert (read.report.header.minor, read.report.body.more) == (True, {"through": "forum"})
        assert read.report.header.platform_id is not None


@pytest.mark.usefixtures("office")
def test_sent_again_with_its_key_it_is_filed_once(forum, program):
    key = str(uuid.uuid4())
    first = program(key, **SAID)
    assert program(key, **SAID).json == first.json
    assert len(reports(forum)) == 1
    assert program(key, **SAID, danger_now=True).status_code == 422
    program(**SAID)
    assert len(reports(forum)) == 2


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "no_such"},
        {"what": ""},
        {"what": "x" * 9000},
        {"more": 1},
        {"block": True},
        {"block": True, "account": "ana"},
        {"known": True},
        {"danger_now": "perhaps"},
        {"what": "\ud800"},
    ],
)
def test_what_is_wrong_is_refused_and_files_nothing(forum, program, wrong):
    answer = program(**{**SAID, **wrong})
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"
    assert reports(forum) == []


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("key", [None, "short", "a" * 40])
def test_a_key_is_needed_and_must_be_random(forum, program, key):
    assert program(key, **SAID).status_code == 400
    assert reports(forum) == []


@pytest.mark.usefixtures("office")
def test_a_block_counts_at_once_on_that_forum(forum, program, nurse):
    assert program(**SAID, account="ana", hcp="nora", block=True).status_code == 200
    with forum.app_context(), reading() as session:
        account = next(one for one in session.query(Account) if find_patient(session, one.id))
        layers = Layers(session, house().keyring, find_patient(session, account.id).id, now()).kept()
        assert len(layers) == 1
        assert all(nurse in repr(line) for line in layers[0].refusals)


def test_with_fewer_than_two_readers_nothing_is_taken(forum, program, office):
    with forum.app_context(), transaction() as session:
        end_staff(session, house().keyring, office["olu"].staff_id, now=now())
    answer = program(**SAID)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:governance:problem:duty_closed")
    assert reports(forum) == []


@pytest.mark.usefixtures("office")
def test_without_a_token_or_its_scope_nothing_is_read(forum):
    assert forum.test_client().post("/v1/reports", json=SAID).status_code == 401


@pytest.fixture
def officer(forum, office):
    """An officer at the page for reports by phone."""
    with forum.app_context(), transaction() as session:
        member = session.get(StaffMember, office["olu"].staff_id)
        cookie = start_staff(session, house().keyring, member, Instant(now()), now=now())
    visitor = Visitor(forum.test_client())
    visitor.client.set_cookie("governance", cookie)
    return visitor.get("/desk/take-report")


def taken(officer, **said):
    key = officer.page.find("input", attrs={"name": "key"})["value"]
    usual = {"key": key, "how": "phone", "danger": "no", "what": "He wrote", "about": "boundary", "young": "no"}
    return send(officer, "/desk/take-report", **{**usual, **said})


def test_staff_take_a_report_by_phone_with_the_same_effect(forum, officer, office):
    code = code_on(taken(officer, name="Fay", contact="mornings"))
    visitor = Visitor(forum.test_client())
    assert send(visitor.get("/answers"), "/answers", go="open", code=code).h1 == "You and us"
    with opened(forum, office["oda"]) as read:
        assert (read.report.body.what, read.report.body.more["through"]) == ("He wrote", "phone")
        assert "Fay" not in repr(read.report.body.__struct_fields__) + read.report.body.what + read.report.body.who


def test_pressed_twice_at_the_phone_it_is_filed_once(forum, officer):
    key = officer.page.find("input", attrs={"name": "key"})["value"]
    first = code_on(taken(officer))
    officer.get("/desk/take-report")
    assert code_on(taken(officer, key=key)) == first
    assert len(reports(forum)) == 1


@pytest.mark.parametrize("missing", ["how", "danger", "what", "about", "young"])
def test_what_is_missing_at_the_phone_is_said(forum, officer, missing):
    assert taken(officer, **{missing: ""}).status == 422
    assert officer.page.find(class_="nhsuk-error-summary")
    assert reports(forum) == []


@pytest.mark.usefixtures("office")
def test_only_officers_take_reports_for_others(forum):
    assert forum.test_client().get("/desk/take-report").status_code == 303
    with forum.app_context(), reading():
        assert reports(forum) == []
