"""Whether the person at the door proved a moment ago who they are, and the way to do so."""

from flask.typing import ResponseReturnValue

from governance.decision.vocabulary import Instant
from governance.identity.proofs.proof import LASTS, proved_within, to_proof
from governance.identity.sessions.service import SignedIn
from governance.optout.ratchet import Press
from governance.policy.views.optout import OptoutPolicy

_HOUR = 3_600 * 1_000_000


def press_of(person: SignedIn, policy: OptoutPolicy, at: Instant, *, of_age: bool = False) -> Press:
    """Return a press of somebody who is signed in, under the policy in force."""
    return Press(
        at,
        wait=policy.cooling_off_hours * _HOUR,
        # We are not told in which country somebody lives: the strictest age of all holds.
        consent_age=policy.ages("").digital_consent,
        of_age=of_age,
        proved=proved_within(person, LASTS, at),
    )


def way_to_prove(back_to: str) -> ResponseReturnValue:
    """Send somebody to prove who they are, and back to an endpoint of ours."""
    return to_proof(back_to)
