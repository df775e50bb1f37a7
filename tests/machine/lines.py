"""What a person's choices say, line by line, by the published words alone: for the oracle."""

from functools import lru_cache

from governance.decision.provisions import (
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Scale,
    Who,
    WhoKind,
)
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Contact, Effect
from tests.machine.book import CHOSEN, LEVELS

PERMIT, REFUSE = Effect.PERMIT, Effect.REFUSE
GROUPS = {"care_team": CARE_TEAM, "others": OTHERS}


@lru_cache(4_096)
def lines_of(body):
    """Every line that a body stands for; of who said nothing there is none."""
    if not body.said:
        return ()
    groups = [said for circle, who in GROUPS.items() for said in lets(who, body.pick.open_to(circle))]
    named = [said for one in body.pick.named for said in by_name(one)]
    return (*groups, *named, *map(refused, body.pick.rules))


def lets(who, actions):
    """Whoever this is may do this and nothing else; write privately, once the patient wrote to them."""
    found = [line(PERMIT, who, actions - {"message"}), line(REFUSE, who, CHOSEN - actions)]
    if "message" in actions:
        found.append(line(PERMIT, who, {"message"}, contact=Contact.AFTER))
        found.append(line(REFUSE, who, {"message"}, contact=Contact.BEFORE))
    return found


def by_name(one):
    who = Who(WhoKind.NAMED, one.account)
    if one.level == "closed":
        return [line(REFUSE, who, Action)]
    return [said for said in lets(who, LEVELS[one.level]) if said.effect is REFUSE or not one.at_most]


def refused(rule):
    actions = Action if rule.who == "named" else CHOSEN
    where = Place(Scale(rule.scale), rule.forum, rule.place)
    times = {"when": Interval(rule.start, rule.end), "reach": Interval(rule.since, rule.until)}
    return line(REFUSE, Who(WhoKind(rule.who), rule.name), actions, where, **times)


def line(effect, who, actions, where=EVERYWHERE, **limits):
    return Provision("", effect, who, where, frozenset(map(Action, actions)), **limits)


def ending_at_18(record):
    """What a guardian said yes to is refused again from the eighteenth birthday on."""
    since = BEGINNING if record.adult_from is None else record.adult_from
    return tuple(
        line(REFUSE, GROUPS[circle], actions, when=Interval(since, FOREVER))
        for circle, actions in record.agreed.items()
        if actions
    )


def only_refusals(lines):
    """The same where the person's yes does not count: what a group is permitted is refused."""
    return tuple(
        line(REFUSE, one.who, one.actions) if one.effect is PERMIT and one.who in GROUPS.values() else one
        for one in lines
    )
