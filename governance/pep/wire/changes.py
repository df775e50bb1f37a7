"""What changed since a revision, and the lease that comes with it: the body of `GET /v1/changes`."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal, get_args

from governance.decision.vocabulary import Instant
from governance.pep.wire.bundle import members_of
from governance.pep.wire.codec import TOKEN_BYTES, Reader, WireError
from governance.pep.wire.governed import GovernedRecord
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord, Whole

Of = Literal["author", "governed", "community", "strictest"]
_KINDS: Final[tuple[Of, ...]] = get_args(Of)
_NUMBERS: Final = ("after", "revision", "newest", "now", "lease_ms")
_TEXTS: Final = ("platform", "epoch", "nonce")


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody's or a place's record is now. Taken in their order, twice or not, they end at what the service has.

    `record` is what the kind's `encode` gives, and empty for what is no longer on the platform. `token` is empty for
    the strictest room alone.
    """

    revision: int
    of: Of
    token: bytes
    record: bytes

    def author(self) -> AuthorRecord | None:
        """Return an author's record, None for one who is nobody's patient now. Raises `WireError`."""
        return AuthorRecord.decode(self.record) if self.record else None

    def governed(self) -> GovernedRecord | None:
        """Return a governed account's record, None for one that is not governed now. Raises `WireError`."""
        return GovernedRecord.decode(self.record) if self.record else None

    def community(self) -> CommunityRecord:
        """Return a community's record. Raises `WireError`."""
        return CommunityRecord.decode(self.record)

    def whole(self) -> Whole:
        """Return what holds of the forum as a whole. Raises `WireError`."""
        source = Reader(self.record)
        whole = Whole.read(source)
        source.end()
        return whole


@dataclass(frozen=True, slots=True)
class Changes:
    """One answer: all that changed after `after` up to `revision`; `newest` is where the platform stands.

    A lease runs for `lease_ms` from the moment at which the request with this `nonce` was sent, and only if `revision`
    is `newest`: who is still behind has nothing to permit on. `now` is the service's clock.
    """

    platform: str
    epoch: str
    after: int
    revision: int
    newest: int
    now: Instant
    lease_ms: int
    nonce: str
    changes: tuple[Change, ...]

    def encode(self) -> bytes:
        """Return the body that is signed."""
        members: dict[str, object] = {name: getattr(self, name) for name in (*_TEXTS, *_NUMBERS)}
        members["changes"] = [
            [change.revision, change.of, _text(change.token), _text(change.record)] for change in self.changes
        ]
        return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, body: bytes) -> "Changes":
        """Return the answer; check the signature first. Raises `WireError`."""
        members = members_of(body, {**dict.fromkeys(_TEXTS, str), "changes": list}, _NUMBERS)
        entries = members.pop("changes")
        changes = tuple(_change(entry) for entry in entries) if isinstance(entries, list) else ()
        # `members_of` looked at the type of each.
        answer = cls(**members, changes=changes)  # type: ignore[arg-type]
        revisions = [change.revision for change in changes]
        in_order = [answer.after, *revisions, answer.revision, answer.newest]
        if in_order != sorted(in_order) or answer.after in revisions:
            raise WireError("changes that are not in their order")
        return answer


def _change(entry: object) -> Change:
    if not isinstance(entry, list) or [type(part) for part in entry] != [int, str, str, str]:
        raise WireError("a change of an unknown form")
    revision, of, token, record = entry
    if of not in _KINDS:
        raise WireError("a change of an unknown kind")
    change = Change(revision, of, _bytes(token), _bytes(record))
    if len(change.token) != (0 if of == "strictest" else TOKEN_BYTES):
        raise WireError("a change of nobody")
    return change


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise WireError("a record that cannot be read") from error
    if _text(value) != text:
        # There is one way to write it: what is read in two ways by two programs is not read at all.
        raise WireError("a record that is not written as it should be")
    return value
