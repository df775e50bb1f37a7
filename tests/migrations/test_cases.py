"""The steps to cases and protection: the way down is closed while there is a case, a tie, a look or an offer."""

import pytest

from governance.crypto.keys import Keyring
from governance.db.extension import transaction
from governance.db.migrate import at_head, upgrade
from governance.reporting.cases.erasing import empty_case, erase_case
from governance.reporting.cases.models import Case, Tie
from governance.reporting.cases.opening import keep_case
from governance.reporting.cases.states import Side
from governance.reporting.cases.ties import TieKind, declare
from governance.reporting.protection.models import MeasureReview
from governance.reporting.protection.offers import AHEAD, offer
from governance.reporting.protection.service import Protecting, find_people
from governance.reporting.retention.holds import hold
from governance.reporting.work import Work
from tests.forum import Forum
from tests.migrations.conftest import downgrade
from tests.reporting.desks import Desk

CASES, PROTECTION, RETENTION, SIDES = "0025", "0026", "0030", "0034"


def desk(session, settings):
    return Desk(Forum(session, Keyring(settings.keys))).opens()


def keeps_a_case(here):
    here.receives()


def keeps_a_tie(here):
    declare(here.work, here.staff_id("oda"), TieKind.PERSON, "N Ward")


def keeps_a_look(here):
    here.forum.registers("dan")
    people = find_people(here.session, here.keyring, here.forum.id, "ana", "dan")
    Protecting(here.work, here.policy, here.staff_id("olu")).block_everywhere(people.hcp_id, here.staff_id("oda"))


def keeps_an_offer(here):
    here.forum.registers("dan")
    people = find_people(here.session, here.keyring, here.forum.id, "ana", "dan")
    measure = Protecting(here.work, here.policy, here.staff_id("olu")).block_pair(people)
    offer(Work(here.session, here.keyring, measure.until - AHEAD))


def keeps_a_hold(here):
    case_id, _ = here.receives()
    hold(here.at_work(case_id), "a court asked")


def keeps_a_header(here):
    case_id, filed = here.receives()
    assert empty_case(here.work, case_id) == [filed.report_id]


def keeps_an_appeal(here):
    case_id, _ = here.receives()
    case = here.at_work(case_id)
    case.case.appealed, case.case.appealed_by = True, Side.REPORTER.value
    keep_case(here.work, case.case)


@pytest.mark.parametrize(
    ("keeps", "to", "what"),
    [
        (keeps_an_appeal, SIDES, "which side asked"),
        (keeps_a_hold, RETENTION, "legal holds"),
        (keeps_a_header, RETENTION, "headers of cases that were emptied"),
        (keeps_a_case, CASES, "cases, with everything"),
        (keeps_a_tie, CASES, "declared of whom they know"),
        (keeps_a_look, PROTECTION, "looks at measures"),
        (keeps_an_offer, PROTECTION, "offers to patients"),
    ],
)
@pytest.mark.usefixtures("app")
def test_the_way_down_refuses_to_lose(settings, caplog, keeps, to, what):
    upgrade()
    with transaction() as session:
        keeps(desk(session, settings))
    with pytest.raises(SystemExit):
        downgrade(to)
    assert what in caplog.text


def test_with_all_of_it_gone_the_way_down_and_up_is_open(app, settings):
    assert app
    upgrade()
    with transaction() as session:
        here = desk(session, settings)
        case_id, filed = here.receives()
        assert erase_case(here.work, case_id) == [filed.report_id]
        assert session.query(Case).count() == session.query(Tie).count() == session.query(MeasureReview).count() == 0
    downgrade(CASES)
    upgrade()
    assert at_head()
