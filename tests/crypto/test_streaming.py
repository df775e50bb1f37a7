"""Values sealed in parts: whole or not at all."""

import secrets

import pytest

from governance.crypto.envelope import EnvelopeError
from governance.crypto.streaming import PART, seal_parts, unseal_parts

KEY = bytes(range(32))
PLACE = ("table", "column", "row")
PLAIN = secrets.token_bytes(2 * PART + 5)


def sealed(plain=PLAIN, key=KEY, place=PLACE):
    return list(seal_parts(key, plain, *place))


@pytest.mark.parametrize("length", [0, 1, PART - 9, PART - 8, PART - 7, PART, 3 * PART])
def test_what_was_sealed_opens_again(length):
    plain = secrets.token_bytes(length)
    parts = sealed(plain)
    assert unseal_parts(KEY, parts, *PLACE) == plain
    assert {len(part) for part in parts} == {PART + 16}


HARM = {
    "cut off": lambda parts: parts[:-1],
    "first left out": lambda parts: parts[1:],
    "middle left out": lambda parts: [parts[0], parts[2]],
    "in another order": lambda parts: [parts[1], parts[0], parts[2]],
    "doubled": lambda parts: [parts[0], parts[0], parts[1], parts[2]],
    "last doubled": lambda parts: [*parts, parts[2]],
    "shortened": lambda parts: [*parts[:2], parts[2][:-1]],
    "of another value": lambda parts: [*parts[:2], sealed(key=bytes(32))[2]],
    "of another place": lambda parts: [*parts[:2], sealed(place=("table", "column", "other"))[2]],
    "nothing": lambda _: [],
    "one bit": lambda parts: [*parts[:2], bytes([parts[2][0] ^ 1]) + parts[2][1:]],
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_harmed_parts_never_open(harm):
    with pytest.raises(EnvelopeError):
        unseal_parts(KEY, harm(sealed()), *PLACE)


def test_another_key_or_place_opens_nothing():
    with pytest.raises(EnvelopeError):
        unseal_parts(bytes(32), sealed(), *PLACE)
    with pytest.raises(EnvelopeError):
        unseal_parts(KEY, sealed(), "table", "column", "other")
    with pytest.raises(EnvelopeError):
        list(seal_parts(b"short", PLAIN, *PLACE))


def test_the_form_of_the_bytes_does_not_change():
    """What was sealed before an update opens after it."""
    assert sealed(b"a picture")[0][:16].hex() == "946a772430c334185cdab38b25cc21d0"
