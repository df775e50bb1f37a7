"""Checks of the opt-out records: levels, defaults, postures and ages."""

import re
from collections.abc import Iterator
from itertools import pairwise

from governance.decision.levels import EXTRAS, LEVELS
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import OPEN_ACTIONS, Action, Level, Posture
from governance.policy.checks.rule import Kind, Rule, titled
from governance.policy.problems import Problem
from governance.policy.reading import Source, TextSource
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

_DEFAULTS: Shape = {
    "care_team": Level,
    "others": Level,
    "extras": [Action],
    "find": bool,
    "community_posture": bool,
    "emergency_view": bool,
    "peers_as_members": bool,
}

_SHAPE: dict[str, Shape] = {
    "levels": {Level: [Action]},
    "conditions": {"message": frozenset({"patient_wrote_first"}), "record": frozenset({"asked_each_time"})},
    "extras": {"actions": [Action]},
    "not_a_choice": {"actions": [Action]},
    "caps": {"care_team": Level, "named": Level, "others": Level, "others_minor": Level},
    "defaults": {"adult": _DEFAULTS, "minor": _DEFAULTS},
    "presets": [{"slug": str, "care_team": Level, "others": Level}],
    "loosening": {"cooling_off_hours": int, "undo_minutes": int},
    "erasing": {"wait_days": int},
    "emergency_view": {"hours": int},
    "postures": {Posture: {"professionals": bool, "opens": [Action]}},
}

_OF_SWITCHES = frozenset(f"{one}.{key}" for one in ("emergency_view", "peers") for key in ("question", "yes", "no"))
_OF_RULES = frozenset(
    {f"rules.{key}" for key in ("ended", "organisation", "place", "also_named")}
    | {f"rule.who.{kind}" for kind in WhoKind}
    | {f"rule.where.{scale.name.lower()}" for scale in Scale}
    | {f"rule.when.{when}" for when in ("open", "span", "over")}
    | {f"rule.posts.{reach}" for reach in ("all", "new", "old")}
    | {f"rule.{key}" for key in ("line", "gone", "cross")}
)
"""What is said of a patient's own rules; a name in braces is put in."""
_RANK = {level: rank for rank, level in enumerate(Level)}
"""The vocabulary lists the levels from nothing to most."""


def levels_in_order(source: Source) -> Iterator[Problem]:
    """A higher level never takes away what a lower one gave; the file lists them in that order."""
    levels: Table = source.data["levels"]
    if list(levels) != [str(level) for level in Level]:
        yield source.problem("levels", "are out of order", f"list them as {', '.join(Level)}")
    for lower, higher in pairwise(Level):
        missing = sorted(set(levels[lower]) - set(levels[higher]))
        if missing:
            yield source.problem(f"levels.{higher}", f"lacks {_named(missing)} of `{lower}`", "add what is lacking")


def levels_as_decided(source: Source) -> Iterator[Problem]:
    """The words promise what the core compiles a level to."""
    for level in Level:
        differing = sorted(set(source.data["levels"][level]) ^ LEVELS[level])
        if differing:
            yield source.problem(
                f"levels.{level}",
                f"differs in {_named(differing)} from what decisions do",
                "change the record and `governance/decision/levels.py` together",
            )


def every_action_has_a_place(source: Source) -> Iterator[Problem]:
    """An action is in a level, or an extra, or no choice; never in two of them."""
    extras, apart = set(source.data["extras"]["actions"]), set(source.data["not_a_choice"]["actions"])
    in_levels = {action for actions in source.data["levels"].values() for action in actions}
    for action in Action:
        places = [action in in_levels, action in extras, action in apart].count(True)
        if places != 1:
            where = "in no level, extra or other list" if not places else "in more than one list"
            yield source.problem("extras.actions", f"`{action}` is {where}", "extras are the actions in no level")
    for action in sorted(extras ^ EXTRAS):
        yield source.problem(
            "extras.actions",
            f"`{action}` differs from what decisions do",
            "change the record and `governance/decision/levels.py` together",
        )


def minors_start_closed(source: Source) -> Iterator[Problem]:
    """Nobody under 18 is open to professionals before they chose it (ICO code; design 2)."""
    minor = source.data["defaults"]["minor"]
    for circle in ("care_team", "others"):
        if minor[circle] != Level.CLOSED:
            yield source.problem(f"defaults.minor.{circle}", f"is `{minor[circle]}`", 'write "closed" for minors')
    if minor["extras"]:
        yield source.problem("defaults.minor.extras", "is not empty", "write [] for minors")
    for key in ("find", "community_posture", "emergency_view", "peers_as_members"):
        if minor[key]:
            yield source.problem(f"defaults.minor.{key}", "is on", "write false for minors")


def silence_is_no_yes(source: Source) -> Iterator[Problem]:
    """No adult has said yes to an extra or to being seen before they chose (GDPR Art. 4(11), 25(2))."""
    adult = source.data["defaults"]["adult"]
    for key in ("extras", "find", "emergency_view", "peers_as_members"):
        if adult[key]:
            yield source.problem(f"defaults.adult.{key}", "is on at first", "silence is no yes: switch it off")


def caps_hold(source: Source) -> Iterator[Problem]:
    """Strangers get no further than design 2 allows, and no preset goes beyond its cap."""
    caps = source.data["caps"]
    for key, limit in (("others", Level.IN_TOUCH), ("others_minor", Level.ANSWERED)):
        if _RANK[caps[key]] > _RANK[limit]:
            yield source.problem(f"caps.{key}", f"is `{caps[key]}`", f'write "{limit}" or less')
    for preset in source.data["presets"]:
        for circle in ("care_team", "others"):
            if _RANK[preset[circle]] > _RANK[caps[circle]]:
                yield source.problem(
                    f"presets.{preset['slug']}.{circle}", "goes beyond the cap", f"write {caps[circle]} or less"
                )


def presets_are_unique(source: Source) -> Iterator[Problem]:
    """A preset is found by its slug."""
    slugs = [preset["slug"] for preset in source.data["presets"]]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        yield source.problem(f"presets.{slug}", "is there twice", "give each preset a slug of its own")


def postures_open_what_they_may(source: Source) -> Iterator[Problem]:
    """Only a community that says so opens anything, and never more than the core opens."""
    for posture in Posture:
        entry = source.data["postures"][posture]
        allowed = OPEN_ACTIONS if posture is Posture.HCP_PRESENT else frozenset()
        if set(entry["opens"]) != allowed:
            yield source.problem(
                f"postures.{posture}.opens", "differs from what decisions do", f"write {sorted(allowed)}"
            )
        if entry["professionals"] == (posture is Posture.PEER_ONLY):
            yield source.problem(
                f"postures.{posture}.professionals", "says the opposite of the posture", "only peer_only has false here"
            )


def waiting_times_are_positive(source: Source) -> Iterator[Problem]:
    """Opening up waits; a wait of nothing would hand a coerced yes through at once."""
    loosening = source.data["loosening"]
    for key, hours in (
        ("loosening.cooling_off_hours", loosening["cooling_off_hours"]),
        ("loosening.undo_minutes", loosening["undo_minutes"]),
        ("erasing.wait_days", source.data["erasing"]["wait_days"]),
        ("emergency_view.hours", source.data["emergency_view"]["hours"]),
    ):
        if hours < 1:
            yield source.problem(key, "is below 1", "write 1 or more")


def texts_tell_the_times(source: Source, text: TextSource) -> Iterator[Problem]:
    """A text that tells another waiting time than the service keeps is a broken promise."""
    loosening = source.data["loosening"]
    for section, number in (
        ("loosening.body", loosening["cooling_off_hours"]),
        ("loosening.body", loosening["undo_minutes"]),
        ("emergency_view.body", source.data["emergency_view"]["hours"]),
    ):
        words = text.sections.by_key.get(section)
        if words is not None and not re.search(rf"\b{number}\b", words):
            yield Problem(text.file, section, f"does not tell the {number} of the record", f"say {number} in it")


def _named(actions: list[str]) -> str:
    return ", ".join(f"`{action}`" for action in actions)


def words_of_optout(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of the opt-out must hold, the same in every variant."""
    things = [
        "intro",
        "care_team",
        "others",
        "naming",
        "as_their_group",
        "extras",
        "hide",
        "loosening",
        "emergency_view",
        "peers",
    ]
    things += [f"action.{action}" for action in Action]
    things += [f"posture.{posture}" for posture in Posture]
    things += [f"preset.{preset['slug']}" for preset in tables["presets"]]
    refusals = {f"action.{action}.if_no" for action in Action} | {"emergency_view.if_no", "peers.if_no"}
    return titled(*things, "rules") | refusals | _OF_RULES | _OF_SWITCHES | _words_of_levels(tables)


def _words_of_levels(tables: Table) -> frozenset[str]:
    offered = {circle: _RANK[tables["caps"][circle]] for circle in ("care_team", "named", "others")}
    bodies = {
        f"level.{level}.body.{circle}" for level in Level for circle, cap in offered.items() if _RANK[level] <= cap
    }
    return frozenset(bodies | {f"level.{level}.title" for level in Level})


OPTOUT_RULES: tuple[Rule, ...] = (
    levels_in_order,
    levels_as_decided,
    every_action_has_a_place,
    minors_start_closed,
    silence_is_no_yes,
    caps_hold,
    presets_are_unique,
    postures_open_what_they_may,
    waiting_times_are_positive,
)

OPTOUT = Kind(
    "optout",
    Procedure.OPTOUT,
    _SHAPE,
    OPTOUT_RULES,
    words=words_of_optout,
    text_rules=(texts_tell_the_times,),
)
