"""S12, coercion: Fay's partner makes her let his colleague Dan write to her; the next day she is alone."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from governance.config.mail import MailSettings, Security
from governance.db.extension import reading
from governance.ledger.outbox.mailing import MAIL
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.contact.models import PatientNotice
from tests.optout.test_web_more import says
from tests.optout.wishes import prove
from tests.portal.test_contact import confirms as confirms_contact
from tests.scenarios.stories.even_keel import even_keel
from tests.ui.mail_server import HERE, Inbox, mail_server
from tests.ui.visits import acknowledge, choose

A_DAY_LATER = timedelta(hours=25)
TRACES = ("Version 2", "Version 3", "Receipt 2", "Receipt 3", "Undo", "It counts since", "made to", "In touch")
PAGES = ("/my/choices", "/my/waiting", "/my/history", "/my/receipts")


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def keel(tmp_path, inbox):
    with mail_server(inbox, tmp_path / "mail") as (port, authority):
        mail = MailSettings(HERE, "news@example.org", port, Security.STARTTLS, authorities=authority, seconds=3.0)
        with even_keel(tmp_path, mail) as keel:
            yield keel


def fay_has_chosen_and_said_where_to_write(keel, inbox):
    fay = keel.comes("fay")
    acknowledge(fay)
    choose(fay, "closed", "closed")
    confirms_contact(keel.service, fay, inbox)
    keel.people.patient("fay")
    keel.people.session.commit()


def writes(keel, who="fay"):
    return keel.permits("dan", who, "message", wrote_first=True)


def she_is_made_to_open_and_it_takes_proof_and_says_what_it_does(keel):
    fay = keel.comes("fay")
    says(fay, keel.key("dan"), "in_touch")
    fay.get("/choices/check")
    assert "This lets somebody do more than now" in fay.text
    assert "Dan could" in fay.page.select_one(".box strong").get_text()
    assert fay.press("Save my choices").path == "/prove"
    prove(keel.service, fay)
    fay.get("/choices/check").press("Save my choices")
    assert fay.path == "/my/waiting"
    told = keel.comes("fay").get("/my/choices")
    assert "Was this not you? See it and stop it" in told.text
    assert not writes(keel)


def a_day_later_dan_may_write(keel):
    assert keel.waits_are_over() == 1
    assert writes(keel)


def she_refuses_him_by_name_and_it_counts_at_once(keel):
    fay = keel.comes("fay")
    fay.get("/my/put-right")
    assert "Leave this page now" in fay.page.find("a", attrs={"data-leave": True}).get_text()
    fay.press("Do it now", what=f"one.{keel.key('dan')}", made="yes")
    assert fay.h1 == "It is done"
    assert not writes(keel)
    return fay


def dan_gets_the_answer_that_everybody_gets_who_is_refused(keel):
    assert keel.answer("dan", "fay", "message") == keel.answer("dan", "zoe", "message")
    assert keel.answer("dan", "fay", "message")[3]["reason"] == "refused"


def nothing_is_sent_anywhere(keel, inbox):
    worker = Worker(tools_of(keel.service), Hands())
    worker._kinds = [CONTACT, MAIL]
    assert not worker.step()
    assert inbox.letters == []
    with keel.service.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(PatientNotice)) == 0


def her_pages_tell_what_counts_and_nothing_of_how_it_came(keel, fay):
    prove(keel.service, fay)
    shown = {path: fay.get(path).text for path in PAGES}
    assert [(path, word) for path, text in shown.items() for word in TRACES if word in text] == []
    assert "Version 1, counts now" in shown["/my/history"]
    assert "Dan: Closed" in shown["/my/choices"]


def she_leaves_at_once(fay):
    assert fay.client.get("/leave").location.startswith("https://")
    assert fay.get("/my/choices").path == "/sign-in"


def test_s12_what_she_was_made_to_open_is_closed_at_once_and_tells_nobody(keel, inbox):
    fay_has_chosen_and_said_where_to_write(keel, inbox)
    she_is_made_to_open_and_it_takes_proof_and_says_what_it_does(keel)
    with time_machine.travel(A_DAY_LATER):
        a_day_later_dan_may_write(keel)
        fay = she_refuses_him_by_name_and_it_counts_at_once(keel)
        dan_gets_the_answer_that_everybody_gets_who_is_refused(keel)
        nothing_is_sent_anywhere(keel, inbox)
        her_pages_tell_what_counts_and_nothing_of_how_it_came(keel, fay)
        she_leaves_at_once(fay)
