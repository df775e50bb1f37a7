"""Breaks of the conduct rules."""

from governance.policy.checks import conduct
from tests.policy.breaks.row import CONDUCT, Break
from tests.policy.copies import GONE

ALL_ACTIONS = [
    "view", "react", "reply", "quote", "record", "use_in_care", "research", "moderate",
    "find", "look_up", "mention", "message", "connect",
]  # fmt: skip

CONDUCT_BREAKS = [
    Break(conduct.rules_are_complete, CONDUCT, ("rule", 6), GONE, "rule.C7", "missing", "add"),
    Break(conduct.rules_are_complete, CONDUCT, ("rule", 6, "code"), "C8", "rule.C8", "twice", "keep one"),
    Break(conduct.rules_are_complete, CONDUCT, ("rule", 6, "code"), "C31", "rule.C31", "C1 to C30", "code"),
    Break(
        conduct.rules_say_how_they_hold, CONDUCT, ("rule", 0, "source"), [], "rule.C1.source", "empty", "at least one"
    ),
    Break(
        conduct.only_good_permits_everything,
        CONDUCT,
        ("status", "restricted", "permits"),
        ALL_ACTIONS,
        "status.restricted.permits",
        "everything",
        "restricted",
    ),
    Break(
        conduct.only_good_permits_everything,
        CONDUCT,
        ("status", "stale", "permits"),
        ["view"],
        "status.stale.permits",
        "not empty",
        "[]",
    ),
    Break(
        conduct.only_good_permits_everything,
        CONDUCT,
        ("status", "good", "permits"),
        ALL_ACTIONS[1:],
        "status.good.permits",
        "`view`",
        "add",
    ),
    Break(
        conduct.assurance_is_register_checked, CONDUCT, ("assurance", "view"), "A2", "assurance.view", "A2", "A3 or A4"
    ),
    Break(
        conduct.times_are_positive,
        CONDUCT,
        ("attestation", "valid_days"),
        0,
        "attestation.valid_days",
        "below 1",
        "1 or more",
    ),
    Break(
        conduct.times_are_positive,
        CONDUCT,
        ("attestation", "grace_days_material"),
        -1,
        "attestation.grace_days_material",
        "below 0",
        "0 or more",
    ),
    Break(conduct.times_are_positive, CONDUCT, ("recheck", "feed_days"), 3, "recheck.feed_days", "below 4", "weekends"),
    Break(
        conduct.every_capacity_is_named,
        CONDUCT,
        ("capacity", "kinds"),
        ["professional"],
        "capacity.kinds",
        "decisions",
        "peer",
    ),
]
