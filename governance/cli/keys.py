"""`governance keys`, with the ledger that is told what is done to them."""

from governance.crypto.commands import keys
from governance.ledger.rotations import enter_keys

__all__ = ["keys"]

keys.enter = staticmethod(enter_keys)
