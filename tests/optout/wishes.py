"""A patient whose presses are told in a line each, for tests of the ratchet."""

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant
from governance.identity.models import WebSession
from governance.identity.sessions.service import digest_of
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.optout.models import WaitingChange
from governance.optout.waiting import KIND
from governance.patients.models import Patient
from governance.patients.service import set_adult_from
from governance.ui.clock import now
from governance.ui.house import house


def prove(app, visitor):
    """Have the person behind a visitor prove who they are, as a sign-in made for it does."""
    cookie = visitor.client.get_cookie("governance").value
    with app.app_context(), transaction() as session:
        session.get_one(WebSession, digest_of(cookie)).proved = now()


def grow_up(app, years=18):
    """Write down that the one patient there is has reached an age."""
    with app.app_context(), transaction() as session:
        eighteen = Instant(now() - (years - 18) * 366 * 24 * 3600 * 1_000_000)
        set_adult_from(session, house().keyring, session.query(Patient).one(), eighteen, now())


def work(app):
    """Do every job of ours that is due; return how many were begun."""
    worker = Worker(tools_of(app), Hands())
    worker._kinds = [KIND]
    return sum(worker.step() for _ in range(5))


def waits_of(session):
    session.expire_all()
    return session.query(WaitingChange).order_by(WaitingChange.made, WaitingChange.id).all()
