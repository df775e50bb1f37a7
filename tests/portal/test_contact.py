"""A safe contact: behind proof, confirmed by a code, removed at once; mails say nothing, at times that are safe."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import msgspec
import pytest
import time_machine

from governance.config.mail import MailSettings, Security
from governance.db.extension import reading, transaction
from governance.holdings import HOLDINGS
from governance.ledger.outbox.mailing import MAIL
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.patients.contact.errors import BadContactError
from governance.patients.contact.jobs import KIND as CONTACT
from governance.patients.contact.models import SafeContact
from governance.patients.contact.notices import Kind, notify
from governance.patients.contact.service import Contact
from governance.patients.erasing.service import erase_whole
from governance.patients.models import Patient
from governance.ui.clock import now, to_instant
from governance.ui.house import house
from tests.conftest import running, settings_in
from tests.optout.wishes import prove
from tests.ui.mail_server import HERE, Inbox, mail_server
from tests.ui.visits import Visitor, found_forum, sign_in

SAFE = "safe@example.net"


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def forum(tmp_path, inbox):
    with mail_server(inbox, tmp_path / "mail") as (port, authority):
        mail = MailSettings(HERE, "news@example.org", port, Security.STARTTLS, authorities=authority, seconds=3.0)
        with running(replace(settings_in(tmp_path), mail=mail)) as app:
            found_forum(app)
            yield app


@pytest.fixture
def ana(forum):
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ana"))
    return Visitor(client)


def sends(forum):
    worker = Worker(tools_of(forum), Hands())
    worker._kinds = [CONTACT, MAIL]
    return sum(worker.step() for _ in range(5))


def letters(inbox):
    return [message_from_bytes(content, policy=policy.default) for content, *_ in inbox.letters]


def gives(forum, ana, times="any"):
    prove(forum, ana)
    return ana.get("/my/contact").follow("Give an address").press("Send me a code", address=SAFE, times=times)


def confirms(forum, ana, inbox, times="any"):
    gives(forum, ana, times)
    sends(forum)
    code = re.search(r"\b[0-9]{6}\b", letters(inbox)[-1].get_content())[0]
    inbox.letters.clear()
    return ana.press("Go on", code=code)


def tells(forum, kind=Kind.REFUSAL_ENDS):
    with forum.app_context(), transaction() as session:
        notify(session, house().keyring, session.query(Patient).one().id, kind, now())


def test_nobody_gives_an_address_without_showing_who_they_are(ana):
    assert ana.get("/my/contact").follow("Give an address").path == "/prove"


def test_before_the_code_comes_back_nothing_else_is_sent(ana, forum, inbox):
    gives(forum, ana)
    assert "We sent a code to safe@example.net" in ana.text
    sends(forum)
    (letter,) = letters(inbox)
    assert letter["Subject"] == "Your code"
    tells(forum)
    sends(forum)
    assert len(inbox.letters) == 1


def test_the_code_confirms_it_and_works_once(ana, forum, inbox):
    confirms(forum, ana, inbox)
    assert "It works. We can write to you there." in ana.text
    assert "The code from the e-mail" not in ana.get("/my/contact").text


@pytest.mark.slow
def test_five_wrong_codes_and_the_right_one_works_no_more(ana, forum, inbox):
    gives(forum, ana)
    sends(forum)
    code = re.search(r"\b[0-9]{6}\b", letters(inbox)[0].get_content())[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert "This code does not work" in ana.press("Go on", code=wrong).text
    assert "This code does not work" in ana.press("Go on", code=code).text


def test_a_notice_is_on_the_page_and_the_mail_says_nothing_of_it(ana, forum, inbox):
    confirms(forum, ana, inbox)
    tells(forum)
    tells(forum, Kind.GUARDIAN)
    sends(forum)
    (letter,) = letters(inbox)
    told = letter.as_string().lower()
    assert not [word for word in ("forum.example", "refus", "guardian", "health", "patient", "http") if word in told]
    assert "Something that you closed for a time" in ana.get("/my/choices").text
    assert "Something has changed about your guardian" in ana.text
    assert "New for you" not in ana.press("I have seen this").text


def test_without_a_contact_the_page_tells_and_nobody_is_written_to(ana, forum):
    ana.get("/my/choices").press("Hide me from everyone")
    tells(forum)
    assert sends(forum) == 0
    assert "New for you" in ana.get("/my/choices").text


def test_one_press_removes_it_and_nothing_is_sent_there_any_more(ana, forum, inbox):
    confirms(forum, ana, inbox)
    ana.get("/my/contact").press("Do not write to me")
    assert "We do not write to you any more" in ana.text
    tells(forum)
    assert sends(forum) == 0
    with forum.app_context(), reading() as session:
        assert session.query(SafeContact).all() == []


@pytest.mark.parametrize("removed", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_mail_waits_until_it_is_safe_and_never_comes_if_the_contact_was_removed(ana, forum, inbox, removed):
    evening = datetime(2026, 11, 20, 20, tzinfo=UTC)
    with time_machine.travel(evening, tick=False):
        ana.client.set_cookie("governance", sign_in(forum, "ana"))
        confirms(forum, ana, inbox, "day")
        tells(forum)
        assert sends(forum) == 0
        if removed:
            ana.get("/my/contact").press("Do not write to me")
    with time_machine.travel(evening + timedelta(hours=13, minutes=1), tick=False):
        sends(forum)
    assert len(inbox.letters) == (0 if removed else 1)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-01T15:59:59Z", "2026-06-01T15:59:59Z"),
        ("2026-06-01T16:00:00Z", "2026-06-02T08:00:00Z"),
        ("2026-06-02T07:59:59Z", "2026-06-02T08:00:00Z"),
        # Summer time ends in this night: nine o'clock is an hour later in UTC.
        ("2026-10-24T20:00:00Z", "2026-10-25T09:00:00Z"),
        ("2026-03-28T20:00:00Z", "2026-03-29T08:00:00Z"),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(at, until):
    said = Contact(SAFE, 17, 9)
    assert said.next_time(to_instant(datetime.fromisoformat(at))) == to_instant(datetime.fromisoformat(until))


@pytest.mark.parametrize("wrong", [Contact("no address"), Contact(SAFE, 9, 9), Contact(SAFE, 24, 1), Contact(SAFE, 9)])
def test_what_is_no_contact_is_refused(wrong):
    with pytest.raises(BadContactError):
        wrong.checked()


def test_an_address_that_is_none_is_said_in_words(ana, forum):
    prove(forum, ana)
    ana.get("/my/contact/change").press("Send me a code", address="nowhere", times="any")
    assert "Type an address like name@example.org" in ana.text


def test_who_changes_a_contact_finds_it_on_the_page_and_the_old_address_is_told_nothing(ana, forum, inbox):
    confirms(forum, ana, inbox)
    prove(forum, ana)
    with time_machine.travel(timedelta(minutes=2)):
        ana.get("/my/contact/change").press("Send me a code", address="new@example.net", times="any")
        sends(forum)
    assert [letter["To"] for letter in letters(inbox)] == ["new@example.net"]
    assert "How we may reach you was changed" in ana.get("/my/choices").text


@pytest.fixture
def in_spanish(ana, forum, inbox):
    """Ana gave her address on a Spanish page, and reads English since."""
    ana.client.set_cookie("governance_language", "es")
    prove(forum, ana)
    ana.get("/my/contact/change").press("Enviarme un código", address=SAFE, times="any")
    sends(forum)
    (letter,) = letters(inbox)
    assert letter["Subject"] == "Tu código"
    ana.press("Seguir", code=re.search(r"\b[0-9]{6}\b", letter.get_content())[0])
    inbox.letters.clear()
    ana.client.set_cookie("governance_language", "en")
    return ana


@pytest.mark.usefixtures("in_spanish")
def test_what_is_sent_keeps_the_language_of_the_page_where_the_address_was_given(forum, inbox):
    tells(forum)
    sends(forum)
    (letter,) = letters(inbox)
    assert letter["Subject"] == "Hay algo nuevo para ti"
    assert "Entra a través de tu foro para verlo." in letter.get_content()


@pytest.mark.usefixtures("in_spanish")
def test_the_last_mail_is_in_that_language_too(forum, inbox):
    with forum.app_context(), transaction() as session:
        erase_whole(session, house().keyring, session.query(Patient).one().id, now(), HOLDINGS)
    sends(forum)
    assert [letter["Subject"] for letter in letters(inbox)] == ["Ya está hecho"]


def test_a_contact_of_the_time_when_none_had_a_language_still_opens():
    kept = b'{"address":"safe@example.net","quiet_from":17,"quiet_to":9}'
    assert msgspec.json.decode(kept, type=Contact) == Contact(SAFE, 17, 9)
    assert msgspec.json.encode(Contact(SAFE, 17, 9)) == kept


def test_the_last_mail_says_that_it_is_done_and_leaves_no_address_behind(ana, forum, inbox):
    confirms(forum, ana, inbox)
    with forum.app_context(), transaction() as session:
        erase_whole(session, house().keyring, session.query(Patient).one().id, now(), HOLDINGS)
    sends(forum)
    (letter,) = letters(inbox)
    assert letter["Subject"] == "It is done"
    with forum.app_context(), reading() as session:
        assert session.query(Job).all() == []
