"""Is the viewer one of the patient's care team, or of all others? Who is neither surely falls under both."""

from typing import Final

from governance.decision.facts import Author, TeamEntry, Viewer
from governance.decision.provisions import CARE_TEAM, OTHERS, Who, named
from governance.decision.vocabulary import Assurance, Instant

Classes = tuple[Who, ...]

ONLY_OTHERS: Final[Classes] = (OTHERS,)
ONLY_CARE_TEAM: Final[Classes] = (CARE_TEAM,)
BOTH_CLASSES: Final[Classes] = (CARE_TEAM, OTHERS)

_A4: Final = Assurance.A4


def classes_of(viewer: Viewer, author: Author, at: Instant) -> Classes:
    """Return one of the three: the care team for a member at A4, both for who left or is below it, else others."""
    touched = [entry for entry in author.care_team if entry.during.start <= at and entry.member in viewer.key_set]
    if not touched:
        return ONLY_OTHERS
    if viewer.hcp.assurance >= _A4 and any(_is_member(viewer, entry, at) for entry in touched):
        return ONLY_CARE_TEAM
    return BOTH_CLASSES


def in_care_team_now(viewer: Viewer, author: Author, at: Instant) -> bool:
    """Say whether the patient counts the viewer, by any account or claim, among the care team today."""
    return any(entry.during.covers(at) and entry.member in viewer.key_set for entry in author.care_team)


def verified(viewer: Viewer, who: Who, at: Instant) -> bool:
    """Say whether a profession or organisation of the viewer is verified now."""
    return any(claim.who == who and claim.verified.covers(at) for claim in viewer.hcp.claims)


def _is_member(viewer: Viewer, entry: TeamEntry, at: Instant) -> bool:
    if not entry.during.covers(at):
        return False
    return entry.member == named(viewer.account) or verified(viewer, entry.member, at)
