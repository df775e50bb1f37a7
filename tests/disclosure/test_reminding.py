"""A year after somebody was told, a mail that says nothing goes to their safe contact: once, and where it is safe."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from governance.config.mail import MailSettings, Security
from governance.db.extension import reading, transaction
from governance.disclosure import reminding
from governance.disclosure.reminding import REMIND
from governance.ledger.outbox.mailing import MAIL
from governance.ledger.outbox.service import enqueue
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.patients.ages.service import People
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.contact.models import PatientNotice
from governance.patients.models import Patient
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, settings_in
from tests.portal.test_contact import confirms, letters
from tests.ui.mail_server import HERE, Inbox, mail_server
from tests.ui.visits import Visitor, acknowledge, choose, found_forum, sign_in

TOLD = datetime(2026, 11, 2, 10, tzinfo=UTC)
YEAR = timedelta(days=365)


class Post:
    """Ana, her letters, and a worker who comes every day."""

    def __init__(self, app, inbox):
        self.app, self.inbox = app, inbox

    def ana(self):
        client = self.app.test_client()
        client.set_cookie("governance", sign_in(self.app, "ana"))
        return Visitor(client)

    def works(self):
        with self.app.app_context(), transaction() as session:
            enqueue(session, house().keyring, REMIND, {}, now())
        worker = Worker(tools_of(self.app), Hands())
        worker._kinds = [REMIND, CONTACT, MAIL]
        while worker.step():
            pass
        arrived, self.inbox.letters = letters(self.inbox), []
        return arrived


@pytest.fixture
def post(tmp_path):
    """Ana was told, said yes to her nurse and where to write; a year less a day goes by."""
    inbox = Inbox()
    with mail_server(inbox, tmp_path / "mail") as (port, authority):
        mail = MailSettings(HERE, "news@example.org", port, Security.STARTTLS, authorities=authority, seconds=3.0)
        with running(replace(settings_in(tmp_path), mail=mail)) as app:
            found_forum(app)
            yield Post(app, inbox)


@pytest.fixture
def told(post):
    with time_machine.travel(TOLD, tick=False):
        acknowledge(ana := post.ana())
        choose(ana, "answered", "closed")
        confirms(post.app, ana, post.inbox)
    return post


def later(**more):
    return time_machine.travel(TOLD + YEAR + timedelta(**more), tick=False)


def test_a_year_later_one_mail_says_nothing_and_the_page_says_it_once(told):
    with later(days=-1):
        assert told.works() == []
    with later(minutes=1):
        (letter,) = told.works()
        said = letter.as_string().lower()
        assert [word for word in ("year", "choice", "forum.example", "health", "http") if word in said] == []
        assert told.works() == []
        page = told.ana().get("/my/choices")
        assert page.text.count("a year ago, or longer") == 1
        assert "A year has gone by" not in page.text
    with later(days=7):
        assert told.works() == []


@pytest.mark.slow
def test_next_year_there_is_one_more_whether_the_first_was_looked_at_or_not(told):
    with later(minutes=1):
        assert len(told.works()) == 1
    with later(days=364):
        assert told.works() == []
    with later(days=366):
        assert [len(told.works()), len(told.works())] == [1, 0]


@pytest.mark.slow
def test_who_put_the_reminder_away_is_left_in_peace_for_a_year(told):
    with later(minutes=1):
        page = told.ana().get("/my/choices").press("Do not show this again")
        assert "a year" not in page.text
        assert told.works() == []
    with later(days=364):
        assert told.works() == []


def hides(told):
    told.ana().get("/my/choices").press("Hide me from everyone")


def hides_history(told):
    told.ana().get("/my/put-right").press("Do it now", what="stop", made="yes")


def takes_the_address_away(told):
    told.ana().get("/my/contact").press("Do not write to me")


def died(told):
    with told.app.app_context(), transaction() as session:
        patient = session.query(Patient).one().id
        People(session, house().keyring, policies().optout, now()).died(patient, "a letter")


def slow(wish):
    return pytest.param(wish, marks=pytest.mark.slow)


@pytest.mark.parametrize("wish", [slow(hides), hides_history, slow(takes_the_address_away), slow(died)])
def test_whoever_had_better_not_be_written_to_is_not(told, wish):
    with later(days=-3):
        wish(told)
    with later(minutes=1):
        assert told.works() == []
        with told.app.app_context(), reading() as session:
            assert session.query(PatientNotice).all() == []


@pytest.mark.slow
def test_the_control_the_same_wishes_do_not_count_by_themselves(told, monkeypatch):
    with later(days=-3):
        hides_history(told)
    monkeypatch.setattr(reminding, "_had_better_not", lambda *_: False)
    with later(minutes=1):
        assert len(told.works()) == 1


@pytest.mark.slow
def test_it_waits_for_the_end_of_the_quiet_hours(post):
    with time_machine.travel(TOLD, tick=False):
        acknowledge(ana := post.ana())
        confirms(post.app, ana, post.inbox, "day")
    with later(hours=9):
        assert post.works() == []
    with later(hours=24):
        assert len(post.works()) == 1


@pytest.mark.slow
def test_more_people_than_one_step_are_all_reminded(told, monkeypatch):
    monkeypatch.setattr(reminding, "_STEP", 1)
    with later(minutes=1):
        assert len(told.works()) == 1
