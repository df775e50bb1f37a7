"""Does one version of a patient's choices open more than another? Whatever others refuse on top does not count.

A layer is taken away at once, a block is lifted, an acknowledgement comes: what was chosen under them without any
wait must not open with them.
"""

from typing import Any, Final

import msgspec

from governance.decision.loosens import Witness, loosens
from governance.decision.provisions import ALWAYS, WhoKind
from governance.decision.vocabulary import AccountKey, Action, Instant
from governance.effective.documents import Member, PatientDocument, author_of, line_of
from governance.optout.choices import DirectiveBody, Entry

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
        parted = msgspec.structs.replace(then, care_team=_without_those_sent_away(then, wanted, self._now))
        return loosens(author_of(_NOBODY, parted), author_of(_NOBODY, wanted))

    def _with(self, body: DirectiveBody) -> PatientDocument:
        said = msgspec.convert(fragment_of(body), PatientDocument, from_attributes=True)
        return msgspec.structs.replace(self._rest, lines=said.lines, care_team=said.care_team, hold=said.hold)


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
    return DirectiveBody(care_team, others, document.hold, entries)


def _without_those_sent_away(before: PatientDocument, after: PatientDocument, now: Instant) -> tuple[Member, ...]:
    ended = {_same(member): member for member in after.care_team if member.during[1] <= now}
    return tuple(ended.get(_same(member), member) for member in before.care_team)


def _same(member: Member) -> tuple[WhoKind, str, int]:
    return member.who, member.name, member.during[0]
