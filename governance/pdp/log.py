"""Where the counter's decisions go to be remembered."""

from collections.abc import Sequence
from uuid import UUID

from flask import Flask

from governance.db.base import new_ids
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.service import Noted
from governance.pdp.service import Answer

_NAME = "governance.decisions"


def keep_decisions(app: Flask, buffer: DecisionBuffer) -> None:
    """Let an app's decisions be gathered there."""
    app.extensions[_NAME] = buffer


def decisions_of(app: Flask) -> DecisionBuffer:
    """Return where an app's decisions are gathered."""
    buffer: DecisionBuffer = app.extensions[_NAME]
    return buffer


def note(app: Flask, platform_id: UUID, revision: int, answers: Sequence[Answer]) -> list[UUID]:
    """Put answers into an app's log, without waiting; return the id that each is known by."""
    ids = new_ids(len(answers))
    noted = [
        Noted(made, platform_id, revision, answer.request, answer.facts, answer.decision, *answer[3:])
        for made, answer in zip(ids, answers, strict=True)
        if answer.request is not None
    ]
    decisions_of(app).note(noted)
    return ids
