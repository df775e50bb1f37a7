"""A forum of facts, written into a bundle as the service would; ids are the keys of the tables themselves."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from governance.decision.facts import Author, Community, Conduct, Facts, Hcp, Room, Viewer
from governance.decision.vocabulary import AccountKey, Instant, PlatformId
from governance.feed.told import Teller, Window
from governance.pep.wire.bundle import (
    BundleWriter,
    Header,
    Numbered,
    Places,
    encode_choices,
    encode_emergency,
)
from governance.pep.wire.keys import PlaceKind, WireKeys
from governance.pep.wire.places import EmergencyLine
from governance.pep.wire.signatures import TrustedKeys, key_id, signed_bytes

LINE = EmergencyLine("GB", "danger", "all", "en", "Emergency services", "phone", "999")


class PlainKeys(WireKeys):
    """Keys for tables that speak of accounts and places by what the service knows them by."""

    __slots__ = ()

    def account(self, account_id: str) -> bytes:
        return self.account_known(account_id)

    def place(self, kind: PlaceKind, place_id: str) -> bytes:  # noqa: ARG002 - one kind of name for all
        return self.place_known(place_id)


KEYS = PlainKeys(b"a" * 32, b"p" * 32, b"t" * 32)


class Signer:
    """The service's own key."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        self.public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = key_id(self.public)

    def sign(self, what: Any, digest: bytes) -> bytes:
        return self._private.sign(signed_bytes(what, digest))


SIGNER = Signer()
TRUSTED = TrustedKeys((SIGNER.public,))


class Forum:
    """All there is to tell one platform: authors, professionals and communities as facts."""

    def __init__(
        self,
        conduct: Conduct,
        strictest: Room,
        communities: Mapping[str, Community],
        *,
        platform: str = "p",
        epoch: str = "e1",
    ) -> None:
        self.platform, self.epoch, self.revision = PlatformId(platform), epoch, 1
        self.authors: dict[AccountKey, Author] = {}
        self.viewers: dict[AccountKey, tuple[Viewer, Hcp | None]] = {}
        self.conduct, self.strictest, self.communities = conduct, strictest, dict(communities)
        self.window = Window(Instant(0), Instant(2**60))

    def take(self, facts: Facts) -> None:
        """Put in the people of some facts; who has no record at all is nobody to the service."""
        for key, author in facts.authors.items():
            if author != Author(key) and author != Author(key, hcp=author.hcp):
                self.authors[key] = replace(author, hcp=None)
            if author.hcp is not None:
                self.viewers.setdefault(key, (Viewer(key, frozenset(), author.hcp), author.hcp))
        viewer = facts.viewer
        if viewer.governed_by or viewer.hcp != Hcp():
            self.viewers[viewer.account] = (viewer, viewer.hcp if viewer.hcp != Hcp() else None)

    @property
    def teller(self) -> Teller:
        return Teller(KEYS, self.platform, self.window, b"decoys")

    def author_record(self, key: AccountKey) -> bytes:
        return self.teller.author(self.authors[key]).encode()

    def governed_record(self, key: AccountKey) -> bytes:
        viewer, hcp = self.viewers[key]
        return self.teller.governed(viewer, hcp, self.conduct, key).encode()

    def bundle(self, signer: Signer = SIGNER) -> bytes:
        """Return the bundle's bytes."""
        choices, records, accounts = Numbered(), Numbered(), []
        for key in self.authors:
            record = self.teller.author(self.authors[key])
            number = records.number(record.encode(choices.number(encode_choices(record.choices))))
            accounts.append((KEYS.account_known(key), number))
        writer = BundleWriter()
        parts = [writer.head(self._header(signer))]
        parts += [writer.section([self.places().encode()]), writer.section([encode_emergency([LINE])])]
        parts += [writer.section([choices.encode()]), writer.section([records.encode()])]
        parts.append(writer.section([token + number.to_bytes(4, "big") for token, number in sorted(accounts)]))
        parts.append(writer.section([self._governed()]))
        parts.append(signer.sign("bundle", writer.digest()))
        return b"".join(parts)

    def places(self) -> Places:
        communities = {
            KEYS.place_known(name).hex(): self.teller.community(community)
            for name, community in self.communities.items()
        }
        return Places(self.strictest, communities)

    def _header(self, signer: Signer) -> Header:
        issued, expires = self.window
        many = len(self.authors), len(self.viewers)
        return Header(self.platform, self.epoch, self.revision, issued, expires, signer.id, *many)

    def _governed(self) -> bytes:
        listed = Numbered()
        for key in self.viewers:
            listed.number(KEYS.account_known(key) + self.governed_record(key))
        return listed.encode()


def forum_of(many: Iterable[Facts], **more: Any) -> Forum:
    """Return the forum of some facts that speak of the same rules and communities."""
    all_facts = list(many)
    first = all_facts[0]
    forum = Forum(first.conduct, first.strictest, first.communities, **more)
    for facts in all_facts:
        forum.take(facts)
    return forum


def a_nonce() -> str:
    return secrets.token_urlsafe(16)
