"""Communities after a restore: what was closed since the backup is closed, what was opened its platform says again."""

from collections.abc import Mapping
from typing import Any, Final

from governance.decision.facts import Room, Setting
from governance.decision.rooms import strictest
from governance.decision.vocabulary import Ages, Instant, Posture
from governance.effective.service import Register

_ROOM: Final = "pdp"
_ENFORCE: Final = "enforce"


def not_looser(before: Mapping[str, Any], after: Mapping[str, Any], now: Instant) -> dict[str, Any]:
    """Return what to say of a community instead of `after` where `before` was said, which may have announced more.

    Of one that nobody knew before it is what its platform said: older words there are judged by the strictest.
    """
    if not before:
        return dict(after)
    known, history = _history(before), _history(after)
    begun = [setting for setting in history if setting.since <= now]
    announced = [setting for setting in history if setting.since > now and setting in known]
    closed = strictest([*_last(known, now), *(begun or history)[-1:]])
    if not begun or begun[-1][1:] != closed:
        begun = _closed(begun, closed, now)
    return {**after, **_enforcing(before, after, now), "history": [*begun, *announced]}


def judge_strictly(register: Register, subject: str, now: Instant) -> bool:
    """Let nothing be open in a community to whom no patient permitted it; say whether anything was.

    For a community of which nobody knows what was said since the backup. Not `peer_only`: words are judged by the
    strictest their community has had since, so what every patient permitted would be lost for good. What was announced
    and has not begun is forgotten: it may have been taken back.
    """
    said = register.said("community", subject, _ROOM)
    begun = [setting for setting in _history(said) if setting.since <= now]
    closed = strictest([*begun[-1:], Room(Posture.INFORMED, Ages.MIXED)])
    if not begun or begun[-1][1:] != closed:
        begun = _closed(begun, closed, now)
    values = {**said, **_enforcing({}, said, now), "history": begun, "moderators": []}
    if _same(values, said):
        return False
    register.put("community", subject, _ROOM, values)
    return True


def _history(said: Mapping[str, Any]) -> list[Setting]:
    return [Setting(Instant(at), Posture(posture), Ages(ages)) for at, posture, ages in said.get("history", ())]


def _last(history: list[Setting], now: Instant) -> list[Setting]:
    return [setting for setting in history if setting.since <= now][-1:]


def _closed(begun: list[Setting], room: Room, now: Instant) -> list[Setting]:
    return [*(setting for setting in begun if setting.since < now), Setting(now, *room)]


def _enforcing(before: Mapping[str, Any], after: Mapping[str, Any], now: Instant) -> dict[str, Any]:
    """Return what to say of the mode: who only observes, and did not by what was said before, enforces."""
    same = before.get("mode") == after.get("mode") and before.get("mode_since") == after.get("mode_since")
    if same or after.get("mode", _ENFORCE) == _ENFORCE:
        return {}
    return {"mode": _ENFORCE, "mode_since": int(now)}


def _same(values: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return _history(values) == _history(said) and all(
        values.get(name) == said.get(name) for name in ("mode", "mode_since", "moderators")
    )
