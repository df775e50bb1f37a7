"""Receiving hints: is this one ours, is it fresh, did it come before? What to do then is to fetch the changes.

Standard library alone for the shared secret (`whsec_…`); for our public key (`whpk_…`) the `cryptography` package.
`examples/` has the same for Flask, Node and PHP.
"""

from governance.pep.webhooks.receiver import Hint, Receiver, WebhookRefusedError

__all__ = ["Hint", "Receiver", "WebhookRefusedError"]
