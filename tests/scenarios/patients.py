"""Reads the table of one patient: who they are, and what they chose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance.decision.facts import PairBlock, TeamEntry
from governance.decision.provisions import ALWAYS, CARE_TEAM, EVERYWHERE, OTHERS, Interval, Provision, Who, named
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    UNKNOWN,
    AccountKey,
    Action,
    Contact,
    Effect,
    Instant,
    Level,
    UnknownType,
)
from tests.scenarios.phrases import Speech, actions, word
from tests.scenarios.tables import ScenarioError, Table
from tests.scenarios.world import Choice, Erasure, LayerOfOther, Patient


def read_patient(table: Table, name: str, speech: Speech) -> Patient:
    """Read one person under `given.patients`; whatever is not written is an adult's who chose nothing yet."""
    table.take("says")
    record = table.flag("record", default=True)
    choices = tuple(_choices(table, speech))
    patient = Patient(
        accounts=read_accounts(table, name, speech),
        record=record,
        adult_from=_adult_from(table, speech) if record or "age" in table else UNKNOWN,
        covered=_covered(table, speech) if record else {},
        choices=choices,
        lines=tuple(_lines(table, "lines", name, speech)),
        team=tuple(_team(table, speech)),
        hold=table.flag("hold", default=False),
        layers=tuple(_layers(table, name, speech)),
        blocks=tuple(_blocks(table, speech)),
        emergency_yes_since=_emergency_yes(table, speech),
        peers_welcome=table.flag("peers_welcome", default=False),
        erased=_erased(table, name, speech) if "erased" in table else None,
    )
    table.done()
    return patient


def read_accounts(table: Table, name: str, speech: Speech) -> frozenset[AccountKey]:
    """Read the accounts of a person; without the key, the one of that name on the file's platform."""
    written = table.items("accounts") or [name]
    return frozenset(speech.account(account, table.at("accounts")) for account in written)


def _adult_from(table: Table, speech: Speech) -> Instant | UnknownType:
    age = table.text("age", "adult")
    if age.startswith("18 on "):
        return speech.instant(age.removeprefix("18 on "), table.at("age"))
    known: Mapping[str, Instant | UnknownType] = {"adult": BEGINNING, "minor": FOREVER, "unknown": UNKNOWN}
    if age not in known:
        raise table.wrong("age", "write adult, minor, unknown, or '18 on 2026-05-10 00:00'")
    return known[age]


def _covered(table: Table, speech: Speech) -> Mapping[Action, Interval]:
    """Read when the acknowledged disclosure covers a permit: a span for all actions, or one for each that differs."""
    written = table.take("acknowledged", "always")
    where = table.at("acknowledged")
    if not isinstance(written, Mapping):
        return dict.fromkeys(Action, speech.span(written, where))
    apart = {word(Action, action, where): speech.span(span, where) for action, span in written.items()}
    return dict.fromkeys(Action, ALWAYS) | apart


@dataclass(frozen=True)
class _Pick:
    """One level picked, and the key by which its extras are found."""

    key: str
    level: str
    who: Who


def _choices(table: Table, speech: Speech) -> Iterator[Choice]:
    """Read the levels for the two classes and for people by name, then those for one place."""
    picks = [_Pick(key, table.text(key), who) for key, who in _CLASSES.items() if key in table]
    picks += [
        _Pick(name, level, named(speech.account(name, table.at("named"))))
        for name, level in table.take("named", {}).items()
    ]
    extras, new = table.take("extras", {}), table.take("only_new_since", {})
    for key in (*extras, *new):
        if key not in {pick.key for pick in picks}:
            message = f"{table.where}: extras or only_new_since for '{key}', but no level for it"
            raise ScenarioError(message)
    for pick in picks:
        level = word(Level, pick.level, table.at(pick.key))
        switched_on = actions(extras.get(pick.key, []), table.at("extras"))
        since = speech.instant(new[pick.key], table.at("only_new_since")) if pick.key in new else None
        yield Choice(level, pick.who, EVERYWHERE, switched_on, since)
    for choice in table.tables("at"):
        yield from _choices_at(choice, speech)


_CLASSES = {"care_team": CARE_TEAM, "others": OTHERS}


def _choices_at(table: Table, speech: Speech) -> Iterator[Choice]:
    place = speech.place(table.text("where"), table.at("where"))
    level = word(Level, table.text("level"), table.at("level"))
    extras = actions(table.take("extras", []), table.at("extras"))
    for who in speech.who(table.text("who"), table.at("who")):
        yield Choice(level, who, place, extras)
    table.done()


def _lines(table: Table, key: str, name: str, speech: Speech) -> Iterator[Provision]:
    for number, line in enumerate(table.tables(key), 1):
        yield from _line(line, f"{name}.{key}.{number}", speech)


def _line(table: Table, ident: str, speech: Speech) -> Iterator[Provision]:
    """Read one permit or refusal; one about everyone is stored as two."""
    if ("permit" in table) == ("refuse" in table):
        message = f"{table.where}: a line says either permit or refuse"
        raise ScenarioError(message)
    effect = Effect.PERMIT if "permit" in table else Effect.REFUSE
    when = speech.span(table.take("when", "always"), table.at("when"))
    contact = word(Contact, table.take("contact", "any"), table.at("contact"))
    where = speech.place(table.take("where", "everywhere"), table.at("where"))
    about = actions(table.must(effect.value), table.at(effect.value))
    reach = speech.span(table.take("reach", "always"), table.at("reach"))
    people = speech.who(table.text("who"), table.at("who"))
    table.done()
    for number, who in enumerate(people, 1):
        yield Provision(f"{ident}/{number}", effect, who, where, about, when, reach, contact)


def _team(table: Table, speech: Speech) -> Iterator[TeamEntry]:
    """Read who is in the care team: "named nia" or "organisation hillview", or a table with a span."""
    where = table.at("team")
    for item in table.items("team"):
        entry = Table(item if isinstance(item, Mapping) else {"who": item}, where)
        during = speech.span(entry.take("during", "always"), where)
        for who in speech.who(entry.text("who"), where):
            yield TeamEntry(who, during)
        entry.done()


def _layers(table: Table, name: str, speech: Speech) -> Iterator[LayerOfOther]:
    for layer in table.tables("layers"):
        by = layer.text("by")
        if by != "guardian" and not by.startswith("platform "):
            raise layer.wrong("by", "write guardian, or 'platform F'")
        platform = None if by == "guardian" else by.removeprefix("platform ")
        lines = tuple(_lines(layer, "lines", f"{name}.layer", speech))
        if any(not line.refuses for line in lines):
            raise layer.wrong("lines", "a layer holds refusals only")
        layer.done()
        yield LayerOfOther(platform, lines)


def _blocks(table: Table, speech: Speech) -> Iterator[PairBlock]:
    where = table.at("blocks")
    for item in table.items("blocks"):
        block = Table(item if isinstance(item, Mapping) else {"account": item}, where)
        account = speech.account(block.text("account"), where)
        yield PairBlock(account, speech.span(block.take("during", "always"), where))
        block.done()


def _emergency_yes(table: Table, speech: Speech) -> Instant:
    key = "emergency_yes_since"
    return speech.instant(table.text(key), table.at(key)) if key in table else FOREVER


def _erased(table: Table, name: str, speech: Speech) -> Erasure:
    stone = table.table("erased")
    refusals = tuple(_lines(stone, "lines", f"{name}.tombstone", speech))
    erasure = Erasure(
        speech.instant(stone.text("final_at"), stone.at("final_at")), stone.flag("hold", default=False), refusals
    )
    stone.done()
    return erasure
