"""Mail that waits for somebody who is erased is never sent, and its address opens no more; the last one still goes."""

import pytest
from sqlalchemy import select

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.crypto.rotation import check_retirement, rewrap
from governance.ledger.outbox import service
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.mailing import MAIL, PARTING, Letter, enqueue_mail, enqueue_parting_mail, mail_handler
from governance.ledger.outbox.models import Job, Leased
from governance.ui.mail import MailDelayedError, MailRefusedError, Notice
from tests.ledger.outbox.conftest import HOUR, MINUTE

ANA, BEA = "patient:ana", "patient:bea"
TO_ANA = Letter(ANA, "ana@example.net", Notice.NEWS)


class Post:
    """Notes what it is given to send, or answers as it is told."""

    def __init__(self):
        self.sent, self.answer = [], None

    def send(self, to, _notice, _reference, _now):
        if self.answer is not None:
            raise self.answer
        self.sent.append(to)


@pytest.fixture
def post(office):
    post = Post()
    office.handlers[MAIL] = mail_handler(post, office.keyring, lambda: office.now)
    return post


def writes(office, letter=TO_ANA, how=enqueue_mail):
    with office.writing() as session:
        return how(session, office.keyring, letter, now=office.now)


def erases(office, owner=ANA):
    with office.writing() as session:
        DataKeys(session, office.keyring).destroy(owner)


def opened(session, keyring):
    """Read every waiting job with all our keys."""
    jobs = session.scalars(select(Job)).all()
    rows = [Leased(*(getattr(job, name) for name in Leased._fields)) for job in jobs]
    return [dict(service.open_work(session, keyring, row).payload) for row in rows]


def test_waiting_mail_opens_for_the_worker_and_for_nobody_once_its_owner_is_erased(office):
    writes(office)
    with office.looking() as session:
        assert opened(session, office.keyring) == [{"to": "ana@example.net", "notice": "news"}]
    erases(office)
    with office.looking() as session, pytest.raises(KeyGoneError):
        opened(session, office.keyring)


def test_sealed_as_a_payload_alone_it_would_open_for_ever(office):
    """The control: mail as any other job."""
    office.wants(MAIL, to="ana@example.net", notice="news")
    erases(office)
    with office.looking() as session:
        assert opened(session, office.keyring)[0]["to"] == "ana@example.net"


def test_it_is_not_sent_and_not_a_dead_letter_and_says_nothing_of_the_mail_server(office, post):
    writes(office)
    writes(office, Letter(BEA, "bea@example.net", Notice.NEWS))
    post.answer = MailDelayedError("later")
    office.works(2)
    erases(office)
    office.later(MINUTE)
    # Both are due at one instant: nobody says which of them is taken first.
    office.works()
    assert [row.tries for row in office.rows()] == [2]
    post.answer = None
    office.later(HOUR)
    office.works()
    assert post.sent == ["bea@example.net"]
    assert office.rows() == []
    assert office.condition().is_well


def test_who_was_erased_gets_no_more_mail(office):
    erases(office)
    with pytest.raises(KeyGoneError):
        writes(office)
    assert office.rows() == []


def test_a_dead_letter_of_theirs_goes_when_it_is_tried_again(office, post):
    post.answer = MailRefusedError("no")
    job = writes(office)
    office.works()
    assert office.row().dead is not None
    erases(office)
    with office.looking() as session, pytest.raises(KeyGoneError):
        opened(session, office.keyring)
    with office.writing() as session:
        service.retry(session, job, office.now)
    office.works()
    assert office.rows() == []


def test_a_payload_moved_to_another_owner_does_not_open(office):
    writes(office)
    writes(office, Letter(BEA, "bea@example.net", Notice.NEWS))
    with office.writing() as session:
        first, second = session.scalars(select(Job)).all()
        first.sealed_payload = second.sealed_payload
    with office.looking() as session, pytest.raises(BadPayloadError):
        opened(session, office.keyring)


def parts(office):
    """Erase somebody and tell them, in one transaction."""
    with office.writing() as session:
        DataKeys(session, office.keyring).of(ANA)
        DataKeys(session, office.keyring).destroy(ANA)
        enqueue_parting_mail(session, office.keyring, TO_ANA, now=office.now)


def test_the_last_mail_still_goes_and_leaves_nothing(office, post):
    parts(office)
    office.works()
    assert post.sent == ["ana@example.net"]
    assert office.rows() == []


@pytest.mark.parametrize("answer", [MailRefusedError("no"), MailDelayedError("later")])
def test_the_last_mail_is_gone_after_a_day_whatever_the_mail_server_says(office, post, answer):
    parts(office)
    post.answer = answer
    office.works()
    assert all(row.dead is None for row in office.rows())
    office.later(PARTING)
    office.works()
    assert office.rows() == []
    assert office.condition().is_well


def test_a_copy_of_the_last_mail_in_a_backup_opens_no_more_once_the_epoch_is_given_up(office, settings):
    parts(office)
    keys = settings.keys.with_new_epoch(int(office.now))
    with office.writing() as session:
        rewrap(session, Keyring(keys))
        check_retirement(session, keys, "e1")
    with office.looking() as session:
        assert opened(session, Keyring(keys))[0]["to"] == "ana@example.net"
        with pytest.raises(EpochGoneError):
            opened(session, Keyring(keys.without("e1")))
