"""Every rule catches a broken copy of the real records and says how to mend it."""

from pathlib import Path

import pytest

from governance.policy.checks import header
from governance.policy.kinds import KINDS
from governance.policy.reading import policies_folder, read_source
from governance.policy.validate import check
from tests.policy.breaks import BREAKS
from tests.policy.breaks.row import CONDUCT, DISCLOSURE, EMERGENCY, OPTOUT, REPORTING, Break
from tests.policy.copies import GONE, problem_at, put

RULES = {*header.RULES, *(rule for kind in KINDS.values() for rule in kind.rules)}

# (record, where, value, key, wrong, mend): what no rule has to look for, since the shape says it.
SHAPES = [
    (OPTOUT, ("record", "owner"), GONE, "record.owner", "missing", "text"),
    (OPTOUT, ("record", "summary"), " ", "record.summary", "empty", "write it"),
    (OPTOUT, ("record", "change"), "huge", "record.change", "closed list", "clarifying"),
    (OPTOUT, ("record", "effective"), "2026", "record.effective", "is text", "2026-01-01T00:00:00Z"),
    (OPTOUT, ("texts", "en", "status"), "final", "texts.en.status", "closed list", "approved"),
    (OPTOUT, ("levels", "seen"), ["view", "peek"], "levels.seen[2]", "`peek`", "look_up"),
    (OPTOUT, ("levels", "answered"), GONE, "levels.answered", "missing", "list"),
    (OPTOUT, ("levels", "wide_open"), [], "levels.wide_open", "not known", "take it out"),
    (OPTOUT, ("postures", "informed"), GONE, "postures.informed", "missing", "table"),
    (OPTOUT, ("loosening", "undo_minutes"), True, "loosening.undo_minutes", "true or false", "whole number"),
    (OPTOUT, ("presets",), {}, "presets", "is a table", "a list"),
    (OPTOUT, ("defaults", "minor"), [], "defaults.minor", "is a list", "a table"),
    (CONDUCT, ("assurance", "connect"), GONE, "assurance.connect", "missing", "A4"),
    (CONDUCT, ("status", "stale"), GONE, "status.stale", "missing", "table"),
    (DISCLOSURE, ("risk", 0, "touches"), ["peek"], "risk[1].touches[1]", "`peek`", "look_up"),
    (EMERGENCY, ("lines", 0, "owner"), GONE, "lines[1].owner", "missing", "text"),
    (EMERGENCY, ("lines", 0, "checked"), GONE, "lines[1].checked", "missing", "date"),
    (EMERGENCY, ("lines", 0, "for_whom"), "teen", "lines[1].for_whom", "`teen`", "adult, any, child"),
    (EMERGENCY, ("lines", 0, "nmber"), "1", "lines[1].nmber", "not known", "did you mean `number`"),
    (REPORTING, ("types", 0, "danger"), "no", "types[1].danger", "is text", "true or false"),
]


def test_the_records_in_the_repository_have_no_problem() -> None:
    assert check(policies_folder()) == []


def test_a_copy_written_anew_has_no_problem(folder: Path) -> None:
    for kind in KINDS.values():
        put(folder, f"{kind.procedure}/{kind.id}", ("record", "id"), kind.id)
    assert check(folder) == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_a_rule_catches_what_breaks_it(folder: Path, broken: Break) -> None:
    path = put(folder, broken.record, broken.at, broken.value)
    problem = problem_at(folder, f"{broken.record}.toml", broken.key, broken.wrong)
    assert broken.mend in problem.mend
    assert problem in broken.rule(read_source(folder, path))


def test_every_rule_is_broken_by_some_copy() -> None:
    assert {broken.rule for broken in BREAKS} == RULES


@pytest.mark.parametrize("misfit", SHAPES, ids=lambda misfit: misfit[3])
def test_a_value_of_the_wrong_shape_is_named(folder: Path, misfit) -> None:
    record, at, value, key, wrong, mend = misfit
    put(folder, record, at, value)
    assert mend in problem_at(folder, f"{record}.toml", key, wrong).mend
