"""What the feed takes from the policy records: the gate's rules, and whom to call. Other ones make another epoch."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from governance.crypto.keys import length_prefixed
from governance.decision.facts import Conduct
from governance.pep.wire.bundle import encode_emergency
from governance.pep.wire.places import EmergencyLine
from governance.policy.current import conduct_in_force, policies
from governance.policy.views.reporting import ReportingPolicy


@dataclass(frozen=True, slots=True)
class FeedRules:
    """The rules in force, with a digest of all of them."""

    conduct: Conduct
    emergency: bytes
    digest: bytes

    @classmethod
    def of(cls, conduct: Conduct, emergency: bytes) -> "FeedRules":
        """Return these rules."""
        asked = sorted((action.value, int(level)) for action, level in conduct.assurance.items())
        allowed = sorted((status.value, sorted(actions)) for status, actions in conduct.permits.items())
        said = length_prefixed(
            repr(asked), repr([(status, [*map(str, found)]) for status, found in allowed]), emergency
        )
        return cls(conduct, emergency, sha256(said).digest())


@cache
def rules_in_force() -> FeedRules:
    """Return the rules this process works by."""
    return FeedRules.of(conduct_in_force(), encode_emergency(emergency_lines(policies().reporting)))


def emergency_lines(policy: ReportingPolicy) -> Iterator[EmergencyLine]:
    """Yield whom to call, for every country that has lines and in every language they are written in."""
    record = policy.emergency
    countries = dict.fromkeys([*(line["country"] for line in record.tables["lines"]), *record.tables["eu"]["members"]])
    for language in record.sha256_by_language:
        for country in countries:
            for line in policy.emergency_lines(country, language=language):
                yield EmergencyLine(
                    country, line.kind, line.for_whom, language, line.name, line.channel, line.number, line.note
                )
