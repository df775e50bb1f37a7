"""Gains that only one way of searching finds."""

import pytest

from governance.decision.facts import Layer, Tombstone
from governance.decision.loosens import loosens
from governance.decision.provisions import OTHERS, Interval
from tests.decision.gains_by_facts import BY_FACTS
from tests.decision.gains_by_lines import BY_LINES
from tests.decision.lines import AUTHOR, patient, refuse

CASES = BY_LINES | BY_FACTS


def told_by(witness, name):
    """Look an attribute up where it is told."""
    if name == "after.step":
        return witness.after.step
    if name == "thread":
        return witness.request.words[0].thread
    if name == "flagged":
        return witness.request.flagged
    if name in ("posture", "ages"):
        return getattr(witness.facts.strictest, name)
    return witness.facts.viewer.hcp.assurance if name == "assurance" else getattr(witness, name)


@pytest.mark.parametrize("name", CASES)
def test_the_gain_is_found_and_told(name):
    before, after, told = CASES[name]
    witness = loosens(before, after)
    assert witness is not None
    assert {key: told_by(witness, key) for key in told} == told
    assert (witness.before.permit, witness.after.permit, witness.too_much) == (False, True, False)


def test_another_layer_is_left_behind_by_editing_later():
    kept = Layer(None, (refuse(OTHERS, reach=Interval(5, 12)),))
    gone = Layer(None, (refuse(OTHERS, reach=Interval(10, 20)),))
    known = AUTHOR | {"erased": Tombstone(20)}
    witness = loosens(patient(**known, layers=(kept, gone)), patient(**known, layers=(kept,)))
    assert witness is not None
    assert (witness.created, witness.edited) == (20, 12)
