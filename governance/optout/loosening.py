"""Does one version of a patient's choices open more than another? Whatever others refuse on top does not count.

A layer is taken away at once, a block is lifted, an acknowledgement comes: what was chosen under them without any
wait must not open with them.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from governance.decision.levels import LEVELS
from governance.decision.loosens import Witness, loosens
from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, AccountKey, Action, Effect, Instant
from governance.effective.documents import Line, Member, PatientDocument, author_of, line_of
from governance.effective.said import extras_said, is_limited
from governance.optout.choices import DirectiveBody, Entry, Named
from governance.optout.own.rules import Rule, Scope, level_said, rules_said, scope_of

_EVERYTHING: Final = dict.fromkeys(Action, (ALWAYS.start, ALWAYS.end))
_NOBODY: Final = AccountKey("")
_SAID_HERE: Final = ("lines", "care_team", "hold", "emergency_yes_since", "peers_welcome")
"""What this room says of a patient that a decision reads."""


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
            care_team=self._from_now_on(_without_those_sent_away(then, wanted, self._now), wanted.care_team),
            lines=_without_a_yes_taken_back(then, self._taken_back(before, after)),
        )
        wanted = msgspec.structs.replace(wanted, care_team=self._from_now_on(wanted.care_team, then.care_team))
        return loosens(author_of(_NOBODY, parted), author_of(_NOBODY, wanted))

    def _from_now_on(self, team: tuple[Member, ...], other: tuple[Member, ...]) -> tuple[Member, ...]:
        """Return a team as from now on: no decision will ever be taken about a day gone by.

        Whoever left never belonged to it, and whoever is in the other version's team today, too, is so from one day
        on: a version that waited may have it that they came on another day.
        """
        there = {(member.who, member.name) for member in other if self._is_in(member)}
        return tuple(self._since(member, always=(member.who, member.name) in there) for member in team)

    def _since(self, member: Member, *, always: bool) -> Member:
        if member.during[1] <= self._now:
            return msgspec.structs.replace(member, during=(BEGINNING, BEGINNING))
        if always and self._is_in(member):
            return msgspec.structs.replace(member, during=(BEGINNING, member.during[1]))
        return member

    def _is_in(self, member: Member) -> bool:
        return member.during[0] <= self._now < member.during[1]

    def _with(self, body: DirectiveBody) -> PatientDocument:
        said = msgspec.convert(fragment_of(body), PatientDocument, from_attributes=True)
        return msgspec.structs.replace(self._rest, **{name: getattr(said, name) for name in _SAID_HERE})

    def _taken_back(self, before: DirectiveBody, after: DirectiveBody) -> frozenset[Scope]:
        """Return whose yes is taken away without another word, if no group and no rule opens more than that yes.

        What the yes left out was refused to them. For professionals who are met as any member, or who are given a
        look in an emergency, it is such a refusal that counts: there taking it away waits as ever.
        """
        if any(body.peers or body.emergency_since != FOREVER for body in (before, after)):
            return frozenset()
        still, opened = {*map(_about, after.named), *map(_about, after.rules)}, after.choices.opened
        said: tuple[Named | Rule, ...] = (*before.named, *before.rules)
        gone = (one for one in said if _about(one) not in still and not one.closes)
        return frozenset(_about(one) for one in gone if opened <= LEVELS[one.level])


def fragment_of(body: DirectiveBody) -> dict[str, Any]:
    """Return what the room says of a patient by this version of their choices."""
    if not body.said:
        return {}
    entries = [{"who": WhoKind.NAMED, "name": e.account, "during": (e.start, e.end)} for e in body.entries]
    said: dict[str, Any] = {
        "lines": [line_of(line) for line in body.provisions()],
        "care_team": entries,
        "hold": body.hold,
        "levels": (body.care_team, body.others),
    }
    if body.emergency_since != FOREVER:
        said["emergency_yes_since"] = body.emergency_since
    if body.peers:
        said["peers_welcome"] = True
    return said


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
        rules=rules_said(document.lines),
        emergency_since=document.emergency_yes_since,
        peers=document.peers_welcome,
    )


def _accounts_named(lines: Sequence[Line]) -> list[AccountKey]:
    return sorted({AccountKey(line.name) for line in lines if line.who is WhoKind.NAMED and not is_limited(line)})


def _named(account: AccountKey, lines: Sequence[Line]) -> Named:
    theirs = [line for line in lines if line.who is WhoKind.NAMED and line.name == account and not is_limited(line)]
    return Named(account, *level_said(theirs))


def _about(one: Named | Rule) -> Scope:
    """Return what a choice by name or a rule is about, its zone left out: it is no part of what lines say."""
    return Scope(WhoKind.NAMED, one.account) if isinstance(one, Named) else one.scope._replace(zone="")


def _without_a_yes_taken_back(document: PatientDocument, gone: frozenset[Scope]) -> tuple[Line, ...]:
    return tuple(
        line for line in document.lines if line.effect is Effect.PERMIT or scope_of(line)._replace(zone="") not in gone
    )


def _without_those_sent_away(before: PatientDocument, after: PatientDocument, now: Instant) -> tuple[Member, ...]:
    ended = {_same(member): member for member in after.care_team if member.during[1] <= now}
    return tuple(ended.get(_same(member), member) for member in before.care_team)


def _same(member: Member) -> tuple[WhoKind, str, int]:
    return member.who, member.name, member.during[0]
