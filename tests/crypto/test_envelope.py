"""A sealed value opens with its key, at its place, unchanged; and in no other way."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.crypto import envelope
from governance.crypto.envelope import EnvelopeError, key_id_of, seal, unseal
from tests.crypto import by_hand, two_keys

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PLACE = ("directive", "sealed_choices", "patient-1/1")
WRONG_PLACES = [
    ("directive", "sealed_choices", "patient-2/1"),
    ("directive", "sealed_choices", "patient-1/2"),
    ("directive", "sealed_choices", "patient-1/1 "),
    ("directive", "sealed_choices", "PATIENT-1/1"),
    ("directive", "sealed_choices", ""),
    ("directive", "sealed_choices"),
    ("directive", "sealed_choices", "patient-1/1", ""),
    ("", "directive", "sealed_choices", "patient-1/1"),
    ("directive", "note", "patient-1/1"),
    ("account", "sealed_choices", "patient-1/1"),
    ("sealed_choices", "directive", "patient-1/1"),
    ("directivesealed_choices", "", "patient-1/1"),
    ("directiv", "esealed_choices", "patient-1/1"),
    ("directive", "sealed_choicesp", "atient-1/1"),
    (),
]


def test_the_library_computes_the_standards_cipher():
    """NIST's CAVP, gcmEncryptExtIV256: the first vector with 128 bits of text and of associated data."""
    key = bytes.fromhex("92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b")
    nonce, text = bytes.fromhex("ac93a1a6145299bde902f21a"), bytes.fromhex("2d71bcfa914e4ac045b2aa60955fad24")
    bound = bytes.fromhex("1e0889016f67601c8ebea4943bc23ad6")
    expected = "8995ae2e6df3dbf96fac7b7137bae67f" + "eca5aa77d51d4a0a14d9c51e1da474ab"
    assert AESGCM(key).encrypt(nonce, text, bound).hex() == expected


@pytest.mark.parametrize("plaintext", [b"", b"closed", "Ā·☂".encode(), bytes(100_000)])
def test_what_was_sealed_opens_at_its_place(plaintext):
    assert unseal(KEY, seal(KEY, plaintext, *PLACE), *PLACE) == plaintext


def test_what_was_written_out_by_hand_opens():
    sealed = by_hand.envelope(KEY, b"closed", PLACE, "d1", bytes(range(12)))
    assert unseal(KEY, sealed, *PLACE, key_id="d1") == b"closed"
    assert key_id_of(sealed) == "d1"


def test_there_are_fifteen_wrong_places():
    assert len({PLACE, *WRONG_PLACES}) == 16


@pytest.mark.parametrize("place", WRONG_PLACES)
def test_no_other_place_opens_it(place):
    with pytest.raises(EnvelopeError):
        unseal(KEY, seal(KEY, b"closed", *PLACE), *place)


def test_a_place_joined_without_lengths_would_open_elsewhere(monkeypatch):
    """The control: this is why parts are prefixed."""
    monkeypatch.setattr(envelope, "length_prefixed", lambda *parts: b"".join(map(_bytes, parts)))
    sealed = seal(KEY, b"closed", *PLACE)
    assert unseal(KEY, sealed, "directiv", "esealed_choices", "patient-1/1") == b"closed"


def _bytes(part):
    return part.encode() if isinstance(part, str) else part


@pytest.mark.parametrize("key", [OTHER_KEY, bytes(32), b"", KEY[:16]])
def test_no_other_key_opens_it(key):
    with pytest.raises(EnvelopeError):
        unseal(key, seal(KEY, b"closed", *PLACE), *PLACE)


@pytest.mark.parametrize("key", [b"", KEY[:16], KEY + b"x"])
def test_a_key_of_another_length_seals_nothing(key):
    with pytest.raises(EnvelopeError):
        seal(key, b"closed", *PLACE)


@pytest.mark.parametrize("key_id", ["", "d1", "r2", "R1"])
def test_no_other_name_of_the_key_opens_it(key_id):
    with pytest.raises(EnvelopeError):
        unseal(KEY, seal(KEY, b"closed", *PLACE), *PLACE, key_id=key_id)


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


def test_no_envelope_opens_under_two_keys():
    sealed = two_keys.envelope(KEY, OTHER_KEY, PLACE)
    opened = [two_keys.opens(key, sealed, PLACE) for key in (KEY, OTHER_KEY)]
    assert opened == [True, False]


def test_without_the_commitment_one_envelope_would_open_under_two_keys(monkeypatch):
    """The control: GCM alone lets a sealer show two people two different texts."""
    monkeypatch.setattr(envelope.hmac, "compare_digest", lambda *_: True)
    sealed = two_keys.envelope(KEY, OTHER_KEY, PLACE)
    assert [two_keys.opens(key, sealed, PLACE) for key in (KEY, OTHER_KEY)] == [True, True]
