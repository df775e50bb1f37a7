"""What one platform is sent of what is in force on it: everything, or what changed since a revision."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant, PlatformId
from governance.effective.documents import decode
from governance.effective.errors import BrokenRowError
from governance.effective.facts import SeenAccount, places_of
from governance.effective.macs import check, row_mac
from governance.effective.models import Found, Place, find_accounts, find_places, find_revision
from governance.effective.present import PresentAccount
from governance.errors import BadInputError
from governance.feed.errors import FeedGoneError
from governance.feed.models import accounts_of, changed_between
from governance.feed.rules import FeedRules
from governance.feed.signing import decoys_key, epoch_of, wire_keys
from governance.feed.told import Teller, Window
from governance.pep.wire.changes import Change, Changes, Of
from governance.pep.wire.governed import GovernedRecord
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord, Whole

HOUR: Final = 3600 * 1_000_000
SLOT: Final = 12 * HOUR
"""Bundles of one revision that are made in the same half day are the same bytes, whoever makes them."""
LIFE: Final = 48 * HOUR
"""For so long a bundle can be used; in its last hours another one should be fetched."""
AT_ONCE: Final = 500
"""Revisions in one answer."""
MOST_BEHIND: Final = 100_000
"""Revisions after which a bundle costs less than the changes."""
_LONGEST_CURSOR: Final = 64
_log = structlog.get_logger()


class Cursor(NamedTuple):
    """What a replica has applied, written `EPOCH.REVISION`."""

    epoch: str
    revision: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Return a cursor. Raises `BadInputError`."""
        epoch, _, revision = text.partition(".")
        if len(text) > _LONGEST_CURSOR or not epoch or not (revision.isascii() and revision.isdigit()):
            raise BadInputError("`after` is the epoch and the revision that was applied last, such as `EPOCH.118`")
        return cls(epoch, int(revision))

    def __str__(self) -> str:
        """Return it as it is sent."""
        return f"{self.epoch}.{self.revision}"


def window_at(now: Instant) -> Window:
    """Return when what is sent now is used."""
    begun = Instant(now - now % SLOT)
    return Window(begun, Instant(begun + LIFE))


class Feed:
    """What is in force on one platform, as it is sent, in one session that reads a snapshot."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID, rules: FeedRules, now: Instant) -> None:
        """Read for this platform, at this instant."""
        self.session, self.platform_id, self.now = session, platform_id, now
        self.platform = PlatformId(str(platform_id))
        self._keyring, self.rules = keyring, rules
        self.keys = wire_keys(keyring, platform_id)
        self.teller = Teller(self.keys, self.platform, window_at(now), decoys_key(keyring, platform_id))

    def cursor(self) -> Cursor:
        """Return where the platform stands."""
        # Before anything else is read: what is read after it is of this revision, or newer.
        revision = find_revision(self.session, self.platform_id)
        return Cursor(epoch_of(self.session, self._keyring, self.platform_id, self.rules.digest), revision)

    def reachable(self, after: Cursor) -> Cursor:
        """Return where the platform stands, if there are changes from here to there. Raises `FeedGoneError`."""
        newest = self.cursor()
        behind = newest.revision - after.revision
        if after.epoch != newest.epoch or not 0 <= behind <= MOST_BEHIND:
            raise FeedGoneError(
                "revisions are counted anew, or this one is too old; fetch `GET /v1/bundle` and go on after it"
            )
        return newest

    def changes(self, after: Cursor, nonce: str, lease_ms: int) -> Changes:
        """Return what changed since a replica applied something last. Raises `FeedGoneError`."""
        newest = self.reachable(after)
        upto = min(newest.revision, after.revision + AT_ONCE)
        return Changes(
            platform=self.platform,
            epoch=newest.epoch,
            after=after.revision,
            revision=upto,
            newest=newest.revision,
            now=self.now,
            lease_ms=lease_ms,
            nonce=nonce,
            changes=tuple(self._changed(after.revision, upto)),
        )

    def author(self, account: PresentAccount) -> AuthorRecord | None:
        """Return what is sent of an account as an author; None for one that is no patient's."""
        if account.person is None:
            return None
        try:
            return self.teller.author(SeenAccount.author(account))
        except BrokenRowError:
            _log.critical("broken_row", kind="patient")
            return AuthorRecord(broken=True)

    def governed(self, account: PresentAccount) -> GovernedRecord | None:
        """Return what is sent of an account as a professional's; None for one that is not governed and nobody's."""
        try:
            if account.professional is None and not account.marks():
                return None
            viewer = SeenAccount.viewer(account)
            hcp = None if account.professional is None else viewer.hcp
            return self.teller.governed(viewer, hcp, self.rules.conduct, account.professional or account.key)
        except BrokenRowError:
            _log.critical("broken_row", kind="viewer_or_community")
            return GovernedRecord(governed=True, broken=True)

    def community(self, place: Place) -> CommunityRecord:
        """Return what is sent of a community."""
        try:
            document = self._document(place)
        except BrokenRowError:
            _log.critical("broken_row", kind="viewer_or_community")
            return CommunityRecord(None)
        return self.teller.community(places_of({"": document}, None).communities[""])

    def whole(self, place: Place | None) -> Whole:
        """Return what is sent of the platform as a whole. Raises `BrokenRowError`."""
        found = places_of({}, None if place is None else self._document(place))
        return Whole(found.strictest, found.suspended)

    def community_token(self, place: Place) -> bytes:
        """Return the token of a community by its row."""
        return self.keys.place_known(place.subject.partition("/")[2])

    def seen(self, row: Found) -> PresentAccount:
        """Return an account as it was read."""
        return PresentAccount(row, self._keyring, self.platform)

    def _document(self, place: Place) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
        check(row_mac(self._keyring, place.kind, place.subject, place.version, place.document), place.mac)
        return decode(place.kind, place.document)

    def _changed(self, after: int, upto: int) -> list[Change]:
        if after == upto:
            return []
        by_kind: dict[str, dict[str, int]] = {}
        for changed in changed_between(self.session, self.platform_id, after, upto):
            by_kind.setdefault(changed.kind, {})[changed.subject] = changed.revision
        accounts = by_kind.get("account", {})
        found = [
            *self._people("author", accounts, by_kind.get("patient", {}), "patient", self.author),
            *self._people("governed", accounts, by_kind.get("hcp", {}), "hcp", self.governed),
            *self._places(by_kind),
        ]
        return sorted(found, key=lambda change: change.revision)

    def _people(
        self,
        of: Of,
        accounts: dict[str, int],
        whose: dict[str, int],
        kind: str,
        told: Callable[[PresentAccount], AuthorRecord | GovernedRecord | None],
    ) -> Iterator[Change]:
        """Yield a change for each account that changed, or whose patient or professional did."""
        revisions = dict(accounts)
        for key, subject in accounts_of(self.session, self.platform_id, kind, whose) if whose else ():
            revisions[key] = max(revisions.get(key, 0), whose[subject])
        found = {row.key: self.seen(row) for row in find_accounts(self.session, revisions)}
        for key, revision in revisions.items():
            record = told(found[key]) if key in found else None
            yield Change(revision, of, self.keys.account_known(key), b"" if record is None else record.encode())

    def _places(self, by_kind: dict[str, dict[str, int]]) -> Iterator[Change]:
        wanted = by_kind.get("community", {})
        if not wanted and "platform" not in by_kind:
            return
        for place in find_places(self.session, self.platform, wanted):
            if place.kind == "community":
                record = self.community(place).encode()
                yield Change(wanted[place.subject], "community", self.community_token(place), record)
            elif place.subject in by_kind.get("platform", {}):
                revision = by_kind["platform"][place.subject]
                yield Change(revision, "strictest", b"", self.whole(place).encode())
