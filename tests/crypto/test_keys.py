"""One root key gives many keys that tell nothing of each other, and shows itself to nobody."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from governance.crypto.keys import Keyring, length_prefixed

ROOT = bytes(range(32))


def test_the_bytes_of_a_derived_key_are_frozen():
    """The vector was made by RFC 5869 written out by hand, without our code."""
    expected = "16e871ba5833005c815486c98a8ce8b2f41572643bf117f63ec665e955a6c88e"
    assert Keyring(ROOT).derive("state-mac").hex() == expected


def test_every_purpose_context_and_root_has_a_key_of_its_own():
    ring, other = Keyring(ROOT), Keyring(bytes(32))
    keys = [
        ring.derive("a"),
        ring.derive("b"),
        ring.derive("a", "b"),
        ring.derive("a", "b", ""),
        ring.derive("a", "", "b"),
        ring.derive("ab"),
        other.derive("a"),
    ]
    assert all(one != another for one, another in combinations(keys, 2))
    assert {len(key) for key in keys} == {32}


def test_the_same_question_gives_the_same_key():
    assert Keyring(ROOT).derive("a", "b") == Keyring(ROOT).derive("a", "b")


def test_a_keyring_prints_no_key():
    ring = Keyring(ROOT)
    ring.derive("state-mac")
    assert repr(ring) == "Keyring(...)"


@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
def test_no_two_lists_have_the_same_prefixed_bytes(one, other):
    assert (length_prefixed(*one) == length_prefixed(*other)) is (one == other)
