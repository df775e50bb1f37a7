"""What a receipt says: the choices of one version, in the words of ISO/IEC TS 27560 and the Data Privacy Vocabulary."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from governance.decision.levels import CHOSEN_ACTIONS, LEVELS
from governance.decision.vocabulary import Action, Instant, Level
from governance.optout.choices import DirectiveBody
from governance.optout.own.rules import opened_by
from governance.ui.clock import to_datetime

_PROFILE: Final = "https://w3id.org/dpv/schema/dpv-27560#"
_CIRCLES: Final = {
    "care_team": "hcp:MyCareTeam",
    "others": "hcp:AllOtherProfessionals",
    "named": "hcp:ProfessionalsChosenByName",
    "rules": "hcp:ProfessionalsOfMyOwnRules",
    "switches": "hcp:ProfessionalsInDangerOrAsPeers",
}
_ALWAYS: Final = frozenset({"care_team", "others"})
"""What every receipt tells of; of the rest it tells where something was chosen, now or just before."""


class Notice(NamedTuple):
    """What the patient had been told when they chose."""

    version: str
    language: str
    variant: str
    text_sha256: str


class About(NamedTuple):
    """What a receipt is about: one version of the choices of somebody who is named by a pseudonym alone."""

    id: UUID
    issuer: str
    subject: str
    version: int
    chosen: Instant
    issued: Instant
    notice: Notice | None


def payload_of(about: About, before: DirectiveBody | None, body: DirectiveBody) -> dict[str, Any]:
    """Return the claims of a receipt; `before` is the version that this one superseded."""
    name = f"rcpt_{about.id.hex}"
    receipt = {
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "dct": "http://purl.org/dc/terms/",
            "hcp": f"{about.issuer}/ns/hcp#",
        },
        "@id": f"urn:uuid:{about.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": f"{_PROFILE}receipt-record",
        "dpv:hasIdentifier": name,
        "dct:created": _said(about.issued),
        "dpv:hasRecordOfActivity": [_record(about, circle, before, body) for circle in _circles(before, body)],
        "hcp:version": about.version,
    }
    issued = about.issued // 1_000_000
    return {"iss": about.issuer, "sub": about.subject, "jti": name, "iat": issued, "receipt": receipt}


def _circles(before: DirectiveBody | None, body: DirectiveBody) -> Iterator[str]:
    both = [one for one in (body, before) if one is not None]
    yield from (circle for circle in _CIRCLES if circle in _ALWAYS or any(_says(one, circle) for one in both))


def _says(body: DirectiveBody, circle: str) -> bool:
    if circle == "switches":
        return body.choices.emergency or body.peers
    return bool(body.named if circle == "named" else body.rules)


def _record(about: About, circle: str, before: DirectiveBody | None, body: DirectiveBody) -> dict[str, Any]:
    opened = before is not None and bool(_permitted(before, circle))
    return {
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": f"{_PROFILE}record",
        "dct:identifier": f"urn:uuid:{about.id}#{circle}",
        "dpv:hasDataSubject": {"@id": f"urn:pairwise:{about.subject}", "@type": "dpv:Patient"},
        "dpv:hasDataController": {"@id": about.issuer},
        **dict(_notice(about)),
        "dpv:hasProcess": [_process(circle, body)],
        "dpv:hasConsentControl": {
            "@type": ["dpv:WithdrawConsent", "dpv:ManageConsent"],
            "dpv:isExercisedAt": f"{about.issuer}/my/choices",
        },
        "dpv:hasConsentStatus": [
            {
                "@type": _status(opens=bool(_permitted(body, circle)), opened=opened),
                "dpv:isIndicatedAtTime": _said(about.chosen),
                "dpv:isIndicatedBy": "dpv:DataSubject",
            }
        ],
    }


def _notice(about: About) -> Iterator[tuple[str, dict[str, str]]]:
    told = about.notice
    if told is not None:
        yield (
            "dpv:hasNotice",
            {
                "@id": f"{about.issuer}/v1/policies/disclosure/{told.version}",
                "@type": "dpv:ConsentNotice",
                "dct:language": told.language,
                "hcp:variant": told.variant,
                "hcp:sha256": told.text_sha256,
            },
        )


def _process(circle: str, body: DirectiveBody) -> dict[str, Any]:
    process: dict[str, Any] = {
        "dpv:hasPurpose": "hcp:InvolvementOfHealthProfessionals",
        "dpv:hasRecipient": _CIRCLES[circle],
        "dpv:hasPersonalData": "hcp:ForumPosts",
        "hcp:hidden": body.hold,
    }
    if circle == "named":
        # How many, and never who.
        return {**process, "hcp:professionalsByLevel": dict(sorted(Counter(one.code for one in body.named).items()))}
    if circle == "rules":
        return {**process, "hcp:rulesByLevel": dict(sorted(Counter(one.code for one in body.rules).items()))}
    if circle == "switches":
        return {**process, "hcp:helpInDanger": body.choices.emergency, "hcp:peersAsMembers": body.peers}
    permitted = _permitted(body, circle)
    level: Level = getattr(body, circle)
    process["hcp:level"] = level.value
    process["hcp:extras"] = sorted(getattr(body, f"{circle}_extras"))
    process["hcp:actions"] = {a.value: "permit" if a in permitted else "deny" for a in sorted(CHOSEN_ACTIONS)}
    if circle == "care_team":
        process["hcp:careTeamMembers"] = sum(entry.running for entry in body.entries)
    return process


def _permitted(body: DirectiveBody, circle: str) -> frozenset[Action]:
    if body.hold or not body.said:
        return frozenset()
    if circle in _ALWAYS:
        return body.choices.open_to(circle)
    if circle == "rules":
        return opened_by(body.rules)
    if circle == "switches":
        return frozenset({Action.VIEW}) if body.choices.emergency or body.peers else frozenset()
    return frozenset[Action]().union(*(LEVELS[one.level] for one in body.named if not one.closes))


def _status(*, opens: bool, opened: bool) -> list[str]:
    # An opt-out is no consent: it is never said to be one.
    if opens:
        return ["dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"]
    return ["dpv:ConsentWithdrawn" if opened else "dpv:ConsentRefused", "dpv:OptingOutFromProcess"]


def _said(instant: Instant) -> str:
    return to_datetime(instant).isoformat(timespec="seconds").replace("+00:00", "Z")
