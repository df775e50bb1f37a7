"""The desk takes an organisation's list: shown first, every wrong line told, the whole file or nothing."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO

import pytest

from governance.conduct.models import HcpAccount
from governance.conduct.work.lists import read_list, take_list
from governance.conduct.work.models import Affiliation, Organisation
from governance.conduct.work.service import known, named
from governance.crypto.blind_index import organisation_key
from governance.db.extension import reading, transaction
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Instant
from governance.effective.service import Register
from governance.identity.models import SignIn
from governance.identity.permissions import Role
from governance.identity.staff.models import StaffMember
from governance.policy.current import policies
from governance.ui.clock import now
from tests.conduct.people import PIN, accepts, checks, in_good_standing, says, seen
from tests.forum import DAY, Forum
from tests.identity.staff import client_of
from tests.ui.visits import Visitor, multipart

DESK = "/desk/organisations"
OMARS = "98Z7654Y"
NORA, OMAR = f"gb-nmc,{PIN},Nora Quill,", f"gb-nmc,{OMARS},Omar Vale,"
STRANGER = "gb-nmc,11A1111A,Somebody Else,"


def csv_of(*lines):
    return ("register,number,name,until\n" + "".join(f"{line}\n" for line in lines)).encode()


@pytest.fixture
def forum(app, session, keyring):
    """Nora and Omar are nurses in good standing; Hillview is known and sent no list."""
    found = Forum(session, keyring, at=Instant(now() - 5 * DAY))
    found.nora = in_good_standing(found)
    found.omar = says(found, "omar", number=OMARS, name="Omar Vale")
    accepts(found, found.omar)
    checks(found, found.omar, seen(number=OMARS, name="Omar Vale"))
    named(session, keyring, "Hillview", found.now)
    session.commit()
    found.app = app
    return found


@pytest.fixture
def vera(forum):
    return Visitor(client_of(forum.app, Role.VERIFIER))


def opened(visitor):
    return visitor.get(DESK).follow("Hillview")


def sends(visitor, *lines, raw=None, day=""):
    """Pick a file and press; the page before must hold the form."""
    token = visitor.page.find("input", attrs={"name": "csrf_token"})["value"]
    place = visitor.page.find("input", type="file").find_parent("form")["action"]
    file = (BytesIO(csv_of(*lines) if raw is None else raw), "list.csv")
    data = {"csrf_token": token, "day": day, "file": file}
    return visitor._shows(visitor.client.post(place, **multipart(data)))


def takes(visitor, *lines):
    return sends(opened(visitor), *lines).press("Yes, take the whole list")


def works_there(forum, hcp):
    """Whether what patients permit Hillview counts for somebody at the very next decision."""
    with forum.app.app_context(), reading() as session:
        claims = Register(session, forum.keyring, now()).document("hcp", str(hcp)).claims
    key = organisation_key(forum.keyring, "Hillview")
    found = [one for one in claims if (one.who, one.name) == (WhoKind.ORGANISATION, key)]
    return [one.verified[0] <= now() < one.verified[1] for one in found] == [True]


def affiliations(forum):
    with forum.app.app_context(), reading() as session:
        return session.query(Affiliation).count()


def test_the_first_press_changes_nothing_and_says_what_would(vera, forum):
    sends(opened(vera), NORA, STRANGER, f"gb-nmc,{OMARS},Omar Wale,")
    assert (vera.status, vera.h1) == (200, "Is this right?")
    assert "Lines in the file: 3" in vera.text
    assert "Nora Quill, until" in vera.text
    assert "Another name than on the register" in vera.text
    assert "Somebody Else" not in vera.text
    assert not works_there(forum, forum.nora)
    assert affiliations(forum) == 0


def test_the_second_press_counts_and_who_is_gone_from_the_next_list_left_at_once(vera, forum):
    takes(vera, NORA, OMAR)
    assert "It is written down" in vera.text
    assert (works_there(forum, forum.nora), works_there(forum, forum.omar)) == (True, True)
    sends(opened(vera), OMAR)
    assert "They go on: 1" in vera.text
    vera.press("Yes, take the whole list")
    assert (works_there(forum, forum.nora), works_there(forum, forum.omar)) == (False, True)


def test_a_leaver_left_at_once(vera, forum):
    takes(vera, NORA, OMAR)
    form = next(form for form in opened(vera).page.find_all("form") if "Nora" in form.get_text())
    vera.answers(form["action"], who=form.find("input", attrs={"name": "who"})["value"])
    assert (works_there(forum, forum.nora), works_there(forum, forum.omar)) == (False, True)


def test_every_wrong_line_is_told_without_what_stands_there_and_nothing_counts(vera, forum):
    sends(opened(vera), NORA, "gb-xxx,1,A,", "gb-nmc,12,B,", f"gb-nmc,{OMARS},Omar Vale,soon")
    assert vera.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "3 lines are wrong, and nothing was taken" in vera.text
    for line in ("Line 3: the register", "Line 4: the number", "Line 5: this is no day"):
        assert line in vera.text
    assert "soon" not in vera.text
    assert affiliations(forum) == 0


BAD = {
    "nothing": (b"", "Pick a file"),
    "no columns": (b"a,b\n1,2\n", "must name the columns name, number, register"),
    "no text": (b"register,number,name\n\xff\xfe", "no UTF-8"),
    "an open quotation mark": (b'register,number,name\n"gb-nmc,1,A\n', "quotation mark"),
    "too large": (b"x" * 500_001, "at most half a megabyte"),
}


@pytest.mark.parametrize(("raw", "told"), BAD.values(), ids=BAD)
def test_what_is_no_list_is_refused_with_what_to_do(vera, raw, told):
    sends(opened(vera), raw=raw)
    assert vera.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in vera.text


def test_what_would_not_fit_at_all_is_turned_away_before_it_is_read(vera):
    opened(vera)
    place = vera.page.find("input", type="file").find_parent("form")["action"]
    answer = vera.client.post(place, data=b"x" * 1_000_000, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    other = vera.client.post("/professional/work", data={"answer": "x" * 300_000})
    assert other.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_ten_thousand_lines_fit(vera, forum):
    lines = [
        f"gb-nmc,{number // 10_000:02}A{number % 10_000:04}B,Somebody Else Number {number}," for number in range(9_999)
    ]
    takes(vera, NORA, *lines)
    assert works_there(forum, forum.nora)


@pytest.mark.parametrize(("ahead", "said"), [(3, "lies ahead"), (-9, "newer list")])
def test_the_day_of_a_list_has_come_and_is_after_the_last_one(vera, forum, ahead, said):
    takes(vera, NORA)
    day = (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()
    assert said in sends(opened(vera), OMAR, day=day).text
    assert works_there(forum, forum.nora)


def test_what_changed_between_the_presses_is_shown_again(app, vera, forum):
    sends(opened(vera), NORA, OMAR)
    with app.app_context(), transaction() as session:
        told = read_list(csv_of(OMAR), policies().registers.registers, Instant(now() - DAY))
        take_list(session, forum.keyring, known(session, forum.keyring, "Hillview"), told, days=90, now=now())
    vera.press("Yes, take the whole list")
    assert vera.h1 == "Is this right?"
    assert not works_there(forum, forum.nora)
    vera.press("Yes, take the whole list")
    assert works_there(forum, forum.nora)


def test_a_list_that_lost_its_end_is_asked_about(vera):
    takes(vera, NORA, OMAR)
    assert "Is the file whole?" in sends(opened(vera)).text
    assert "Is the file whole?" not in sends(opened(vera), NORA, OMAR).text


def test_nobody_sends_in_a_list_with_themselves_on_it(app, vera, forum):
    with app.app_context(), transaction() as session:
        me = session.query(StaffMember).one()
        account = session.query(HcpAccount).filter_by(hcp_id=forum.nora).one().account_id
        session.add(SignIn(subject_digest=me.subject_digest, account_id=account, created=now()))
    takes(vera, NORA)
    assert "ask another verifier" in vera.text
    assert not works_there(forum, forum.nora)


def test_an_organisation_is_added_once_and_needs_a_name(vera, app):
    vera.get(DESK).press("Add it", answer="  Lakeside   Trust ")
    assert vera.h1 == "Lakeside Trust"
    vera.get(DESK).press("Add it", answer="lakeside trust")
    assert vera.h1 == "Lakeside Trust"
    assert "needs a name" in vera.get(DESK).press("Add it", answer=" ").text
    with app.app_context(), reading() as session:
        assert session.query(Organisation).count() == 2


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VERIFIER}))
def test_it_is_the_verifiers_desk_alone(forum, role):
    assert Visitor(client_of(forum.app, role)).get(DESK).status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@pytest.mark.parametrize("said", [{"list": "?"}, {"seen": "x"}, {"as_of": str(2**62)}])
def test_what_was_tampered_with_between_the_presses_counts_for_nothing(vera, forum, said):
    sends(opened(vera), NORA).press("Yes, take the whole list", **said)
    assert not works_there(forum, forum.nora)
