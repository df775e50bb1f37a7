"""Checkpoints: the ledger's size and root, signed, so that no later hand can make another past.

Source: C2SP tlog-checkpoint. A declared restore begins a new epoch, which is a log of its own for others: its
checkpoints have another origin, because they need not be consistent with those signed before.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Final, NamedTuple

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.crypto.keys import Keyring
from governance.ledger.errors import OutsideError
from governance.ledger.notes import Verifier, open_note, sign_note
from governance.ledger.outside import Outside
from governance.ledger.tree import EMPTY_ROOT, HASH_BYTES

_log = structlog.get_logger()
_PURPOSE: Final = "ledger.checkpoint"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_ALL_OF_THE_NEWEST: Final = 10_000
_ONE_OF: Final = 256
"""Of older checkpoints one is kept for so many entries. By entries, not by days: no clock that was set wrong thins."""
_THINNED_EVERY: Final = 512
"""Entries between two looks at the log; each keeps writers waiting for 0.2 seconds."""
_LINES: Final = 4
"""Origin, size, root, and what stands behind the last line feed: nothing."""


class Checkpoint(NamedTuple):
    """What the ledger was when it had this size. Later ones of one ledger compare as greater."""

    epoch: int
    size: int
    root: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Where in the ledger's life it stands."""
        return self.epoch, self.size


FIRST: Final = Checkpoint(1, 0, EMPTY_ROOT)
"""Signed before the first entry: a ledger that lost its first checkpoint must not look like a new one."""


class Signer:
    """The key that signs checkpoints."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the key for this purpose alone."""
        self._private = Ed25519PrivateKey.from_private_bytes(keyring.derive(_PURPOSE))
        self._public = self._private.public_key().public_bytes_raw()
        self._log = f"governance-ledger/{sha256(self._public).hexdigest()[:16]}"

    def __repr__(self) -> str:
        """Show no key."""
        return f"Signer({self._log!r})"

    def verifier(self, epoch: int) -> Verifier:
        """Return the public key under the name it has in an epoch."""
        return Verifier(f"{self._log}/{epoch}", self._public)

    def sign(self, checkpoint: Checkpoint) -> str:
        """Return the checkpoint as a signed note."""
        origin = self.verifier(checkpoint.epoch).name
        text = f"{origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"
        return sign_note(text, origin, self._private)

    def open(self, note: str) -> Checkpoint:
        """Read a checkpoint that this key signed. Raises `OutsideError`."""
        epoch = self._epoch_said(note)
        return _read(open_note(note, self.verifier(epoch)), epoch)

    def place_said(self, note: str) -> tuple[int, int]:
        """Return where a checkpoint says it stands; nothing is proven by it. Raises `OutsideError`."""
        size = note.split("\n", 2)[1:2]
        if not size or not _NUMBER.fullmatch(size[0]):
            raise OutsideError("a checkpoint cannot be read; run `governance ledger verify`")
        return self._epoch_said(note), int(size[0])

    def _epoch_said(self, note: str) -> int:
        log, _, epoch = note.partition("\n")[0].rpartition("/")
        if log != self._log or not _NUMBER.fullmatch(epoch):
            raise OutsideError("a checkpoint is not this ledger's; run `governance ledger verify`")
        return int(epoch)


def _read(text: str, epoch: int) -> Checkpoint:
    lines = text.split("\n")
    try:
        root = b64decode(lines[2], validate=True) if len(lines) == _LINES else b""
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != HASH_BYTES or not _NUMBER.fullmatch(lines[1]):
        raise OutsideError("a checkpoint cannot be read; run `governance ledger verify`")
    return Checkpoint(epoch, int(lines[1]), root)


def newest(outside: Outside, signer: Signer) -> Checkpoint | None:
    """Return the newest checkpoint outside, if there is one. Raises `OutsideError` if it is not of our hand."""
    note = outside.newest()
    return None if note is None else signer.open(note)


def advance(outside: Outside, signer: Signer, checkpoint: Checkpoint) -> None:
    """Put a checkpoint outside unless a later one is there already, which then covers it.

    Raises `OutsideError` if one of the same place has another root: two histories are being written.
    """
    note = signer.sign(checkpoint)
    while True:
        there = outside.newest()
        kept = None if there is None else signer.open(there)
        if kept is not None and kept.place == checkpoint.place and kept.root != checkpoint.root:
            raise OutsideError("two histories of this ledger are being written; stop, run `governance ledger verify`")
        if kept is not None and kept.place >= checkpoint.place:
            return
        if outside.put(note, replaces=there):
            if kept is None or kept.size // _THINNED_EVERY != checkpoint.size // _THINNED_EVERY:
                _thin(outside, signer)
            return


def _thin(outside: Outside, signer: Signer) -> None:
    try:
        outside.thin(lambda notes: superfluous(notes, signer))
    except OutsideError:
        # What was to be kept is. Nobody's write may fail because a log stays long.
        _log.warning("checkpoints_not_thinned")


def superfluous(notes: Iterable[str | None], signer: Signer) -> set[int]:
    """Return which lines of a log of checkpoints say nothing that later ones do not cover, counted from 0.

    The newest lines all stay, of older ones one for every so many entries, and the first and last of every epoch: a
    restore asks whether the journal leads to them. Lines of another hand and lines out of their order are evidence:
    while there are any, nothing goes.
    """
    lines = [(number, note) for number, note in enumerate(notes) if note is not None]
    try:
        places = [signer.place_said(note) for _, note in lines]
        if any(before >= after for before, after in pairwise(places)):
            return set()
        doomed = [lines[index] for index in _between(places[: max(0, len(places) - _ALL_OF_THE_NEWEST)])]
        for _, note in doomed:
            signer.open(note)
    except OutsideError:
        return set()
    return {number for number, _ in doomed}


def _between(places: list[tuple[int, int]]) -> Iterator[int]:
    """Yield where places stand that are neither the first of their stretch of entries nor at an epoch's end."""
    for index in range(1, len(places) - 1):
        (epoch, size), (before, was), (after, _) = places[index], places[index - 1], places[index + 1]
        if before == epoch == after and size // _ONE_OF == was // _ONE_OF:
            yield index
