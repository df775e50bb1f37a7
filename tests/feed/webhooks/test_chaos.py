"""A receiver that does everything wrong, workers that are killed, addresses that lie: each event at least once, and not
one byte to a private address. Each danger has a control: the same run with the mistake in it must fail."""

import random
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from governance.feed.webhooks import delivering, service
from governance.feed.webhooks.models import State, WebhookEvent
from governance.feed.webhooks.sending import Outcome, Sender
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.outbox.service import open_work
from tests.feed.webhooks.conftest import Post
from tests.feed.webhooks.receivers import receiving
from tests.ledger.outbox.conftest import SECOND

WAYS = {
    "ok": 60,
    "body": 4,
    "lost": 8,
    "reset": 8,
    "500": 7,
    "503": 2,
    "redirect": 8,
    "garbage": 2,
    "slow": 0.2,
    "drip": 0.2,
}
LIES = {
    "here.example": ["127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "cloud.example": ["169.254.169.254"],
    "both.example": ["8.8.8.8", "127.0.0.1"],
}
"""Names, and where they lead: to this machine or to no machine that is anybody's."""


class Chaos(Post):
    """A worker that is killed now and then, between what it sent and what it writes of that."""

    def __init__(self, app, keyring, seed):
        super().__init__(app, keyring)
        self.random = random.Random(seed)
        self.sender = Sender(loopback=True, seconds=0.25, resolve=self.resolve)
        self.kills = 0

    def resolve(self, host, _port):
        return LIES.get(host, [])

    def works(self, steps=50):
        if self.random.random() < 0.3:
            self.is_killed()
        return super().works(steps)

    def is_killed(self):
        job = self.take()
        if job is not None:
            with self.looking() as session:
                work = open_work(session, self.keyring, job)
            self.handlers[service.KIND](work)
            self.kills += 1

    def answers(self, _name, _number):
        return self.random.choices(list(WAYS), list(WAYS.values()))[0]

    def run(self, platform_id, door, private, many):
        """Tell of so many things, in bursts; return the ids that had to arrive."""
        door.answer, door.elsewhere = self.answers, private.url
        main = self.sets_up(platform_id, door.url, {Hint.POLICY})
        port = urlsplit(private.url).port
        for name in LIES:
            self.sets_up(platform_id, f"https://{name}:{port}/", {Hint.CANARY})
        left = many
        while left:
            burst = min(left, self.random.randint(1, 40))
            with self.writing() as session:
                for number in range(burst):
                    give_hint(session, News(Hint.POLICY, platform_id, self.now, {"n": left - number}))
                if burst % 4 == 0 or not left - burst:
                    give_hint(session, News(Hint.CANARY, platform_id, self.now))
            left -= burst
            self.works(3)
            self.later(self.random.randint(1, 30) * SECOND)
        self.drains(5_000)
        with self.looking() as session:
            return {f"evt_{event.id.hex}" for event in WebhookEvent.in_state(session, main, State.DELIVERED, 10_000)}


@pytest.fixture
def chaos(app, keyring):
    return Chaos(app, keyring, seed=8)


@pytest.fixture(params=[1, 2])
def other_chaos(app, keyring, request):
    return Chaos(app, keyring, request.param)


@pytest.fixture
def private():
    """What listens on this machine alone."""
    with receiving() as (port, log):
        log.url = f"http://127.0.0.1:{port}/"
        yield log


def check(chaos, platform_id, door, private, many):
    delivered = chaos.run(platform_id, door, private, many)
    assert len(delivered) == many
    assert delivered == set(door.taken)
    assert sum(door.seen.values()) > many * 1.2
    assert chaos.kills > 0
    assert sum(private.seen.values()) == 0
    others = {(event.state, event.trouble) for event in chaos.events() if event.hint == Hint.CANARY}
    assert others == {(State.DEAD, "refused_address")}


@pytest.mark.timeout(500)
def test_each_of_500_events_arrives_and_none_at_a_private_address(chaos, platform_id, door, private):
    check(chaos, platform_id, door, private, 500)


@pytest.mark.hunt
@pytest.mark.timeout(1_800)
@pytest.mark.usefixtures("both")
def test_each_of_5000_events_arrives_and_none_at_a_private_address(other_chaos, platform_id, door, private):
    check(other_chaos, platform_id, door, private, 5_000)


MANY = 80


def missing(chaos, platform_id, door, private):
    """How many events a run believes to be delivered that no receiver ever took."""
    return len(chaos.run(platform_id, door, private, MANY) - set(door.taken))


def test_control_a_postman_for_whom_every_answer_is_a_yes_loses_events(chaos, platform_id, door, private):
    plain = chaos.sender.send

    def send(*parcel):
        found = plain(*parcel)
        return Outcome(delivered=True) if found.trouble.startswith(("status_", "redirected")) else found

    chaos.sender.send = send
    assert missing(chaos, platform_id, door, private) > 0


def test_control_a_postman_who_writes_before_sending_loses_what_a_kill_interrupts(
    chaos, platform_id, door, private, monkeypatch
):
    plain = delivering.take

    def take(session, postman, webhook_id, job_id):
        found = plain(session, postman, webhook_id, job_id)
        for parcel in found.parcels if found else ():
            event = session.get(WebhookEvent, parcel.event_id)
            event.state, event.ended = State.DELIVERED, postman.clock()
        return found

    monkeypatch.setattr("governance.feed.webhooks.jobs.take", take)
    assert missing(chaos, platform_id, door, private) > 0


def test_control_a_sender_who_follows_redirects_is_led_to_the_private_address(chaos, platform_id, door, private):
    plain = chaos.sender.send

    def send(address, body, headers):
        found = plain(address, body, headers)
        if found.trouble == "redirected":
            to = urlsplit(private.url)
            line = HTTPConnection(to.hostname, to.port)
            line.request("POST", "/", body, dict(headers))
            line.close()
        return found

    chaos.sender.send = send
    chaos.run(platform_id, door, private, MANY)
    assert sum(private.seen.values()) > 0


def test_control_a_sender_without_the_guard_reaches_what_listens_on_this_machine(
    chaos, platform_id, door, private, monkeypatch
):
    monkeypatch.setattr("governance.feed.webhooks.sending.is_public", lambda _address: True)
    for name in ("cloud.example", "both.example"):
        # Nothing of a test leaves this machine.
        monkeypatch.delitem(LIES, name)
    monkeypatch.setattr(Sender, "_tls", property(lambda _self: NoTls))
    chaos.run(platform_id, door, private, 5)
    assert sum(private.seen.values()) > 0


class NoTls:
    """Speaks in the clear where it ought to encrypt: what listens there speaks no TLS."""

    @staticmethod
    def wrap_socket(plain, **_):
        return plain
