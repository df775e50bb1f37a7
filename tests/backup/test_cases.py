"""Cases, their clocks, members, ties and looks that came after a backup come back from the journal as they were."""

import pytest

from governance.reporting.cases import hearings, members, proposals, ties
from governance.reporting.cases.erasing import erase_case
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.ties import TieKind
from governance.reporting.protection.offers import AHEAD, offer
from governance.reporting.protection.service import Protecting, find_people
from governance.reporting.retention.holds import hold
from governance.reporting.work import Work
from tests.backup.test_rows import every_row
from tests.reporting.desks import Desk, triage


class Kept:
    """One desk over several transactions."""

    def __init__(self, house):
        self.house, self.vaults, self.cases = house, {}, []

    def does(self, act):
        with self.house.forum() as forum:
            desk = Desk(forum)
            desk.vaults = self.vaults
            act(self, desk)


def begins(kept, desk):
    desk.opens()
    desk.joins("third")
    kept.cases = [desk.receives(name)[0] for name in ("one", "two")]
    ties.declare(desk.work, desk.staff_id("third"), TieKind.ORGANISATION, "St Mary's")


def goes_on(kept, desk):
    case_id, erased = kept.cases
    at_work = desk.at_work(case_id)
    at_work.acknowledge("read")
    at_work.triage(triage(regimes=frozenset({"nhs_wales"})))
    at_work.pause("court", "a judge looks first")
    assert members.name_people(at_work, {"organisation": "St Mary's"})
    proposals.propose(at_work, Proposed(kind=Kind.CLOSE, words="done"))
    hold(at_work, "a court asked")
    hearings.begin(at_work, "somebody told us about you")
    people = find_people(desk.session, desk.keyring, desk.forum.id, "ana", "dan")
    protecting = Protecting(desk.work, desk.policy, desk.staff_id("olu"))
    protecting.block_everywhere(people.hcp_id, desk.staff_id("oda"))
    until = protecting.block_pair(people).until
    offer(Work(desk.session, desk.keyring, until - AHEAD))
    erase_case(desk.work, erased)


@pytest.mark.parametrize("known", [False, True], ids=["made since", "changed since"])
def test_every_row_of_a_case_is_what_it_was(lived_in, empty, known):
    kept = Kept(lived_in)
    file = None if known else lived_in.backup()
    kept.does(begins)
    file = file or lived_in.backup()
    kept.does(goes_on)
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    found = every_row(lived_in)
    ours = [name for name in found if name.startswith(("case_", "report_case", "hearing_", "officer_", "refusal_"))]
    assert len(ours) >= 9
    for name in (*ours, "measure_review"):
        assert found[name] == lost[name], name
        assert name == "case_report" or lost[name]
