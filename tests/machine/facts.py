"""From the books to what the oracle asks for."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from governance.decision.facts import (
    Author,
    Community,
    Conduct,
    Facts,
    Hcp,
    Layer,
    PairBlock,
    Request,
    Room,
    TeamEntry,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.provisions import ALWAYS, NEVER, Interval, Provisions, Who, WhoKind
from governance.decision.vocabulary import FOREVER, NOT_SENT, UNKNOWN, Action, Assurance, Mark, Status
from tests.machine.book import DAY
from tests.machine.lines import ending_at_18, lines_of, only_refusals

_RULES = tomllib.loads((Path(__file__).parents[2] / "policies/conduct/conduct.toml").read_text())
CONDUCT = Conduct(
    {Action(action): Assurance(int(grade[1:])) for action, grade in _RULES["assurance"].items()},
    {Status(name): frozenset(map(Action, one["permits"])) for name, one in _RULES["status"].items()},
)
AWAY = 730 * DAY
"""Of whom nobody heard for so long, every permit asks again."""


class Asked(NamedTuple):
    """A question of a forum: accounts and places as it names them, times as instants, None for what is not sent."""

    forum: str
    viewer: str
    action: str
    authors: tuple
    """Each: account, community, thread, post, created, and edited, which may be `never`."""
    first: Any = None
    flagged: Any = None
    recipients: Any = None

    def is_older(self, instant):
        """Whether all of it was written before an instant, as far as the forum says."""
        return all(author[4] is None or author[4] < instant for author in self.authors)


def request_of(book, asked, keys):
    """The question as the core asks it; `keys` gives the account of a name on the forum."""
    sent = [NOT_SENT if value is None else value for value in (asked.flagged, asked.first)]
    letter = NOT_SENT if asked.recipients is None else frozenset(keys(asked.forum, one) for one in asked.recipients)
    words = tuple(_words(keys(asked.forum, account), *rest) for account, *rest in asked.authors)
    return Request(
        asked.forum,
        keys(asked.forum, asked.viewer),
        Action(asked.action),
        words,
        book.now,
        sender=words[-1].author,
        recipients=letter,
        flagged=sent[0],
        initiated_by_patient=sent[1],
    )


def _words(account, *rest):
    *places, created, edited = [NOT_SENT if value is None else value for value in rest]
    return Words(account, *places, created, None if edited == "never" else edited)


def facts_of(book, request):
    """All that the books say about a question."""
    forum = request.platform
    groups = {name: group for (where, name), group in book.groups.items() if where == forum}
    return Facts(
        _viewer(book, request.viewer),
        {words.author: author_of(book, words.author, forum) for words in request.words},
        CONDUCT,
        {name: Community(tuple(group.history), group.moderators) for name, group in groups.items()},
        Room(*book.strictest[forum]),
    )


def _viewer(book, account):
    hcp, marks = _hcp(book, account), set()
    if hcp is not None:
        marks.add(Mark.REGISTERED)
    if account in book.declared:
        marks.add(Mark.DECLARED)
    return Viewer(account, frozenset(marks), hcp or Hcp())


def _hcp(book, account):
    one = book.professionals.get(account)
    return None if one is None else one.facts()


def author_of(book, account, forum):
    """What the books say of whoever writes with an account, as it counts on one forum."""
    record, hcp = book.records.get(account), _hcp(book, account)
    if record is None:
        return Author(account, hcp=hcp)
    lines, adult_from = lines_of(record.body), record.adult_from
    if record.yes_on is not None and forum not in record.yes_on:
        # Of who never chose nothing refuses there: so their age does.
        adult_from = adult_from if lines else FOREVER
        lines = only_refusals(lines)
    lines += ending_at_18(record) if adult_from is record.adult_from else ()
    return Author(
        account,
        record=record.exists,
        adult_from=UNKNOWN if adult_from is None else adult_from,
        covered={action: ALWAYS if is_told(book, record, action) else NEVER for action in Action},
        provisions=Provisions(lines),
        care_team=tuple(team_of(record.body.entries)),
        hold=record.body.pick.hold,
        layers=tuple(Layer(where, tuple(refusals)) for where, refusals in record.layers.values()),
        blocks=tuple(PairBlock(one, Interval(*during)) for one, during in record.blocks),
        erased=stone_of(record.stone),
        hcp=hcp,
    )


def team_of(entries):
    return [TeamEntry(Who(WhoKind.NAMED, one.account), Interval(one.start, one.end)) for one in entries]


def stone_of(stone):
    return None if stone is None else Tombstone(stone.final_at, stone.hold, tuple(stone.refused))


def is_told(book, record, action):
    """Whether some text that this person acknowledged still covers an action now."""
    return any(at <= book.now < _ends(book, record, at, version, action) for at, version in record.told)


def _ends(book, record, at, version, action):
    ends = [record.told[-1][0] + AWAY, *(again for again in record.ask_again if again > at)]
    later = [one for number, one in enumerate(book.published, 1) if number > version]
    # None of the versions that are published here leaves a grace: each weakens what protects people.
    ends += [since for since, actions in later if action in actions]
    return min(ends)
