"""Checks of the conduct rules: complete in rules, actions and statuses, and never looser than good standing."""

from collections.abc import Iterator

from governance.decision.vocabulary import Action, Assurance, Capacity, Status
from governance.policy.checks.families import sections_of
from governance.policy.checks.rule import Kind, Rule
from governance.policy.problems import Problem
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

_ASSURANCE = frozenset(level.name for level in Assurance)

_SHAPE: dict[str, Shape] = {
    "parts": {"*": [str]},
    "pages": {"keys": [str]},
    "assurance": {Action: _ASSURANCE},
    "assurance_levels": {level.lower(): str for level in sorted(_ASSURANCE)},
    "status": {Status: {"key": str, "permits": [Action]}},
    "attestation": {"valid_days": int, "grace_days_material": int},
    "capacity": {"kinds": [Capacity], "begins_after_hours": int},
    "recheck": {"feed_days": int, "manual_days": int, "warn_days": int},
    "sanctions": {"longest_days": int, "review_days": int, "appeal_days": int, "answer_days": int},
    "probing": {"floor_authors": int, "times_usual": int, "floor_named": int},
    "limits": {"keys": [str]},
    "rule": [
        {
            "code": str,
            "key": str,
            "source": [str],
            "enforce": [frozenset({"decision", "platform", "attestation", "report"})],
            "must_accept": bool,
            "actions": [Action],
        }
    ],
}

RULE_CODES = frozenset(f"C{number}" for number in range(1, 31))
FEWEST_FEED_DAYS = 4
"""Registers pause their feeds on weekends and holidays."""


def rules_are_complete(source: Source) -> Iterator[Problem]:
    """Every rule C1 to C30 is there, once."""
    codes = [rule["code"] for rule in source.data["rule"]]
    for code in sorted(RULE_CODES - set(codes)):
        yield source.problem(f"rule.{code}", "is missing", "add the rule")
    for code in sorted(set(codes) - RULE_CODES):
        yield source.problem(f"rule.{code}", "is not one of C1 to C30", "use the code of the rule")
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield source.problem(f"rule.{code}", "is there twice", "keep one of the two")


def rules_say_how_they_hold(source: Source) -> Iterator[Problem]:
    """Nobody may think that software holds what it does not, or that a rule came from nowhere."""
    for rule in source.data["rule"]:
        for key in ("source", "enforce"):
            if not rule[key]:
                yield source.problem(f"rule.{rule['code']}.{key}", "is empty", "name at least one")


def only_good_permits_everything(source: Source) -> Iterator[Problem]:
    """A status that is not good closes something; one that says nothing closes all (design 3, gate)."""
    for status in Status:
        permits = set(source.data["status"][status]["permits"])
        key = f"status.{status}.permits"
        if status is Status.GOOD:
            for action in sorted(set(Action) - permits):
                yield source.problem(key, f"lacks `{action}`", "good standing is no bar to any action: add it")
        elif permits == set(Action):
            yield source.problem(key, "permits everything", f"take out what `{status}` must not do")
        elif permits and status is not Status.RESTRICTED:
            yield source.problem(key, "is not empty", f"write [], `{status}` refuses all")


def assurance_is_register_checked(source: Source) -> Iterator[Problem]:
    """Nobody acts as a professional before name and number were found on the register (design 3, gate)."""
    for action in Action:
        level = source.data["assurance"][action]
        if Assurance[level] < Assurance.A3:
            yield source.problem(f"assurance.{action}", f"is {level}", "write A3 or A4")


def times_are_positive(source: Source) -> Iterator[Problem]:
    """A time of nothing would lapse at once, or begin at once."""
    for table, key in (
        ("attestation", "valid_days"),
        ("capacity", "begins_after_hours"),
        ("recheck", "manual_days"),
        ("recheck", "warn_days"),
        *(("sanctions", f"{name}_days") for name in ("longest", "review", "appeal", "answer")),
        *(("probing", name) for name in ("floor_authors", "times_usual", "floor_named")),
    ):
        if source.data[table][key] < 1:
            yield source.problem(f"{table}.{key}", "is below 1", "write 1 or more")
    if source.data["attestation"]["grace_days_material"] < 0:
        yield source.problem("attestation.grace_days_material", "is below 0", "write 0 or more")
    if source.data["recheck"]["feed_days"] < FEWEST_FEED_DAYS:
        yield source.problem("recheck.feed_days", f"is below {FEWEST_FEED_DAYS}", "feeds pause on weekends: raise it")


def every_capacity_is_named(source: Source) -> Iterator[Problem]:
    """The capacities are those of the core, each once."""
    if sorted(source.data["capacity"]["kinds"]) != sorted(Capacity):
        yield source.problem("capacity.kinds", "are not those of decisions", f"write {', '.join(Capacity)}")


def words_of_conduct(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of the conduct rules must hold."""
    keys = [*tables["pages"]["keys"], *tables["limits"]["keys"]]
    keys += [entry["key"] for entry in (*tables["rule"], *tables["status"].values())]
    return sections_of(tables, keys)


_RULES: tuple[Rule, ...] = (
    rules_are_complete,
    rules_say_how_they_hold,
    only_good_permits_everything,
    assurance_is_register_checked,
    times_are_positive,
    every_capacity_is_named,
)

CONDUCT = Kind("conduct", Procedure.CONDUCT, _SHAPE, _RULES, words=words_of_conduct)
