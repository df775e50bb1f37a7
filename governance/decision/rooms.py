"""What a community was: words are judged by the strictest it has been since they were written."""

from collections.abc import Iterable, Sequence

from governance.decision.facts import Facts, Room, Setting, Words
from governance.decision.vocabulary import BEGINNING, NOT_SENT, POSTURE_STRICTNESS, Ages, Instant


def room_of(facts: Facts, words: Words, at: Instant, *, now_only: bool) -> Room:
    """Return posture and ages that govern these words; today's alone for an action on a person."""
    if words.community is NOT_SENT:
        return facts.strictest
    community = facts.communities.get(words.community)
    if community is None or not community.history:
        return facts.strictest
    written = at
    if not now_only and (words.created is NOT_SENT or words.created < at):
        written = BEGINNING if words.created is NOT_SENT else words.created
    if community.only_room is not None and community.history[0].since <= written:
        return community.only_room
    settings = _between(community.history, written, at)
    if written < community.history[0].since:
        # Nobody told us what the community was then; a first, open setting must not open older words.
        return strictest([*settings, facts.strictest])
    return strictest(settings)


def strictest(settings: Iterable[Setting | Room]) -> Room:
    """Return the strictest posture and the strictest ages found, each for itself. Raises `ValueError` if none are."""
    found = list(settings)
    posture = min((setting.posture for setting in found), key=POSTURE_STRICTNESS.__getitem__)
    ages = Ages.MIXED if any(setting.ages is Ages.MIXED for setting in found) else Ages.ADULTS
    return Room(posture, ages)


def _between(history: Sequence[Setting], since: Instant, until: Instant) -> list[Setting]:
    """Return the settings in force at some time from `since` to `until`, both inside.

    A setting still to come, the first one included, is nobody's word yet.
    """
    first = max((i for i, setting in enumerate(history) if setting.since <= since), default=0)
    return [setting for i, setting in enumerate(history) if i >= first and setting.since <= until]
