"""What the books find that a pick opens, the service finds too: hard ones, each from a walk that went wrong."""

import pytest

from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import FOREVER, AccountKey, Level
from governance.effective.documents import PatientDocument
from governance.optout.choices import DirectiveBody, Entry
from governance.optout.loosening import Comparison
from governance.optout.own import rules as own
from tests.machine.book import BEGINNING, DAY, Body, Pick, Rule
from tests.machine.book import Entry as InTeam
from tests.machine.opening import About, opens

NOW = 1_000 * DAY
FROM_NOW_ON = (InTeam("nora", NOW),)
EARLIER = Rule("named", "nora", Scale.PLATFORM, "f", "", NOW - 3 * DAY, NOW + DAY, NOW - 3 * DAY, FOREVER)
IN_THREAD = Rule("named", "nora", Scale.THREAD, "f", "t1", NOW - 2 * DAY, NOW + 2 * DAY, BEGINNING, NOW - 2 * DAY)
EVERYWHERE = Rule("named", "nora", start=NOW - 14 * DAY, end=NOW + DAY)
IN_GROUP = Rule("named", "nora", Scale.COMMUNITY, "f", "talk", NOW - DAY, NOW + 3 * DAY, NOW - DAY, FOREVER)
ENDED = Rule("named", "nora", Scale.PLATFORM, "f", "", NOW - 9 * DAY, NOW - 8 * DAY, NOW - 9 * DAY, FOREVER)
WHOLE_DAY = Rule("named", "nora", Scale.PLATFORM, "f", "", NOW - 9 * DAY, NOW - 8 * DAY)

IN_TEAM = Pick("closed", "answered", frozenset({"nora"}))


def ruled(*rules):
    return Body(said=True, pick=Pick(rules=frozenset(rules)))


CASES = {
    "old words in a thread, while its rule runs": (ruled(EARLIER, IN_THREAD), ruled(EARLIER), None, True),
    "words in a group, between the ends of two rules": (ruled(EVERYWHERE, IN_GROUP), ruled(EVERYWHERE), None, True),
    "a rule inside another one": (ruled(ENDED, WHOLE_DAY), ruled(WHOLE_DAY), None, False),
    "writing to somebody until they are 18": (
        Body(said=True, pick=Pick("in_touch", "in_touch")),
        Body(said=True, pick=Pick("in_touch", "answered", frozenset({"nora"})), entries=FROM_NOW_ON),
        NOW + 5_000 * DAY,
        True,
    ),
    "the same of an adult": (
        Body(said=True, pick=Pick("in_touch", "in_touch")),
        Body(said=True, pick=Pick("in_touch", "answered", frozenset({"nora"})), entries=FROM_NOW_ON),
        NOW - DAY,
        False,
    ),
    "somebody in the team since another day gone by": (
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW - 2 * DAY),)),
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW - DAY),)),
        NOW - 9_000 * DAY,
        False,
    ),
    "the same, who is there for some days only": (
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW - 2 * DAY),)),
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW - DAY, NOW + 3 * DAY),)),
        NOW - 9_000 * DAY,
        True,
    ),
    "the same, who comes to it tomorrow": (
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW - 2 * DAY),)),
        Body(said=True, pick=IN_TEAM, entries=(InTeam("nora", NOW + DAY),)),
        NOW - 9_000 * DAY,
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_books_and_the_service_find_the_same(case):
    before, after, adult_from, opening = CASES[case]
    document = PatientDocument(record=True, adult_from=adult_from)
    found = Comparison(document, NOW).witness(as_stored(before), as_stored(after))
    by_the_books = opens(before, after, About(adult_from, None, NOW), {"nora": "nurse"})
    assert (by_the_books, found is not None) == (opening, opening)


def as_stored(body):
    pick = body.pick
    return DirectiveBody(
        Level(pick.care_team),
        Level(pick.others),
        entries=tuple(Entry(AccountKey(one.account), one.start, one.end) for one in body.entries),
        rules=tuple(sorted(map(rule, pick.rules))),
    )


def rule(one):
    place = one.name, Scale(one.scale), one.forum, one.place
    return own.Rule(own.Scope(WhoKind(one.who), *place, one.start, one.end, one.since, one.until), Level.CLOSED)
