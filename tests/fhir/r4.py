"""What R4 (4.0.1) says of the elements we write: their types, how often they may stand, and their bindings."""

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

from governance.fhir.codes import ACTIONS, BINDINGS, Strength

SPACES = "https?://[^/]+/fhir"
PRIMITIVES = {
    "string": r"(?s)[ \r\n\t\S]+",
    "markdown": r"(?s)[ \r\n\t\S]+",
    "code": r"[^\s]+(\s[^\s]+)*",
    "id": r"[A-Za-z0-9\-\.]{1,64}",
    "uri": r"\S+",
    "dateTime": r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "xhtml": r"(?s)<div xmlns=\"http://www.w3.org/1999/xhtml\">.*</div>",
}
XHTML = {"div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td"}


class Fault(NamedTuple):
    path: str
    what: str


def elements(text):
    """`name:type` or `name:type[]`, a `!` after what must stand."""
    found = {}
    for part in text.split():
        name, _, kind = part.partition(":")
        found[name] = kind.rstrip("!").removesuffix("[]"), kind.endswith(("[]", "[]!")), kind.endswith("!")
    return found


DOMAIN = "id:id meta:Meta language:code text:Narrative contained:Resource[] extension:Extension[] "
BACKBONE = "extension:Extension[] modifierExtension:Extension[] "
TYPES = {
    "Meta": elements("versionId:id lastUpdated:instant"),
    "Narrative": elements("status:code! div:xhtml!"),
    "Coding": elements("system:uri version:string code:code display:string"),
    "CodeableConcept": elements("coding:Coding[] text:string"),
    "Identifier": elements("use:code type:CodeableConcept system:uri value:string assigner:Reference"),
    "Reference": elements("reference:string type:code identifier:Identifier display:string"),
    "Period": elements("start:dateTime end:dateTime"),
    "Extension": elements(
        "url:uri! valueCode:code valueBoolean:boolean valuePeriod:Period valueUri:uri extension:Extension[]"
    ),
    "Consent": elements(
        DOMAIN + "modifierExtension:Extension[] identifier:Identifier[] status:code! scope:CodeableConcept! "
        "category:CodeableConcept[]! patient:Reference dateTime:dateTime performer:Reference[] "
        "organization:Reference[] policy:Consent.policy[] policyRule:CodeableConcept provision:Consent.provision"
    ),
    "Consent.policy": elements(BACKBONE + "authority:uri uri:uri"),
    "Consent.provision": elements(
        BACKBONE + "type:code period:Period actor:Consent.provision.actor[] action:CodeableConcept[] "
        "securityLabel:Coding[] purpose:Coding[] class:Coding[] code:CodeableConcept[] dataPeriod:Period "
        "data:Consent.provision.data[] provision:Consent.provision[]"
    ),
    "Consent.provision.actor": elements(BACKBONE + "role:CodeableConcept! reference:Reference!"),
    "Consent.provision.data": elements(BACKBONE + "meaning:code! reference:Reference!"),
    "CareTeam": elements(DOMAIN + "status:code name:string subject:Reference participant:CareTeam.participant[]"),
    "CareTeam.participant": elements(BACKBONE + "role:CodeableConcept[] member:Reference period:Period"),
    "Patient": elements(DOMAIN + "identifier:Identifier[]"),
    "Bundle": elements("type:code! total:number link:Bundle.link[] entry:Bundle.entry[]"),
    "Bundle.link": elements("relation:string! url:uri!"),
    "Bundle.entry": elements(
        "fullUrl:uri resource:Resource search:Bundle.entry.search request:Bundle.entry.request "
        "response:Bundle.entry.response"
    ),
    "Bundle.entry.search": elements("mode:code"),
    "Bundle.entry.request": elements("method:code! url:uri!"),
    "Bundle.entry.response": elements("status:string! etag:string lastModified:instant"),
    "OperationOutcome": elements(DOMAIN + "issue:OperationOutcome.issue[]!"),
    "OperationOutcome.issue": elements("severity:code! code:code! details:CodeableConcept diagnostics:string"),
    "CapabilityStatement": elements(
        DOMAIN + "status:code! date:dateTime! kind:code! fhirVersion:code! format:code[]! "
        "software:CapabilityStatement.software implementation:CapabilityStatement.implementation "
        "rest:CapabilityStatement.rest[]"
    ),
    "CapabilityStatement.software": elements("name:string!"),
    "CapabilityStatement.implementation": elements("description:string! url:uri"),
    "CapabilityStatement.rest": elements(
        "mode:code! security:CapabilityStatement.rest.security resource:CapabilityStatement.rest.resource[]"
    ),
    "CapabilityStatement.rest.security": elements(
        "extension:Extension[] cors:boolean service:CodeableConcept[] description:markdown"
    ),
    "CapabilityStatement.rest.resource": elements(
        "type:code! documentation:markdown interaction:CapabilityStatement.rest.resource.interaction[] "
        "versioning:code readHistory:boolean searchParam:CapabilityStatement.rest.resource.searchParam[]"
    ),
    "CapabilityStatement.rest.resource.interaction": elements("code:code!"),
    "CapabilityStatement.rest.resource.searchParam": elements("name:string! type:code! documentation:markdown"),
    "CodeSystem": elements(
        DOMAIN + "url:uri version:string name:string title:string status:code! date:dateTime caseSensitive:boolean "
        "content:code! count:number concept:CodeSystem.concept[]"
    ),
    "CodeSystem.concept": elements("code:code! display:string definition:string"),
}
UNBOUND = {
    "Consent.language", "Extension.valueCode", "CapabilityStatement.format", "CodeSystem.concept.code",
}  # fmt: skip
"""Codes of no closed list: a language, an extension's, media types, our own."""


def faults(resource, kind=None, path=None):
    """Everything about a resource that R4 does not allow."""
    kind = kind or resource["resourceType"]
    return [*_faults(resource, kind, path or kind), *_rules_broken(resource, kind, path or kind)]


def _faults(value, kind, path):
    known = TYPES[kind]
    for name, (_, _, needed) in known.items():
        if needed and name not in value:
            yield Fault(path, f"lacks `{name}`")
    for name, member in value.items():
        if name == "resourceType":
            continue
        if name not in known:
            yield Fault(path, f"has no element `{name}`")
            continue
        its_kind, many, _ = known[name]
        if isinstance(member, list) is not many or member in ([], {}, "", None):
            yield Fault(f"{path}.{name}", "is of the wrong number, or empty")
            continue
        for one in member if many else [member]:
            yield from _of_kind(one, its_kind, f"{kind}.{name}", f"{path}.{name}")


def _of_kind(value, kind, element, path):
    if kind in PRIMITIVES:
        if not isinstance(value, str) or not re.fullmatch(PRIMITIVES[kind], value):
            yield Fault(path, f"is no {kind}")
        yield from _code_faults(value, kind, element, path)
        yield from _xhtml_faults(value, kind, path)
    elif kind in ("number", "boolean"):
        if type(value) is not {"number": int, "boolean": bool}[kind]:
            yield Fault(path, f"is no {kind}")
    else:
        yield from faults(value, value["resourceType"] if kind == "Resource" else kind, path)
        if kind == "CodeableConcept":
            yield from _concept_faults(value, element, path)


def _code_faults(value, kind, element, path):
    if kind != "code" or element in UNBOUND or element.endswith((".language", "Coding.code")):
        return
    if value not in BINDINGS[element].codes:
        yield Fault(path, "is not bound to this code")


def _concept_faults(value, element, path):
    if element.endswith("OperationOutcome.issue.details"):
        return
    bound = BINDINGS[element]
    codings = {(it["system"], it["code"]) for it in value["coding"]}
    good = {(bound.system, code) for code in bound.codes}
    if not codings & good:
        yield Fault(path, "has no code of its value set")
    ours = {code for system, code in codings - good if re.fullmatch(f"{SPACES}/CodeSystem/hcp-action", system)}
    if bound.strength is not Strength.EXAMPLE and codings - good:
        yield Fault(path, "has a code beside its value set")
    if bound.strength is Strength.EXAMPLE and not ours <= set(ACTIONS):
        yield Fault(path, "has no action of ours")


def _xhtml_faults(value, kind, path):
    if kind == "xhtml":
        div = ET.fromstring(value)  # noqa: S314 - we wrote it
        tags = {tag.tag.removeprefix("{http://www.w3.org/1999/xhtml}") for tag in div.iter()}
        attributes = {name for tag in div.iter() for name in tag.attrib}
        if tags - XHTML or attributes or not "".join(div.itertext()).strip():
            yield Fault(path, "has other marks than it may")


def _rules_broken(value, kind, path):
    """The invariants that can be broken here."""
    broken = {"Consent": _broken_in_consent, "Period": _broken_in_period, "Bundle": _broken_in_bundle}
    return [Fault(path, name) for name in broken[kind](value)] if kind in broken else []


def _broken_in_consent(value):
    if not ("policy" in value or "policyRule" in value):
        yield "ppc-1"
    if "patient" not in value:
        yield "ppc-2"
    referred = set(re.findall(r"'reference': '#([^']+)'", str(value)))
    if referred != {it["id"] for it in value.get("contained", ())}:
        yield "dom-3"


def _broken_in_period(value):
    if value.get("start", "0") > value.get("end", "9999-12-31T24"):
        yield "per-1"


def _broken_in_bundle(value):
    entries, kind = value.get("entry", ()), value["type"]
    seen = [(it["fullUrl"], it["resource"]["meta"]["versionId"]) for it in entries]
    if len(seen) != len(set(seen)):
        yield "bdl-7"
    if any(("search" in it) is not (kind == "searchset") for it in entries):
        yield "bdl-2"
    if ("total" in value) is not (kind in ("searchset", "history")):
        yield "bdl-1"
