"""Reads the tables of professionals, communities and conduct rules."""

from collections.abc import Iterator, Mapping

from governance.decision.facts import CapacityRecord, Claim, EmergencyView, Restriction, Setting
from governance.decision.provisions import Interval, Who, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    Action,
    Ages,
    Assurance,
    Capacity,
    Instant,
    Mark,
    PlatformId,
    Posture,
    Status,
)
from tests.scenarios.patients import read_accounts
from tests.scenarios.phrases import Speech, actions, word
from tests.scenarios.tables import Table
from tests.scenarios.world import Professional, Room, Rules

_A3_IS_ENOUGH = frozenset({Action.VIEW, Action.FIND, Action.REACT, Action.REPLY, Action.MODERATE})


def read_professional(table: Table, name: str, speech: Speech) -> Professional:
    """Read one person under `given.professionals`; whatever is not written is in best order."""
    table.take("says")
    professional = Professional(
        accounts=read_accounts(table, name, speech),
        record=table.flag("record", default=True),
        marks=_marks(table),
        status=word(Status, table.take("status", "good"), table.at("status")),
        checked_until=_instant_or_forever(table, "checked_until", speech),
        attested=speech.span(table.take("attested", "always"), table.at("attested")),
        assurance=_assurance(table.take("assurance", "A4"), table),
        claims=tuple(_claims(table, speech)),
        capacities=tuple(_capacities(table, speech)),
        cases=_spans(table, "cases", speech),
        measures=_spans(table, "measures", speech),
        restrictions=tuple(_restrictions(table, speech)),
        emergency_views=tuple(_emergency_views(table, speech)),
    )
    table.done()
    return professional


def _marks(table: Table) -> frozenset[Mark]:
    written = table.items("marks") if "marks" in table else ["registered"]
    return frozenset(word(Mark, mark, table.at("marks")) for mark in written)


def _instant_or_forever(table: Table, key: str, speech: Speech) -> Instant:
    return speech.instant(table.text(key), table.at(key)) if key in table else FOREVER


def _assurance(written: object, table: Table) -> Assurance:
    if not isinstance(written, str) or written not in Assurance.__members__:
        raise table.wrong("assurance", "write A0 to A4")
    return Assurance[written]


def _spans(table: Table, key: str, speech: Speech) -> tuple[Interval, ...]:
    return tuple(speech.span(span, table.at(key)) for span in table.items(key))


def _claims(table: Table, speech: Speech) -> Iterator[Claim]:
    """Read what was claimed: `{ hillview = "declared" }`, `"verified"`, or `"verified from T until T"`."""
    for key, kind in (("organisations", WhoKind.ORGANISATION), ("professions", WhoKind.PROFESSION)):
        for name, state in table.take(key, {}).items():
            yield Claim(Who(kind, name), _verified(str(state), table.at(key), speech))


def _verified(state: str, where: str, speech: Speech) -> Interval:
    spans = {"declared": "never", "verified": "always"}
    return speech.span(spans.get(state, state.removeprefix("verified ")), where)


def _capacities(table: Table, speech: Speech) -> Iterator[CapacityRecord]:
    """Read the records of how this person is here: the word alone is the whole platform, always."""
    where = table.at("here_as")
    for item in table.items("here_as"):
        entry = Table(item if isinstance(item, Mapping) else {"capacity": item}, where)
        capacity = word(Capacity, entry.text("capacity"), where)
        platform, community = entry.text("platform", speech.platform), None
        if "community" in entry:
            platform, community = speech.local(entry.text("community"))
        during = speech.span(entry.take("during", "always"), where)
        entry.done()
        yield CapacityRecord(capacity, PlatformId(platform), community, during)


def _restrictions(table: Table, speech: Speech) -> Iterator[Restriction]:
    """Read the actions that measures close: `{ reply = "always" }`."""
    where = table.at("restrictions")
    for action, span in table.take("restrictions", {}).items():
        yield Restriction(word(Action, action, where), speech.span(span, where))


def _emergency_views(table: Table, speech: Speech) -> Iterator[EmergencyView]:
    for view in table.tables("emergency_views"):
        platform, thread = speech.local(view.text("thread"))
        yield EmergencyView(PlatformId(platform), thread, speech.span(view.text("during"), view.at("during")))
        view.done()


def read_room(table: Table, name: str, speech: Speech) -> Room:
    """Read one community: its one setting, or its history, oldest first."""
    table.take("says")
    platform, ident = speech.local(name)
    history = tuple(_setting(each, speech) for each in table.tables("history"))
    if not history:
        history = (_setting(table, speech),)
    if list(history) != sorted(history, key=lambda setting: setting.since):
        raise table.wrong("history", "write the oldest setting first")
    moderators = frozenset(speech.account(account, table.at("moderators")) for account in table.items("moderators"))
    table.done()
    return Room(platform, ident, history, moderators)


def _setting(table: Table, speech: Speech) -> Setting:
    since = speech.instant(table.text("since"), table.at("since")) if "since" in table else BEGINNING
    posture = word(Posture, table.take("posture", "informed"), table.at("posture"))
    return Setting(since, posture, word(Ages, table.take("ages", "mixed"), table.at("ages")))


def read_rules(table: Table) -> Rules:
    """Read the conduct record; what is not written is A3 for open talk, A4 for the rest, and only `good` passes."""
    assurance = {action: Assurance.A3 if action in _A3_IS_ENOUGH else Assurance.A4 for action in Action}
    for action, written in table.take("assurance", {}).items():
        assurance[word(Action, action, table.at("assurance"))] = _assurance(written, table)
    permits = {status: frozenset(Action) if status is Status.GOOD else frozenset[Action]() for status in Status}
    for status, allowed in table.take("status", {}).items():
        permits[word(Status, status, table.at("status"))] = actions(allowed, table.at("status"))
    table.done()
    return Rules(assurance, permits)
