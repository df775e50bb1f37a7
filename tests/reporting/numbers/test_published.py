"""Years are published when they are over and stay as they were; a month's overrides are looked at by somebody else."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.models import Measure
from governance.errors import NotFoundError
from governance.identity.permissions import Role
from governance.policy.current import policies
from governance.reporting.cases.models import Case
from governance.reporting.numbers import service
from governance.reporting.protection.models import MeasureReview
from governance.reporting.work import DAY, Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.staff import add_staff, sign_in_staff
from tests.ui.visits import Visitor, forum, stranger

__all__ = ["forum", "stranger"]


def at(year, month=6, day=1):
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


def case(filed, **said):
    usual = {
        "kind": "boundary",
        "also": [],
        "danger_now": False,
        "minor": False,
        "severity": "S2",
        "harm_body": "none",
        "harm_mind": "none",
        "state": "closed",
        "calendar": "GB",
        "regimes": [],
        "outcome": "upheld",
        "outcome_told": True,
        "appealed": False,
        "appeal_changed": False,
        "filed": filed,
        "acknowledged": filed + DAY,
        "decided": filed + 20 * DAY,
        "holds_log": False,
        "public": b"key",
    }
    return Case(id=uuid4(), **{**usual, **said})


def publishes(app, when=None):
    with app.app_context(), transaction() as session:
        return service.publish_years(Work(session, house().keyring, when or now()), policies())


def files(app, *cases):
    with app.app_context(), transaction() as session:
        session.add_all(cases)


LAST_YEAR = datetime.fromtimestamp(now() / 1_000_000, UTC).year - 1


def test_a_year_that_is_over_is_published_once_and_stays(forum, stranger):
    files(forum, *(case(at(LAST_YEAR)) for _ in range(14)))
    assert publishes(forum) == [LAST_YEAR]
    files(forum, *(case(at(LAST_YEAR)) for _ in range(5)))
    assert publishes(forum) == []
    page = stranger.get("/transparency")
    assert page.status == 200
    assert "14" in page.text
    assert "19" not in page.text


def test_a_merged_case_counts_where_it_went(forum):
    files(forum, *(case(at(LAST_YEAR)) for _ in range(14)), *(case(at(LAST_YEAR), state="merged") for _ in range(11)))
    publishes(forum)
    with forum.app_context(), reading() as session:
        types = service.published(session, LAST_YEAR).tallies[0]
    assert types.total == 14


def test_before_a_year_is_over_the_page_says_so(forum, stranger):
    publishes(forum)
    assert "No year is over yet" in stranger.get("/transparency").text
    assert stranger.get(f"/transparency/{LAST_YEAR}").status == 404


def test_the_files_say_what_the_page_says(forum, stranger):
    files(forum, *(case(at(LAST_YEAR)) for _ in range(14)))
    publishes(forum)
    told = json.loads(stranger.client.get(f"/transparency/{LAST_YEAR}.json").data)
    assert told["tallies"][0]["total"] == 14
    table = stranger.client.get(f"/transparency/{LAST_YEAR}.csv")
    assert table.content_type == "text/csv; charset=utf-8"
    assert "together,14" in table.data.decode("utf-8-sig")


def test_of_this_month_even_officers_see_nothing(forum):
    """A number that grew today would tell an officer of the case that they are kept out of."""
    today = date(2026, 5, 20)
    files(forum, *(case(at(2026, 4, 2)) for _ in range(12)), case(at(2026, 5, 19)))
    with forum.app_context(), reading() as session:
        found = service.running(session, policies(), today)
    assert found.tallies[0].total == 12


def test_the_desks_page_has_this_years_numbers(forum):
    officer = Visitor(staff_browser(forum, "olu")[0])
    assert "Numbers of this year" in officer.get("/desk/numbers").text
    assert officer.status == 200


def staff_browser(forum, subject):
    staff_id = add_staff(forum, Role.OFFICER, subject=subject, name=subject)
    client = forum.test_client()
    client.set_cookie("governance", sign_in_staff(forum, staff_id))
    return client, staff_id


def overridden(app, taken_by, due, **said):
    with app.app_context(), transaction() as session:
        measure = Measure(
            kind="hcp_block", subject_kind="hcp", subject=str(uuid4()), about=[], since=due - DAY, until=due
        )
        session.add(measure)
        session.flush()
        row = MeasureReview(
            id=uuid4(), measure_id=measure.id, kind="hcp_block", taken_by=taken_by, due=due, sealed_words=b"", **said
        )
        session.add(row)


def test_somebody_who_made_none_looks_at_a_months_overrides(forum):
    olu, olu_id = staff_browser(forum, "olu")
    oda, _ = staff_browser(forum, "oda")
    overridden(forum, olu_id, at(LAST_YEAR, 12, 5), reviewed=at(LAST_YEAR, 12, 6), reviewed_by=olu_id, result="right")
    month = f"{LAST_YEAR}-12"
    own, other = Visitor(olu), Visitor(oda)
    own.get(f"/desk/overrides/{month}").press("I looked at all of them")
    assert own.status == 409
    assert "ask a colleague" in own.text
    other.get(f"/desk/overrides/{month}").press("I looked at all of them")
    assert "Somebody who made none of them looked at all of them." in other.text


def test_a_month_with_an_open_override_is_not_looked_at(forum):
    oda, oda_id = staff_browser(forum, "oda")
    _, olu_id = staff_browser(forum, "olu")
    overridden(forum, olu_id, at(LAST_YEAR, 12, 5))
    month = date(LAST_YEAR, 12, 1)
    with forum.app_context(), transaction() as session, pytest.raises(service.StillOpenError):
        service.look_at_month(Work(session, house().keyring, now()), month, oda_id)
    assert "nobody looked at it again yet" in Visitor(oda).get(f"/desk/overrides/{LAST_YEAR}-12").text


def test_months_that_nobody_looked_at_are_named(forum):
    _, olu_id = staff_browser(forum, "olu")
    _, oda_id = staff_browser(forum, "oda")
    due = at(LAST_YEAR, 12, 5)
    overridden(forum, olu_id, due, reviewed=due, reviewed_by=oda_id, result="right")
    month, today = date(LAST_YEAR, 12, 1), date(LAST_YEAR + 1, 2, 3)
    with forum.app_context(), transaction() as session:
        assert service.unseen_months(session, today) == [month]
        service.look_at_month(Work(session, house().keyring, Instant(at(LAST_YEAR + 1, 2))), month, oda_id)
        assert service.unseen_months(session, today) == []


def test_what_is_no_month_has_no_page(forum):
    officer = Visitor(staff_browser(forum, "olu")[0])
    assert officer.get("/desk/overrides/2026-13").status == 404


def test_figures_of_a_year_nobody_published_are_not_found(forum):
    with forum.app_context(), reading() as session, pytest.raises(NotFoundError):
        service.published(session, 1999)
