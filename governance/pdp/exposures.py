"""What a forum showed to professionals by decisions it took itself: into the same log, apart from what it asked us."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.past import governed_since
from governance.errors import BadInputError
from governance.ledger.decisions.service import SHOWN_TO_PATIENTS, Shown, write_shown
from governance.pdp.digests import Digests, digests_of
from governance.ui.clock import to_instant

_AHEAD: Final = 5 * 60 * 1_000_000
"""Microseconds that a forum's clock may be ahead of ours."""


def keep_shown(
    session: Session, keyring: Keyring, platform_id: UUID, sent: Sequence[dict[str, Any]], now: Instant
) -> None:
    """Keep what was shown to professionals. Raises `BadInputError` if one lies too far back, or ahead.

    INVARIANT: of what a member saw nothing is kept, nor of what somebody saw before they were known for a professional.
    """
    digests = digests_of(keyring, platform_id)
    shown = [_shown(one, number, digests, now) for number, one in enumerate(sent)]
    since = governed_since(session, keyring, platform_id, {one.viewer for one in shown})
    kept = [one for one in shown if one.viewer in since and since[one.viewer] <= one.at and one.viewer != one.author]
    write_shown(session, keyring, platform_id, kept)


def _shown(sent: dict[str, Any], number: int, digests: Digests, now: Instant) -> Shown:
    at = to_instant(sent["at"])
    if not now - SHOWN_TO_PATIENTS <= at <= now + _AHEAD:
        raise BadInputError(
            f"`exposures[{number}].at` must lie within the last 30 days and not ahead of now; send the others again"
        )
    return Shown(
        author=digests.account(sent["author"]),
        viewer=digests.account(sent["viewer"]),
        action=sent["action"],
        # A clock that is ahead must not put anything into a patient's future.
        at=Instant(min(at, now)),
        community=digests.community(sent["community"]) if "community" in sent else "",
        thread=digests.thread(sent["thread"]) if "thread" in sent else "",
        post=digests.post(sent["post"]) if "post" in sent else "",
        revision=sent["revision"],
    )
