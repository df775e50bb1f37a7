"""Joining two care teams: whoever is not in both in the same way is refused what either team refuses them.

One thing opens to whoever leaves a team: an appointed moderator's look at a flagged post (step 3c). Until the patient
has looked, the layer of a restore closes it, by naming everybody who is or was in the team.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Effect
from governance.effective.documents import Line, Member

_MOMENT: Final = 1
_CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})
_Who = tuple[WhoKind, str]
_Team = tuple[Member, ...]


def care_team(before: _Team, after: _Team) -> _Team:
    """Return the team of both: certain members as they are, of the others what the refusals about them need.

    An account has left: the refusals of both classes hold for it and the permits of neither. Of an organisation
    every time stays: nothing but being in the team keeps its people from moderating, as no layer can name them.
    """
    uncertain = _uncertain(before, after)
    kept = [member for member in before if _who(member) not in uncertain]
    for who, members in uncertain.items():
        kept += [_left(members)] if who[0] is WhoKind.NAMED else members
    return tuple(kept)


def refusals_of_the_uncertain(before: _Team, after: _Team, lines: Sequence[Line]) -> list[Line]:
    """Return what must be refused besides to organisations that are not in both teams in the same way."""
    whos = [who for who in _uncertain(before, after) if who[0] is not WhoKind.NAMED]
    return [line for kind, name in whos for line in (_refusal(kind, name), *_as_theirs(kind, name, lines))]


def _as_theirs(kind: WhoKind, name: str, lines: Iterable[Line]) -> list[Line]:
    """Return both classes' refusals as refusals of one organisation, wherever they hold."""
    classes = (line for line in lines if line.effect is Effect.REFUSE and line.who in _CLASSES)
    return [msgspec.structs.replace(line, id=f"restore:{line.id}", who=kind, name=name) for line in classes]


def _refusal(kind: WhoKind, name: str) -> Line:
    return Line(f"restore:{name}", Effect.REFUSE, kind, frozenset(Action), name)


def _uncertain(before: _Team, after: _Team) -> dict[_Who, list[Member]]:
    """Return everybody who is not in both teams at the same times, with all their times."""
    first, second = _by_who(before), _by_who(after)
    return {
        who: [*dict.fromkeys([*first.get(who, ()), *second.get(who, ())])]
        for who in {**first, **second}
        if set(first.get(who, ())) != set(second.get(who, ()))
    }


def _by_who(team: _Team) -> dict[_Who, list[Member]]:
    found: dict[_Who, list[Member]] = {}
    for member in team:
        found.setdefault(_who(member), []).append(member)
    return found


def _who(member: Member) -> _Who:
    return member.who, member.name


def _left(members: Iterable[Member]) -> Member:
    first = min(members, key=lambda member: member.during[0])
    return msgspec.structs.replace(first, during=(first.during[0], first.during[0] + _MOMENT))
