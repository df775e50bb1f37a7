"""The worker asks registers by itself: over real HTTP, once a day, and nothing odd that comes back is ever a pass."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from governance.app import create_app
from governance.conduct.feeds.asking import Heard, source_of, sources_of, take_answer
from governance.conduct.feeds.entries import Entry, NotThere
from governance.conduct.feeds.jobs import AGAIN, KIND, RegisterSilentError, look_ups_handler
from governance.conduct.models import HcpRecord, SaidRegistration
from governance.config.errors import SettingsError
from governance.crypto.envelope import seal
from governance.decision.vocabulary import Instant, Status
from governance.ledger.outbox.models import JobKind
from governance.ledger.outbox.service import ensure_recurring
from governance.ledger.outbox.wiring import outbox_of, tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.policy.current import policies
from governance.ui.clock import now
from tests.conduct.people import NMC, NPI, accepts, checks, document, ends, says, seen
from tests.conduct.register_files import held
from tests.conduct.registry import found, result, running
from tests.conftest import settings_in
from tests.forum import CLOSED, DAY, SEEN, Forum

NUMBER, OTHER = "1234567893", "1999999992"


@pytest.fixture
def registry():
    with running() as registry:
        yield registry


def nora_in(forum, account="nora", number=NUMBER, **said):
    hcp = says(forum, account, register=NPI, number=number, **said)
    accepts(forum, hcp)
    checks(forum, hcp, seen(number=number, licence="state board of Ohio", **said), register=NPI)
    return hcp


@pytest.fixture
def forum(forum):
    """Ana lets all professionals read; Nora has an NPI, and a verifier saw her licence a day ago."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.nora = nora_in(forum)
    forum.later(days=1)
    return forum


def asks(forum, *sources):
    """One round of the job on the clock of the forum; return what it logged."""
    reading = lambda: nullcontext(forum.session)  # noqa: E731
    handle = look_ups_handler(reading, forum.keyring, lambda: forum.now, sources, lambda: 5)
    forum.session.flush()
    with capture_logs() as logs:
        handle(None)(forum.session)
    forum.session.flush()
    return [line for line in logs if line["event"] in {"registers_asked", "register_silent", "broken_row"}]


def test_it_asks_once_a_day_and_a_clear_word_makes_no_look_last_longer(forum, registry):
    source, before = source_of(NPI, registry.address), held(forum).checked_until
    assert asks(forum, source)[0]["kept"] == 1
    forum.now = Instant(forum.now + AGAIN - 1)
    assert (asks(forum, source), len(registry.asked)) == ([], 1)
    forum.later(seconds=1)
    asks(forum, source)
    assert (len(registry.asked), held(forum).checked_until) == (2, before)


NEVER_A_PASS = {
    "renamed": found(result(last_name="VALE")),
    "an organisation": found(result(kind="NPI-2")),
    "gone": found(),
    "deactivated": found(result(status="D")),
}


@pytest.mark.parametrize("body", NEVER_A_PASS.values(), ids=NEVER_A_PASS)
def test_who_is_another_or_no_more_is_refused_from_that_round_on_and_put_on_the_desk(forum, registry, body):
    assert forum.permits("nora", "ana")
    registry.body = body
    asks(forum, source_of(NPI, registry.address))
    assert not forum.permits("nora", "ana")
    assert document(forum, forum.nora).status is not Status.GOOD
    assert forum.session.get_one(HcpRecord, forum.nora).waiting_since == forum.now
    registry.body = found(result())
    forum.later(days=1)
    asks(forum, source_of(NPI, registry.address))
    assert not forum.permits("nora", "ana")


SILENT = {
    "503": {"status": 503},
    "429": {"status": 429},
    "odd JSON": {"body": '{"result_count": NaN}'},
    "another person's entry": {"body": found(result(number=OTHER))},
    "a redirect": {"status": 302, "headers": {"Location": "http://127.0.0.1:9/"}},
}


@pytest.mark.parametrize("said", SILENT.values(), ids=SILENT)
def test_no_answer_is_no_word_and_the_job_is_put_off(forum, registry, said):
    before = held(forum).checked_until, held(forum).seen
    for name, value in said.items():
        setattr(registry, name, value)
    with pytest.raises(RegisterSilentError):
        asks(forum, source_of(NPI, registry.address))
    assert (held(forum).checked_until, held(forum).seen) == before
    forum.now = before[0]
    assert not forum.permits("nora", "ana")


def test_who_takes_too_long_is_left_alone_after_three(forum, registry):
    for number in ("1000000004", "1000000012", "1000000020", "1000000038"):
        nora_in(forum, f"n{number}", number)
    forum.later(days=1)
    registry.wait = 0.2
    source = source_of(NPI, registry.address)
    source.adapter._seconds = 0.05
    with pytest.raises(RegisterSilentError):
        asks(forum, source)
    assert len(registry.asked) == 3


class Says:
    """A register's program that knows some and fails at others."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def ask(self, number):
        self.asked.append(number)
        return self.answers[f"n{number}"]


def entry(number):
    return Entry(number, frozenset({"nora quill"}), Status.GOOD)


def test_what_was_heard_counts_where_the_rest_did_not_open(forum):
    """One row that another hand broke keeps nobody else from being asked about."""
    omar = nora_in(forum, "omar", OTHER)
    broken = held(forum, omar).said_id
    forum.session.get_one(SaidRegistration, broken).sealed_number = seal(b"\0" * 32, b"x", "a")
    forum.later(days=1)
    lines = asks(forum, source_of(NPI)._replace(adapter=Says(n1234567893=entry(NUMBER))))
    assert [line["event"] for line in lines] == ["broken_row", "registers_asked"]


def test_a_look_by_a_person_meanwhile_is_newer_than_the_answer(forum):
    asked_at = forum.now
    forum.later(seconds=5)
    checks(forum, forum.nora, seen(number=NUMBER, licence="state board of Ohio"), register=NPI)
    heard = Heard(held(forum).number_digest, asked_at, NotThere())
    forum.session.flush()
    assert take_answer(forum.session, forum.keyring, NPI, heard, days=5, now=forum.now) == "older"
    assert forum.permits("nora", "ana")


def test_a_registration_that_ended_meanwhile_stays_ended(forum):
    heard = Heard(held(forum).number_digest, Instant(forum.now + 1), entry(NUMBER))
    ends(forum, forum.nora)
    forum.session.flush()
    assert take_answer(forum.session, forum.keyring, NPI, heard, days=5, now=Instant(forum.now + 2)) == "older"
    assert not forum.permits("nora", "ana")


def test_an_ill_named_register_is_told_at_the_start(tmp_path):
    with pytest.raises(SettingsError, match="no program"):
        sources_of(policies().registers.registers, {NMC.code: ""})
    with pytest.raises(SettingsError, match="us-npi"):
        create_app(replace(settings_in(tmp_path), look_ups={"us-nip": ""}))


@pytest.mark.parametrize("status", [200, 500])
def test_the_worker_does_it_from_a_setting_and_waits_longer_where_nobody_answers(
    settings, session, keyring, registry, status
):
    forum = Forum(session, keyring, at=Instant(now() - 2 * DAY))
    forum.nora = nora_in(forum)
    session.commit()
    registry.status = status
    mine = create_app(replace(settings, look_ups={"us-npi": registry.address}))
    assert KIND in {job.kind for job in outbox_of(mine).recurring}
    tools = tools_of(mine)
    with tools.transaction() as writing:
        ensure_recurring(writing, keyring, KIND, AGAIN, now=now())
    worker = Worker(tools, Hands())
    assert worker.step()
    session.expire_all()
    assert {one.kind for one in JobKind.all(session) if one.failing_since} == ({KIND} if status == 500 else set())
    assert (held(forum).seen > now() - DAY) == (status == 200)
    assert held(forum).status == "good"
    assert len(registry.asked) == 1


def test_without_a_setting_nobody_is_asked(app, session, keyring, registry):
    forum = Forum(session, keyring, at=Instant(now() - 2 * DAY))
    nora_in(forum)
    session.commit()
    tools = tools_of(app)
    with tools.transaction() as writing:
        ensure_recurring(writing, keyring, KIND, AGAIN, now=now())
    assert Worker(tools, Hands()).step()
    assert registry.asked == []
