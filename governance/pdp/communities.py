"""Use cases around communities: stricter at once, looser for posts only after notice."""

from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import place_key
from governance.crypto.keys import Keyring
from governance.decision.facts import Room, Setting
from governance.decision.rooms import strictest
from governance.decision.vocabulary import BEGINNING, AccountKey, Ages, Instant, Posture
from governance.effective.documents import Mode, PlatformDocument
from governance.effective.life.service import Life
from governance.effective.service import Register
from governance.errors import GovernanceError, NotFoundError
from governance.pdp.models import has_patients

NOTICE: Final = 14 * 24 * 3600 * 1_000_000
"""Microseconds between announcing what is looser and judging new posts by it."""
_ROOM: Final = "pdp"


class ToldTooLateError(GovernanceError):
    """A past that a platform may not state."""

    code = "bad_input"


class Wanted(NamedTuple):
    """What a platform says a community is, whole."""

    room: Room
    moderators: Iterable[AccountKey] = ()
    mode: Mode = "enforce"
    audience: Literal["public", "members"] = "public"


class Registered(NamedTuple):
    """What a community will be judged by, each part from when."""

    setting: Setting
    mode: Mode
    mode_since: Instant


class Communities:
    """Writes the communities of one platform, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Write for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id

    def put(self, community: str, wanted: Wanted, *, now: Instant, told: Instant | None = None) -> Registered:
        """Set what a community is; return what was set with the instants from which it holds.

        `told`: since when its members have been told so, at its first registration only. Words from before
        are judged by the platform's strictest. Raises `ToldTooLateError`.
        """
        register = Register(self._session, self._keyring, now)
        subject = f"{self._platform_id}/{place_key(self._keyring, self._platform_id, 'community', community)}"
        said = register.said("community", subject, _ROOM)
        history = [Setting(Instant(at), Posture(was), Ages(of)) for at, was, of in said.get("history", ())]
        if told is not None and (history or told > now):
            raise ToldTooLateError("`told_since` may be said at the first registration only, and not of the future")
        history = _followed_by(history, wanted.room, now) if history or told is None else [Setting(told, *wanted.room)]
        mode_since = self._mode_since(said, wanted.mode, now)
        values = {"history": history, "moderators": sorted(set(wanted.moderators)), "audience": wanted.audience}
        register.put("community", subject, _ROOM, {**values, "mode": wanted.mode, "mode_since": mode_since})
        self._keep_strictest(register, history)
        if wanted.mode == "observe":
            Life(self._session, self._keyring, self._platform_id, now).not_live(subject.partition("/")[2])
        return Registered(history[-1], wanted.mode, mode_since)

    def enforce(self, community: str, now: Instant) -> None:
        """Have a registered community enforce from now on. Raises `NotFoundError`."""
        register = Register(self._session, self._keyring, now)
        subject = f"{self._platform_id}/{place_key(self._keyring, self._platform_id, 'community', community)}"
        said = register.said("community", subject, _ROOM)
        if not said:
            raise NotFoundError("there is no such community; the forum tells of it by `PUT /v1/communities/{id}`")
        if said.get("mode") != "enforce":
            register.put("community", subject, _ROOM, {**said, "mode": "enforce", "mode_since": now})

    def _mode_since(self, said: dict[str, Any], mode: Mode, now: Instant) -> Instant:
        """Return from when a mode holds: enforcing at once, observing after notice."""
        if said.get("mode", "enforce" if said else None) == mode:
            return Instant(said.get("mode_since", BEGINNING))
        if mode == "enforce":
            return now
        # Before anybody chose anything on a platform, there is no refusal that it could stop keeping.
        fresh = not said and not has_patients(self._session, self._platform_id)
        return BEGINNING if fresh else Instant(now + NOTICE)

    def _keep_strictest(self, register: Register, history: list[Setting]) -> None:
        # Begins at the default: one open community must not open those that nobody told us about.
        document: PlatformDocument = register.document("platform", str(self._platform_id))
        room = strictest([Setting(BEGINNING, document.posture, document.ages), *history])
        subject = str(self._platform_id)
        # Said once more with each community, it would be an entry and a revision that change nothing.
        if room != (document.posture, document.ages) or not register.said("platform", subject, _ROOM):
            register.put("platform", subject, _ROOM, {"posture": room.posture, "ages": room.ages})


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
