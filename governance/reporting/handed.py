"""What other rooms hand over to the reporting channel, by the names under which an app holds it."""

from typing import Final

BLOCK: Final = "reporting.block"
"""`(session, keyring, account (id, platform, key), whom, now)`: the person refuses a professional by name, at once."""
