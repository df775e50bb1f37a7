"""A walk: steps by chance, and after each of them questions, whose answers the oracle must give too."""

from copy import deepcopy

from tests.machine import agreeing, capacities, choosing, codes, events, joining, others, publishing, rules
from tests.machine.house import HOUR, SECOND
from tests.machine.machine import PERMITS, Machine, Questions
from tests.machine.messages import message_of

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
MINUTES = (1, 4, 7, 30, 5 * 60, 23 * 60, 24 * 60, 25 * 60, 8 * 24 * 60)


class DisagreementError(AssertionError):
    """The service answers one thing, and the oracle another one."""


def later(machine):
    minutes = machine.chance.choice(MINUTES)
    machine.later(minutes * 60 * SECOND)
    return f"{minutes} minutes go by"


def work(machine):
    """A worker's turn: whatever is due takes effect, in its order."""
    now = machine.book.now
    machine.world.works()
    due = [
        (wait.due, machine.presses(record).take_effect, wait) for record in machine.records() for wait in record.waits
    ]
    due += [(at, record.counts_on, forum) for record in machine.records() for forum, at in record.yes_waits.items()]
    due = sorted((one for one in due if one[0] <= now), key=lambda one: one[0])
    for _, takes_effect, what in due:
        takes_effect(what)
    if machine.erased_next <= now:
        machine.erased_next += ((now - machine.erased_next) // HOUR + 1) * HOUR
        for record in machine.records():
            if record.erased_at is not None and record.erased_at <= now:
                events.erases(machine, record)
    return f"a worker does what is due: {len(due)} changes"


def cancel(machine):
    """Somebody stops something that waits."""
    waiting = [who for who in choosing.whoever(machine) if machine.known(*who) and machine.known(*who).waits]
    if not waiting:
        return None
    who = machine.chance.choice(waiting)
    record, visit = machine.known(*who), machine.visit(*who)
    changes = visit.changes()
    assert len(changes) == len(record.waits), f"{who}: {len(changes)} changes wait, and not {len(record.waits)}"
    number = machine.chance.randrange(len(changes))
    visit.post("/my/waiting/cancel", change=changes[number])
    waits = sorted(record.waits, key=lambda wait: wait.due)
    record.waits.remove(waits[number])
    return f"{who[1]} on {who[0]} stops what waits"


def restart(machine):
    which = machine.chance.randrange(2)
    machine.world.restarts(which)
    return f"process {which + 1} ends, and another one begins on the database"


STEPS = {
    choosing.told: 6,
    choosing.choose: 16,
    choosing.hide: 3,
    choosing.show_again: 3,
    choosing.undo: 3,
    cancel: 2,
    later: 8,
    work: 5,
    restart: 1,
    others.tighten: 2,
    others.takes_away: 3,
    others.says_age: 5,
    others.sets_group: 3,
    others.takes_measure: 3,
    others.worse_status: 1,
    others.links_guardian: 2,
    others.guardian_acts: 3,
    joining.joins: 4,
    joining.parts: 2,
    joining.says_yes_there: 4,
    joining.stops_yes: 1,
    rules.refuses_for_a_while: 5,
    rules.takes_rule_away: 3,
    publishing.publishes: 1,
    capacities.says_capacity: 4,
    codes.prints_code: 2,
    codes.types_code: 2,
    agreeing.becomes_child: 1,
    agreeing.child_wants: 3,
    agreeing.guardian_answers: 3,
    events.event: 3,
    events.asks_erasing: 2,
    events.stops_erasing: 1,
}


OPEN_FROM_THE_START = (("f", "ana"), ("f", "ben"), ("f", "cleo"), ("g", "anna"), ("g", "bea"))
CLOSING = {
    choosing.hide,
    cancel,
    restart,
    others.tighten,
    others.worse_status,
    others.links_guardian,
    others.guardian_acts,
    joining.joins,
    joining.parts,
    joining.stops_yes,
    rules.refuses_for_a_while,
    publishing.publishes,
    codes.prints_code,
    codes.types_code,
    agreeing.guardian_answers,
    events.event,
    events.asks_erasing,
    events.stops_erasing,
}
"""After these nobody may do what nobody could before."""


class Walk:
    """One machine on its way."""

    def __init__(self, settings, seed):
        self.machine = Machine(settings, seed)
        self.questions, self.before = Questions(self.machine), None

    def goes(self, requests, steps=STEPS, each=12):
        machine = self.machine
        chance = machine.chance
        try:
            for who in OPEN_FROM_THE_START:
                machine.later(SECOND)
                machine.tells(choosing.begins(machine, who))
            while machine.world.requests < requests:
                self.takes(chance.choices([*steps], [*steps.values()])[0])
                for _ in range(each):
                    self.asks([self.questions.one()])
                self.asks([self.questions.one() for _ in range(12)])
        except Exception as error:
            error.add_note(self.story())
            raise
        finally:
            machine.close()

    def takes(self, step):
        machine = self.machine
        machine.later(SECOND)
        self.before = deepcopy(machine.book) if step in CLOSING else None
        machine.renamed = {}
        machine.trying = step.__name__.replace("_", " ")
        told = step(machine)
        if told is not None:
            machine.counts[step.__name__] += 1
            machine.tells(told)

    def asks(self, some):
        """Ask questions in one request, of one of the two processes, and hold every answer against the oracle."""
        machine = self.machine
        forum, which = some[0].forum, machine.chance.randrange(2)
        some = [one for one in some if one.forum == forum]
        if len(some) == 1:
            answers = [machine.world.sends(forum, ONE, message_of(some[0]), which=which)]
        else:
            sent = {"evaluations": [message_of(one) for one in some]}
            answers = machine.world.sends(forum, MANY, sent, which=which)["evaluations"]
        for one, answer in zip(some, answers, strict=True):
            self._compares(one, answer)

    def _compares(self, asked, answer):
        machine, wanted = self.machine, self.questions.expected(asked)
        machine.decisions += 1
        machine.permitted += answer["decision"]
        said = answer["context"]["reason"]
        if answer["decision"] and self.before is not None and asked.is_older(self.before.now):
            self._was_open(asked)
        if (said, answer["decision"]) != (wanted.value, wanted in PERMITS):
            raise DisagreementError(f"asked: {asked}\nthe service says {said}, the oracle {wanted.value}")

    def _was_open(self, asked):
        """The last step can only have closed: whoever may do something now could before it."""
        self.before.now, then = self.machine.book.now, self.before.now
        if self.questions.expected(self._as_named_then(asked), self.before) not in PERMITS:
            raise DisagreementError(f"asked: {asked}\nthe last step opened it, and it only closes")
        self.before.now = then

    def _as_named_then(self, asked):
        """The same question before a forum renamed somebody: what they permit goes with them to their new name."""
        was = self.machine.renamed
        authors = tuple((was.get((asked.forum, name), name), *rest) for name, *rest in asked.authors)
        return asked._replace(authors=authors)

    def story(self):
        machine = self.machine
        head = f"seed {machine.seed}, {machine.world.requests} requests, {machine.decisions} decisions; the last steps:"
        return "\n".join([head, *machine.story[-30:], f"the step after that, if it went wrong there: {machine.trying}"])
