"""Is a forum on hold, and when was it: as decisions read it, for the pages of those whom a hold touches."""

from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.provisions import Interval
from governance.decision.vocabulary import FOREVER, Instant
from governance.effective.errors import BrokenRowError
from governance.effective.life.service import Standing, standing_of
from governance.effective.models import PlatformChange
from governance.effective.past import Past
from governance.effective.present import in_force

_log = structlog.get_logger()


def hold_on(session: Session, keyring: Keyring, platform_id: UUID) -> Standing | None:
    """Return where a forum is, if decisions refuse every professional there; what cannot be read refuses as well.

    The row in force says whether, and the life of the forum in words since when and why.
    """
    try:
        shut = in_force(session, keyring, platform_id).places(()).suspended
    except BrokenRowError:
        _log.critical("broken_row", kind="viewer_or_community")
        shut = True
    return standing_of(session, platform_id) if shut else None


def holds_since(session: Session, keyring: Keyring, platform_id: UUID, since: Instant) -> tuple[Interval, ...]:
    """Return when a forum was on hold, as far as that lies behind an instant; one that goes on has no end.

    Raises `BrokenRowError`.
    """
    changes = PlatformChange.ever_about(session, platform_id, "platform", [str(platform_id)])
    found: list[Interval] = []
    until = FOREVER
    # Backwards, as nobody asks what came before: a forum has years of changes, and a page a month.
    for change in reversed(changes):
        at = Instant(change.at)
        if Past(session, keyring, platform_id, change.revision).document("platform", str(platform_id)).suspended:
            goes_on = bool(found) and found[-1].start == until
            found.append(Interval(at, found.pop().end if goes_on else until))
        elif at <= since:
            break
        until = at
    return tuple(one for one in reversed(found) if one.end > since)
