"""Steps of children below the age of consent, and of guardians who say yes or no to what they want."""

import re

from tests.machine.ages import decides_alone, is_young
from tests.machine.book import ORDER, WAIT, Pick
from tests.machine.choosing import asked, is_told, saved, send_answers, whoever
from tests.machine.others import GUARDIAN, is_linked, tells_age

_WISH = re.compile(r'name="about" value="([^"]*)"')


def becomes_child(machine):
    """A forum says of somebody who chose that they are under 13; staff link a guardian, and the child is told."""
    able = [who for who in whoever(machine) if _chose(machine.known(*who)) and not machine.known(*who).guardian]
    if not able:
        return None
    who = machine.chance.choice(able)
    tells_age(machine, *who, "under_13")
    if is_young(machine.book, machine.known(*who)):
        is_linked(machine, *who)
    is_told(machine, *who)
    return f"{who[0]} says that {who[1]} is under 13, and {GUARDIAN} is their guardian"


def _chose(record):
    return record is not None and record.body.said and not record.body.pick.hold


def child_wants(machine):
    """A child with a guardian wants to let a group do more."""
    able = [who for who in whoever(machine) if _is_guarded(machine, machine.known(*who))]
    if not able:
        return None
    who, chance = machine.chance.choice(able), machine.chance
    visit, before = machine.visit(*who, anew=True), asked(machine, machine.known(*who))
    if before == Pick(hold=True):
        return None
    visit.proves()
    circle, most = chance.choice((("care_team", 5), ("others", 3)))
    more = ORDER[ORDER.index(getattr(before, circle)) + 1 : most] or ["closed"]
    wanted = before._replace(**{circle: chance.choice(more)})
    send_answers(visit, before, wanted, machine)
    outcome = saved(machine, who, visit, wanted)
    return f"{who[1]} on {who[0]}, a child, lets {circle} do {getattr(wanted, circle)}: {outcome}"


def _is_guarded(machine, record):
    if record is None or not record.guardian or not record.body.said:
        return False
    return is_young(machine.book, record) and decides_alone(machine.book, record) is False


def guardian_answers(machine):
    """A guardian says yes or no to what a child wants; a yes takes a proof, and begins the wait."""
    linked = [record for record in machine.records() if record.guardian and record.exists]
    asking = [record for record in linked if is_young(machine.book, record) and wishes_of(record)]
    if not asking:
        return None
    record = machine.chance.choice(asking)
    forum, number = record.guardian
    visit, yes, wishes = machine.visit(forum, GUARDIAN), machine.chance.random() < 0.8, wishes_of(record)
    if machine.chance.random() < 0.8:
        visit.proves()
    shown = _WISH.findall(visit.get(f"/guardian/{number}").get_data(as_text=True))
    assert len(shown) == len(wishes), (record.name, shown, wishes)
    which = machine.chance.randrange(len(wishes))
    visit.post(f"/guardian/{number}/answer", about=shown[which], answer="yes" if yes else "no")
    if not yes:
        record.waits.remove(wishes[which])
    elif visit.is_proved:
        wishes[which].complete, wishes[which].due = True, machine.book.now + WAIT
    return f"{GUARDIAN} says {'yes' if yes else 'no'} to what {record.name} wants"


def wishes_of(record):
    """What a child asks of a guardian, the next one first."""
    return sorted((one for one in record.waits if one.asks == "guardian" and not one.complete), key=lambda one: one.due)
