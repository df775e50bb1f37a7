"""The key document: one root, and the epochs whose keys wrap people's data keys. Held outside the database."""

import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, Self

from governance.config.errors import KeysError

KEY_BYTES: Final = 32
_FEWEST: Final = 16
"""Different bytes in a key. One of 2^54 random keys has fewer; zeros, and words written again and again, have."""
_FORMAT: Final = 1
_ID: Final = re.compile(r"e[1-9][0-9]{0,8}")
_PUT_BACK: Final = (
    "put the key document back from your backup, as nothing old can be read with another one; "
    "only a new service gets new keys, by `governance init DIR` or `governance keys init FILE`"
)


@dataclass(frozen=True, slots=True)
class Epoch:
    """A key that wraps data keys; the newest one wraps, all of them are readable."""

    id: str
    """`e` and the epoch's number, from 1."""
    key: bytes = field(repr=False)
    since: int
    """When it was made, in microseconds since 1970; 0 for the first one of a service."""

    @property
    def number(self) -> int:
        """The number in the id."""
        return int(self.id[1:])


@dataclass(frozen=True, slots=True)
class KeySet:
    """All keys of a service as they are kept; everything else is derived from these or wrapped by them."""

    root: bytes = field(repr=False)
    epochs: tuple[Epoch, ...]
    """Oldest first, never empty."""

    @classmethod
    def fresh(cls) -> Self:
        """Return new random keys with a first epoch."""
        return cls(secrets.token_bytes(KEY_BYTES), (Epoch("e1", secrets.token_bytes(KEY_BYTES), 0),))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key document. Raises `KeysError`, which repeats nothing of the text."""
        try:
            document = json.loads(text, object_pairs_hook=_members)
            keys = cls(_key(document["root"]), tuple(_epoch(epoch) for epoch in document["epochs"]))
            is_ours = document.keys() == {"format", "root", "epochs"} and document["format"] == _FORMAT
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            # Without the cause: a traceback would print a part of the keys.
            raise KeysError(f"the keys are not in the form this program wrote; {_PUT_BACK}") from None
        if not is_ours or not _are_sound(keys.root, keys.epochs):
            raise KeysError(f"the keys must be 32 random bytes each, with epochs in their order; {_PUT_BACK}")
        if not all(_is_random(key) for key in (keys.root, *(epoch.key for epoch in keys.epochs))):
            raise KeysError(f"a key is a placeholder that anybody can guess, not 32 random bytes; {_PUT_BACK}")
        return keys

    def dump(self) -> str:
        """Return the key document, which `parse` reads."""
        epochs = [{"id": epoch.id, "key": _text(epoch.key), "from": epoch.since} for epoch in self.epochs]
        return json.dumps({"format": _FORMAT, "root": _text(self.root), "epochs": epochs}, indent=1) + "\n"

    @property
    def newest(self) -> Epoch:
        """The epoch that wraps."""
        return self.epochs[-1]

    def epoch(self, epoch_id: str) -> Epoch | None:
        """Return an epoch, or none if it is not here, or no longer."""
        return next((epoch for epoch in self.epochs if epoch.id == epoch_id), None)

    def with_new_epoch(self, now: int) -> Self:
        """Return these keys and a new epoch that wraps from now on."""
        last = self.newest
        # A clock that was set back must not make the epochs look out of order.
        added = Epoch(f"e{last.number + 1}", secrets.token_bytes(KEY_BYTES), max(now, last.since))
        return replace(self, epochs=(*self.epochs, added))

    def without(self, epoch_id: str) -> Self:
        """Return these keys without an older epoch. Raises `KeysError` for the newest and for unknown ones."""
        if epoch_id == self.newest.id or self.epoch(epoch_id) is None:
            raise KeysError("only an older epoch can be retired; `governance keys status` lists them")
        return replace(self, epochs=tuple(epoch for epoch in self.epochs if epoch.id != epoch_id))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _epoch(said: dict[str, Any]) -> Epoch:
    since = said["from"]
    if said.keys() != {"id", "key", "from"} or type(since) is not int or not _ID.fullmatch(said["id"]):
        raise ValueError("no epoch")
    return Epoch(said["id"], _key(said["key"]), since)


def _key(text: str) -> bytes:
    key = urlsafe_b64decode(text)
    # Decoding passes over letters of no alphabet: the bytes must say the same as the text.
    if _text(key) != text:
        raise ValueError("no key")
    return key


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).decode()


def _are_sound(root: bytes, epochs: Sequence[Epoch]) -> bool:
    keys = [root, *(epoch.key for epoch in epochs)]
    order = [(epoch.number, epoch.since) for epoch in epochs]
    in_order = all(one[0] < next_[0] and one[1] <= next_[1] for one, next_ in pairwise(order))
    are_keys = all(len(key) == KEY_BYTES for key in keys)
    return bool(epochs) and order[0][1] >= 0 and in_order and are_keys and len(set(keys)) == len(keys)


def _is_random(key: bytes) -> bool:
    """Say whether a key can be one: not a default, nor a slip of the hand."""
    return len(set(key)) >= _FEWEST
