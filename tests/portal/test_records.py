"""Receipts and history on the patient's pages: given at once, printable, theirs alone."""

from datetime import timedelta
from http import HTTPStatus

import jwt
import pytest
import time_machine
from click.testing import CliRunner

from governance.optout.commands import hide_command
from governance.ui.clock import now, to_datetime
from tests.optout.wishes import grow_up, prove, work
from tests.ui.visits import Visitor, acknowledge, choose, forum, nurse, sign_in, visitor

__all__ = ["forum", "nurse", "visitor"]


@pytest.fixture
def ana(visitor, forum, nurse):
    acknowledge(visitor)
    grow_up(forum)
    choose(visitor, "answered", "closed", [nurse])
    prove(forum, visitor)
    return visitor


def receipts(visitor):
    visitor.get("/my/receipts")
    return [link["href"] for link in visitor.page.main.find_all("a") if "given on" in link.get_text()]


def signed(visitor, path):
    return visitor.client.get(f"{path}/file").get_data(as_text=True)


def test_every_choice_gives_a_receipt_that_the_published_keys_check(ana):
    ana.get("/my/choices").press("Hide me from everyone")
    keys = jwt.PyJWKSet.from_dict(ana.client.get("/.well-known/jwks.json").json)
    versions = []
    for path in receipts(ana):
        token = signed(ana, path)
        key = keys[jwt.get_unverified_header(token)["kid"]]
        versions.append(jwt.decode(token, key, algorithms=["EdDSA"])["receipt"]["hcp:version"])
    assert versions == [2, 1]


def test_the_page_says_what_was_chosen_and_what_was_told(ana):
    ana.get(receipts(ana)[0])
    assert ana.h1 == "Receipt 1"
    for words in ("Answer my posts", "They may do nothing with my posts", "Version 1", "/.well-known/jwks.json"):
        assert words in ana.text


def test_the_file_has_a_neutral_name(ana):
    answer = ana.client.get(f"{receipts(ana)[0]}/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt-1.jwt"'
    assert answer.content_type == "application/jwt"


def test_a_receipt_of_somebody_else_is_not_there(ana, forum):
    path = receipts(ana)[0]
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ben"))
    statuses = [client.get(where).status_code for where in (path, f"{path}/file")]
    Visitor(client).get("/my/choices").press("Hide me from everyone")
    statuses += [client.get(where).status_code for where in (path, f"{path}/file")]
    assert set(statuses) == {HTTPStatus.NOT_FOUND}


def test_what_opens_by_itself_gives_a_receipt_too(ana, forum, nurse):
    prove(forum, ana)
    choose(ana, "answered", "seen", [nurse])
    assert len(receipts(ana)) == 1
    with time_machine.travel(timedelta(hours=25)):
        work(forum)
        ana.client.set_cookie("governance", sign_in(forum, "ana"))
        assert len(receipts(ana)) == 2


def test_the_history_says_every_change_in_words(ana, nurse):
    choose(ana, "seen", "closed", [nurse])
    ana.get("/my/choices").press("Hide me from everyone")
    ana.get("/my/history")
    told = [line.get_text(strip=True) for line in ana.page.main.select(".box--quiet li")]
    assert told == [
        "You are hidden.",
        "My care team: from “Answered” to “Seen”.",
        "My care team: “Answered”.",
        "All other professionals: “Closed”.",
        "In my care team now: Nora Quill.",
    ]


def test_a_day_shows_what_counted_on_it(ana, nurse):
    today = to_datetime(now()).date()
    choose(ana, "seen", "closed", [nurse])
    ana.get(f"/my/history?day={today}")
    assert [title.get_text().split(",")[0] for title in ana.page.main.select(".box:not(.box--quiet) h3")] == [
        "Version 1",
        "Version 2",
    ]
    assert "You had not chosen yet on this day" in ana.get(f"/my/history?day={today - timedelta(days=1)}").text


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-12-31", "0001-01-01", "%00"])
def test_a_day_that_is_none_is_said_and_never_breaks(ana, day):
    assert ana.get(f"/my/history?day={day}").status == HTTPStatus.OK


@pytest.mark.parametrize("path", ["/my/receipts", "/my/history", "/my/waiting"])
def test_who_has_chosen_nothing_sees_an_empty_page(visitor, path):
    assert visitor.get(path).status == HTTPStatus.OK


def test_choices_that_staff_made_get_their_receipt_on_request(ana, forum):
    with forum.app_context():
        done = CliRunner().invoke(hide_command, ["--platform", "t1d-forum", "--account", "ana"])
    assert done.exit_code == 0, done.output
    assert len(receipts(ana)) == 1
    ana.press("Get a receipt")
    assert len(receipts(ana)) == 2


def test_staff_hear_when_they_hid_somebody_whom_nobody_knows(ana, forum):
    assert ana
    with forum.app_context():
        told = {
            account: CliRunner().invoke(hide_command, ["--platform", "t1d-forum", "--account", account]).output
            for account in ("ana", "Ana")
        }
    # A wrong letter hides somebody who is not there.
    assert {account: "nobody came to us by this name" in said for account, said in told.items()} == {
        "ana": False,
        "Ana": True,
    }
    assert all("hidden: in force at once" in said for said in told.values())
