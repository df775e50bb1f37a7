"""Mail against a real server: what it says, on which way it goes, and what a refusal means."""

from email import message_from_bytes
from email.policy import default
from socket import gethostname

import pytest

from governance.config.mail import MailSettings, MailSettingsError, Security
from governance.ui.mail import Filled, MailAddressError, MailDelayedError, Mailer, MailRefusedError, Notice
from tests.ui.mail_server import HERE, Inbox, mail_server

NOW = 1_800_000_000_000_000
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip
TELLING = (
    "health",
    "patient",
    "doctor",
    "nurse",
    "clinic",
    "medic",
    "disease",
    "governance",
    "consent",
    "http",
    "ana is",
)
TELLING_IN_SPANISH = ("salud", "pacient", "médic", "enferm", "clínic", "hospital", "consent", "http", "profesional")


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def server(inbox, tmp_path):
    """A server with STARTTLS, and the settings that reach it."""
    with mail_server(inbox, tmp_path) as (port, authority):
        yield settings(port, authority)


def settings(port, authority=None, security=Security.STARTTLS, **more):
    said = {"seconds": 3.0, **more}
    return MailSettings(HERE, "news@example.org", port, security, authorities=authority, **said)


def send(said, to="ana@example.net", reference="r1", notice=Notice.NEWS):
    Mailer(said).send(to, notice, reference, NOW)


def letter(inbox):
    ((content, _tls, _who),) = inbox.letters
    return message_from_bytes(content, policy=default)


def test_a_message_says_that_there_is_something_new_and_nothing_else(server, inbox):
    send(server)
    said = letter(inbox)
    assert said["Subject"] == "Something new for you"
    assert "There is something new for you. Sign in through your forum to see it." in said.get_content()
    whole = inbox.letters[0][0].decode().lower()
    assert [word for word in TELLING if word in whole] == []


@pytest.mark.parametrize("notice", Notice)
def test_in_spanish_it_says_as_little_and_every_server_takes_it(server, inbox, notice):
    send(server, notice=Filled(notice, "284917", "es"))
    said, whole = letter(inbox), inbox.letters[0][0]
    assert whole.isascii()
    assert ("284917" in said.get_content()) is (notice in {Notice.CODE, Notice.REGISTRATION_CODE})
    assert "Este mensaje lo envía un sistema automático." in said.get_content()
    told = f"{said['Subject']} {said.get_content()}".lower()
    assert [word for word in (*TELLING, *TELLING_IN_SPANISH) if word in told] == []


@pytest.mark.parametrize("language", ["", "en", "cy", "../ui/base"])
def test_in_a_language_that_it_is_not_written_in_it_is_english(server, inbox, language):
    send(server, notice=Filled(Notice.NEWS, "", language))
    assert letter(inbox)["Subject"] == "Something new for you"


def test_its_headers_are_these_and_name_neither_a_machine_nor_a_person(server, inbox):
    send(server)
    said = letter(inbox)
    assert set(said.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == HEADERS
    assert (said["From"], said["To"], said["Message-ID"]) == ("news@example.org", "ana@example.net", "<r1@example.org>")
    assert inbox.hello == "example.org"
    assert gethostname().encode() not in inbox.letters[0][0]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_travels_under_tls(inbox, tmp_path, security):
    with mail_server(inbox, tmp_path, security) as (port, authority):
        send(settings(port, authority, Security(security)))
    assert inbox.letters[0][1]


def test_it_signs_in_where_it_was_told_to(server, inbox):
    send(settings(server.port, server.authorities, user="us", password="secret"))
    assert inbox.letters[0][2] == b"us"


def test_a_wrong_password_is_a_delay_for_an_operator_to_mend_and_loses_no_mail(server, inbox):
    with pytest.raises(MailDelayedError, match="535"):
        send(settings(server.port, server.authorities, user="us", password="wrong"))
    assert inbox.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(inbox, tmp_path, security):
    with mail_server(inbox, tmp_path, security) as (port, _), pytest.raises(MailDelayedError, match="CertVerification"):
        send(settings(port, None, Security(security)))
    assert inbox.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_another_servers_certificate_gets_nothing(inbox, tmp_path, security):
    certified_for_another = mail_server(inbox, tmp_path, security, host="192.0.2.1")
    with certified_for_another as (port, authority), pytest.raises(MailDelayedError, match="CertVerification"):
        send(settings(port, authority, Security(security)))
    assert inbox.letters == []


def test_a_server_that_offers_no_tls_gets_nothing(inbox, tmp_path):
    with mail_server(inbox, tmp_path, "plain") as (port, authority), pytest.raises(MailDelayedError):
        send(settings(port, authority))
    assert inbox.letters == []


def test_plain_is_for_this_machine_alone(inbox, tmp_path):
    with mail_server(inbox, tmp_path, "plain") as (port, _):
        send(settings(port, security=Security.PLAIN))
    assert len(inbox.letters) == 1
    with pytest.raises(MailSettingsError, match="this machine alone"):
        MailSettings("mail.example.org", "news@example.org", 25, Security.PLAIN)


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("RCPT", "550 no such user", MailRefusedError),
        ("RCPT", "450 greylisted", MailDelayedError),
        ("RCPT", "452 full", MailDelayedError),
        ("DATA", "554 not wanted", MailRefusedError),
        ("DATA", "451 later", MailDelayedError),
        # These are about us, not about the message: an operator mends them, and then every message goes.
        ("MAIL", "550 who are you", MailDelayedError),
        ("MAIL", "421 too busy", MailDelayedError),
    ],
)
def test_a_refusal_is_for_good_or_for_now(server, inbox, step, answer, error):
    inbox.answers[step] = answer.replace("no such user", "no such user ana@example.net")
    with pytest.raises(error) as raised:
        send(server)
    assert inbox.letters == []
    assert answer[:3] in str(raised.value)
    assert "ana" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_server_that_is_rude_at_the_end_has_the_message_all_the_same(server, inbox):
    inbox.answers["QUIT"] = "500 what"
    send(server)
    assert len(inbox.letters) == 1


def test_nobody_there_is_a_delay(tmp_path, inbox):
    with mail_server(inbox, tmp_path) as (port, authority):
        pass
    with pytest.raises(MailDelayedError):
        send(settings(port, authority))


@pytest.mark.parametrize(
    "to",
    ["", "ana", "ana@", "@b.c", "a b@c.d", "ana@b.c\r\nBcc: eve@e.f", "ana@b.c\n", "a@b@c.d", "a..b@c.d", "án@b.c",
     "ana@b.c,eve@e.f", "<ana@b.c>", "x" * 255 + "@b.c"],
)  # fmt: skip
def test_what_is_no_address_goes_nowhere(server, inbox, to):
    with pytest.raises(MailAddressError):
        send(server, to=to)
    assert inbox.letters == []


def test_certificates_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(MailSettingsError, match="CA_FILE"):
        Mailer(settings(25, tmp_path / "nothing"))
