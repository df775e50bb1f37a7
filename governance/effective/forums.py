"""One patient on several forums: a refusal counts on all of them, a permit only where it was given.

INVARIANT: what counts on one forum alone is taken away by turning permits into refusals. A permit that is limited to a
place would be the more specific line there, and could win against a refusal that it lost to before.
"""

from typing import Any, Final

import msgspec

from governance.decision.levels import provisions_of_level
from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, Scale, WhoKind
from governance.decision.vocabulary import FOREVER, Contact, Effect, Level
from governance.effective.documents import Line, PatientDocument, line_of

ROOM: Final = "forums"
PARTED: Final = "parted"
"""The room that begins what is said of a patient anew after two people's records were parted; it says nothing."""
_CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})
_ALWAYS: Final = (ALWAYS.start, ALWAYS.end)
_CLOSED: Final = (Level.CLOSED, Level.CLOSED)
_NO: Final[dict[str, Any]] = {"levels": _CLOSED, "emergency_yes_since": FOREVER, "peers_welcome": False}
"""What is permitted by something else than a line, as it is where nothing of it was permitted."""


def on_platform(document: PatientDocument, platform: str) -> PatientDocument:
    """Return what is in force about a patient on one platform.

    A permit by name stays: it counts only for the account named, which is on one platform alone.
    """
    if document.yes_on is None or platform in document.yes_on:
        return document
    # Of who chose nothing no line refuses: as somebody of age they would be open to whoever a community lets in.
    adult_from = document.adult_from if document.lines else FOREVER
    lines = tuple(map(_as_refusal, document.lines))
    return msgspec.structs.replace(document, lines=lines, adult_from=adult_from, **_NO)


def counts_on_more(before: PatientDocument, after: PatientDocument) -> bool:
    """Say whether permits count on a platform on which they did not count before."""
    if before.yes_on is None:
        return False
    return after.yes_on is None or not after.yes_on <= before.yes_on


def closed(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a patient chose with every refusal kept, every permit gone, and both groups closed."""
    lines = msgspec.convert(said.get("lines", []), tuple[Line, ...], from_attributes=True)
    kept = [line for line in lines if line.effect is Effect.REFUSE and not _is_covered(line)]
    groups = (CARE_TEAM, OTHERS)
    shut = [line_of(line) for who in groups for line in provisions_of_level(Level.CLOSED, who, name=who.kind.value)]
    nothing = {name: value for name, value in _NO.items() if name in said}
    return {**said, **nothing, "levels": _CLOSED, "lines": [*shut, *kept]}


def _as_refusal(line: Line) -> Line:
    if line.effect is Effect.REFUSE or line.scale is not Scale.EVERYWHERE or line.who is WhoKind.NAMED:
        return line
    return msgspec.structs.replace(line, effect=Effect.REFUSE, contact=Contact.ANY)


def _is_covered(line: Line) -> bool:
    """Say whether a closed group refuses all that this line refuses."""
    everywhere = line.scale is Scale.EVERYWHERE and line.when == line.reach == _ALWAYS
    return everywhere and line.who in _CLASSES
