"""What the worker does every day: old decisions go, and the ledger with every row in force is verified."""

import pytest
from structlog.testing import capture_logs

from governance.conduct.due.jobs import KIND as CONDUCT_LOOKS
from governance.conduct.feeds.jobs import KIND as LOOK_UPS
from governance.conduct.jobs import KIND as CONDUCT_RULES
from governance.conduct.messaging.jobs import LOOK as MESSAGES
from governance.conduct.messaging.service import TELL
from governance.db.base import new_id
from governance.db.extension import db, transaction
from governance.disclosure.jobs import KEEP
from governance.disclosure.reminding import REMIND
from governance.disclosure.rollout import CARRY_OUT
from governance.effective.life.jobs import KIND as WALKS_OWED
from governance.effective.life.keeping import KIND as PROBES_KEPT
from governance.effective.life.service import HELD
from governance.feed.webhooks.jobs import UPKEEP as WEBHOOKS_KEPT
from governance.feed.webhooks.service import KIND as WEBHOOK
from governance.ledger.decisions import jobs
from governance.ledger.decisions.jobs import FORGET
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.errors import LedgerError
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.crew import Crew
from governance.ledger.outbox.mailing import MAIL
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.service import Work
from governance.ledger.outbox.wiring import outbox_of, tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.ledger.upkeep import VERIFY
from governance.optout.own.reminders import KIND as REFUSAL_ENDS
from governance.optout.waiting import KIND as LOOSENING
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.erasing.jobs import KIND as ERASING
from governance.patients.forums.yes import KIND as YES
from governance.patients.guardians.hearings import OVERDUE
from governance.pdp.probing.counting import KIND as PROBES
from governance.reporting.clocks.jobs import DESK as CASES
from governance.reporting.clocks.jobs import LEDGER as CASES_ENTERED
from governance.reporting.evidence.jobs import KIND as REPORT_PICTURES
from governance.reporting.keeping.jobs import KIND as REPORTS_ENTERED
from governance.reporting.numbers.jobs import KIND as FIGURES
from governance.reporting.retention.jobs import KIND as REPORTS_KEPT
from governance.reporting.vaults.jobs import KIND as READERS
from governance.ui.clock import now
from tests.forum import CLOSED, Forum

pytestmark = pytest.mark.usefixtures("both")
DAY = 24 * 3600 * 1_000_000
MINUTE = 60 * 1_000_000


@pytest.fixture
def forum(session, keyring):
    forum = Forum(session, keyring, at=now())
    forum.chooses("ana", CLOSED, CLOSED)
    session.commit()
    return forum


def job(kind):
    return Work(new_id(), kind, now(), 1, {})


def do(app, kind):
    """Do a job of a kind as a worker does."""
    effect = outbox_of(app).handlers[kind](job(kind))
    with app.app_context(), transaction() as session:
        effect(session)


def test_a_worker_does_them_every_day(app):
    found = outbox_of(app)
    every = {
        **dict.fromkeys((FORGET, VERIFY, CONDUCT_RULES, KEEP, REMIND), DAY),
        **dict.fromkeys((REPORTS_ENTERED, CASES_ENTERED, FIGURES, PROBES_KEPT), DAY),
        **dict.fromkeys((ERASING, CONDUCT_LOOKS, LOOK_UPS, MESSAGES, PROBES), HOUR),
        **dict.fromkeys((READERS, REPORT_PICTURES, REPORTS_KEPT, WEBHOOKS_KEPT, WALKS_OWED), HOUR),
        CASES: MINUTE,
    }
    assert {job.kind: job.every for job in found.recurring} == every
    once = {MAIL, LOOSENING, REFUSAL_ENDS, CARRY_OUT, CONTACT, OVERDUE, YES, TELL, WEBHOOK, HELD}
    assert found.handlers.keys() == {*every, *once}


def test_a_worker_that_starts_has_them_done(app, session, forum):  # noqa: ARG001 - there is something to verify
    tools = tools_of(app)
    crew = Crew(tools, 0)
    crew.start(outbox_of(app).recurring)
    crew.stop(0)
    worker = Worker(tools, Hands())
    assert [worker.step() for _ in range(21)] == [*[True] * 20, False]
    assert {row.last_error for row in session.query(Job)} == {None}


def log(session, platform_id, many, days):
    rows = [
        {"id": new_id(), "platform_id": platform_id, "kind": "asked", "author": "a", "at": now() - days * DAY}
        for _ in range(many)
    ]
    LoggedDecision.add_all(session, [row | {"sealed": b"", "held": False} for row in rows])
    session.commit()


def test_decisions_of_thirteen_months_ago_go_batch_by_batch(app, session, forum, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    monkeypatch.setattr("governance.ledger.decisions.service.BATCH", 2)
    log(session, forum.id, 3, days=397)
    log(session, forum.id, 1, days=395)
    do(app, FORGET)
    assert session.query(LoggedDecision).count() == 2
    session.rollback()
    worker = Worker(tools_of(app), Hands())
    assert [worker.step() for _ in range(2)] == [True, False]
    assert session.query(LoggedDecision).count() == 1


def test_a_whole_ledger_is_nothing_to_tell(app, forum):  # noqa: ARG001 - there is something to verify
    with capture_logs() as logs:
        do(app, VERIFY)
    assert logs == []


@pytest.mark.parametrize("table", ["ledger_entry", "effective_row"])
def test_damage_wakes_somebody_and_stays_an_error(app, session, forum, table):  # noqa: ARG001 - it has rows
    session.execute(db.metadata.tables[table].delete())
    session.commit()
    with capture_logs() as logs, pytest.raises(LedgerError, match="governance ledger verify"):
        do(app, VERIFY)
    assert [entry["log_level"] for entry in logs] == ["critical"]
