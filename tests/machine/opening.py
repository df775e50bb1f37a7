"""What one pick opens that another one keeps closed, found by asking the oracle about everybody there could be.

The service searches backwards from what changed; this asks about all there is in a small world of its own: whoever has
an account here, alone or two of them together, somebody unknown, as a professional, as a patient, as a member, as a
moderator, at every time at which something else holds.
"""

from functools import lru_cache
from itertools import combinations, product, starmap
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
    NOT_SENT,
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
    "mixed": Community((Setting(BEGINNING, Posture.INFORMED, Ages.MIXED),)),
}


class About(NamedTuple):
    """Of the person, what no pick changes."""

    adult_from: int | None
    stone: tuple | None
    """What an erasure left: since when, whether they were hidden, whom they refused by name."""
    now: int
    ending: tuple = ()
    """What is refused from their eighteenth birthday on."""


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
    # Who is a doctor now may be a nurse tomorrow: what opens then is asked about now.
    worked = frozenset(rule.name for body in (before, after) for rule in body.pick.rules if rule.who == "profession")
    then, wanted = _author(kept, then, about), _author(lines_of(after), after, about)
    return any(
        _permits(wanted, *asked) and not _permits(then, *asked)
        for asked in starmap(
            _written, questions(people, places(before, after), times(before, after, about), (works, worked))
        )
    )


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
    """When somebody might ask, about words of when: one of all the times at which the same holds.

    Of words one time is enough: a refusal that matches one of two times matches words that have that one alone. With
    each: whether the fewest rules count then, of those at the same age.
    """
    rules, gone = before.pick.rules | after.pick.rules, 0 if about.stone is None else about.stone[0]
    edges = {edge for rule in rules for edge in (rule.start, rule.end, rule.since, rule.until)}
    team = {*before.entries, *after.entries}
    edges |= {edge for one in team for edge in (one.start, one.end)}
    far = max(about.now, about.adult_from or 0, gone) + 36_500 * DAY
    asked = sorted({about.now, far, *(edge for edge in {*edges, about.adult_from or 0} if about.now < edge < far)})
    written = [*sorted({gone, *(edge for edge in edges if gone < edge < far), *asked}), NOT_SENT]
    found = {}
    for at, words in product(asked, written):
        if words is NOT_SENT or words <= at:
            grown = about.adult_from is not None and at >= about.adult_from
            running = frozenset(one for one in {*rules, *team} if one.start <= at < one.end)
            found[grown, running, frozenset(rule for rule in rules if counts(rule, at, words))] = at, words
    few = {grown: min(len(one[1]) + len(one[2]) for one in found if one[0] == grown) for grown, *_ in found}
    return [(*when, len(one[1]) + len(one[2]) == few[one[0]]) for one, when in found.items()]


def counts(rule, at, words):
    """Whether a rule is about words by their time: while it runs, and afterwards if they are from inside it."""
    if at < rule.start or words is NOT_SENT:
        return at >= rule.start
    return rule.since <= words < rule.until and (at < rule.end or rule.start <= words < rule.end)


def _author(lines, body, about):
    return Author(
        AUTHOR,
        record=True,
        adult_from=UNKNOWN if about.adult_from is None else about.adult_from,
        covered=dict.fromkeys(Action, ALWAYS),
        provisions=Provisions((*lines, *about.ending)),
        care_team=tuple(team_of(body.entries)),
        hold=body.pick.hold,
        erased=None if about.stone is None else Tombstone(*about.stone),
    )


def questions(people, wheres, whens, works):
    """Everything that anybody might ask; the plainest place and time with all manners; `works` is for `shapes`."""
    for where, (at, words, few) in product(sorted(wheres), whens):
        plain = not few or where[0] != "here"
        for shape in shapes(people, *works, plain=plain):
            for manner in manners(shape, plain=plain):
                yield shape, (where, (at, words)), manner


def shapes(people, works, worked, *, plain):
    """Whoever might ask: `works` says what those are who are known, `worked` what rules speak of."""
    alone = [(one,) for one in sorted(people)] + [(STRANGER,)]
    together = list(combinations([*sorted(people), STRANGER], 2))
    for accounts in alone + together:
        for profession in sorted({works.get(accounts[0], "other"), *worked}):
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
            yield action, True, "mixed", False
        if action in OPEN:
            yield action, False, "hcp_present", False
    yield Action.VIEW, False, "informed", True


def _written(shape, place_and_time, manner):
    """A question as the oracle is asked it, but for the author."""
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
    return request, _viewer(shape, viewer, forum), {community: group}


def _permits(author, request, viewer, groups):
    return oracle(request, Facts(viewer, {AUTHOR: author}, CONDUCT, groups)) in (Reason.PERMITTED, Reason.NOT_GOVERNED)


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
