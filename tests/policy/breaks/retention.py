"""Breaks of for how long reports are kept."""

from governance.policy.checks import retention
from tests.policy.breaks.row import RETENTION, Break
from tests.policy.copies import GONE

RETENTION_BREAKS = [
    Break(
        retention.every_case_has_one_time,
        RETENTION,
        ("spans", 1),
        GONE,
        "spans.S2",
        "0 spans",
        "name each severity once",
    ),
    Break(
        retention.every_case_has_one_time,
        RETENTION,
        ("spans", 0, "severities"),
        ["S0", "S1", "S2"],
        "spans.S2",
        "2 spans",
        "once",
    ),
    Break(
        retention.parts_go_in_their_order,
        RETENTION,
        ("spans", 1, "pictures"),
        40,
        "spans[2].pictures",
        "after `messages`",
        "36",
    ),
    Break(
        retention.parts_go_in_their_order,
        RETENTION,
        ("spans", 0, "pictures"),
        3,
        "spans[1].pictures",
        "too short for an appeal",
        "7 to",
    ),
    Break(retention.names_go_first, RETENTION, ("identity", "days"), 400, "identity.days", "no time", "1 to 200"),
    Break(retention.probes_go_late_enough, RETENTION, ("probes", "days"), 30, "probes.days", "sooner than", "31 to"),
]
