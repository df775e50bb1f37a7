"""The one table of who may do what: scopes of platforms, roles of staff. A route names one scope or one role."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from governance.sentences import Sentence


class Scope(StrEnum):
    """What a platform may ask of us."""

    DECISIONS_EVALUATE = "decisions:evaluate"
    OPTOUTS_READ = "optouts:read"
    OPTOUTS_TIGHTEN = "optouts:tighten"
    COMMUNITIES_WRITE = "communities:write"
    LINKS_WRITE = "links:write"
    HCPS_DECLARE = "hcps:declare"
    CONSENT_READ = "system/Consent.rs"
    """In the words of SMART on FHIR: read and search, by a program."""
    EXPOSURES_WRITE = "exposures:write"
    REPORTS_SUBMIT = "reports:submit"
    FEED_READ = "feed:read"
    WEBHOOKS_WRITE = "webhooks:write"


class Role(StrEnum):
    """What a member of staff is trusted with; small forums give one person several."""

    OFFICER = "officer"
    VERIFIER = "verifier"
    CUSTODIAN = "custodian"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


PERMISSIONS: Final[Mapping[Scope, tuple[str, ...]]] = MappingProxyType(
    {
        Scope.DECISIONS_EVALUATE: (
            "POST /access/v1/evaluation",
            "POST /access/v1/evaluations",
            "GET /v1/hcps",
            "POST /v1/hcps/badges",
            "POST /v1/hcps/query",
        ),
        Scope.OPTOUTS_READ: ("POST /v1/opt-outs/query",),
        Scope.OPTOUTS_TIGHTEN: ("POST /v1/opt-outs/tighten",),
        Scope.COMMUNITIES_WRITE: (
            "PUT /v1/communities/{id}",
            "GET /v1/standing",
            "POST /v1/probe-reports",
            "POST /v1/suspension",
        ),
        Scope.LINKS_WRITE: ("POST /v1/accounts/events", "POST /v1/ages", "POST /v1/link-tokens"),
        Scope.HCPS_DECLARE: ("POST /v1/hcps/declare",),
        Scope.CONSENT_READ: (
            "GET /fhir/Consent",
            "POST /fhir/Consent/_search",
            "GET /fhir/Consent/{consent}",
            "GET /fhir/Consent/{consent}/_history",
            "GET /fhir/Consent/{consent}/_history/{version}",
        ),
        Scope.EXPOSURES_WRITE: ("POST /v1/exposures",),
        Scope.REPORTS_SUBMIT: ("POST /v1/reports",),
        Scope.FEED_READ: ("GET /v1/bundle", "GET /v1/changes", "GET /v1/feed"),
        Scope.WEBHOOKS_WRITE: (
            "GET /v1/webhooks",
            "POST /v1/webhooks",
            "DELETE /v1/webhooks/{webhook}",
            "GET /v1/webhooks/{webhook}/events",
            "POST /v1/webhooks/{webhook}/ping",
            "POST /v1/webhooks/{webhook}/redeliver",
            "POST /v1/webhooks/{webhook}/rotate",
        ),
    }
)

DUTIES: Final[Mapping[Role, Sentence]] = MappingProxyType(
    {
        Role.OFFICER: Sentence("handles reports and cases"),
        Role.VERIFIER: Sentence("checks registrations of professionals"),
        Role.CUSTODIAN: Sentence("releases who made a report, when the law asks for it"),
        Role.PUBLISHER: Sentence("publishes policies"),
        Role.ADMINISTRATOR: Sentence("adds forums and staff"),
        Role.AUDITOR: Sentence("reads the ledger and statistics, changes nothing"),
    }
)
"""A route behind a role says so itself, by `staff_required`; a test collects them."""

NAMES: Final[Mapping[Role, Sentence]] = MappingProxyType(
    {
        Role.OFFICER: Sentence("officer"),
        Role.VERIFIER: Sentence("verifier"),
        Role.CUSTODIAN: Sentence("custodian"),
        Role.PUBLISHER: Sentence("publisher"),
        Role.ADMINISTRATOR: Sentence("administrator"),
        Role.AUDITOR: Sentence("auditor"),
    }
)
"""What pages call the roles."""

OWN_EYES: Final = frozenset({"could_have_seen.shown", "could_have_seen.stopped"})
"""What a person alone may see, and nobody on their behalf, a guardian least of all.

INVARIANT: such a route shows what belongs to the account that is signed in, asks for a fresh proof, and takes no other
account, patient or name out of a request.
"""


def scopes_of(text: str) -> frozenset[str]:
    """Return the scopes of a text that separates them by spaces (RFC 6749, section 3.3)."""
    return frozenset(text.split())


def roles_of(text: str) -> frozenset[Role]:
    """Return the roles of a text that separates them by spaces. Raises `ValueError` for one that is none."""
    return frozenset(Role(name) for name in text.split())
