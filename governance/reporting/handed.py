"""What other rooms hand over to the reporting channel, by the names under which an app holds it."""

from typing import Final

BLOCK: Final = "reporting.block"
"""`(session, keyring, account (id, platform, key), whom, now)`: the person refuses a professional by name, at once."""
WITHDRAW: Final = "reporting.withdraw"
"""`(work, key)`: what follows for a case when its reporter takes the report back; without it a message says so."""
NEWS: Final = "reporting.news"
"""`(work, key) -> Sequence[Sentence]`: what a reporter is told of how far it is, and of the outcome."""
MAY_ASK_AGAIN: Final = "reporting.may_ask_again"
"""`(work, key) -> bool`: whether a reporter can ask for another look at the outcome."""
ASK_AGAIN: Final = "reporting.ask_again"
"""`(work, key, words)`: a reporter asks, once, that somebody fresh looks."""
GUESSES: Final = "reporting.guesses"
"""The `Guesses` of this process."""
UPLOADS: Final = "reporting.uploads"
"""The `Uploads` of this process."""
