"""What stretches a passphrase takes long on purpose; frozen words in `tests/crypto` hold how long."""

import pytest

from governance.crypto import passphrases


@pytest.fixture(autouse=True)
def stretched_little(monkeypatch):
    """Let vaults open in a millisecond: how often somebody opens one here says nothing about guessing."""
    monkeypatch.setattr(passphrases, "_MEMORY_KIB", 64)
    monkeypatch.setattr(passphrases, "_PASSES", 1)
