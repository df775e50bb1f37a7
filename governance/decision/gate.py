"""Step 2, the gate: about the professional alone, so that the answer tells nothing of any patient."""

from typing import Final

from governance.decision.facts import Conduct, Hcp
from governance.decision.vocabulary import PEER_ACTIONS, Action, Capacity, Instant, Status

_PEER: Final = Capacity.PEER
_STALE: Final = Status.STALE


def passes_gate(hcp: Hcp, action: Action, capacity: Capacity, conduct: Conduct, at: Instant) -> bool:
    """Say whether this professional may do this at all; an unknown status or action never passes."""
    if hcp.blocks and any(block.covers(at) for block in hcp.blocks):
        return False
    if hcp.restrictions and any(one.action is action and one.during.covers(at) for one in hcp.restrictions):
        return False
    if capacity is _PEER and action in PEER_ACTIONS:
        return True
    needed = conduct.assurance.get(action)
    if needed is None or hcp.assurance < needed or not hcp.attested.start <= at < hcp.attested.end:
        return False
    if action not in conduct.permits.get(hcp.status, ()):
        return False
    # A check that has grown too old never does better than what it found.
    return at < hcp.checked_until or action in conduct.permits.get(_STALE, ())
