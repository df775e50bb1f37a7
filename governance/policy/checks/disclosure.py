"""Checks of the disclosure: six must-knows, all risks, every action told of, a fair check of understanding."""

from collections.abc import Iterator

from governance.decision.vocabulary import Action
from governance.policy.checks.families import sections_of
from governance.policy.checks.rule import Kind, Rule
from governance.policy.problems import Problem
from governance.policy.reading import Source, labels
from governance.policy.records import EVERYTHING, MAIN_LANGUAGE, ChangeClass, Procedure, Table, Variant
from governance.policy.shape import Shape

_FORMULAS = {"en": "flesch_kincaid", "es": "szigriszt_pazos"}
"""By language: a formula that was fitted to one says nothing about another."""
_NO_FORMULA = "none"
"""Of languages for which we know none; only readers can say how hard their texts are."""

_SHAPE: dict[str, Shape] = {
    "parts": {"*": [str]},
    "variants": {"*": {"for_whom": str, "sections": [str]}},
    "reading": {"*": {"formula": frozenset({*_FORMULAS.values(), _NO_FORMULA}), "grade_max?": int, "ease_min": int}},
    "pages": {"keys": [str]},
    "must_know": [{"slug": str, "key": str, "shows?": frozenset({"emergency_lines"})}],
    "risk": [{"code": str, "key": str, "touches": [Action], "benefits": [str], "evidence": [str]}],
    "benefit": [{"slug": str, "key": str, "evidence": [str]}],
    "cannot": {"keys": [str]},
    "source_guide": {"keys": [str], "evidence": [str]},
    "acknowledgement": {"grace_days_material": int, "remind_days": int, "unseen_days": int},
    "changed?": {"parts": [str], "weakens": bool},
    "teach_back_rules": {"tries_max": int},
    "teach_back": [{"slug": str, "key": str, "right": str, "shows_again": [str]}],
    "evidence": {
        "*": {"cite": str, "where": str, "read": frozenset({"abstract", "part", "second_hand", "not_read"})},
    },
}

MUST_KNOWS = 6
RISKS = frozenset(f"R{number}" for number in range(1, 20))

_OPTION = "option."


def exactly_six_must_knows(source: Source) -> Iterator[Problem]:
    """More than six are not read, fewer leave something out."""
    count = len(source.data["must_know"])
    if count != MUST_KNOWS:
        yield source.problem("must_know", f"there are {count}", f"name exactly {MUST_KNOWS} must-knows")


def risks_are_complete(source: Source) -> Iterator[Problem]:
    """Every risk R1 to R19 is told, once."""
    codes = [risk["code"] for risk in source.data["risk"]]
    for code in sorted(RISKS - set(codes)):
        yield source.problem(f"risk.{code}", "is missing", "add the risk")
    for code in sorted(set(codes) - RISKS):
        yield source.problem(f"risk.{code}", "is not one of R1 to R19", "use the code of the risk")


def names_are_unique(source: Source) -> Iterator[Problem]:
    """A must-know, a risk, a benefit and a question are each found by one name."""
    for table, name in (("must_know", "slug"), ("risk", "code"), ("benefit", "slug"), ("teach_back", "slug")):
        names = [entry[name] for entry in source.data[table]]
        for twice in sorted({one for one in names if names.count(one) > 1}):
            yield source.problem(f"{table}.{twice}", "is there twice", f"keep one, or give it a {name} of its own")


def every_action_is_touched(source: Source) -> Iterator[Problem]:
    """A permit counts only under a disclosure that told the risk of its action, in every variant."""
    for name in ("", *source.data["variants"]):
        covered = {action for risk in _risks_of(source.data, name) for action in risk["touches"]}
        for action in sorted(set(Action) - covered):
            where = f"variants.{name}" if name else "risk"
            yield source.problem(where, f"no risk touches `{action}`", "name the action in a risk that it told there")


def _risks_of(tables: Table, variant: str) -> list[Table]:
    return [risk for risk in tables["risk"] if not variant or _covers(tables["variants"][variant], risk["key"])]


def references_resolve(source: Source) -> Iterator[Problem]:
    """A benefit, a must-know or a piece of evidence that something names is there."""
    tables = source.data
    benefits = {benefit["slug"] for benefit in tables["benefit"]}
    must_knows = {must_know["slug"] for must_know in tables["must_know"]}
    named = [(f"risk.{risk['code']}.benefits", risk["benefits"], benefits) for risk in tables["risk"]]
    named += [(f"teach_back.{one['slug']}.shows_again", one["shows_again"], must_knows) for one in tables["teach_back"]]
    named += [(f"risk.{risk['code']}.evidence", risk["evidence"], tables["evidence"]) for risk in tables["risk"]]
    named += [(f"benefit.{one['slug']}.evidence", one["evidence"], tables["evidence"]) for one in tables["benefit"]]
    named += [("source_guide.evidence", tables["source_guide"]["evidence"], tables["evidence"])]
    for key, names, known in named:
        for name in sorted(set(names) - set(known)):
            yield source.problem(key, f"`{name}` is not in this record", "add it there or take the name out")


def right_answers_exist(source: Source) -> Iterator[Problem]:
    """A question whose right answer is not on offer could never be passed."""
    options = _options(source.data)
    if not options:
        yield source.problem("parts.teach_back", "names no option", "add parts such as option.a")
    for question in source.data["teach_back"]:
        if question["right"] not in options:
            yield source.problem(
                f"teach_back.{question['slug']}.right",
                f"`{question['right']}` is no option",
                f"use one of {', '.join(options)}",
            )


def nobody_fails(source: Source) -> Iterator[Problem]:
    """The check of understanding never closes the service, so tries are not limited."""
    if source.data["teach_back_rules"]["tries_max"]:
        yield source.problem("teach_back_rules.tries_max", "limits the tries", "write 0, which is no limit")


def material_names_what_changed(source: Source) -> Iterator[Problem]:
    """What a material version changed says whose permits pause; a part that is not there would pause none."""
    changed = source.data.get("changed")
    parts = [] if changed is None else changed["parts"]
    is_first = source.data["record"]["version"].startswith(("0.", "1."))
    if source.data["record"]["change"] == ChangeClass.MATERIAL and not parts and not is_first:
        yield source.problem("changed", "names no part", "name the risks (`R14`) and must-knows that changed, or `all`")
    known = {risk["code"] for risk in source.data["risk"]} | {one["slug"] for one in source.data["must_know"]}
    for part in sorted(set(parts) - known - {EVERYTHING}):
        yield source.problem(
            "changed.parts", f"`{part}` is no risk and no must-know", "use the code, the slug or `all`"
        )


def times_are_sound(source: Source) -> Iterator[Problem]:
    """A reminder that comes after the lapse reminds nobody."""
    times = source.data["acknowledgement"]
    if times["grace_days_material"] < 0:
        yield source.problem("acknowledgement.grace_days_material", "is below 0", "write 0 or more")
    if not 0 < times["remind_days"] < times["unseen_days"]:
        yield source.problem("acknowledgement.remind_days", "is not before the lapse", "write less than `unseen_days`")


def variants_match_texts(source: Source) -> Iterator[Problem]:
    """A variant has an English text, its sections name something, and a text has limits of reading."""
    variants = source.data["variants"]
    texts = [label for label in labels(source) if label.variant is not Variant.STANDARD]
    in_english = {str(label.variant) for label in texts if label.language == MAIN_LANGUAGE}
    for name in sorted((variants.keys() ^ in_english) | {str(label.variant) for label in texts} - variants.keys()):
        yield source.problem(f"variants.{name}", "has no text or no list of sections", "add what is lacking")
    keys = _family_keys(source.data)
    for name, variant in variants.items():
        for prefix in variant["sections"]:
            if not any(_below(prefix, key) for key in keys):
                yield source.problem(f"variants.{name}.sections", f"`{prefix}` names nothing", "mend the prefix")
    for name in sorted(source.data["texts"].keys() - source.data["reading"].keys()):
        yield source.problem(f"reading.{name}", "is missing", "say how hard the text may be to read")


def formulas_fit_the_language(source: Source) -> Iterator[Problem]:
    """A text is measured by the formula of its language."""
    for label in labels(source):
        limits = source.data["reading"].get(label.name, {})
        formula = _FORMULAS.get(label.language, _NO_FORMULA)
        if limits and limits["formula"] != formula:
            yield source.problem(
                f"reading.{label.name}.formula",
                f"is not made for `{label.language}`",
                f'write "{formula}"',
            )


def must_knows_are_in_every_variant(source: Source) -> Iterator[Problem]:
    """Nobody acknowledges a disclosure from which a must-know or a question was left out."""
    needed = [entry["key"] for table in ("must_know", "teach_back") for entry in source.data[table]]
    for name, variant in source.data["variants"].items():
        for key in needed:
            if not _covers(variant, key):
                yield source.problem(f"variants.{name}.sections", f"lacks `{key}`", "add it to the sections")


def words_of_disclosure(tables: Table, variant: Variant) -> frozenset[str]:
    """Return the sections that a text of this variant must hold."""
    chosen = tables["variants"].get(variant)
    keys = _family_keys(tables)
    if chosen is not None:
        keys = [key for key in keys if _covers(chosen, key)]
    return sections_of(tables, keys)


def _family_keys(tables: Table) -> list[str]:
    lists = [tables[table]["keys"] for table in ("pages", "cannot", "source_guide")]
    entries = [entry["key"] for table in ("must_know", "risk", "benefit", "teach_back") for entry in tables[table]]
    return [key for keys in lists for key in keys] + entries


def _covers(variant: Table, key: str) -> bool:
    return any(_below(prefix, key) for prefix in variant["sections"])


def _below(prefix: str, key: str) -> bool:
    return key == prefix or key.startswith(f"{prefix}.")


def _options(tables: Table) -> list[str]:
    parts = tables["parts"].get("teach_back", [])
    return [part.removeprefix(_OPTION) for part in parts if part.startswith(_OPTION)]


_RULES: tuple[Rule, ...] = (
    exactly_six_must_knows,
    risks_are_complete,
    names_are_unique,
    every_action_is_touched,
    references_resolve,
    right_answers_exist,
    nobody_fails,
    material_names_what_changed,
    times_are_sound,
    variants_match_texts,
    formulas_fit_the_language,
    must_knows_are_in_every_variant,
)

DISCLOSURE = Kind("disclosure", Procedure.DISCLOSURE, _SHAPE, _RULES, words=words_of_disclosure)
