"""A service with a forum, a worker whose clock stands still, and a receiver on this machine."""

import pytest

from governance.feed.webhooks import service
from governance.feed.webhooks.delivering import Postman
from governance.feed.webhooks.jobs import UPKEEP, delivering_handler, upkeep_handler
from governance.feed.webhooks.keys import public_key, shared_secret
from governance.feed.webhooks.models import Webhook, WebhookEvent, WebhookPace
from governance.feed.webhooks.sending import Sender
from governance.ledger.hints import Hint, News, give_hint
from governance.pep.webhooks import Receiver
from tests.feed.webhooks.receivers import receiving
from tests.forum import Forum
from tests.ledger.outbox.conftest import Office

SOURCE = "https://service.example"


class Post(Office):
    """The worker's office, with what it needs to send hints."""

    def __init__(self, app, keyring, seconds=0.3):
        super().__init__(app, keyring)
        self.sender = Sender(loopback=True, seconds=seconds)
        self.handlers[service.KIND] = delivering_handler(self.writing, self.postman)
        self.handlers[UPKEEP] = upkeep_handler(self.postman)

    @property
    def postman(self):
        return Postman(self.keyring, self, SOURCE, lambda: self.now, lambda: self.chance)

    def send(self, address, body, headers):
        return self.sender.send(address, body, headers)

    def sets_up(self, platform_id, address, hints=frozenset(Hint), *, by_hmac=False):
        with self.writing() as session:
            wanted = service.Wanted(address, frozenset(hints), by_hmac)
            return service.set_up(session, self.keyring, platform_id, wanted, self.now, loopback=True).id

    def news(self, platform_id, hint=Hint.POLICY, **data):
        with self.writing() as session:
            give_hint(session, News(hint, platform_id, self.now, data or None))

    def does_on(self, act, webhook_id, *args, **more):
        """Do something of the service to a webhook."""
        with self.writing() as session:
            return act(session, self.keyring, session.get(Webhook, webhook_id), *args, **more)

    def events(self):
        with self.looking() as session:
            return session.query(WebhookEvent).order_by(WebhookEvent.id).all()

    def event(self):
        (event,) = self.events()
        return event

    def pace(self, webhook_id):
        with self.looking() as session:
            return session.get(WebhookPace, webhook_id)

    def receiver(self, webhook_id, generation=1, *, by_hmac=False):
        key = shared_secret if by_hmac else public_key
        return Receiver([key(self.keyring, webhook_id, generation)], clock=lambda: self.now / 1_000_000)

    def drains(self, rounds=400):
        """Work and let time pass until nothing waits; return how long that took, in microseconds."""
        began = self.now
        for _ in range(rounds):
            self.works(200)
            rows = [row for row in self.rows() if row.dead is None]
            if not rows:
                return self.now - began
            self.now = max(self.now + 1, min(row.lease_until or row.due for row in rows))
        raise AssertionError("events are left")


@pytest.fixture
def post(app, keyring):
    return Post(app, keyring)


@pytest.fixture
def platform_id(app, keyring, session):
    assert app
    made = Forum(session, keyring).id
    session.commit()
    return made


@pytest.fixture
def door():
    with receiving() as (port, log):
        log.url = f"http://127.0.0.1:{port}/hints?of=forum"
        yield log
