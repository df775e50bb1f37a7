"""One root key gives many keys that tell nothing of each other, and shows itself to nobody."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.config import KeysError
from governance.crypto.keys import EpochGoneError, Keyring, KeySet, hkdf, length_prefixed
from tests.crypto.fixed import FIXED, RING, ROOT, with_root


def test_derivation_is_hkdf():
    """RFC 5869, appendix A.1 and A.3."""
    secret, salt, info = b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA))
    first = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    third = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert hkdf(secret, info, length=42, salt=salt).hex() == first
    assert hkdf(secret, b"", length=42).hex() == third


def test_every_purpose_context_and_root_has_a_key_of_its_own():
    other = Keyring(with_root(bytes(range(1, 33))))
    keys = [
        RING.derive("a"),
        RING.derive("b"),
        RING.derive("a", "b"),
        RING.derive("a", "b", ""),
        RING.derive("a", "", "b"),
        RING.derive("ab"),
        other.derive("a"),
        RING.bound("a", "secret"),
        RING.bound("a", "secrets"),
        RING.bound("b", "secret"),
        other.bound("a", "secret"),
        *(epoch.key for epoch in FIXED.epochs),
    ]
    assert all(one != another for one, another in combinations(keys, 2))
    assert {len(key) for key in keys} == {32}


def test_the_same_question_gives_the_same_key():
    assert RING.derive("a", "b") == Keyring(FIXED).derive("a", "b")
    assert RING.bound("a", "b") == Keyring(FIXED).bound("a", "b")


def test_a_new_epoch_leaves_every_derived_key_as_it_was():
    assert Keyring(FIXED.with_new_epoch(9)).derive("a") == RING.derive("a")


@pytest.mark.parametrize("shown", [FIXED, RING, FIXED.newest, [FIXED]])
def test_keys_print_no_key(shown):
    RING.derive("state-mac")
    for printed in (repr(shown), str(shown)):
        assert str(ROOT) not in printed
        assert str(FIXED.newest.key) not in printed
    assert "Keyring(...)" in repr(RING)


@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
def test_no_two_lists_have_the_same_prefixed_bytes(one, other):
    assert (length_prefixed(*one) == length_prefixed(*other)) is (one == other)


class Store:
    """A place of keys that was written since we read it."""

    def __init__(self, keys):
        self.keys, self.asked = keys, 0

    def read(self):
        self.asked += 1
        return self.keys


def test_an_epoch_made_since_the_start_is_looked_for_where_the_keys_came_from():
    store = Store(FIXED.with_new_epoch(9))
    ring = Keyring(FIXED, store.read)
    assert ring.epoch("e2") == FIXED.newest
    assert store.asked == 0
    assert ring.epoch("e3") == store.keys.newest == ring.newest


def test_an_epoch_that_is_nowhere_is_looked_for_once():
    store = Store(FIXED)
    ring = Keyring(FIXED, store.read)
    for _ in range(3):
        with pytest.raises(EpochGoneError, match="governance keys status"):
            ring.epoch("e9")
    assert store.asked == 1


def test_the_keys_of_another_service_are_not_taken_over():
    ring = Keyring(FIXED, Store(KeySet.fresh().with_new_epoch(1).with_new_epoch(2)).read)
    with pytest.raises(EpochGoneError, match="another service"):
        ring.epoch("e3")
    assert ring.newest == FIXED.newest


def test_without_a_place_to_ask_a_missing_epoch_is_gone():
    with pytest.raises(EpochGoneError):
        RING.epoch("e3")


def test_retiring_keeps_the_others_and_their_names():
    keys = FIXED.with_new_epoch(9).without("e1")
    assert [epoch.id for epoch in keys.epochs] == ["e2", "e3"]
    assert keys.with_new_epoch(10).newest.id == "e4"


@pytest.mark.parametrize("epoch", ["e2", "e9", ""])
def test_the_newest_and_unknown_epochs_cannot_be_retired(epoch):
    with pytest.raises(KeysError, match="keys status"):
        FIXED.without(epoch)


def test_a_clock_that_was_set_back_leaves_the_epochs_in_order():
    keys = FIXED.with_new_epoch(0)
    assert KeySet.parse(keys.dump()) == keys
