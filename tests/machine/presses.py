"""What a press of a patient comes to, in the books: what closes counts at once, what opens waits.

This is said twice on purpose, here and in `optout/`: as the pages promise it to patients. Whether something opens is
found in another way than there (`opening.py`).
"""

from typing import NamedTuple

from tests.machine.book import CHOSEN, LEVELS, UNDO, WAIT, Pick, Wait
from tests.machine.lines import GROUPS, ending_at_18
from tests.machine.opening import About, opens

SETS = ("team", "care_team_extras", "others_extras")
PARTS = tuple(name for name in Pick._fields if name not in ("named", "rules"))


class Part(NamedTuple):
    """One part of a pick, as it is to be; of a part that lists something, one of that in, out or changed."""

    name: str
    value: object
    member: object = ""

    @property
    def place(self):
        return self.name, self.member


class Press(NamedTuple):
    """What a person brings with a press."""

    proved: bool
    of_age: bool
    alone: bool | None
    """Whether they decide without a guardian; None while nobody told their age."""
    guarded: bool = False
    """Whether somebody is there who could agree."""


def with_part(pick, part):
    if part.name in SETS:
        before = getattr(pick, part.name)
        return pick._replace(**{part.name: before | {part.member} if part.value else before - {part.member}})
    if part.name == "named":
        others = frozenset(one for one in pick.named if one.account != part.member)
        return pick._replace(named=others | ({part.value} if part.value else frozenset()))
    if part.name == "rules":
        return pick._replace(rules=pick.rules | {part.member} if part.value else pick.rules - {part.member})
    return pick._replace(**{part.name: part.value})


def with_parts(pick, parts):
    for part in parts:
        pick = with_part(pick, part)
    return pick


def parts_between(before, after):
    """Every part that differs: the hold first, then what closes and the levels, last what gives somebody more."""
    found = []
    for name in PARTS:
        was, will = getattr(before, name), getattr(after, name)
        if name in SETS:
            found += [Part(name, one in will, one) for one in sorted(was ^ will)]
        elif was != will:
            found.append(Part(name, will))
    for account in sorted({one.account for one in before.named ^ after.named}):
        found += _about_one(before, before.said_of(account), after.said_of(account), account)
    found += [Part("rules", rule in after.rules, rule) for rule in sorted(before.rules ^ after.rules)]
    return sorted(found, key=_gives)


def _gives(part):
    if part.name == "named":
        gives = part.value is None or not part.value.closes
    elif part.name == "rules":
        gives = part.value is False
    else:
        gives = bool(part.member) and part.value is True
    return not (part.name == "hold" and part.value is True), gives


def _about_one(before, was, will, account):
    """A yes that is smaller than what the groups open closes the rest at once; a yes taken back goes at once."""
    first = None
    if will is None:
        first = None if was.level == "closed" else was._replace(at_most=True)
    elif not will.closes:
        less = was is not None and was.at_most and LEVELS[will.level] < LEVELS[was.level]
        beyond = (before.opened & CHOSEN) - LEVELS[will.level]
        first = will._replace(at_most=True) if less or (was is None and beyond) else None
    if first is not None and first not in (was, will):
        yield Part("named", first, account)
    yield Part("named", will, account)


class Presses:
    """One record's presses; `works` says who works as what."""

    def __init__(self, book, record, works):
        self.book, self.record, self.works = book, record, works

    @property
    def about(self):
        stone = self.record.stone
        return About(
            self.record.adult_from,
            None if stone is None else (stone.final_at, stone.hold, tuple(stone.refused)),
            self.book.now,
            ending_at_18(self.record),
        )

    def asked(self):
        """What was picked last, with what waits."""
        return with_parts(self.record.body.pick, [part for wait in self.record.waits for part in wait.parts])

    def opens(self, before, after):
        return opens(before, after, self.about, self.works)

    def choose(self, wanted, press):
        """Take a pick; return what became of it."""
        record, now = self.record, self.book.now
        before, first = record.body, not record.chose and not record.body.said and record.stone is None
        alone = press.alone is not False
        if first and (alone or not wanted.permits_anything):
            self.put(before.then(wanted, now))
            return "in force"
        if alone:
            record.waits = [wait for wait in record.waits if wait.complete]
        at_once, rest = self._divide(wanted)
        self.put(before.then(with_parts(before.pick, at_once), now) if at_once else before)
        return self._let_wait(rest, press) if rest else "in force"

    def _divide(self, wanted):
        record, now = self.record, self.book.now
        record.waits = [wait for wait in record.waits if with_parts(wanted, wait.parts) == wanted]
        asked = [part for wait in record.waits for part in wait.parts]
        there = {part.place for part in asked}
        parts = [part for part in parts_between(record.body.pick, wanted) if part.place not in there]

        def after(some):
            return record.body.then(with_parts(record.body.pick, some), now) if some else record.body

        def opening(some):
            return self.opens(record.body, after(some)) or (
                bool(asked) and self.opens(after(asked), after([*some, *asked]))
            )

        at_once, rest = [], []
        for part in parts:
            (rest if opening([*at_once, part]) else at_once).append(part)
        self._base = after([*at_once, *asked])
        shown = after([*at_once, *asked, *rest])
        if rest and not self.opens(self._base, shown) and not self.opens(after(at_once), after([*at_once, *rest])):
            return [*at_once, *rest], []
        return at_once, rest

    def _let_wait(self, rest, press):
        names = any(part.name in ("team", "named") or getattr(part.member, "who", "") == "named" for part in rest)
        if press.alone is False and not (names or press.guarded):
            return "guardian"
        if press.alone is None and not press.of_age:
            return "age"
        if not press.proved:
            return "proof"
        asks = "" if press.alone is not False else "officer" if names else "guardian"
        due = self.book.now + (30 * WAIT if asks else WAIT)
        self.record.waits.append(Wait(tuple(rest), self._base, self.book.now, due, not asks, asks))
        return "waits"

    def hide(self):
        record = self.record
        record.waits, record.yes_waits = [], {}
        if not record.body.pick.hold:
            self.put(record.body._replace(said=True, pick=record.body.pick._replace(hold=True)))

    def undo(self, made):
        """Take a press back, if it was the last and only closed, some minutes ago; say whether it was."""
        last = self.record.last
        if last is not made or not last.at <= self.book.now < last.at + UNDO:
            return False
        if last.after != self.record.body or last.before == last.after or self.opens(last.before, last.after):
            return False
        self.put(last.before)
        return True

    def take_effect(self, wait):
        """A worker's turn: what waited counts from now on, if it is still what was shown."""
        record, now = self.record, self.book.now
        record.waits.remove(wait)
        if not wait.complete:
            return
        moved = any(_at(part, record.body.pick) != _at(part, wait.base.pick) for part in wait.parts)
        if moved or record.stone is not None:
            return
        promised = wait.base.then(with_parts(wait.base.pick, wait.parts), now)
        wanted = record.body.then(with_parts(record.body.pick, wait.parts), now)
        if not self.opens(promised, wanted):
            self._agree(wait, wanted.pick)
            self.put(wanted)

    def _agree(self, wait, wanted):
        """What a guardian agreed to ends at 18; what somebody opens alone stays."""
        for circle in GROUPS:
            gained = wanted.open_to(circle) - self.record.body.pick.open_to(circle)
            before = self.record.agreed.get(circle, frozenset())
            self.record.agreed[circle] = before | gained if wait.asks else before - gained

    def put(self, body):
        record = self.record
        if body == record.body and record.chose:
            return
        record.last = Version(record.body, body, self.book.now)
        record.body, record.chose = body, True


class Version:
    """What the last version replaced."""

    def __init__(self, before, after, at):
        self.before, self.after, self.at = before, after, at


def _at(part, pick):
    """What a pick says where a part says something."""
    if part.name == "named":
        return pick.said_of(part.member)
    value = getattr(pick, part.name)
    return part.member in value if part.member != "" else value
