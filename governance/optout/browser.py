"""What a browser's session knows of a patient's presses: the last closing, which it may undo for some minutes."""

from typing import Final
from uuid import UUID

from flask import session as browser

from governance.decision.vocabulary import Instant
from governance.optout.models import Directive

_UNDO: Final = "undo"


def note_closing(directive: Directive, at: Instant) -> None:
    """Remember a version that this press made; one that stood already is nobody's to undo."""
    if directive.at == at:
        browser[_UNDO] = {"patient": str(directive.patient_id), "version": directive.version}


def last_closing() -> tuple[UUID, int] | None:
    """Return the patient and the version that this session made last."""
    noted = browser.get(_UNDO)
    return None if noted is None else (UUID(noted["patient"]), noted["version"])


def forget_closing() -> None:
    """Forget it: what was undone is not undone again."""
    browser.pop(_UNDO, None)
