"""Steps of people with accounts on two forums: joining them, parting them, letting a yes count there too.

Two accounts are joined where at most one of them has chosen anything; what two people's choices come to when they turn
out to be one person's is told in `tests/patients/forums`.
"""

from governance.identity.service import account_for, platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.machine.ages import decides_alone, resting_in, tell_again
from tests.machine.book import WAIT, Joined, Pick, Record
from tests.machine.choosing import whoever
from tests.machine.machine import PEOPLE


def closed(body):
    """The same with every refusal and no permit."""
    pick = body.pick
    named = frozenset(one if one.closes else one._replace(at_most=True) for one in pick.named)
    return body._replace(pick=Pick(team=pick.team, hold=pick.hold, named=named, rules=pick.rules))


def closes(machine, record):
    """Every permit of somebody ends."""
    stops(record)
    if record.body.said:
        machine.presses(record).put(closed(record.body))


def stops(record):
    record.waits, record.yes_waits = [], {}


def joins(machine):
    """Somebody shows a code in one forum's session and types it in the other's; both sides say yes."""
    f, g = ((forum, machine.chance.choice(machine.people(forum))) for forum in PEOPLE)
    one, two = machine.known(*f), machine.known(*g)
    if one is not None and two is not None and (one is two or (one.body.said and two.body.said)):
        return None
    bound = [machine.book.records.get(machine.key(*who)) for who in (f, g)]
    going = any(record is not None and (record.stone or record.erased_at) for record in bound)
    here, there = machine.visit(*f), machine.visit(*g)
    here.proves()
    there.proves()
    code = here.code("/my/forums/add")
    there.post("/my/forums/code", 200, code=code)
    there.post("/my/forums/code/yes", 200, code=code)
    here.post("/my/forums/confirm", 409 if going else 303, account=here.hidden("/my/forums/confirm")["account"])
    if going:
        return f"{f[1]} on f and {g[1]} on g cannot be joined: one of them is or will be deleted"
    if one is None and two is not None:
        join(machine, two, f)
    else:
        join(machine, one or machine.record_of(*f), g)
    return f"{f[1]} on f and {g[1]} on g are joined"


def join(machine, keeps, who):
    """An account becomes a record's; which of two goes on is the one that has chosen."""
    rests, key = machine.known(*who), machine.key(*who)
    moves = {key: who} if rests is None else dict(rests.accounts)
    if rests is not None and keeps.accounts and rests.body.said and not keeps.body.said:
        keeps, rests = rests, keeps
        moves = dict(rests.accounts)
    for record in filter(None, (keeps, rests)):
        stops(record)
    where = {forum for forum, _ in keeps.accounts.values()} if keeps.yes_on is None else set(keeps.yes_on)
    keeps.yes_on = frozenset(where - {forum for forum, _ in moves.values()})
    if rests is not None:
        merges(keeps, rests)
    for account, named in moves.items():
        machine.book.joined.append(Joined(account, keeps, rests))
        move(machine, account, named, keeps)
    counts_younger(machine, keeps)


def counts_younger(machine, record):
    """Who is a child by what was said of one of their accounts is a child, and opened nothing alone."""
    said = [at for one in (record, *resting_in(machine.book, record)) for at in one.says.values()]
    was_too_young = decides_alone(machine.book, record) is False
    if max(said, default=0) > max(machine.book.now, record.adult_from or 0):
        record.adult_from = max(said)
    tell_again(machine.book, record)
    if decides_alone(machine.book, record) is False and not was_too_young:
        closes(machine, record)


def merges(keeps, rests):
    """What others refuse for either of them is refused for both."""
    for party, (where, refuses) in rests.layers.items():
        there = keeps.layers.get(party, (where, ()))[1]
        keeps.layers[party] = where, (*there, *(one for one in refuses if one not in there))
    keeps.blocks += [block for block in rests.blocks if block not in keeps.blocks]


def rests_in(book, record):
    """The record that speaks for one now: the one into which it went, for as long as it rests there."""
    into = next((row.into for row in book.joined if row.rests is record), None)
    return record if into is None else rests_in(book, into)


def move(machine, account, named, record):
    before = machine.book.records.get(account)
    if before is not None:
        before.accounts.pop(account, None)
    record.accounts[account] = named
    machine.book.records[account] = record
    machine.book.linked[account] = machine.book.now


def parts(machine):
    """Somebody takes one of their forums out of their record."""
    joined = [who for who in whoever(machine) if machine.known(*who) and len(forums_of(machine.known(*who))) > 1]
    if not joined:
        return None
    who = machine.chance.choice(joined)
    record, forum = machine.known(*who), machine.chance.choice(sorted(PEOPLE))
    events = machine.book.events
    shown = [one for key, one in record.accounts.items() if one == who or events.get(key) not in ("renamed", "merged")]
    named = machine.chance.choice([one for one in shown if one[0] == forum] or [None])
    if named is None:
        return None
    machine.visit(*who).post("/my/forums/part", account=number_of(machine, named), sure="yes")
    gone = {account: one for account, one in record.accounts.items() if one[0] == forum}
    takes_out(machine, record, gone)
    return f"{who[1]} takes {forum} out of their record"


def number_of(machine, named):
    """The number of an account, as the page has it in its form."""
    with machine.world.transaction() as session:
        platform = platform_named(session, named[0])
        return str(account_for(session, house().keyring, platform, named[1], now()).id)


def forums_of(record):
    return {forum for forum, _ in record.accounts.values()}


def takes_out(machine, record, gone):
    """Accounts of one forum go on with a record that refuses the same there, and permits nothing."""
    stops(record)
    gone = dict(sorted(gone.items(), key=lambda one: (machine.book.linked[one[0]], machine.born[one[1]])))
    rested = [came_back(machine.book, account) for account in gone]
    forum = next(iter(gone.values()))[0]
    target = next(filter(None, rested), None) or Record(record.name, adult_from=record.adult_from)
    copies(machine, record, target, forum)
    for account, named in gone.items():
        move(machine, account, named, target)
    left = forums_of(record)
    record.yes_on = frozenset(left if record.yes_on is None else left & record.yes_on)


def came_back(book, account):
    """The record that an account had before it was joined, if no other account from there is still away from it."""
    row = next((row for row in reversed(book.joined) if row.account == account), None)
    if row is None:
        return None
    book.joined.remove(row)
    return None if any(other.rests is row.rests for other in book.joined) else row.rests


def copies(machine, record, target, forum):
    there = {party: one for party, one in record.layers.items() if one[0] in (None, forum)}
    for party, (where, refuses) in there.items():
        had = target.layers.get(party, (where, ()))[1]
        target.layers[party] = where, (*had, *(one for one in refuses if one not in had))
    target.blocks += [block for block in record.blocks if block not in target.blocks]
    said = record.body if record.body.said else target.body
    if said.said:
        machine.presses(target).put(closed(said))


def says_yes_there(machine):
    """Somebody lets what they permit count on the forum they came from, too; it waits as ever."""
    closed_there = [who for who in whoever(machine) if _is_closed(machine.known(*who), who[0])]
    if not closed_there:
        return None
    who = machine.chance.choice(closed_there)
    record, visit = machine.known(*who), machine.visit(*who)
    if machine.chance.random() < 0.8:
        visit.proves()
    alone = decides_alone(machine.book, record)
    visit.of_age = visit.of_age or machine.chance.random() < 0.7
    lacks = 409 if alone is False else 422 if alone is None and not visit.of_age else 303
    visit.post("/my/forums/yes", lacks, age="reached" if visit.of_age else "")
    if lacks == 303 and visit.is_proved:
        record.yes_waits[who[0]] = machine.book.now + WAIT
    return f"{who[1]} says that their yes counts on {who[0]} too"


def _is_closed(record, forum):
    return record is not None and record.yes_on is not None and forum not in record.yes_on


def stops_yes(machine):
    waiting = [who for who in whoever(machine) if machine.known(*who) and machine.known(*who).yes_waits]
    if not waiting:
        return None
    who = machine.chance.choice(waiting)
    visit = machine.visit(*who)
    visit.post("/my/forums/yes/stop", wish=visit.hidden("/my/forums")["wish"])
    machine.known(*who).yes_waits = {}
    return f"{who[1]} stops that their yes counts on another forum"
