"""Does one version of a patient's choices open more than another? Whatever others refuse on top does not count.

A layer is taken away at once, a block is lifted, an acknowledgement comes: what was chosen under them without any
wait must not open with them.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from governance.decision.levels import LEVELS
from governance.decision.loosens import Witness, loosens
from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, WhoKind, named
from governance.decision.vocabulary import FOREVER, AccountKey, Action, Effect, Instant, Level
from governance.effective.documents import Line, Member, PatientDocument, author_of, line_of
from governance.effective.said import actions_said, extras_said
from governance.optout.choices import DirectiveBody, Entry, Named

_EVERYTHING: Final = dict.fromkeys(Action, (ALWAYS.start, ALWAYS.end))
_NOBODY: Final = AccountKey("")


class Comparison:
    """Holds versions of one patient's choices against each other, as of one instant."""

    def __init__(self, document: PatientDocument, now: Instant) -> None:
        """Compare for the patient of whom this is in force."""
        self._rest = msgspec.structs.replace(document, layers=(), blocks=(), covered=_EVERYTHING)
        self._now = now

    def witness(self, before: DirectiveBody, after: DirectiveBody) -> Witness | None:
        """Name somebody who may do more by the second version than by the first."""
        if before == after:
            return None
        then, wanted = self._with(before), self._with(after)
        # Sending somebody away must not wait: it leaves them what every appointed moderator may do with a flagged
        # post (step 3c) and nothing else, so the rest of the change is measured from there.
        parted = msgspec.structs.replace(
            then,
            care_team=_without_those_sent_away(then, wanted, self._now),
            lines=_without_a_yes_taken_back(then, self._taken_back(before, after)),
        )
        return loosens(author_of(_NOBODY, parted), author_of(_NOBODY, wanted))

    def _with(self, body: DirectiveBody) -> PatientDocument:
        said = msgspec.convert(fragment_of(body), PatientDocument, from_attributes=True)
        return msgspec.structs.replace(self._rest, lines=said.lines, care_team=said.care_team, hold=said.hold)

    def _taken_back(self, before: DirectiveBody, after: DirectiveBody) -> frozenset[str]:
        """Return who had a yes by name and has no choice by name any more, if no group may do more than that yes.

        What the yes left out was refused by name. For professionals who are met as any member, or who are given a
        look in an emergency, it is such a refusal that counts: there taking it away waits as ever.
        """
        if self._rest.peers_welcome or self._rest.emergency_yes_since != FOREVER:
            return frozenset()
        groups = after.choices.open_to("care_team") | after.choices.open_to("others")
        still = {one.account for one in after.named}
        gone = (one for one in before.named if one.account not in still and not one.closes)
        return frozenset(one.account for one in gone if groups <= LEVELS[one.level])


def fragment_of(body: DirectiveBody) -> dict[str, Any]:
    """Return what the room says of a patient by this version of their choices."""
    if not body.said:
        return {}
    entries = [{"who": WhoKind.NAMED, "name": e.account, "during": (e.start, e.end)} for e in body.entries]
    return {
        "lines": [line_of(line) for line in body.provisions()],
        "care_team": entries,
        "hold": body.hold,
        "levels": (body.care_team, body.others),
    }


def body_of(said: dict[str, Any]) -> DirectiveBody:
    """Return the version that a fragment was made of."""
    if not said:
        return DirectiveBody(said=False)
    document = msgspec.convert(said, PatientDocument, from_attributes=True)
    care_team, others = document.levels
    entries = tuple(Entry(AccountKey(member.name), *member.during) for member in document.care_team)
    return DirectiveBody(
        care_team,
        others,
        document.hold,
        entries,
        care_team_extras=extras_said(CARE_TEAM, document.lines),
        others_extras=extras_said(OTHERS, document.lines),
        named=tuple(_named(account, document.lines) for account in _accounts_named(document.lines)),
    )


def _accounts_named(lines: Sequence[Line]) -> list[AccountKey]:
    return sorted({AccountKey(line.name) for line in lines if line.who is WhoKind.NAMED})


def _named(account: AccountKey, lines: Sequence[Line]) -> Named:
    """Return what the lines about one person say: the highest level that lies within them.

    After a restore that may be less than was ever picked, where two versions do not agree.
    """
    permitted, refused = (actions_said(effect, named(account), lines) for effect in (Effect.PERMIT, Effect.REFUSE))
    open_now = permitted - refused
    level = _highest(open_now)
    return Named(account, level) if level is not Level.CLOSED else _limit(account, refused)


def _limit(account: AccountKey, refused: frozenset[Action]) -> Named:
    level = _highest(frozenset(Action) - refused)
    return Named(account, level, at_most=level is not Level.CLOSED)


def _highest(actions: frozenset[Action]) -> Level:
    return max((level for level in Level if LEVELS[level] <= actions), key=list(Level).index)


def _without_a_yes_taken_back(document: PatientDocument, gone: frozenset[str]) -> tuple[Line, ...]:
    return tuple(
        line
        for line in document.lines
        if line.who is not WhoKind.NAMED or line.effect is Effect.PERMIT or line.name not in gone
    )


def _without_those_sent_away(before: PatientDocument, after: PatientDocument, now: Instant) -> tuple[Member, ...]:
    ended = {_same(member): member for member in after.care_team if member.during[1] <= now}
    return tuple(ended.get(_same(member), member) for member in before.care_team)


def _same(member: Member) -> tuple[WhoKind, str, int]:
    return member.who, member.name, member.during[0]
