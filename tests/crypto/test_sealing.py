"""What is sealed opens for its recipient, at its place, as it was; and as it did when the vectors were frozen."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from governance.crypto.sealing import SealBroken, SealingKey, bound_to, padded, seal, unpadded, unseal

ANA, BEA = SealingKey.new(), SealingKey.new()
PLACE = bound_to("report", "1", "text", "officer", "2")
FILE = Path(__file__).with_name("sealed.json")
FROZEN = json.loads(FILE.read_text())


def test_a_seal_opens_for_its_recipient():
    sealed = seal(ANA.public, b"a key", PLACE)
    assert unseal(ANA.private, sealed, PLACE) == b"a key"
    assert unseal(SealingKey.from_private(ANA.private).private, sealed, PLACE) == b"a key"


def test_it_opens_for_nobody_else_and_nowhere_else():
    sealed = seal(ANA.public, b"a key", PLACE)
    for private, info in ((BEA.private, PLACE), (ANA.private, bound_to("report", "2", "text", "officer", "2"))):
        with pytest.raises(SealBroken):
            unseal(private, sealed, info)


def test_places_do_not_run_into_each_other():
    assert bound_to("ab", "c") != bound_to("a", "bc")


def test_no_changed_bit_passes():
    sealed = bytearray(seal(ANA.public, b"a key", PLACE))
    for at in range(0, len(sealed), 7):
        sealed[at] ^= 1
        with pytest.raises(SealBroken):
            unseal(ANA.private, bytes(sealed), PLACE)
        sealed[at] ^= 1
    assert unseal(ANA.private, bytes(sealed), PLACE) == b"a key"


@pytest.mark.parametrize("length", [0, 1, 32, 1088, 1120, 1121, 1150])
def test_no_cut_seal_passes(length):
    with pytest.raises(SealBroken):
        unseal(ANA.private, seal(ANA.public, b"a key", PLACE)[:length], PLACE)


def test_what_is_no_key_is_refused():
    for public in (b"", ANA.public[:-1], ANA.private):
        with pytest.raises(SealBroken):
            seal(public, b"a key", PLACE)
    for private in (b"", ANA.public):
        with pytest.raises(SealBroken):
            unseal(private, seal(ANA.public, b"a key", PLACE), PLACE)


def test_sizes_come_in_steps():
    assert len({len(seal(ANA.public, b"x" * size, PLACE)) for size in range(4000)}) <= 8
    for size in (0, 59, 60, 61, 508, 509):
        assert unpadded(padded(b"x" * size, 64)) == b"x" * size


def test_a_length_beyond_the_end_is_refused():
    with pytest.raises(SealBroken):
        unpadded((100).to_bytes(4, "big") + b"x" * 60)


def test_a_key_is_shown_nowhere():
    assert ANA.private.hex() not in repr(ANA)
    assert repr(ANA.private) not in repr(ANA)


def test_what_was_sealed_opens_as_ever():
    """Sealing takes fresh randomness, so what is frozen is one seal and the key that opens it."""
    pair = SealingKey.from_private(bytes.fromhex(FROZEN["private"]))
    assert sha256(pair.public).hexdigest() == FROZEN["public_sha256"]
    sealed = bytes.fromhex(FROZEN["sealed"])
    assert unseal(pair.private, sealed, bound_to(*FROZEN["place"])).decode() == FROZEN["plain"]


def test_the_vector_is_frozen():
    """Whoever changes this line takes what is sealed today from everybody."""
    assert sha256(FILE.read_bytes()).hexdigest() == "fac1b11657b94a2e381497e4629c227efc533e8f4c8b6581c45e65b88892dfb3"
