"""What was forgotten of reports is not brought back by a backup, figures are what they were, and a kill leaves all."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from governance.crypto.data_keys import KeyGoneError
from governance.decision.vocabulary import Instant
from governance.effective.measures import OF_A_RESTORE, Measures
from governance.effective.models import Measure
from governance.ledger import rows
from governance.policy.current import policies
from governance.reporting.cases.models import Case, CaseEvent
from governance.reporting.keeping import reporters
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import Report, ReportSeal
from governance.reporting.numbers.service import computed, look_at_month, publish_years
from governance.reporting.protection.models import MeasureReview
from governance.reporting.protection.reviews import WRONG, review
from governance.reporting.protection.service import Protecting, find_people
from governance.reporting.retention import holds
from governance.reporting.retention.due import Part, after_months
from governance.reporting.retention.service import sweep
from tests.backup.test_rows import every_row
from tests.marks import few
from tests.reporting.desks import Desk
from tests.reporting.test_retention import ends

ROOT = Path(__file__).resolve().parents[2]
YEAR = date(2026, 1, 1), date(2027, 1, 1)


class Kept:
    """One desk over several transactions."""

    def __init__(self, house):
        self.house, self.vaults, self.filed = house, {}, {}

    def does(self, act):
        with self.house.forum() as forum:
            desk = Desk(forum)
            desk.vaults = self.vaults
            act(self, desk)


def begins(kept, desk):
    desk.opens()
    for name, severity in (("slight", "S1"), ("grave", "S4"), ("held", "S1")):
        kept.filed[name] = ends(desk, severity=severity)
    desk.receives("still open", identity="Bea")


def is_forgotten(kept, desk):
    """A year later: of the slight one all, of the grave one the name, of the held one nothing."""
    holds.hold(desk.at_work(kept.filed["held"][0]), "a court asked")
    later = desk.work._replace(now=after_months(desk.forum.now, 13))
    gone = sweep(later, policies().retention)
    assert gone == {Part.IDENTITY: 2, Part.PICTURES: 1, Part.MESSAGES: 1, Part.WORDS: 1}
    assert publish_years(later, policies())


@pytest.mark.parametrize("known", few([True, False]), ids=["changed since", "made since"])
def test_what_was_forgotten_stays_so_after_a_restore(lived_in, empty, known):
    kept = Kept(lived_in)
    file = None if known else lived_in.backup()
    kept.does(begins)
    file = file or lived_in.backup()
    kept.does(is_forgotten)
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    found = every_row(lived_in)
    for name in ("report", "report_seal", "report_evidence", "reporter_identity", "year_figures", "case_hold"):
        assert found[name] == lost[name], name
    for name in ("report_case", "case_event", "case_clock", "case_member", "case_report", "case_hearing"):
        assert found[name] == lost[name], name
    kept.does(opens_nothing)


def opens_nothing(kept, desk):
    case_id, filed = kept.filed["slight"]
    assert desk.case(case_id).emptied is not None
    assert reporters.by_code(desk.session, desk.keyring, filed.code) is None
    with pytest.raises(KeyGoneError):
        ReportKey.opened(desk.session, desk.keyring, filed.report_id, filed.key.inner)
    assert reporters.by_code(desk.session, desk.keyring, kept.filed["held"][1].code) is not None


@pytest.mark.slow
def test_left_out_of_the_journal_it_would_be_there_again(lived_in, empty, monkeypatch):
    """The control."""
    kept = Kept(lived_in)
    kept.does(begins)
    file = lived_in.backup()
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    kept.does(is_forgotten)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert session.get(Report, kept.filed["slight"][1].report_id) is not None
        assert session.get(Case, kept.filed["slight"][0]).emptied is None


def measures(kept, desk):
    """A wide block that was wrong and one that stands, and a pair block."""
    people = find_people(desk.session, desk.keyring, desk.forum.id, "ana", "dan")
    nia = find_people(desk.session, desk.keyring, desk.forum.id, "bea", "nia")
    protecting = Protecting(desk.work, desk.policy, desk.staff_id("olu"))
    protecting.block_everywhere(people.hcp_id, desk.staff_id("oda"))
    protecting.block_everywhere(nia.hcp_id, desk.staff_id("oda"))
    protecting.block_pair(people)
    (first, _) = MeasureReview.open(desk.session)
    review(desk.work, desk.policy, first.id, desk.staff_id("olu"), (WRONG, "it was another person"))
    kept.filed["figures"] = computed(desk.session, policies(), YEAR)


@pytest.mark.parametrize("known", few([True, False]), ids=["changed since", "made since"])
def test_measures_count_after_a_restore_as_before_and_are_looked_at(lived_in, empty, known):
    kept = Kept(lived_in)
    kept.does(lambda _kept, desk: desk.opens())
    file = None if known else lived_in.backup()
    kept.does(measures)
    file = file or lived_in.backup()
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    kept.does(same_figures)
    found = every_row(lived_in)
    ours = [row for row in found["measure"].values() if row["about"] != [OF_A_RESTORE]]
    assert len(ours) == len(lost["measure"]) == 3
    assert found["measure_review"] == lost["measure_review"]


def same_figures(kept, desk):
    assert counted(computed(desk.session, policies(), YEAR)) == counted(kept.filed["figures"])
    looks = {row.measure_id for row in MeasureReview.all_of(desk.session)}
    assert looks <= set(desk.session.scalars(select(Measure.id)))
    standing = [one for one in Measure.standing(desk.session, desk.forum.now) if one.kind == "hcp_block"]
    for one in standing:
        Measures(desk.session, desk.keyring, desk.forum.now).lift(one.id)
    assert desk.forum.permits("nia", "bea")


def counted(figures):
    return {one.code: (one.total, one.lines) for one in figures.tallies}


def test_what_a_restore_closed_itself_counts_for_nobody(lived_in):
    with lived_in.forum() as forum:
        before = computed(forum.session, policies(), YEAR)
        hcp = find_people(forum.session, forum.keyring, forum.id, "ana", "dan").hcp_id
        Measures(forum.session, forum.keyring, forum.now).block_after_restore(hcp)
        (measure,) = Measure.standing(forum.session, forum.now)
        assert computed(forum.session, policies(), YEAR) == before
        Measures(forum.session, forum.keyring, Instant(forum.now + 1)).lift(measure.id)
        assert computed(forum.session, policies(), YEAR) == before


@pytest.mark.slow
def test_who_looked_at_a_month_is_known_after_a_restore(lived_in, empty):
    kept, month = Kept(lived_in), date(2020, 5, 1)
    file = lived_in.backup()
    kept.does(lambda _kept, desk: look_at_month(desk.opens().work, month, desk.staff_id("olu")))
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    assert every_row(lived_in)["override_look"] == lost["override_look"] != []


def killed(house, after):
    words = [sys.executable, "-m", "tests.backup.forgetting", house.url.render_as_string(hide_password=False)]
    words += [str(house.folder), str(int(house.now)), str(after)]
    return subprocess.run(words, cwd=ROOT, env=os.environ, check=False, capture_output=True, text=True)


@pytest.mark.slow
def test_killed_while_it_forgets_it_has_forgotten_nothing(lived_in):
    kept = Kept(lived_in)
    kept.does(begins)
    before = every_row(lived_in)
    lived_in.close()
    for after in (1, 9):
        done = killed(lived_in, after)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert every_row(lived_in) == before
        lived_in.close()
    # The control: one that commits each step has forgotten half by then.
    assert killed(lived_in, -9).returncode == -signal.SIGKILL
    half = every_row(lived_in)
    assert half != before
    lived_in.close()
    done = killed(lived_in, 0)
    assert done.returncode == 0, done.stderr
    with lived_in.session() as session:
        for table in (Report, ReportSeal, CaseEvent):
            assert session.scalar(select(func.count()).select_from(table))
        for name in ("slight", "held"):
            assert session.get(Report, kept.filed[name][1].report_id) is None
            assert session.get(Case, kept.filed[name][0]).emptied is not None
