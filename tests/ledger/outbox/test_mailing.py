"""From a row to a letter: sealed, sent outside of transactions, recognisable when it comes twice, gone after."""

from email import message_from_bytes

import pytest
from sqlalchemy import text

from governance.config.mail import MailSettings, Security
from governance.ledger.outbox.errors import LeaseLostError
from governance.ledger.outbox.mailing import MAIL, Letter, enqueue_mail, mail_handler, reference_of
from governance.ui.mail import Mailer, Notice
from tests.ledger.outbox.conftest import MINUTE
from tests.ui.mail_server import HERE, Inbox, mail_server

ANA = "ana@example.net"


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def post(office, inbox, tmp_path):
    """An office that sends by a real server, with TLS."""
    with mail_server(inbox, tmp_path / "mail") as (port, authority):
        said = MailSettings(HERE, "news@example.org", port, Security.STARTTLS, authorities=authority, seconds=3.0)
        office.handlers[MAIL] = mail_handler(Mailer(said), office.keyring, lambda: office.now)
        yield office


def write_to(office, address):
    with office.writing() as session:
        return enqueue_mail(session, office.keyring, Letter("patient:ana", address, Notice.NEWS), now=office.now)


def references(inbox):
    return [message_from_bytes(content)["Message-ID"] for content, *_ in inbox.letters]


def test_a_letter_is_sent_and_its_address_is_gone(post, inbox):
    job = write_to(post, ANA)
    post.works()
    assert references(inbox) == [f"<{reference_of(post.keyring, job)}@example.org>"]
    assert post.rows() == []


def test_the_name_of_a_letter_tells_nothing_of_its_job(post, inbox):
    job = write_to(post, ANA)
    post.works()
    whole = inbox.letters[0][0].decode()
    assert str(job) not in whole
    assert job.hex not in whole


def test_a_letter_sent_twice_has_one_name(post, inbox):
    """A worker killed between sending and saying so: the letter comes again, and its reader can tell."""
    write_to(post, ANA)
    sent = post.handlers[MAIL]

    def send_and_die(work):
        sent(work)
        raise LeaseLostError

    post.handlers[MAIL] = send_and_die
    post.works(1)
    post.handlers[MAIL] = sent
    post.later(MINUTE)
    post.works()
    assert len(inbox.letters) == 2
    assert len(set(references(inbox))) == 1


def test_nobody_waits_for_the_mail_server(post):
    """While a letter is on its way, others write: no transaction is open."""
    write_to(post, ANA)
    sent = post.handlers[MAIL]

    def write_meanwhile(work):
        with post.writing() as session:
            session.execute(text("UPDATE job SET last_error = 'written' WHERE 1 = 0"))
        return sent(work)

    post.handlers[MAIL] = write_meanwhile
    post.works()
    assert post.rows() == []


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_refusal_for_good_is_dead_at_once(post, inbox, step):
    inbox.answers[step] = "550 no"
    write_to(post, ANA)
    post.works(1)
    row = post.row()
    assert (row.dead, row.last_error, row.tries) == (post.now, "mail_gone", 1)


@pytest.mark.parametrize("answer", [("RCPT", "450 later"), ("MAIL", "550 who are you")])
def test_a_refusal_for_now_is_tried_again(post, inbox, answer):
    inbox.answers = dict([answer])
    write_to(post, ANA)
    post.works(1)
    row = post.row()
    assert (row.dead, row.last_error, row.tries) == (None, "mail_delayed", 1)


def test_a_letter_put_off_arrives_later(post, inbox):
    inbox.answers["RCPT"] = "450 later"
    write_to(post, ANA)
    post.works(1)
    inbox.answers.clear()
    post.later(MINUTE)
    post.works()
    assert len(inbox.letters) == 1


@pytest.mark.parametrize("payload", [{}, {"to": ANA}, {"to": ANA, "notice": "secret"}, {"to": 1, "notice": "news"}])
def test_a_letter_that_cannot_be_written_is_dead_at_once(post, payload):
    post.wants(MAIL, **payload)
    post.works(1)
    assert post.row().last_error == "bad_payload"
    assert post.row().dead is not None


def test_a_wrong_address_is_dead_and_stands_in_no_column(post):
    write_to(post, "no address")
    post.works(1)
    assert post.row().last_error == "mail_gone"
    assert "address" not in str([value for name, value in vars(post.row()).items() if name != "sealed_payload"])


def test_without_a_mail_server_letters_wait_and_are_not_lost(office):
    office.handlers[MAIL] = mail_handler(None, office.keyring, lambda: office.now)
    write_to(office, ANA)
    office.works(1)
    assert (office.row().dead, office.row().last_error) == (None, "settings")
    office.later(15 * MINUTE)
    assert not office.condition().is_well
