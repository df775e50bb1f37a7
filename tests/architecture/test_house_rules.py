from pathlib import Path

import pytest

import governance
from tests.architecture import house_rules

SOURCE = Path(governance.__file__).parent

RULES = {
    "selects": house_rules.selects_outside_models,
    "clocks": house_rules.clocks_below_the_doors,
    "commits": house_rules.commits_outside_doors,
    "length": house_rules.too_long,
}
VIOLATIONS = {
    "selects": "from sqlalchemy import select\n\ndef find(session):\n    return session.scalars(select(1))\n",
    "clocks": "import time\n\ndef act():\n    return time.time()\n",
    "commits": "def act(session):\n    session.commit()\n",
    "length": "def act():\n" + "    pass\n" * 40,
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rule(rule):
    assert RULES[rule](SOURCE) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_catches_a_violation(rule, tmp_path):
    room = tmp_path / "optout"
    room.mkdir()
    (room / "service.py").write_text(VIOLATIONS[rule])
    assert RULES[rule](tmp_path)
