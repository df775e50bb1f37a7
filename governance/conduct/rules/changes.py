"""What is different between the rules that somebody accepted and those in force."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.policy.history import history_of
from governance.policy.records import PolicyRecord
from governance.policy.views.conduct import ConductPolicy, ConductRule


@dataclass(frozen=True, slots=True)
class Changed:
    """One rule before and after; `before` is none of a new rule, `after` of one that is gone."""

    code: str
    before: ConductRule | None
    after: ConductRule | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is different; `known` is false where the words of before are not here to compare with."""

    version: str
    summary: str
    rules: tuple[Changed, ...]
    known: bool = True


def difference(session: Session, accepted: str, policy: ConductPolicy) -> Difference | None:
    """Return what changed in a way that matters since a version was accepted; none if nothing did.

    A wording that was made clearer is no change that matters: it asks nobody again, and is not told here.
    """
    if family(accepted) == family(policy.version):
        return None
    then = history_of(session, "conduct", policy.record).named(accepted)
    if then is None:
        return Difference(accepted, policy.record.summary, (), known=False)
    return Difference(accepted, policy.record.summary, _changed(_of(then.record, policy), policy))


def family(version: str) -> str:
    """Return the number that a material change raises."""
    return version.partition(".")[0]


def _of(record: PolicyRecord, like: ConductPolicy) -> dict[str, tuple[ConductRule, tuple[str, str]]]:
    return _words(ConductPolicy(record), like.record.speaks)


def _words(policy: ConductPolicy, language: str) -> dict[str, tuple[ConductRule, tuple[str, str]]]:
    return {rule.code: (rule, (rule.words.title, rule.words.body)) for rule in policy.rules(language)}


def _changed(before: dict[str, tuple[ConductRule, tuple[str, str]]], policy: ConductPolicy) -> tuple[Changed, ...]:
    after = _words(policy, policy.record.speaks)
    found = []
    for code in sorted({*before, *after}, key=lambda code: int(code[1:])):
        old, new = before.get(code), after.get(code)
        if old is None or new is None or old[1] != new[1]:
            found.append(Changed(code, None if old is None else old[0], None if new is None else new[0]))
    return tuple(found)
