"""Keys of a webhook: its own, new with every rotation, both for a day; and what our signatures look like."""

from uuid import UUID

from governance.crypto.keys import Keyring, KeySet
from governance.feed.webhooks import service
from governance.feed.webhooks.keys import Signing, public_key, shared_secret, signatures
from governance.pep.webhooks import WebhookRefusedError
from tests.ledger.outbox.conftest import HOUR

DAY = 24 * HOUR


def test_every_webhook_every_generation_and_every_service_has_keys_of_its_own(keyring):
    other = Keyring(KeySet.fresh())
    asked = [(keyring, 1, 1), (keyring, 1, 2), (keyring, 2, 1), (other, 1, 1)]
    made = {kind(k, UUID(int=n), g) for kind in (public_key, shared_secret) for k, n, g in asked}
    assert len(made) == 8
    header = signatures(keyring, Signing(UUID(int=1), (2, 1), by_hmac=True), b"a.1.b")
    assert [part.partition(",")[0] for part in header.split()] == ["v1a", "v1", "v1a", "v1"]


def test_for_a_day_after_a_rotation_both_keys_are_good_and_then_the_new_one_alone(post, platform_id, door):
    webhook = post.sets_up(platform_id, door.url, by_hmac=True)
    post.does_on(service.rotate, webhook, post.now)
    sent(post, platform_id)
    assert [takes(post, webhook, door, *which) for which in EACH] == [True, True, True, True]
    post.later(DAY)
    sent(post, platform_id)
    assert [takes(post, webhook, door, *which) for which in EACH] == [False, True, False, True]


def test_stolen_keys_are_good_no_more_at_once(post, platform_id, door):
    webhook = post.sets_up(platform_id, door.url, by_hmac=True)
    post.does_on(service.rotate, webhook, post.now, at_once=True)
    sent(post, platform_id)
    assert [takes(post, webhook, door, *which) for which in EACH] == [False, True, False, True]


EACH = [(1, False), (2, False), (1, True), (2, True)]


def sent(post, platform_id):
    post.news(platform_id, n=1)
    post.works()


def takes(post, webhook, door, generation, by_hmac):
    try:
        post.receiver(webhook, generation, by_hmac=by_hmac).check(door.headers[-1], door.bodies[-1])
    except WebhookRefusedError:
        return False
    return True
