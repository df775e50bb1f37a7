"""Keys that are the same in every run, for vectors and for tests that only need some keys."""

from governance.crypto.keys import Epoch, Keyring, KeySet

ROOT = bytes(range(32))
FIXED = KeySet(ROOT, (Epoch("e1", bytes(range(32, 64)), 0), Epoch("e2", bytes(range(64, 96)), 5)))
RING = Keyring(FIXED)


def with_root(root: bytes) -> KeySet:
    """The fixed epochs below another root."""
    return KeySet(root, FIXED.epochs)
