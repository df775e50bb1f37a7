"""The Merkle tree of RFC 6962: growing it, its root, and proofs that a few hashes can carry.

Pure functions over bytes. A complete subtree of 2^level leaves is named by (level, index), counted from the left.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree (level, index)."""


def leaf_hash(document: bytes) -> bytes:
    """Return the hash of an entry (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + document).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node; its prefix keeps it from ever passing for an entry's."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(NamedTuple):
    """The right edge of a tree: all that is needed to grow it and to know its root, about log2(size) hashes."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    """The complete subtrees of which the tree is made, the largest first."""

    def grown(self, leaf: bytes) -> tuple["Frontier", tuple[bytes, ...]]:
        """Return the tree with one more leaf, and the subtrees which that leaf completed, the smallest first."""
        peaks, completed, node, rest = list(self.peaks), [], leaf, self.size
        while rest & 1:
            node = node_hash(peaks.pop(), node)
            completed.append(node)
            rest >>= 1
        return Frontier(self.size + 1, (*peaks, node)), tuple(completed)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            node = node_hash(peak, node)
        return node

    @classmethod
    def at(cls, size: int, subtree: Subtree) -> "Frontier":
        """Return the right edge that the tree had at a size, from its subtrees."""
        peaks, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                peaks.append(subtree(level, start >> level))
                start += 1 << level
        return cls(size, tuple(peaks))

    @classmethod
    def decode(cls, size: int, joined: bytes) -> "Frontier":
        """Read what `joined` wrote. Raises `ValueError` if it is not the right number of hashes for the size."""
        if len(joined) != HASH_BYTES * size.bit_count():
            raise ValueError("a frontier has one hash for every bit that is set in its size")
        return cls(size, split_hashes(joined))

    @property
    def joined(self) -> bytes:
        """The peaks as one string of bytes."""
        return b"".join(self.peaks)


def split_hashes(joined: bytes) -> tuple[bytes, ...]:
    """Cut a string of hashes."""
    return tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root at `size` (RFC 6962, section 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("there is no such leaf in a tree of this size")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _left_of(end - start)
        if index < middle:
            path.append(_root_of(subtree, middle, end))
            end = middle
        else:
            path.append(_root_of(subtree, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """Return the hashes that show the tree at `new` to begin with the one at `old` (RFC 6962, section 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError("a tree only grows")
    start, end, proof = 0, new, []
    while 0 < old < end:
        middle = start + _left_of(end - start)
        if old <= middle:
            proof.append(_root_of(subtree, middle, end))
            end = middle
        else:
            proof.append(_root_of(subtree, start, middle))
            start = middle
    if start > 0:
        proof.append(_root_of(subtree, start, end))
    return proof[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and node == root


def consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether the tree `new` (size, root) begins with the tree `old` (RFC 9162, section 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size in (0, new_size):
        return not proof and old_root == (EMPTY_ROOT if old_size == 0 else new_root)
    if not 0 < old_size < new_size or not proof:
        return False
    return _walk(old_size, new_size, proof, old_root) == (old_root, new_root)


def _walk(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes] | None:
    """Compute both roots from a proof; nothing if it has too many or too few hashes."""
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    index, last = old_size - 1, new_size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if index & 1 or index == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        index, last = index >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _root_of(subtree: Subtree, start: int, end: int) -> bytes:
    """Return the hash over the leaves [start, end), where start is where a subtree of that size may begin."""
    size = end - start
    level = size.bit_length() - 1
    if size == 1 << level:
        return subtree(level, start >> level)
    middle = start + (1 << level)
    return node_hash(subtree(level, start >> level), _root_of(subtree, middle, end))


def _left_of(size: int) -> int:
    """Return how many of `size` leaves stand on the left: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1
