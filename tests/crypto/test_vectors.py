"""What stands in people's databases is made and read today as it was when these vectors were frozen."""

import json
from hashlib import sha256
from uuid import UUID

import pytest

from governance.crypto import envelope
from governance.crypto.blind_index import account_key, place_key, subject_digest
from governance.crypto.data_keys import DataKey, unwrap, wrap
from tests.crypto.fixed import FIXED, RING
from tests.crypto.make_vectors import DATA_KEY, FILE, FORUM, NONCE, OWNER, PLACE, SECRET, vectors

FROZEN = json.loads(FILE.read_text())
ANA = DataKey(OWNER, DATA_KEY)


@pytest.fixture
def one_nonce(monkeypatch):
    """Seal as the vectors were sealed; never outside of a test."""
    monkeypatch.setattr(envelope.secrets, "token_bytes", lambda length: NONCE[:length])


def test_the_vectors_are_what_the_standards_say():
    assert vectors() == FROZEN


def test_the_vectors_are_frozen():
    """Whoever changes this line takes what is sealed today from everybody."""
    assert sha256(FILE.read_bytes()).hexdigest() == "68ae523799e7ef384d289b39d9cb1a099a8927a5d01d597ede3dab9a8c054509"


def test_keys_are_derived_as_ever():
    assert {name: RING.derive(*name.split("/")).hex() for name in FROZEN["derived"]} == FROZEN["derived"]
    assert {name: RING.bound(name, SECRET).hex() for name in FROZEN["bound"]} == FROZEN["bound"]


def test_accounts_places_and_subjects_are_found_as_ever():
    forum = UUID(FORUM)
    assert {name: account_key(RING, forum, name) for name in FROZEN["account_key"]} == FROZEN["account_key"]
    places = {kind: place_key(RING, forum, kind, "night-lows") for kind in FROZEN["place_key"]}
    assert places == FROZEN["place_key"]
    assert {"s-1": subject_digest(RING, "https://forum.example", "s-1")} == FROZEN["subject_digest"]


@pytest.mark.usefixtures("one_nonce")
def test_values_are_sealed_as_ever():
    for text, sealed in FROZEN["envelope"].items():
        assert envelope.seal(DATA_KEY, text.encode(), *PLACE).hex() == sealed
    for text, sealed in FROZEN["field"].items():
        assert ANA.seal(text.encode(), *PLACE).hex() == sealed
    for epoch in FIXED.epochs:
        assert wrap(epoch, OWNER, DATA_KEY).hex() == FROZEN["wrapped"][epoch.id]


def test_what_was_sealed_opens_as_ever():
    for text, sealed in FROZEN["envelope"].items():
        assert envelope.unseal(DATA_KEY, bytes.fromhex(sealed), *PLACE) == text.encode()
    for text, sealed in FROZEN["field"].items():
        assert ANA.unseal(bytes.fromhex(sealed), *PLACE) == text.encode()
    for epoch in FIXED.epochs:
        assert unwrap(epoch, OWNER, bytes.fromhex(FROZEN["wrapped"][epoch.id])) == DATA_KEY
