"""How often a forum may have us send on demand, for all its webhooks together; what happens by itself is not counted.

THREAT: a forum's client, or who stole its secret, has us knock at an address of its choice as fast as it can ask. The
budget of its requests is a thousand times too wide for that. Counted is the forum and not its token or webhook: both
can be had anew.
"""

from typing import Final
from uuid import UUID

from flask import current_app
from limits import parse

from governance.decision.vocabulary import Instant
from governance.ui.budgets import Budget, budgets_of
from governance.ui.house import house

_TOO_MUCH: Final = "so much was to be sent again or tried in a short time; wait as long as `Retry-After` says"


def count_send(platform_id: UUID, now: Instant) -> None:
    """Count one of a forum's sends on demand. Raises `TooManyRequests` beyond the limit; it says when to come back."""
    budget = Budget("sends", parse(house().settings.limits.sends), str(platform_id))
    budgets = budgets_of(current_app)
    if not budgets.takes(budget):
        budgets.refuse(budget, _TOO_MUCH, now)
