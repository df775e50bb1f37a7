"""Each conduct rule that a decision holds has a table of its own, with a yes and a no; no other rule has one."""

import re
from pathlib import Path

from governance.decision.vocabulary import Reason
from governance.policy.current import policies
from tests.scenarios.reader import read_all

_CODE = re.compile(r"c(\d\d)-")


def shown():
    """Return what each rule's table answers, by the rule's code."""
    found = {}
    for scenario in read_all():
        named = _CODE.match(Path(scenario.file).name)
        if named is not None:
            found[f"C{int(named[1])}"] = {row.then for row in scenario.all_rows()}
    return found


def test_the_rules_that_a_decision_holds_have_a_table_each_and_no_others():
    held = {rule.code for rule in policies().conduct.rules() if "decision" in rule.enforce}
    assert shown().keys() == held


def test_each_table_shows_a_yes_and_a_no():
    for code, answers in shown().items():
        assert answers & {Reason.REFUSED, Reason.HCP_NOT_ELIGIBLE}, code
        # Of C21 there is no yes to show: it says that all noes are one.
        assert Reason.PERMITTED in answers or code == "C21", code
