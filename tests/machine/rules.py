"""Steps of rules that end by themselves: nobody of a group, or one professional, for two weeks, in one place."""

import json
from datetime import datetime, timedelta
from html import unescape

from governance.decision.vocabulary import FOREVER
from tests.machine.ages import HERE, moment
from tests.machine.book import BEGINNING, DAY, Named, Pick, Rule
from tests.machine.choosing import asked, saved, whoever
from tests.machine.machine import GROUPS

MOST = 2
"""Rules of one person: what they open and close is looked for one by one."""
SCALES = {"everywhere": 0, "platform": 1, "community": 2, "thread": 3}


def refuses_for_a_while(machine):
    """Somebody refuses a group, a profession or one professional everything in one place, for a time."""
    able = [who for who in whoever(machine) if _may_have_more(machine, machine.known(*who))]
    if not able:
        return None
    who, chance = machine.chance.choice(able), machine.chance
    record, visit = machine.known(*who), machine.visit(*who, anew=True)
    whom, wanted = chance.choice(("care_team", "others", "profession", "named", "named")), asked(machine, record)
    listed = machine.professionals(who[0], wanted)
    if whom == "named" and not listed:
        return None
    name = {"profession": "nurse", "named": chance.choice(listed or [""])}.get(whom, "")
    where, posts = chance.choice(sorted(SCALES)), chance.choice(("all", "all", "new", "old"))
    place = {"community": chance.choice(sorted(GROUPS)), "thread": "t1"}.get(where, "")
    when = chance.choice(("two_weeks", "two_weeks", "days", "open"))
    first, last = send(machine, visit, (whom, name), (where, place), (when, posts))
    start, end = span(machine.book.now, when, first, last)
    said = machine.key(who[0], name) if whom == "named" else name
    forum = who[0] if where != "everywhere" else ""
    since = machine.book.now if posts == "new" else BEGINNING
    until = machine.book.now if posts == "old" else FOREVER
    wanted = into(wanted, Rule(whom, said, SCALES[where], forum, place, start, end, since, until))
    outcome = saved(machine, who, visit, wanted)
    machine.marks += [start + 1, min(end, machine.book.now + 20 * DAY) - 1]
    return f"{who[1]} on {who[0]} refuses {whom} {name} {where} {place} {when}, {posts} posts: {outcome}"


def _may_have_more(machine, record):
    if record is None or not record.body.said:
        return False
    asked = machine.presses(record).asked()
    return asked != Pick(hold=True) and len(asked.rules) < MOST


def send(machine, visit, whom, where, times):
    """The five questions; return the days that were typed."""
    kind, name = whom
    fields = {"profession": {"profession": name}, "named": {"person": machine.key(visit.forum, name) if name else ""}}
    visit.post("/choices/rule/who", who=kind, **fields.get(kind, {})) if visit.get("/choices/rule/who") else None
    visit.post("/choices/rule/where", where=where[0], place=where[1])
    visit.post("/choices/rule/what", level="closed")
    today = moment(machine.book.now).astimezone(HERE).date()
    first, last = today, today + timedelta(days=3)
    days = {"first": first.isoformat(), "last": last.isoformat()} if times[0] == "days" else {"first": "", "last": ""}
    visit.post("/choices/rule/when", when=times[0], zone="Europe/London", **days)
    visit.post("/choices/rule/posts", posts=times[1])
    return first, last


def span(now, when, first, last):
    """From when to when, by the clock on a wall in London."""
    if when == "open":
        return now, FOREVER
    if when == "days":
        return _midnight(first), _midnight(last + timedelta(days=1))
    later = moment(now).astimezone(HERE).replace(tzinfo=None) + timedelta(days=14)
    return now, max(now + 14 * DAY, *(_instant(later.replace(tzinfo=HERE, fold=fold)) for fold in (0, 1)))


def _midnight(day):
    return _instant(datetime(day.year, day.month, day.day, tzinfo=HERE))


def _instant(moment):
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def into(pick, rule):
    """A pick with one rule more; one that has no end and holds everywhere is what a level or a name says."""
    plain = rule.scale == 0 and rule.end == FOREVER and (rule.since, rule.until) == (BEGINNING, FOREVER)
    if plain and rule.who == "named":
        others = frozenset(one for one in pick.named if one.account != rule.name)
        return pick._replace(named=others | {Named(rule.name, "closed")})
    if plain and rule.who in ("care_team", "others"):
        return pick._replace(**{rule.who: "closed", f"{rule.who}_extras": frozenset()})
    return pick._replace(rules=pick.rules | {rule})


def takes_rule_away(machine):
    """Somebody takes a rule of theirs away, whether or not its time is over."""
    able = [who for who in whoever(machine) if _has_rules(machine, machine.known(*who))]
    if not able:
        return None
    who = machine.chance.choice(able)
    record, visit = machine.known(*who), machine.visit(*who, anew=True)
    visit.proves()
    visit.of_age = True
    wanted = asked(machine, record)
    rule = machine.chance.choice(sorted(wanted.rules))
    page = visit.get("/choices/rules").get_data(as_text=True)
    visit.post("/choices/rules", rule=next(code for code in _codes(page) if _is(json.loads(code), rule)))
    outcome = saved(machine, who, visit, wanted._replace(rules=wanted.rules - {rule}))
    return f"{who[1]} on {who[0]} takes a rule against {rule.who} away: {outcome}"


def _has_rules(machine, record):
    return record is not None and bool(record.body.pick.rules) and bool(machine.presses(record).asked().rules)


def _codes(page):
    return [unescape(part.partition('"')[0]) for part in page.split('name="rule" value="')[1:]]


def _is(said, rule):
    who, name, scale, _, _, start, end, since, until, *_ = said
    return (who, name, scale, start, end, since, until) == (rule.who, rule.name, rule.scale, *rule[5:])
