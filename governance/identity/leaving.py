"""Who else wants to know that somebody's work here ended: the app says, and is told in the same transaction."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant

LEFT: Final = "governance.left"
Listener = Callable[[Session, UUID, Instant], str]
"""Is told the id of the member of staff, and says in one sentence what has to be done now, or nothing."""


def tell_left(session: Session, staff_id: UUID, at: Instant) -> str:
    """Tell whoever the app named, if anybody; return what they say."""
    listener: Listener | None = current_app.extensions.get(LEFT)
    return "" if listener is None else listener(session, staff_id, at)
