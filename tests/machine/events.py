"""Steps that end something: what forums tell of accounts, and deleting one's record. None of them opens anything."""

from governance.decision.provisions import ALWAYS, Interval, Who, WhoKind
from governance.decision.vocabulary import BEGINNING, Action, Effect
from tests.decision.oracle import ON_PERSON
from tests.machine.ages import resting_in
from tests.machine.book import ERASED_AFTER, NOTHING, Record, Stone
from tests.machine.choosing import somebody, whoever
from tests.machine.joining import closes, move, stops, takes_out
from tests.machine.lines import GROUPS, line, lines_of

ALL = [line(Effect.REFUSE, who, Action) for who in GROUPS.values()]


def event(machine):
    """A forum tells what became of an account."""
    forum, name = somebody(machine)
    what = machine.chance.choice(("deleted", "recycled", "recycled", "renamed"))
    body = {"event": what, "account": name}
    if what == "renamed":
        body["to"] = f"{name.partition('-')[0]}-{len(machine.names[forum])}"
    machine.world.sends(forum, "/v1/accounts/events", body)
    if is_known(machine, forum, name):
        EVENTS[what](machine, (forum, name), body.get("to"))
    machine.visits.pop((forum, name), None)
    return f"{forum} tells that {name} was {what}{' to ' + body['to'] if 'to' in body else ''}"


def is_known(machine, forum, name):
    """Whether the service ever heard of an account: whose session began, or of whom somebody told it."""
    return machine.key(forum, name) in machine.book.records or (forum, name) in machine.born


def deleted(machine, who, _to):
    record, key = machine.known(*who), machine.key(*who)
    if record is not None:
        stands = {account for account in record.accounts if account != key and account not in machine.book.events}
        gone = {key} | {one for one in record.accounts if one not in stands and record.accounts[one][0] == who[0]}
        if stands:
            takes_out(machine, record, {account: record.accounts[account] for account in gone})
        else:
            closes(machine, record)
    machine.book.events[key] = "deleted"


def renamed(machine, who, to):
    """Whoever had the old name has the new one, too: what stands under either refuses the same."""
    old, new = machine.key(*who), machine.key(who[0], to)
    machine.names[who[0]].append(to)
    machine.renamed[who[0], to] = who[1]
    record = machine.known(*who)
    if record is not None:
        move(machine, new, (who[0], to), record)
        joined = [row for row in machine.book.joined if row.account == old]
        machine.book.joined += [row._replace(account=new) for row in joined[-1:]]
    elif old in machine.book.records:
        machine.book.records[new] = machine.book.records[old]
    machine.born.setdefault((who[0], to), len(machine.born))
    machine.book.events[old] = "renamed"


def recycled(machine, who, _to):
    """The next holder inherits nothing; what was written until now goes on refusing what the last one refused."""
    key, bound = machine.key(*who), machine.book.records.get(machine.key(*who))
    if machine.book.events.get(key) == "recycled" and machine.known(*who) is None:
        return
    record = machine.known(*who)
    if record is not None:
        stops(record)
        del record.accounts[key]
    if bound is not None:
        nobody = Record(
            who[1], exists=False, stone=Stone(machine.book.now, hold=False, refused=until_now(machine, bound, who[0]))
        )
        machine.book.records[key] = nobody
    machine.book.events[key] = "recycled"


EVENTS = {"deleted": deleted, "renamed": renamed, "recycled": recycled}


def until_now(machine, record, forum):
    """Whom the last holder refused by name, for words from before."""
    layers = [one for where, refuses in record.layers.values() if where in (None, forum) for one in refuses]
    stone = record.stone.refused if record.stone is not None else ()
    content, now = frozenset(Action) - ON_PERSON, machine.book.now
    found = []
    for one in (*stone, *lines_of(record.body), *layers):
        if one.refuses and one.who.kind is WhoKind.NAMED and one.actions & content:
            reach = Interval(one.reach.start, min(one.reach.end, now))
            limits = {"when": one.when, "reach": reach, "contact": one.contact}
            found.append(line(Effect.REFUSE, one.who, one.actions & content, one.where, **limits))
    for account, during in record.blocks:
        found.append(_blocked(account, during, content, Interval(BEGINNING, now)))
    return tuple(found)


def _blocked(account, during, actions, reach=None):
    return line(Effect.REFUSE, Who(WhoKind.NAMED, account), actions, when=Interval(*during), reach=reach or ALWAYS)


def asks_erasing(machine):
    """Somebody has their record deleted: hidden at once, gone after a week."""
    who = somebody(machine)
    visit = machine.visit(*who)
    visit.proves()
    visit.post("/my/delete")
    record = machine.record_of(*who)
    if record.erased_at is None:
        record.erased_at = machine.book.now + ERASED_AFTER
        record.layers["erasing"] = None, tuple(ALL)
    return f"{who[1]} on {who[0]} has their record deleted in a week"


def stops_erasing(machine):
    waiting = [who for who in whoever(machine) if machine.known(*who) and machine.known(*who).erased_at]
    if not waiting:
        return None
    who = machine.chance.choice(waiting)
    machine.visit(*who).post("/my/delete/stop")
    machine.known(*who).erased_at = None
    return f"{who[1]} on {who[0]} stops the deletion"


def erases(machine, record):
    """What stays is what they refused by name, the hold, and that nothing older is shown."""
    for one in (*resting_in(machine.book, record), record):
        before = one.stone or Stone(machine.book.now, hold=False)
        named = [said for said in lines_of(one.body) if said.refuses and said.who.kind is WhoKind.NAMED]
        blocked = [_blocked(account, during, Action) for account, during in one.blocks]
        hold = before.hold or one.body.pick.hold
        one.stone = Stone(machine.book.now, hold=hold, refused=(*before.refused, *named, *blocked))
        one.exists, one.body, one.layers, one.blocks, one.erased_at = False, NOTHING, {}, [], None
        stops(one)
        for who in one.accounts.values():
            machine.visits.pop(who, None)
        one.accounts, one.told, one.adult_from, one.says = {}, [], None, {}
        one.agreed, one.hides_by = {}, ""
    machine.marks += [machine.book.now - 1, machine.book.now, machine.book.now + 1]
