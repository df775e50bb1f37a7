"""A sealed value opens with its key, at its place, unchanged; and in no other way."""

import pytest

from governance.crypto.envelope import EnvelopeError, seal, unseal

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PLACE = ("directive", "patient-1", "1")
WRONG_PLACES = [
    ("directive", "patient-2", "1"),
    ("directive", "patient-1", "2"),
    ("account", "patient-1", "1"),
    ("directive", "patient-1"),
    ("directive", "patient-1", "1", ""),
    ("directivepatient-1", "1"),
    ("directiv", "epatient-1", "1"),
    (),
]


@pytest.mark.parametrize("plaintext", [b"", b"closed", "Ā·☂".encode(), bytes(100_000)])
def test_what_was_sealed_opens_at_its_place(plaintext):
    assert unseal(KEY, seal(KEY, plaintext, *PLACE), *PLACE) == plaintext


def test_the_bytes_of_an_envelope_are_frozen():
    """The vector was made by AES-256-GCM and length-prefixed context written out by hand, without our code."""
    sealed = bytes.fromhex("01000102030405060708090a0b246eb968a0812ca91d2c84aacff4d8c631258b5ee5ec")
    assert unseal(KEY, sealed, *PLACE) == b"closed"


@pytest.mark.parametrize("place", WRONG_PLACES)
def test_no_other_place_opens_it(place):
    with pytest.raises(EnvelopeError):
        unseal(KEY, seal(KEY, b"closed", *PLACE), *place)


@pytest.mark.parametrize("key", [OTHER_KEY, bytes(32), b"", KEY[:16]])
def test_no_other_key_opens_it(key):
    with pytest.raises(EnvelopeError):
        unseal(key, seal(KEY, b"closed", *PLACE), *PLACE)


def test_no_flipped_bit_passes():
    sealed = seal(KEY, b"closed", *PLACE)
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(EnvelopeError):
            unseal(KEY, bytes(changed), *PLACE)


def test_no_cut_or_longer_value_passes():
    sealed = seal(KEY, b"closed", *PLACE)
    for changed in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\x00"):
        with pytest.raises(EnvelopeError):
            unseal(KEY, changed, *PLACE)


def test_the_same_value_sealed_twice_looks_different():
    assert seal(KEY, b"closed", *PLACE) != seal(KEY, b"closed", *PLACE)
