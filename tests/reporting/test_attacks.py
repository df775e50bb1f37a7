"""Odd input at every door of the desk, and officers who look at measures that are none of their business."""

from http import HTTPStatus

import pytest

from governance.decision.vocabulary import Instant
from governance.effective.models import Measure
from governance.errors import NotFoundError
from governance.identity.service import NewPlatform, add_platform
from governance.reporting.cases import ties
from governance.reporting.cases.models import Case
from governance.reporting.cases.ties import TieKind
from governance.reporting.desk.acts import ACTS
from governance.reporting.protection.models import MeasureReview
from governance.reporting.protection.reviews import RIGHT, WRONG, open_for, review
from governance.reporting.protection.service import Protecting, find_people
from governance.reporting.vaults.duty import narrow
from tests.forum import Forum
from tests.reporting.desks import Desk
from tests.reporting.test_desk import DESK, files, forum, nurse, oda, officer, olu, opens, rows, visitor

__all__ = ["forum", "nurse", "oda", "officer", "olu", "visitor"]
ODD = ("", "a\0b", "9" * 40, "💊" * 300, "../../%00", "0" * 36)
BELOW_500 = HTTPStatus.INTERNAL_SERVER_ERROR


def sends(member, path, **given):
    token = member.page.find("input", attrs={"name": "csrf_token"})["value"]
    return member.client.post(path, data={"csrf_token": token, **given}).status_code


def tries(case_id, odd, names):
    """Every form of the desk and of those who come with a code, with the same thing typed into every field."""
    given = dict.fromkeys(names, odd)
    for act in ACTS.keys() - {"recuse"}:
        yield act, f"{DESK}/{case_id}/do/{act}", given
    for what in (odd, "pair", "emergency", "mark", "recheck"):
        yield f"protect {what}", f"{DESK}/{case_id}/protect", {**given, "what": what, "thread": odd, "forum": odd}
    said = {"typed": odd, "words": odd, "kind": odd or "person", "result": odd, "answer": odd, "forum": odd}
    for path in (f"{DESK}/search", "/desk/ties", f"{DESK}/{case_id}/answer/{case_id}", f"/desk/measures/{case_id}"):
        yield path, path, said
    for path in ("/your-side", "/answers"):
        for go in ("open", "write", "appeal", "back"):
            yield f"{path} {go}", path, {"go": go, "code": odd, "said": odd, "text": odd}


@pytest.mark.slow
def test_no_door_of_the_desk_falls_over_what_is_typed_there(olu, forum):
    files(forum)
    opens(olu)
    (case,) = rows(forum, Case)
    olu.get(DESK)
    names = {field.name for act in ACTS.values() for field in act.fields} | {"patient", "hcp", "name", "organisation"}
    found = {}
    for number, odd in enumerate(ODD):
        for name, path, given in tries(case.id, odd, names):
            found[number, name] = sends(olu, path, **given)
    assert {tried: status for tried, status in found.items() if status >= BELOW_500} == {}
    assert opens(olu).status == HTTPStatus.OK, "all of it was tried by somebody who is in the case"


@pytest.mark.parametrize(
    "month",
    ["9999-12", "2026-5", "0000-01", "0001-01", "2026-13", "\u0662\u0660\u0662\u0666-\u0660\u0665", "2026-05-01", "x"],
)
def test_a_month_that_is_none_is_not_there(olu, month):
    answer = olu.client.get(f"/desk/overrides/{month}")
    assert answer.status_code == (HTTPStatus.OK if month == "0001-01" else HTTPStatus.NOT_FOUND)


@pytest.fixture
def desk(session, keyring):
    desk = Desk(Forum(session, keyring)).opens()
    desk.joins("third")
    desk.forum.registers("dan")
    return desk


def blocked(desk):
    people = find_people(desk.session, desk.keyring, desk.forum.id, "ana", "dan")
    Protecting(desk.work, desk.policy, desk.staff_id("olu")).block_everywhere(people.hcp_id, desk.staff_id("oda"))
    (row,) = MeasureReview.open(desk.session)
    return row


def looks(desk, row, name, result):
    return review(desk.work, desk.policy, row.id, desk.staff_id(name), (result, "as I found"))


def test_who_is_tied_to_a_professional_neither_sees_nor_ends_their_block(desk):
    row = blocked(desk)
    assert open_for(desk.work, desk.staff_id("third")) == [row]
    ties.declare(desk.work, desk.staff_id("third"), TieKind.ACCOUNT, "dan", desk.forum.id)
    assert open_for(desk.work, desk.staff_id("third")) == []
    for result in (WRONG, RIGHT):
        with pytest.raises(NotFoundError):
            looks(desk, row, "third", result)
    assert len(Measure.standing(desk.session, Instant(desk.forum.now + 1))) == 1
    assert looks(desk, row, "olu", WRONG).result == WRONG


def test_an_officer_of_another_forum_ends_no_block_here(desk):
    row = blocked(desk)
    other, _ = add_platform(desk.session, desk.keyring, NewPlatform(name="other"), now=desk.forum.now)
    narrow(desk.work, desk.staff_id("third"), frozenset({other.id}))
    assert open_for(desk.work, desk.staff_id("third")) == []
    with pytest.raises(NotFoundError):
        looks(desk, row, "third", WRONG)
    narrow(desk.work, desk.staff_id("third"), frozenset({desk.forum.id}))
    assert looks(desk, row, "third", RIGHT).result == RIGHT
