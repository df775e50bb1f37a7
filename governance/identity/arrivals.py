"""Who else wants to know that somebody signed in: the app says, and is told in the transaction that lets them in."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant

SIGNED_IN: Final = "governance.signed_in"
Listener = Callable[[Session, UUID, Instant], None]
"""Is told the id of the account. What it raises keeps the person out."""


def tell_signed_in(session: Session, account_id: UUID, at: Instant) -> None:
    """Tell whoever the app named, if anybody."""
    listener: Listener | None = current_app.extensions.get(SIGNED_IN)
    if listener is not None:
        listener(session, account_id, at)
