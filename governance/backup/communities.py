"""Communities of which nobody knows what was said since a backup: what may have been closed must not be open."""

from typing import Any, Final

from governance.decision.facts import Setting
from governance.decision.rooms import strictest
from governance.decision.vocabulary import Ages, Instant, Posture
from governance.effective.service import Register

_ROOM: Final = "pdp"


def judge_strictly(register: Register, subject: str, now: Instant) -> bool:
    """Let nothing be open in a community to whom no patient permitted it; say whether anything was.

    Not `peer_only`: words are judged by the strictest their community has had since, so what every patient permitted
    would be lost for good. What was announced and has not begun is forgotten: it may have been taken back.
    """
    said = register.said("community", subject, _ROOM)
    history = [Setting(Instant(at), Posture(posture), Ages(ages)) for at, posture, ages in said.get("history", ())]
    begun = [setting for setting in history if setting.since <= now]
    closed = Setting(now, *strictest([*begun[-1:], Setting(now, Posture.INFORMED, Ages.MIXED)]))
    if begun == history and begun and begun[-1][1:] == closed[1:]:
        return False
    kept: list[Any] = [setting for setting in begun if setting.since < now]
    register.put("community", subject, _ROOM, {**said, "history": [*kept, closed]})
    return True
