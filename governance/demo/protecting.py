"""A chapter of the walk: an officer gets from an alarming message to a protected patient, and sees a missed clock."""

from governance.demo.household import TRAINING
from governance.demo.walker import ABSENT, SHOWN, Walker

_MARK = "nobody here is real"


def olu_protects(walker: Walker) -> None:
    """Open the desk, the case of danger and the vault; block the two; read of a clock that was missed."""
    olu, dan = walker.people["olu"], walker.people["dan"]
    desk = f"{walker.service_url}/desk/cases"
    walker.reach("dan", "gets no further than the door of the reports", lambda: dan.open(desk), "/staff/sign-in")
    walker.reach("olu", "opens her list of reports", lambda: olu.open(desk), "/desk/cases")
    _reads(walker, "that nobody in the cases is real", _MARK)
    _reads(walker, "that a clock was missed", "Late since")
    walker.reach("olu", "opens the one with danger, and her vault is locked", lambda: olu.follow("Danger now."))
    walker.press("olu", "unlocks her vault", "Unlock", {"passphrase": TRAINING}, to="/desk/cases/")
    _reads(walker, "what was told", "stopped her insulin")
    walker.press("olu", "blocks the two from each other", "Block the two from each other now", to="/desk/cases/")
    _reads(walker, "that it is in force", "It is in force")
    walker.reach("olu", "opens a case of a young person", lambda: olu.open(desk), "/desk/cases")
    walker.reach("olu", "reads it", lambda: olu.follow("They came too close"), "/desk/cases/")
    _reads(walker, "to tell no guardian", "Tell no guardian")


def _reads(walker: Walker, what: str, words: str) -> None:
    seen = SHOWN if words in walker.people["olu"].page.text else ABSENT
    walker.note("olu", f"reads {what}", SHOWN, seen)
