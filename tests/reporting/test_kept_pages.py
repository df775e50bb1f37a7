"""Pages of how long cases are kept: a hold, its end, what goes next, and a case that two people delete."""

from http import HTTPStatus

import pytest

from governance.reporting.cases.models import Case, CaseEvent
from governance.reporting.keeping.models import Report
from tests.reporting.test_desk import DESK, files, forum, nurse, oda, officer, olu, opens, rows, visitor

__all__ = ["forum", "nurse", "oda", "olu", "visitor"]
KEPT = "/desk/kept"


def closes(olu):
    opens(olu).follow("Say that you have read it").press("Send", said="I have read it.")
    olu.follow("Say how serious it is")
    olu.press("Set it", kind="boundary", severity="S2", harm_body="none", harm_mind="low", calendar="GB", reason="one")
    olu.follow("Decide").press("Decide", outcome="upheld", reasons="A message after a no.", rule="C9")
    olu.follow("Tell the outcome").press("Send", said="You were right.")
    olu.follow("Close this case").press("Close it")


def over(member):
    return member.get(KEPT).follow("(")


def test_two_people_delete_a_case_and_one_does_not(olu, oda, forum):
    files(forum)
    closes(olu)
    assert "Next to go, on" in olu.get(KEPT).text
    over(olu).follow("delete it before its time").press("Ask", ground="", reason="She asked us.")
    assert olu.status == HTTPStatus.UNPROCESSABLE_ENTITY
    olu.press("Ask", ground="asked", reason="She asked us.")
    assert "Another officer answers this." in over(olu).text
    assert "the law gives them that right" in over(oda).text
    oda.press("Yes, do it", answer="yes", words="I agree.")
    assert "The case is deleted." in oda.text
    (case,) = rows(forum, Case)
    assert (case.state, case.emptied is None, rows(forum, Report), rows(forum, CaseEvent)) == ("closed", False, [], [])
    assert "Its time is 400 days after it came in." in olu.get(KEPT).text
    for member in (olu, oda):
        assert "You have no case that is over." in member.get(KEPT).text
        assert member.get(f"{DESK}/{case.id}").status == HTTPStatus.NOT_FOUND


@pytest.mark.slow
def test_a_hold_is_set_said_and_lifted_and_nothing_is_deleted_meanwhile(olu, oda, forum):
    files(forum)
    closes(olu)
    over(olu).follow("Let nothing of it be deleted").press("Set the hold", reason="The police asked.")
    assert "Legal hold: nothing is deleted." in olu.get(KEPT).text
    over(oda)
    assert "Nothing of this case is deleted until somebody lifts it." in oda.text
    assert "delete it before its time" not in oda.text
    oda.follow("Lift the legal hold").press("Lift it", reason="They closed it.")
    assert "Next to go, on" in oda.get(KEPT).text


@pytest.mark.slow
def test_who_is_in_no_case_sees_none(olu, forum):
    files(forum)
    closes(olu)
    assert "You have no case that is over." in officer(forum, "ben").get(KEPT).text
