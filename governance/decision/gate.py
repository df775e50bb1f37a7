"""Step 2, the gate: about the professional alone, so that the answer tells nothing of any patient."""

from governance.decision.facts import Conduct, Hcp
from governance.decision.vocabulary import PEER_ACTIONS, Action, Capacity, Instant, Status


def passes_gate(hcp: Hcp, action: Action, capacity: Capacity, conduct: Conduct, at: Instant) -> bool:
    """Say whether this professional may do this at all; an unknown status or action never passes."""
    if any(block.covers(at) for block in hcp.blocks):
        return False
    if capacity is Capacity.PEER and action in PEER_ACTIONS:
        return True
    return (
        action in conduct.permits.get(status_at(hcp, at), ())
        and hcp.attested.covers(at)
        and hcp.assurance >= conduct.assurance[action]
    )


def status_at(hcp: Hcp, at: Instant) -> Status:
    """Return the register status, `stale` once the last check is too old."""
    return hcp.status if at < hcp.checked_until else Status.STALE
