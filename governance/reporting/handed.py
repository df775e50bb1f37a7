"""What other rooms hand over to the reporting channel, by the names under which an app holds it."""

from typing import Final

BLOCK: Final = "reporting.block"
"""`(session, keyring, account (id, platform, key), whom, now)`: the person refuses a professional by name, at once."""
WITHDRAW: Final = "reporting.withdraw"
"""`(work, key)`: what follows for a case when its reporter takes the report back; without it a message says so."""
NEWS: Final = "reporting.news"
"""`(work, key) -> Sequence[Sentence]`: what a reporter is told of how far it is, and of the outcome."""
GUESSES: Final = "reporting.guesses"
"""The `Guesses` of this process."""
UPLOADS: Final = "reporting.uploads"
"""The `Uploads` of this process."""
