"""A platform's bundle, written to a file that has no name."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from governance.decision.facts import Author
from governance.decision.provisions import Provisions
from governance.effective.errors import BrokenRowError
from governance.effective.facts import SeenAccount
from governance.effective.present import PresentAccount
from governance.feed.models import every_account, every_place
from governance.feed.service import Cursor, Feed
from governance.feed.signing import FeedSigner
from governance.feed.told import is_common
from governance.pep.wire.bundle import BundleWriter, Header, Numbered, Places, encode_choices
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord

_CHOICES_KEPT: Final = 4_096


class People:
    """The accounts of a bundle: what many have alike is worked out, written and sent once."""

    def __init__(self, feed: Feed) -> None:
        """Begin with nobody."""
        self._feed = feed
        self.choices, self.records = Numbered(), Numbered()
        self.accounts: list[bytes] = []
        self.governed = Numbered()
        self._alike: dict[object, int] = {}
        self._common: dict[int, tuple[Provisions, bool]] = {}

    def add(self, account: PresentAccount) -> None:
        """Put in an account as an author, as a professional's, or as both."""
        token = self._feed.keys.account_known(account.key)
        if account.person is not None:
            self.accounts.append(token + self._number(account).to_bytes(4, "big"))
        governed = self._feed.governed(account)
        if governed is not None:
            self.governed.number(token + governed.encode())

    def _number(self, account: PresentAccount) -> int:
        try:
            author = SeenAccount.author(account)
        except BrokenRowError:
            # Told once more by the feed itself, which also wakes somebody.
            return self._written(self._feed.author(account) or AuthorRecord(broken=True))
        key = self._key(author)
        if key is None:
            return self._written(self._feed.teller.author(author))
        number = self._alike.get(key)
        if number is None:
            number = self._alike[key] = self._written(self._feed.teller.author(author))
        return number

    def _key(self, author: Author) -> object | None:
        """Return all that is sent of an author without anybody named in it; None for the others."""
        if author.care_team or author.layers or author.blocks or author.erased or not self._is_common(author):
            return None
        return (id(author.provisions), *self._feed.teller.without_names(author))

    def _is_common(self, author: Author) -> bool:
        kept = self._common.get(id(author.provisions))
        if kept is None:
            if len(self._common) >= _CHOICES_KEPT:
                self._common.clear()
                self._alike.clear()
            token, teller = self._feed.keys.account_known(author.account), self._feed.teller
            common = all(is_common(line) for line in teller.lines(token, author.provisions.lines))
            # Kept with the lines themselves: while they are here no others can have their `id`.
            kept = self._common[id(author.provisions)] = (author.provisions, common)
        return kept[1]

    def _written(self, record: AuthorRecord) -> int:
        choices = self.choices.number(encode_choices(record.choices))
        return self.records.number(record.encode(choices))


def write_bundle(feed: Feed, cursor: Cursor, signer: FeedSigner) -> BinaryIO:
    """Return a file with a bundle of this revision in it. Raises `BrokenRowError` for the platform's own row."""
    people, writer = People(feed), BundleWriter()
    for row in every_account(feed.session, feed.platform_id):
        people.add(feed.seen(row))
    places = _places(feed)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    file.write(writer.head(_header(feed, cursor, people, signer)))
    for section in _sections(feed, places, people):
        file.write(writer.section(section))
    file.write(signer.sign("bundle", writer.digest()))
    file.flush()
    return file


def _sections(feed: Feed, places: Places, people: People) -> Iterator[list[bytes]]:
    yield [places.encode()]
    yield [feed.rules.emergency]
    yield [people.choices.encode()]
    yield [people.records.encode()]
    # In the order of tokens: a replica looks up where they lie, and nothing tells who joined before whom.
    yield sorted(people.accounts)
    yield [people.governed.sorted()]


def _header(feed: Feed, cursor: Cursor, people: People, signer: FeedSigner) -> Header:
    return Header(
        platform=feed.platform,
        epoch=cursor.epoch,
        revision=cursor.revision,
        issued=feed.teller.window.issued,
        expires=feed.teller.window.expires,
        key_id=signer.key_id,
        accounts=len(people.accounts),
        governed=len(people.governed),
    )


def _places(feed: Feed) -> Places:
    found: dict[str, CommunityRecord] = {}
    own = None
    for place in every_place(feed.session, feed.platform_id):
        if place.kind == "platform":
            own = place
        else:
            found[feed.community_token(place).hex()] = feed.community(place)
    whole = feed.whole(own)
    return Places(whole.strictest, found, whole.suspended)
