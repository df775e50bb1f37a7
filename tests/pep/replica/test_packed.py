"""Every account is found, and nobody else, however many there are and however their tokens lie."""

import random
from types import SimpleNamespace

import pytest

from governance.pep.replica.packed import Packed
from governance.pep.wire.codec import TOKEN_BYTES
from governance.pep.wire.people import AuthorRecord

RECORDS = (AuthorRecord(hold=True), AuthorRecord(hold=False))
LAST = 2**64 - 1


def packed(numbers):
    """Return what was sent of accounts by the numbers that their tokens are: every other one has a hold."""
    tokens = [number.to_bytes(TOKEN_BYTES, "big") for number in sorted(numbers)]
    accounts = b"".join(token + (at % 2).to_bytes(4, "big") for at, token in enumerate(tokens))
    records = tuple(record.encode(0) for record in RECORDS)
    header = SimpleNamespace(platform="forum")
    return tokens, Packed(SimpleNamespace(header=header, accounts=accounts, records=records, choices=((),)))


def drawn(many, bits=64):
    rng = random.Random(many)
    return {rng.getrandbits(bits) for _ in range(many)}


@pytest.mark.parametrize(
    "numbers",
    [
        set(),
        {0},
        {LAST},
        {0, 1, LAST - 1, LAST},
        *(drawn(many) for many in (7, 8, 15, 16, 17, 1_000, 20_000)),
        # Digests lie evenly; a service that sends others is slower, and nothing worse.
        drawn(1_000, bits=20),
        {LAST - number for number in drawn(1_000, bits=20)},
    ],
    ids=lambda numbers: f"{len(numbers)}-{min(numbers, default=0) >> 40}",
)
def test_each_account_is_found_with_its_record_and_nobody_else(numbers):
    tokens, found = packed(numbers)
    assert len(found) == len(tokens)
    for at, token in enumerate(tokens):
        assert found.find(token).record.hold == RECORDS[at % 2].hold
    neighbours = {near for number in numbers for near in (number - 1, number + 1)} | {0, LAST} | drawn(500, bits=63)
    for number in neighbours - numbers:
        if 0 <= number <= LAST:
            assert found.find(number.to_bytes(TOKEN_BYTES, "big")) is None
