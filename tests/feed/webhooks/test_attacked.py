"""What a forum, or one that has ended, could get out of our hints, or keep others from getting."""

from uuid import uuid4

import pytest

from governance.feed.webhooks.delivering import Parcel, Postman, Round, send_all
from governance.feed.webhooks.jobs import keep_up
from governance.feed.webhooks.keys import Signing
from governance.feed.webhooks.models import Webhook, WebhookPace
from governance.feed.webhooks.sending import Outcome
from governance.identity.clients.platforms import end_platform
from governance.identity.models import Platform
from governance.ledger.hints import Hint, News, give_hint
from tests.ledger.outbox.conftest import SECOND


def ends(post, platform_id, *, told):
    with post.writing() as session:
        if told:
            give_hint(session, News(Hint.STANDING, platform_id, post.now))
        end_platform(session, post.keyring, session.get_one(Platform, platform_id).name, post.now)


@pytest.mark.parametrize("told", [True, False])
def test_a_forum_that_has_ended_hears_that_it_did_and_then_nothing_more(post, platform_id, door, told):
    """It has no agreement any more, and cannot take its address away; when its members change something is theirs."""
    post.sets_up(platform_id, door.url)
    ends(post, platform_id, told=told)
    post.works()
    assert len(door.bodies) == told
    post.news(platform_id, Hint.CHANGES)
    post.news(None, Hint.POLICY)
    with post.writing() as session:
        # As after a restore, which lost what was to be told.
        (row,) = Webhook.all(session)
        WebhookPace.forget(session, row.id)
    with post.writing() as session:
        keep_up(session, post.postman, post.now)
    post.works()
    assert len(door.bodies) == told


def test_an_address_that_answers_slowly_keeps_a_worker_for_one_event_at_a_time(keyring):
    """Ten addresses that take nine seconds each for every yes would keep all mail waiting."""

    class Slow:
        now, sent = 0, 0

        def send(self, *_):
            self.sent += 1
            self.now += 9 * SECOND if self.sent > 2 else SECOND // 10
            return Outcome(delivered=True)

    slow = Slow()
    postman = Postman(keyring, slow, "https://service.example", lambda: slow.now)
    parcels = tuple(Parcel(uuid4(), b"{}") for _ in range(6))
    found = Round("https://forum.example/h", Signing(uuid4(), (1,), by_hmac=False), parcels)
    # Two that were quick, and the one that was not.
    assert len(list(send_all(postman, found))) == 3
