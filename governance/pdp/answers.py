"""From questions to what a platform is told: decided on what is in force, counted, and remembered in the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Flask

from governance.decision.vocabulary import Instant
from governance.effective.facts import FactsReader
from governance.pdp.batches import check_size
from governance.pdp.digests import digests_of
from governance.pdp.in_force import in_force_of
from governance.pdp.log import note
from governance.pdp.messages import Question
from governance.pdp.metrics import metrics_of
from governance.pdp.probing.wiring import watch_of
from governance.pdp.service import Answer, Desk
from governance.policy.current import conduct_in_force
from governance.ui.house import house_of


def answers_for(app: Flask, platform_id: UUID, questions: Sequence[Question], at: Instant) -> list[dict[str, Any]]:
    """Return a decision object for each question of a platform, in their order. Raises `BadInputError`."""
    check_size(questions)
    digests, conduct = digests_of(house_of(app).keyring, platform_id), conduct_in_force()
    watch = watch_of(app)

    def ask(reader: FactsReader) -> tuple[list[Answer], int]:
        return Desk(digests, reader, conduct, watch).answer(questions, at), reader.revision()

    answers, revision = in_force_of(app).read(platform_id, ask)
    metrics_of(app).count_decisions(answers)
    ids = note(app, platform_id, revision, answers)
    return [_told(made, answer) for made, answer in zip(ids, answers, strict=True)]


def _told(made: UUID, answer: Answer) -> dict[str, Any]:
    """Return what is sent, each object's members in the order of the alphabet, as Flask would write them."""
    permit, reason = answer.decision.permit, answer.decision.reason.value
    if answer.observed:
        # Shown whatever the patient chose: it says so, and the forum's kit passes through nothing but this.
        return {"context": {"id": made, "observed": permit, "reason": reason}, "decision": True}
    return {"context": {"id": made, "reason": reason}, "decision": permit}
