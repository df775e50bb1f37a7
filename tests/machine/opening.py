"""What one pick opens that another one keeps closed, found by asking the oracle about everybody there could be.

The service searches for one witness; this counts them all, over a small world of its own: whoever has an account here,
alone or two of them together, somebody unknown, as a professional, as a patient, as a member, as a moderator.
"""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    Facts,
    Hcp,
    Request,
    Setting,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.provisions import ALWAYS, Interval, Provisions, Who, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    UNKNOWN,
    Action,
    Ages,
    Assurance,
    Capacity,
    Mark,
    Posture,
    Reason,
    Status,
)
from tests.decision.oracle import ON_PERSON, oracle
from tests.machine.book import DAY, LEVELS
from tests.machine.facts import CONDUCT, team_of
from tests.machine.lines import lines_of

AUTHOR, STRANGER = "author", "stranger"
OPEN = {Action.VIEW, Action.REACT, Action.REPLY}
ROOMS = {
    "informed": Community((Setting(BEGINNING, Posture.INFORMED, Ages.ADULTS),)),
    "hcp_present": Community((Setting(BEGINNING, Posture.HCP_PRESENT, Ages.ADULTS),)),
}


class About(NamedTuple):
    """Of the person, what no pick changes."""

    adult_from: int | None
    stone: tuple | None
    """What an erasure left: since when, whether they were hidden, whom they refused by name."""
    now: int


class Shape(NamedTuple):
    """Somebody who might look, and what with."""

    accounts: tuple
    as_what: str
    profession: str


def opens(before, after, about, works):
    """Whether somebody may do something after a pick that they may not do before it."""
    if before == after:
        return False
    then = before._replace(entries=_parted(before.entries, after.entries, about.now))
    gone = taken_back(before.pick, after.pick)
    kept = tuple(one for one in lines_of(then) if not (one.refuses and one.who in gone))
    people = frozenset(_people(before) | _people(after))
    world = (people, places(before, after), times(before, after, about), about, frozenset(works.items()))
    wanted = may(tuple(lines_of(after)), after.entries, after.pick.hold, world)
    return not wanted <= may(kept, then.entries, then.pick.hold, world)


def taken_back(before, after):
    """Whose yes by name goes without another word, where no group opens more than it did: that only closes."""
    still = {one.account for one in after.named}
    gone = [one for one in before.named if one.account not in still and not one.closes]
    return {Who(WhoKind.NAMED, one.account) for one in gone if after.opened <= LEVELS[one.level]}


def _parted(before, after, now):
    """Sending somebody out of the team never waits: what it leaves a moderator is nobody's yes."""
    ended = {one[:2]: one for one in after if one.end <= now}
    return tuple(ended.get(one[:2], one) for one in before)


def _people(body):
    named = {one.account for one in body.pick.named} | {one.account for one in body.entries}
    return named | {rule.name for rule in body.pick.rules if rule.who == "named"}


def places(*bodies):
    """Where somebody might ask: nowhere in particular, and wherever a rule holds."""
    found = {("here", "", "", "")}
    for rule in {rule for body in bodies for rule in body.pick.rules}:
        place = [rule.forum or "here", "", "", ""]
        if rule.scale > 1:
            place[rule.scale - 1] = rule.place
        found.add(tuple(place))
    return frozenset(found)


def times(before, after, about):
    """When somebody might ask, about words of when: far from now, and inside whatever a rule names."""
    far = max(about.now, about.adult_from or 0, 0 if about.stone is None else about.stone[0]) + 36_500 * DAY
    found = {(far, far)}
    for rule in before.pick.rules | after.pick.rules:
        inside = max(rule.start, about.now)
        about_words = max(rule.start, rule.since) if rule.until == FOREVER else rule.until - 1
        found |= {(far, about_words), (inside, about_words), (inside, inside)}
    return frozenset(found)


@lru_cache(4_096)
def may(lines, entries, hold, world):
    """Everything that anybody may do."""
    people, wheres, whens, about, works = world
    author = Author(
        AUTHOR,
        record=True,
        adult_from=UNKNOWN if about.adult_from is None else about.adult_from,
        covered=dict.fromkeys(Action, ALWAYS),
        provisions=Provisions(lines),
        care_team=tuple(team_of(entries)),
        hold=hold,
        erased=None if about.stone is None else Tombstone(*about.stone),
    )
    return frozenset(
        (shape, where, when, manner)
        for where in wheres
        for when in whens
        for plain in [when[0] != when[1] or where[0] != "here"]
        for shape in shapes(people, dict(works), plain=plain)
        for manner in manners(shape, plain=plain)
        if _permits(author, shape, (where, when), manner)
    )


def shapes(people, works, *, plain):
    alone = [(one,) for one in sorted(people)] + [(STRANGER,)]
    together = list(combinations(sorted(people), 2))
    for accounts in alone + together:
        profession = works.get(accounts[0], "other")
        for as_what in ("professional", "peer", "member")[: 1 if plain and len(accounts) > 1 else 3]:
            yield Shape(accounts, as_what, profession)
            if len(accounts) > 1:
                yield Shape(accounts[::-1], as_what, profession)
    for profession in sorted({*works.values()}):
        yield Shape((STRANGER,), "professional", profession)


def manners(shape, *, plain):
    """How they might ask: what, after whose first word, in which group, as a moderator or not.

    `plain`: as far as rules go, which refuse one thing as they refuse the other.
    """
    if shape.as_what == "member" and shape.accounts == (STRANGER,):
        return
    for action in (Action.VIEW, Action.FIND, Action.MODERATE) if plain else Action:
        if action is Action.MODERATE:
            yield action, False, "informed", True
            continue
        yield action, False, "informed", False
        if action is Action.MESSAGE:
            yield action, True, "informed", False
        if action in OPEN:
            yield action, False, "hcp_present", False
    yield Action.VIEW, False, "informed", True


def _permits(author, shape, place_and_time, manner):
    ((forum, *places), (at, created)), (action, first, room, moderates) = place_and_time, manner
    viewer = shape.accounts[0]
    community = places[0] or room
    group = ROOMS[room]
    if moderates:
        group = Community(group.history, frozenset({viewer}))
    words = Words(AUTHOR, community, places[1] or "t", places[2] or "p", created, None)
    if action in ON_PERSON:
        words = Words(AUTHOR, community)
    request = Request(forum, viewer, action, (words,), at, flagged=moderates, initiated_by_patient=first)
    facts = Facts(_viewer(shape, viewer, forum), {AUTHOR: author}, CONDUCT, {community: group})
    return oracle(request, facts) in (Reason.PERMITTED, Reason.NOT_GOVERNED)


@lru_cache(4_096)
def _viewer(shape, viewer, forum):
    if shape.as_what == "member":
        return Viewer(viewer, frozenset(), Hcp(accounts=frozenset(shape.accounts)))
    peer = (CapacityRecord(Capacity.PEER, forum, None, ALWAYS),) if shape.as_what == "peer" else ()
    hcp = Hcp(
        accounts=frozenset(shape.accounts),
        status=Status.GOOD,
        checked_until=FOREVER,
        attested=ALWAYS,
        assurance=Assurance.A4,
        claims=(Claim(Who(WhoKind.PROFESSION, shape.profession), Interval(*ALWAYS)),),
        capacities=peer,
    )
    return Viewer(viewer, frozenset({Mark.REGISTERED}), hcp)
