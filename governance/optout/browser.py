"""What follows every press at a door: the browser's session remembers it for its undo, and a receipt is given."""

from typing import Final
from uuid import UUID

from flask import current_app
from flask import session as browser
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.identity.sessions.browser import browser_session
from governance.optout.models import Directive
from governance.optout.receipts import Receipts

RECEIPTS: Final = "governance.receipts"
_UNDO: Final = "undo"
_AGE: Final = "of_age"


def after_press(session: Session, directive: Directive | None, at: Instant) -> None:
    """Remember a version that this press made, and give its receipt; one that stood already is nobody's to undo.

    A hiding whose sealed copy could not be written has neither; it counts all the same.
    """
    if directive is None:
        return
    receipts().give(session, directive, at)
    if directive.at == at:
        # An undo that is not offered is no harm; a hiding that is called failed would be.
        browser_session().note(_UNDO, {"patient": str(directive.patient_id), "version": directive.version})


def receipts() -> Receipts:
    """Return what gives the receipts of this app."""
    found: Receipts = current_app.extensions[RECEIPTS]
    return found


def note_age(said: str) -> None:
    """Remember what somebody said of their age, so that nobody is asked twice; not beyond this session."""
    if said:
        browser[_AGE] = said == "reached"


def said_of_age() -> bool:
    """Say whether somebody told us that they may open more without a guardian."""
    return bool(browser.get(_AGE, False))


def last_closing() -> tuple[UUID, int] | None:
    """Return the patient and the version that this session made last."""
    noted = browser.get(_UNDO)
    return None if noted is None else (UUID(noted["patient"]), noted["version"])


def forget_closing() -> None:
    """Forget it: what was undone is not undone again."""
    browser.pop(_UNDO, None)
