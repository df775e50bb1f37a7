"""Use cases around communities: stricter at once, looser for posts only after notice."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import Setting
from governance.decision.rooms import strictest
from governance.decision.vocabulary import POSTURE_STRICTNESS, AccountKey, Ages, Instant, Posture
from governance.effective.documents import PlatformDocument
from governance.effective.service import Register

NOTICE: Final = 14 * 24 * 3600 * 1_000_000
"""Microseconds between announcing a looser posture and judging new posts by it."""
_ROOM: Final = "pdp"


class Communities:
    """Writes the communities of one platform, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Write for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform = str(platform_id)

    def put(
        self, community: str, posture: Posture, ages: Ages, moderators: Iterable[AccountKey], *, now: Instant
    ) -> Setting:
        """Set what a community is; return the setting with the instant from which it holds."""
        register = Register(self._session, self._keyring, now)
        subject = f"{self._platform}/{community}"
        said = register.said("community", subject, _ROOM)
        history = [Setting(Instant(at), Posture(was), Ages(of)) for at, was, of in said.get("history", ())]
        setting = _next(history, posture, ages, now)
        # What was announced and has not begun is replaced by the newer announcement.
        history = [*(earlier for earlier in history if earlier.since < setting.since), setting]
        values = {"history": history, "moderators": sorted(moderators)}
        register.put("community", subject, _ROOM, values)
        self._keep_strictest(register, history)
        return setting

    def _keep_strictest(self, register: Register, history: list[Setting]) -> None:
        document: PlatformDocument = register.document("platform", self._platform)
        known = register.said("platform", self._platform, _ROOM)
        before = [Setting(Instant(0), document.posture, document.ages)] if known else []
        room = strictest([*before, *history])
        register.put("platform", self._platform, _ROOM, {"posture": room.posture, "ages": room.ages})


def _next(history: list[Setting], posture: Posture, ages: Ages, now: Instant) -> Setting:
    in_force = [setting for setting in history if setting.since <= now]
    if not in_force:
        return Setting(now, posture, ages)
    current = in_force[-1]
    looser = POSTURE_STRICTNESS[posture] > POSTURE_STRICTNESS[current.posture] or (
        ages is Ages.ADULTS and current.ages is Ages.MIXED
    )
    return Setting(Instant(now + NOTICE) if looser else now, posture, ages)
