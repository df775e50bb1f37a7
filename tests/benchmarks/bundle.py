"""A bundle of very many patients, as the service would send it; for `tests.benchmarks.replica`."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.decision.facts import Community, Room, Setting
from governance.decision.vocabulary import BEGINNING, Ages, Instant, PlatformId, Posture
from governance.feed.told import Teller, Window
from governance.pep.wire.bundle import BundleWriter, Header, Numbered, Places, encode_choices, encode_emergency
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord
from governance.pep.wire.signatures import key_id, signed_bytes
from tests.benchmarks.ours import CONDUCT, author_of, viewer_of
from tests.benchmarks.population import COMMUNITIES, HCPS, NOW, PLATFORM, YEAR, Maker, Professional
from tests.benchmarks.replica import KEYS, SEED_OF_KEY, account

SIGNER: Final = Ed25519PrivateKey.from_private_bytes(SEED_OF_KEY)
PUBLIC: Final = SIGNER.public_key().public_bytes_raw()
WINDOW: Final = Window(Instant(NOW - 1_000_000), Instant(NOW + YEAR))
KINDS: Final = 20_000
"""Different people, of whom all the others are namesakes under tokens of their own."""
WITH_TEAM, WITH_LINES = 0.25, 0.15
"""Shares of those who named a care team, and of those who said one thing more than their levels."""


def _people(seed: int) -> Iterator[AuthorRecord]:
    teller, maker = Teller(KEYS, PlatformId(PLATFORM), WINDOW, b"decoys"), Maker(seed, plain=True)
    for number in range(KINDS):
        drawn = maker.patient(f"kind-{number}", int(maker.rng.random() < WITH_LINES))
        if maker.rng.random() > WITH_TEAM:
            drawn.care_team = frozenset()
        yield teller.author(author_of(drawn))


def write_bundle(path: Path, many: int, seed: int) -> None:
    """Write what the service would send of so many patients."""
    rng, choices, records = random.Random(seed), Numbered(), Numbered()
    kinds = [(record, choices.number(encode_choices(record.choices))) for record in _people(seed)]
    accounts = []
    for number in range(many):
        record, chosen = kinds[number % KINDS]
        encoded = record.encode(chosen)
        if record.is_personal:
            # Whom somebody names looks different for each: another digest in the place of this one.
            encoded = _renamed(encoded, record, rng)
        accounts.append((KEYS.account(account(number)), records.number(encoded)))
    header = Header(PLATFORM, "e", 1, *WINDOW, key_id(PUBLIC), many, len(HCPS))
    writer = BundleWriter()
    with path.open("wb") as to:
        to.write(writer.head(header))
        to.write(writer.section([_places().encode()]))
        to.write(writer.section([encode_emergency([])]))
        to.write(writer.section([choices.encode()]))
        to.write(writer.section([records.encode()]))
        to.write(writer.section([token + number.to_bytes(4, "big") for token, number in sorted(accounts)]))
        to.write(writer.section([_governed()]))
        to.write(SIGNER.sign(signed_bytes("bundle", writer.digest())))


def _renamed(encoded: bytes, record: AuthorRecord, rng: random.Random) -> bytes:
    lines = (*record.own, *record.over, *record.kept)
    for pair in {*(one.pair for one in (*record.team, *record.blocks)), *(line.pair for line in lines if line.pair)}:
        encoded = encoded.replace(pair, rng.randbytes(8))
    return encoded


def _places() -> Places:
    plain = Community((Setting(BEGINNING, Posture.INFORMED, Ages.MIXED),))
    named = {KEYS.place("community", community).hex(): CommunityRecord(plain) for community in COMMUNITIES}
    return Places(Room(Posture.INFORMED, Ages.MIXED), named)


def _governed() -> bytes:
    teller, listed = Teller(KEYS, PlatformId(PLATFORM), WINDOW, b"decoys"), Numbered()
    for hcp in HCPS:
        viewer = viewer_of(Professional(hcp))
        listed.number(KEYS.account(hcp) + teller.governed(viewer, viewer.hcp, CONDUCT, hcp).encode())
    return listed.encode()
