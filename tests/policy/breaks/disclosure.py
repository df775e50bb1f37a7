"""Breaks of the disclosure."""

from governance.policy.checks import disclosure
from tests.policy.breaks.row import DISCLOSURE, Break
from tests.policy.copies import GONE

DISCLOSURE_BREAKS = [
    Break(disclosure.exactly_six_must_knows, DISCLOSURE, ("must_know", 5), GONE, "must_know", "5", "exactly 6"),
    Break(disclosure.risks_are_complete, DISCLOSURE, ("risk", 6), GONE, "risk.R7", "missing", "add"),
    Break(disclosure.risks_are_complete, DISCLOSURE, ("risk", 6, "code"), "R20", "risk.R20", "R1 to R19", "code"),
    Break(disclosure.names_are_unique, DISCLOSURE, ("risk", 6, "code"), "R8", "risk.R8", "twice", "keep one"),
    Break(
        disclosure.names_are_unique,
        DISCLOSURE,
        ("must_know", 5, "slug"),
        "signed_out",
        "must_know.signed_out",
        "twice",
        "slug",
    ),
    Break(
        disclosure.every_action_is_touched, DISCLOSURE, ("risk", 15, "touches"), ["view"], "risk", "`moderate`", "risk"
    ),
    Break(
        disclosure.every_action_is_touched,
        DISCLOSURE,
        ("variants", "child", "sections"),
        ["intro", "acknowledge", "must_know", "teach_back"],
        "variants.child",
        "`view`",
        "risk",
    ),
    Break(
        disclosure.references_resolve,
        DISCLOSURE,
        ("risk", 0, "benefits"),
        ["gold"],
        "risk.R1.benefits",
        "`gold`",
        "add it",
    ),
    Break(
        disclosure.references_resolve,
        DISCLOSURE,
        ("risk", 0, "evidence"),
        ["hearsay"],
        "risk.R1.evidence",
        "`hearsay`",
        "add it",
    ),
    Break(
        disclosure.references_resolve,
        DISCLOSURE,
        ("teach_back", 0, "shows_again"),
        ["gold"],
        "teach_back.who_reads.shows_again",
        "`gold`",
        "add it",
    ),
    Break(
        disclosure.right_answers_exist,
        DISCLOSURE,
        ("teach_back", 0, "right"),
        "z",
        "teach_back.who_reads.right",
        "`z`",
        "a, b, c",
    ),
    Break(
        disclosure.right_answers_exist,
        DISCLOSURE,
        ("parts", "teach_back"),
        ["question", "explain"],
        "parts.teach_back",
        "no option",
        "option.a",
    ),
    Break(
        disclosure.nobody_fails,
        DISCLOSURE,
        ("teach_back_rules", "tries_max"),
        3,
        "teach_back_rules.tries_max",
        "limits",
        "0",
    ),
    Break(disclosure.variants_match_texts, DISCLOSURE, ("texts", "en_child"), GONE, "variants.child", "no text", "add"),
    Break(disclosure.variants_match_texts, DISCLOSURE, ("reading", "en"), GONE, "reading.en", "missing", "hard"),
    Break(
        disclosure.must_knows_are_in_every_variant,
        DISCLOSURE,
        ("variants", "easy_read", "sections"),
        ["intro", "risk", "must_know.public_posts"],
        "variants.easy_read.sections",
        "`must_know.signed_out`",
        "add",
    ),
]
