"""Breaks of reporting and the emergency lines."""

from datetime import date

from governance.policy.checks import emergency, reporting
from tests.policy.breaks.row import EMERGENCY, REPORTING, Break
from tests.policy.copies import GONE

REPORTING_BREAKS = [
    Break(
        reporting.codes_are_words, REPORTING, ("types", 1, "code"), "Too close", "types.Too close", "no code", "lower"
    ),
    Break(reporting.codes_are_unique, REPORTING, ("types", 1, "code"), "privacy", "types.privacy", "twice", "keep one"),
    Break(reporting.nobody_is_turned_away, REPORTING, ("types", 0), GONE, "types.uncomfortable", "missing", "nobody"),
]

EMERGENCY_BREAKS = [
    Break(
        emergency.order_names_every_kind,
        EMERGENCY,
        ("kinds", "order"),
        ["talk", "danger", "medical"],
        "kinds.order",
        "danger first",
        "start",
    ),
    Break(emergency.order_names_every_kind, EMERGENCY, ("kinds", "order"), [], "kinds.order", "every kind", "name all"),
    Break(
        emergency.countries_are_codes, EMERGENCY, ("lines", 0, "country"), "UK!", "lines[1].country", "no country", "IE"
    ),
    Break(
        emergency.numbers_can_be_dialled,
        EMERGENCY,
        ("lines", 0, "number"),
        "nine-nine-nine",
        "lines[1].number",
        "dialled",
        "digits",
    ),
    Break(emergency.lines_are_unique, EMERGENCY, ("lines", 1, "number"), "9 99", "lines[2]", "twice", "keep one"),
    Break(
        emergency.every_country_has_a_line_for_danger,
        EMERGENCY,
        ("lines", 0, "kind"),
        "talk",
        "lines.GB",
        "danger",
        "add",
    ),
    Break(
        emergency.only_the_public_service_has_no_name,
        EMERGENCY,
        ("lines", 1, "name"),
        GONE,
        "lines[2].name",
        "missing",
        "calls itself",
    ),
    Break(
        emergency.review_follows_check,
        EMERGENCY,
        ("lines", 0, "review"),
        date(2029, 1, 1),
        "lines[1].review",
        "365",
        "next look",
    ),
]
