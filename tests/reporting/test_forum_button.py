"""Who tells us through a forum's button is protected there, with or without a record of ours, from press to case."""

import uuid

import pytest
from sqlalchemy import Uuid

from governance.db.base import Base
from governance.db.extension import reading
from governance.effective.layers import Layers
from governance.effective.models import GovernedAccount, Measure
from governance.identity.models import Account
from governance.identity.permissions import Role
from governance.reporting.cases.models import Case, CaseEvent, CaseMember, CaseReport
from governance.reporting.clocks.models import CaseClock
from governance.reporting.desk import acting
from governance.reporting.keeping.models import Report, ReportSeal
from governance.ui.clock import now
from governance.ui.house import house
from tests.reporting.test_custody_pages import joins
from tests.reporting.test_desk import keys, nurse, oda, olu, opens
from tests.reporting.test_reports_api import program
from tests.ui.visits import forum

__all__ = ["forum", "nurse", "oda", "olu", "program"]
SAID = {"type": "boundary", "what": "He wrote to me at night", "account": "zoe", "hcp": "ned"}


@pytest.fixture
def desk(olu, forum):
    """An officer at the desk; somebody can keep who made a report, too."""
    joins(forum, "cy", Role.CUSTODIAN, path="/custody/vault")
    return olu


def decides(program, viewer="ned", author="zoe"):
    said = {
        "subject": {"type": "user", "id": viewer},
        "action": {"name": "message"},
        "resource": {"type": "user", "id": author},
    }
    answer = program(None, path="/access/v1/evaluation", **said)
    assert answer.status_code == 200, answer.text
    return answer.json["decision"]


def layers(app, account="zoe"):
    with app.app_context(), reading() as session:
        (key,) = keys(app, account)
        row = session.get(GovernedAccount, key)
        return () if row is None else Layers(session, house().keyring, uuid.UUID(row.patient), now()).kept()


@pytest.mark.usefixtures("desk")
def test_the_button_keeps_somebody_away_before_anybody_reads_it(program):
    assert decides(program)
    assert program(**SAID, block=True).status_code == 200
    assert not decides(program)
    assert decides(program, viewer="ned", author="ana")
    assert decides(program, viewer="eve")


@pytest.mark.usefixtures("forum")
def test_the_block_waits_for_no_reader(program):
    """Nobody could read the report, so it was not taken; the member is safe all the same."""
    assert program(**SAID, block=True).status_code == 409
    assert not decides(program)


def test_the_desk_protects_a_member_who_has_no_record(forum, desk, program):
    assert program(**SAID, known=True).status_code == 200
    assert decides(program)
    opens(desk)
    assert "zoe" not in desk.page.get_text()
    desk.press("Block the two from each other now")
    assert "It is in force" in desk.text
    assert not decides(program)
    assert [layer.by.partition(":")[0] for layer in layers(forum)] == ["platform"]


def test_without_the_account_the_press_would_protect_nobody(desk, program, monkeypatch):
    """The control: officers see a digest, and the digest alone is nobody's name."""
    monkeypatch.setattr(acting, "brought", lambda *_said: {})
    assert program(**SAID, known=True).status_code == 200
    opens(desk).press("Block the two from each other now")
    assert decides(program)


def test_a_professional_whom_only_the_forum_declared_is_blocked_as_named(desk, program):
    assert program(**SAID, known=True).status_code == 200
    opens(desk)
    assert desk.follow("Other ways to protect").page.find("input", id="hcp")["value"] == "ned"


def test_the_block_of_who_has_a_record_ends_by_itself(forum, desk, program):
    """The control of the forum's layer: whom we can ask when the days are over is asked."""
    assert program(path="/v1/opt-outs/tighten", account="zoe", hcp="another").status_code == 200
    before = layers(forum)
    program(**SAID, known=True)
    opens(desk).press("Block the two from each other now")
    assert layers(forum) == before
    assert not decides(program)


def test_the_officer_reads_that_the_member_is_safe_already(desk, program):
    program(**SAID, block=True)
    assert "kept away from them when they sent it" in opens(desk).text


def test_a_report_without_the_wish_says_nothing_of_it(desk, program):
    program(**SAID)
    assert "kept away from them" not in opens(desk).text


def test_sent_again_the_same_report_is_filed_once(desk, program):
    """Its account is sealed anew each time, and it is the same report all the same."""
    key = str(uuid.uuid4())
    assert program(key, **SAID, known=True).json == program(key, **SAID, known=True).json
    assert len(desk.get("/desk/cases").page.select("ul.tall-links a[href*='/desk/cases/']")) == 1


@pytest.mark.usefixtures("desk")
def test_nothing_in_the_clear_leads_from_a_block_to_its_report(forum, program):
    assert program(**SAID, block=True).status_code == 200
    with forum.app_context(), reading() as session:
        theirs = _values(session, Account, GovernedAccount, Measure)
        of_reports = _values(session, Report, ReportSeal, Case, CaseReport, CaseMember, CaseEvent, CaseClock)
        forums = {one.platform_id for one in session.query(Account)}
        assert theirs
        assert of_reports & theirs <= forums


def _values(session, *tables: type[Base]):
    """Return every id and digest that rows hold; whole numbers and words are no ids."""
    found = set()
    for table in tables:
        for row in session.query(table):
            for column in row.__table__.columns:
                value = getattr(row, column.key)
                if isinstance(column.type, Uuid) or (isinstance(value, str) and len(value) > 30):
                    found.add(uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else value)
    return found - {None}
