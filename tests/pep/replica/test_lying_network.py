"""Whatever the way to the service does with questions and answers: no permit outside the lease, none on a lie."""

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.decision.vocabulary import Action
from governance.pep.replica import follower as following
from governance.pep.replica.lease import Lease
from governance.pep.wire.bundle import open_bundle
from governance.pep.wire.changes import Changes
from governance.pep.wire.signatures import TrustedKeys, header_value, key_id, signed_bytes
from tests.pep.replica.liar import SIGNED
from tests.pep.replica.test_following import post, sees

CHANGES, BUNDLE = "/v1/changes", "/v1/bundle"
STRANGER = Ed25519PrivateKey.generate()


def cut(_answer, _earlier):
    """End the connection."""


def half(answer, _):
    answer.body = answer.body[: len(answer.body) // 2]
    return answer


def repeated(answer, earlier):
    return earlier[-1].copy() if earlier else answer


def first_again(answer, earlier):
    return earlier[0].copy() if earlier else answer


def texts_for_numbers(answer, _):
    answer.body = answer.body.replace(b'"lease_ms":5000', b'"lease_ms":"5000"')
    return answer


def a_longer_lease(answer, _):
    answer.body = answer.body.replace(b'"lease_ms":5000', b'"lease_ms":9000000')
    return answer


def nothing_changed(answer, _):
    """Leave out what changed, and say that one is up to date."""
    changes = Changes.decode(answer.body)
    answer.body = replace(changes, changes=()).encode()
    return answer


def redirected(answer, _):
    answer.status, answer.body = "302 Found", b""
    answer.header("Location", "http://127.0.0.1:9/v1/changes")
    return answer


def a_page_of_html(answer, _):
    answer.body = b"<html><body>Sign in to the network</body></html>"
    answer.header("Content-Type", "text/html")
    return answer


def html_called_json(answer, _):
    answer.body = b"<html></html>"
    return answer


def names_twice(answer, _):
    answer.body = answer.body[:-1] + b',"newest":1}'
    return answer


def two_signatures(answer, _):
    answer.headers.append((SIGNED, "x.y"))
    return answer


def no_signature(answer, _):
    answer.headers = [(name, value) for name, value in answer.headers if name != SIGNED]
    return answer


def signed_by_a_stranger(answer, _):
    public = STRANGER.public_key().public_bytes_raw()
    signature = STRANGER.sign(signed_bytes("changes", sha256(answer.body).digest()))
    answer.header(SIGNED, header_value(key_id(public), signature))
    return answer


def a_failure(answer, _):
    answer.status = "503 Service Unavailable"
    return answer


def too_much(answer, _):
    answer.body += b" " * (17 << 20)
    return answer


LIES = [
    cut,
    half,
    repeated,
    first_again,
    texts_for_numbers,
    a_longer_lease,
    nothing_changed,
    redirected,
    a_page_of_html,
    html_called_json,
    names_twice,
    two_signatures,
    no_signature,
    signed_by_a_stranger,
    a_failure,
    pytest.param(too_much, marks=pytest.mark.slow, id="too_much"),
]


@pytest.fixture
def closing(here):
    """A replica that knows that the nurse may look, and a patient who then closes everything."""
    replica, hands = here.replica()
    replica.follower.step()
    replica.follower.step()
    assert sees(replica, "nurse")
    here.forum.hides("ana")
    here.commit()
    return replica, hands


def permits_outside(replica, hands, seconds=8.0):
    """Follow for some seconds; return how often somebody was let in later than the lease allows."""
    begun, found = hands.steady, 0
    while hands.steady < begun + seconds:
        hands.steady += 1
        replica.follower.step()
        if hands.steady >= begun + 5:
            found += sees(replica, "nurse")
    return found


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: getattr(lie, "__name__", None))
def test_no_lie_about_changes_lets_anybody_in(here, closing, lie):
    replica, hands = closing
    here.liar.lies[CHANGES] = lie
    assert permits_outside(replica, hands) == 0
    assert replica.follower.trouble != ""
    assert sees(replica, "pia")
    del here.liar.lies[CHANGES]
    replica.follower.step()
    assert (replica.follower.trouble, sees(replica, "nurse")) == ("", False)


@pytest.mark.parametrize("seconds", [2.0, 5.0, 60.0])
def test_an_answer_that_is_late_lets_nobody_in_for_longer(here, closing, seconds):
    """The answer was written before the patient said no, and arrives after it."""
    replica, _ = closing
    before = here.liar.earlier[CHANGES][-1]
    assert Changes.decode(before.body).changes == ()
    here.liar.after = seconds
    replica.follower.step()
    assert not sees(replica, "nurse")


@pytest.mark.parametrize("seconds", [4.0, 6.0])
def test_a_lease_counts_the_way_there_too(here, seconds):
    replica, _ = here.replica()
    here.liar.before = seconds
    replica.follower.step()
    # The question for the token and the one for the bundle took as long, and are not counted.
    assert sees(replica, "nurse") is (seconds < 5)


def test_a_lease_from_the_answer_would_let_somebody_in(here, monkeypatch):
    """The control: what tells that these tests can find a fault."""
    replica, hands = here.replica()
    renew = Lease.renew
    monkeypatch.setattr(Lease, "renew", lambda self, _sent, _granted: renew(self, hands.clocks.now()))
    here.liar.before = 6.0
    replica.follower.step()
    assert sees(replica, "nurse")


def test_unsigned_changes_would_let_somebody_in(here, closing, monkeypatch):
    """The control of the lies."""
    replica, hands = closing
    monkeypatch.setattr(TrustedKeys, "check_header", lambda *_: None)
    here.liar.lies[CHANGES] = nothing_changed
    assert permits_outside(replica, hands) > 0


def test_answers_to_other_questions_would_let_somebody_in(here, monkeypatch):
    """The control of what is repeated: if all questions were the same, a recorded answer would be believed."""
    monkeypatch.setattr(following.secrets, "token_urlsafe", lambda _: "always-the-same")
    replica, hands = here.replica()
    replica.follower.step()
    replica.follower.step()
    recorded = here.liar.earlier[CHANGES][-1]
    here.forum.hides("ana")
    here.commit()
    here.liar.lies[CHANGES] = lambda *_: recorded.copy()
    assert permits_outside(replica, hands) > 0


def forged(answer, _):
    signed = answer.body[:-64]
    answer.body = signed + STRANGER.sign(signed_bytes("bundle", sha256(signed).digest()))
    return answer


def one_bit_off(answer, _):
    middle = len(answer.body) // 2
    answer.body = answer.body[:middle] + bytes([answer.body[middle] ^ 1]) + answer.body[middle + 1 :]
    return answer


@pytest.mark.parametrize("lie", [cut, half, redirected, a_page_of_html, a_failure, forged, one_bit_off])
def test_no_lie_about_the_bundle_is_decided_on(here, lie):
    replica, hands = here.replica()
    here.liar.lies[BUNDLE] = lie
    for _ in range(3):
        hands.steady += 300
        replica.follower.step()
        assert not any(sees(replica, viewer) for viewer in ("nurse", "doctor", "pia", "ana"))
    assert not replica.health()["ready"]


def test_an_old_bundle_is_caught_up_with_before_anything_is_decided(here):
    """Truly signed, and from before the no: the changes since come first."""
    first, _ = here.replica()
    first.follower.step()
    old = here.liar.earlier[BUNDLE][0]
    here.forum.hides("ana")
    here.commit()
    here.liar.lies[BUNDLE] = lambda *_: old.copy()
    replica, _ = here.replica()
    replica.follower.step()
    assert (replica.follower.trouble, sees(replica, "nurse")) == ("", False)
    here.liar.lies[CHANGES] = cut
    other, _ = here.replica()
    other.follower.step()
    assert not sees(other, "pia")


def test_an_old_bundle_decided_on_at_once_would_let_somebody_in(here):
    """The control."""
    replica, hands = here.replica()
    replica.follower.step()
    old = here.liar.earlier[BUNDLE][0]
    here.forum.hides("ana")
    here.commit()
    replica.evaluator.publish(following.State.of(open_bundle(old.body, here.set_up().trusted)))
    replica.evaluator.lease.renew(hands.clocks.now())
    assert sees(replica, "nurse")


def test_a_bundle_of_an_epoch_that_is_over_is_never_decided_on(here, monkeypatch):
    replica, hands = here.replica()
    replica.follower.step()
    old = here.liar.earlier[BUNDLE][0]
    monkeypatch.setattr("governance.feed.service.epoch_of", lambda *_: "another")
    here.liar.lies[BUNDLE] = lambda *_: old.copy()
    for _ in range(5):
        hands.steady += 300
        replica.follower.step()
        assert not sees(replica, "nurse")
    assert replica.evaluator.state.epoch != "another"
    assert replica.evaluate("pia", Action.VIEW, post()).permit
