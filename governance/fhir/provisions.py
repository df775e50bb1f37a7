"""Nested rules as `Consent.provision` (R4), as `PROFILE.md` describes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.decision.provisions import ALWAYS, Interval, Place, Scale, Who, WhoKind
from governance.decision.vocabulary import Action, Contact
from governance.fhir.codes import ACTIONS, Namespaces, code, coding, concept
from governance.fhir.nesting import Node
from governance.fhir.rules import ALL_ACTIONS, EVERYONE, Rule
from governance.fhir.times import period

_REFERENCE_TYPES: Final = {
    WhoKind.NAMED: "Practitioner",
    WhoKind.ORGANISATION: "Organization",
    WhoKind.PROFESSION: "PractitionerRole",
    WhoKind.CARE_TEAM: "CareTeam",
    WhoKind.OTHERS: "Group",
}
_SYSTEMS: Final = {
    WhoKind.NAMED: "professional",
    WhoKind.ORGANISATION: "organisation",
    WhoKind.PROFESSION: "profession",
    WhoKind.CARE_TEAM: "actor-group",
    WhoKind.OTHERS: "actor-group",
}
CLASS_NAMES: Final = {WhoKind.CARE_TEAM: "care-team", WhoKind.OTHERS: "others"}
_CLASS_WORDS: Final = {
    WhoKind.CARE_TEAM: "The patient's care team",
    WhoKind.OTHERS: "All other health professionals",
}
_SCALES: Final = {
    Scale.COMMUNITY: "community",
    Scale.THREAD: "thread",
    Scale.POST: "post",
}
_TYPE: Final = "Consent.provision.type"


def _as_it_is(name: str) -> str:
    return name


@dataclass(frozen=True, slots=True)
class Names:
    """How people and places are called in one resource.

    `pseudonym` turns our own digests into names that mean nothing elsewhere; `own`: for the patient alone, with the
    people, the members of the care team and the exact times.
    """

    spaces: Namespaces
    people: Mapping[str, str] = field(default_factory=dict)
    """Badge names by account."""
    platforms: Mapping[str, str] = field(default_factory=dict)
    pseudonym: Callable[[str], str] = _as_it_is
    own: bool = False

    def reference(self, who: Who) -> dict[str, Any]:
        """Return a reference to whom a line is about."""
        kind = code("Reference.type", _REFERENCE_TYPES[who.kind])
        display = self.display(who)
        if who.kind is WhoKind.CARE_TEAM and self.own:
            return {"reference": "#care-team", "type": kind, "display": display}
        value = CLASS_NAMES.get(who.kind, who.name)
        value = self.pseudonym(value) if who.kind is WhoKind.NAMED else value
        return {"type": kind, "identifier": self._identifier(_SYSTEMS[who.kind], value), "display": display}

    def display(self, who: Who) -> str:
        """Return what a person reads for whom a line is about."""
        if who.kind is WhoKind.NAMED:
            return self.people.get(who.name, "A professional whose name is not known any more")
        return _CLASS_WORDS.get(who.kind, who.name)

    def place(self, where: Place) -> dict[str, Any]:
        """Return a reference to a place that is narrower than everywhere."""
        forum = self.platforms.get(where.platform, "")
        if where.scale is Scale.PLATFORM:
            shown = {"display": forum} if forum else {}
            return {"identifier": self._identifier("platform", where.platform), **shown}
        # Within its forum: a place that was not told may be any of that forum's, and none of another's.
        kind = f"platform/{where.platform}/{_SCALES[where.scale]}"
        return {"identifier": self._identifier(kind, self.pseudonym(where.id))}

    def _identifier(self, kind: str, value: str) -> dict[str, str]:
        return {"system": self.spaces.of(kind), "value": value}


def root_provision(nodes: Iterable[Node], during: Interval, names: Names) -> dict[str, Any]:
    """Return the outermost provision: everything refused to all professionals, but for what is permitted in it."""
    root: dict[str, Any] = {"type": code(_TYPE, "deny"), "actor": [_actor(who, names) for who in EVERYONE]}
    if during != ALWAYS:
        root["period"] = period(during)
    permits = [_provision(node, names) for node in nodes]
    return {**root, "provision": permits} if permits else root


def _provision(node: Node, names: Names) -> dict[str, Any]:
    rule = node.rule
    told: dict[str, Any] = {
        "type": code(_TYPE, "deny" if rule.refuses else "permit"),
        "actor": [_actor(who, names) for who in rule.whos],
        **_conditions(rule, names),
    }
    if node.actions != ALL_ACTIONS:
        told["action"] = [action_concept(action, names.spaces) for action in sorted(node.actions)]
    if node.exceptions:
        told["provision"] = [_provision(exception, names) for exception in node.exceptions]
    return told


def _conditions(rule: Rule, names: Names) -> dict[str, Any]:
    """Return what must be so for a rule to match, but for who and what."""
    told: dict[str, Any] = {}
    modifiers = list(_modifiers(rule, names))
    if modifiers:
        told["modifierExtension"] = modifiers
    if rule.period != ALWAYS:
        told["period"] = period(rule.period)
    if rule.where.scale is not Scale.EVERYWHERE:
        meaning = "instance" if rule.where.scale is Scale.POST else "dependents"
        place = names.place(rule.where)
        told["data"] = [{"meaning": code("Consent.provision.data.meaning", meaning), "reference": place}]
    if rule.written is not None:
        told["dataPeriod"] = period(rule.written)
    return told


def _modifiers(rule: Rule, names: Names) -> Iterator[dict[str, Any]]:
    if rule.contact is not Contact.ANY:
        yield {"url": names.spaces.contact, "valueCode": rule.contact.value}
    if rule.final and names.own and rule.whos[0].kind is not WhoKind.NAMED:
        # Only there can stand that peers are welcome, and no welcome is one to whom a hold keeps away.
        yield {"url": names.spaces.any_capacity, "valueBoolean": True}


def _actor(who: Who, names: Names) -> dict[str, Any]:
    return {"role": concept("Consent.provision.actor.role", "IRCP"), "reference": names.reference(who)}


def action_concept(action: Action, spaces: Namespaces) -> dict[str, Any]:
    """Return an action of ours beside the consent action that it comes nearest to."""
    known = ACTIONS[action]
    ours = {"system": spaces.actions, "code": action.value, "display": known.display}
    return {"coding": [ours, coding("Consent.provision.action", known.nearest)]}
