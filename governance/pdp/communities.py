"""Use cases around communities: stricter at once, looser for posts only after notice."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import place_key
from governance.crypto.keys import Keyring
from governance.decision.facts import Room, Setting
from governance.decision.rooms import strictest
from governance.decision.vocabulary import BEGINNING, AccountKey, Ages, Instant, Posture
from governance.effective.documents import PlatformDocument
from governance.effective.service import Register
from governance.errors import GovernanceError

NOTICE: Final = 14 * 24 * 3600 * 1_000_000
"""Microseconds between announcing a looser posture and judging new posts by it."""
_ROOM: Final = "pdp"


class ToldTooLateError(GovernanceError):
    """A past that a platform may not state."""

    code = "bad_input"


class Communities:
    """Writes the communities of one platform, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Write for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id

    def put(
        self,
        community: str,
        wanted: Room,
        moderators: Iterable[AccountKey],
        *,
        now: Instant,
        told: Instant | None = None,
    ) -> Setting:
        """Set what a community is; return the setting with the instant from which it holds.

        `told`: since when its members have been told so, at its first registration only. Words from before
        are judged by the platform's strictest. Raises `ToldTooLateError`.
        """
        register = Register(self._session, self._keyring, now)
        subject = f"{self._platform_id}/{place_key(self._keyring, self._platform_id, 'community', community)}"
        said = register.said("community", subject, _ROOM)
        history = [Setting(Instant(at), Posture(was), Ages(of)) for at, was, of in said.get("history", ())]
        if told is not None and (history or told > now):
            raise ToldTooLateError("`told_since` may be said at the first registration only, and not of the future")
        history = _followed_by(history, wanted, now) if history or told is None else [Setting(told, *wanted)]
        register.put("community", subject, _ROOM, {"history": history, "moderators": sorted(set(moderators))})
        self._keep_strictest(register, history)
        return history[-1]

    def _keep_strictest(self, register: Register, history: list[Setting]) -> None:
        # Begins at the default: one open community must not open those that nobody told us about.
        document: PlatformDocument = register.document("platform", str(self._platform_id))
        room = strictest([Setting(BEGINNING, document.posture, document.ages), *history])
        register.put("platform", str(self._platform_id), _ROOM, {"posture": room.posture, "ages": room.ages})


def _followed_by(history: list[Setting], wanted: Room, now: Instant) -> list[Setting]:
    """Return the history with what is wanted: the stricter part from now, the looser after notice.

    What was announced before and has not begun is replaced, unless it is announced once more.
    """
    begun = [setting for setting in history if setting.since <= now]
    if not begun:
        return [Setting(now, *wanted)]
    current = Room(begun[-1].posture, begun[-1].ages)
    at_once = strictest([begun[-1], Setting(now, *wanted)])
    if at_once != current:
        begun = [*(setting for setting in begun if setting.since < now), Setting(now, *at_once)]
    if at_once == wanted:
        return begun
    announced = (setting.since for setting in history if setting.since > now and setting[1:] == wanted)
    return [*begun, Setting(next(announced, Instant(now + NOTICE)), *wanted)]
