"""Steps of printed codes: whoever has one hides its owner, without a forum and without signing in."""

from tests.machine.choosing import somebody
from tests.machine.joining import rests_in

WRONG = "00000-00000-00000-00000-00000"


def prints_code(machine):
    """Somebody prints a code; the one they had hides nobody any more."""
    who = somebody(machine)
    visit = machine.visit(*who)
    visit.proves()
    record = machine.record_of(*who)
    record.hides_by = visit.code("/my/hide-code")
    machine.printed.append((record.hides_by, record))
    return f"{who[1]} on {who[0]} prints a code"


def types_code(machine):
    """Somebody types a code that was printed some time, or one that never was."""
    code, record = machine.chance.choice([*machine.printed[-8:], (WRONG, None)])
    machine.world.types(code)
    if record is None or record.hides_by != code:
        return "somebody types a code of nobody"
    owner = rests_in(machine.book, record)
    machine.presses(owner).hide()
    return f"somebody types the code of {owner.name}"
