"""Each kind of edit that opens something has a witness that `decide` confirms; its undoing has none."""

from dataclasses import replace

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Layer, PairBlock, TeamEntry, Tombstone
from governance.decision.levels import provisions_of_level
from governance.decision.loosens import loosens
from governance.decision.loosens.edit import Edit, Side
from governance.decision.loosens.starts import _is_of_age, _is_open, _welcomes
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    NEVER,
    OTHERS,
    Interval,
    Provisions,
)
from governance.decision.vocabulary import UNKNOWN, Action, Ages, Contact, Level
from tests.decision.lines import (
    AS_PROFESSIONAL,
    CLINIC,
    CLOSED,
    DOCTOR,
    NURSE,
    NURSES,
    PLATFORM,
    POST,
    THREAD,
    patient,
    permit,
    refuse,
    since,
    until,
)

EDITS = {
    "a permit for all others": (patient(), patient(permit(OTHERS))),
    "a permit by name against a closed level": (patient(*CLOSED), patient(*CLOSED, permit(NURSE))),
    "a permit for an organisation": (patient(*CLOSED), patient(*CLOSED, permit(CLINIC))),
    "a permit for one thread": (patient(*CLOSED), patient(*CLOSED, permit(OTHERS, THREAD))),
    "a level higher": (
        patient(*CLOSED),
        patient(*provisions_of_level(Level.IN_TOUCH, OTHERS, name="others")),
    ),
    "a refusal dropped": (patient(permit(OTHERS), refuse(NURSES)), patient(permit(OTHERS))),
    "an ended refusal dropped": (
        patient(permit(OTHERS), refuse(OTHERS, when=Interval(10, 20))),
        patient(permit(OTHERS)),
    ),
    "a refusal by name dropped": (patient(permit(OTHERS), refuse(NURSE)), patient(permit(OTHERS))),
    "an absolute refusal made a wide one": (
        patient(permit(NURSE, THREAD), refuse(NURSE)),
        patient(permit(NURSE, THREAD), refuse(NURSE, PLATFORM)),
    ),
    "a refusal cut short": (
        patient(permit(OTHERS), refuse(OTHERS)),
        patient(permit(OTHERS), refuse(OTHERS, when=until(10))),
    ),
    "a refusal that begins later": (
        patient(permit(OTHERS), refuse(OTHERS, when=since(10))),
        patient(permit(OTHERS), refuse(OTHERS, when=since(20))),
    ),
    "a refusal for new posts only": (
        patient(permit(OTHERS), refuse(OTHERS)),
        patient(permit(OTHERS), refuse(OTHERS, reach=since(10))),
    ),
    "a permit that lasts longer": (patient(permit(OTHERS, when=until(10))), patient(permit(OTHERS, when=until(20)))),
    "a permit for older posts": (patient(permit(OTHERS, reach=since(20))), patient(permit(OTHERS, reach=since(10)))),
    "a permit before the patient wrote": (
        patient(permit(OTHERS, actions={Action.MESSAGE}, contact=Contact.AFTER)),
        patient(permit(OTHERS, actions={Action.MESSAGE})),
    ),
    "a refusal after the patient wrote dropped": (
        patient(permit(OTHERS), refuse(NURSE, THREAD, contact=Contact.AFTER)),
        patient(permit(OTHERS)),
    ),
    "a hold lifted": (patient(permit(OTHERS), hold=True), patient(permit(OTHERS))),
    "a guardian's refusal dropped": (
        patient(permit(OTHERS), layers=(Layer(None, (refuse(OTHERS),)),)),
        patient(permit(OTHERS), layers=(Layer(None, ()),)),
    ),
    "a platform's layer dropped": (
        patient(permit(OTHERS), layers=(Layer("p", (refuse(NURSE),)),)),
        patient(permit(OTHERS)),
    ),
    "a block dropped": (patient(permit(OTHERS), blocks=(PairBlock("p/nurse"),)), patient(permit(OTHERS))),
    "a block cut short": (
        patient(permit(OTHERS), blocks=(PairBlock("p/nurse"),)),
        patient(permit(OTHERS), blocks=(PairBlock("p/nurse", until(10)),)),
    ),
    "the emergency yes": (patient(), patient(emergency_yes_since=10)),
    "an earlier emergency yes": (patient(emergency_yes_since=20), patient(emergency_yes_since=10)),
    "an acknowledgement": (
        patient(permit(OTHERS), covered={}),
        patient(permit(OTHERS), covered={Action.VIEW: since(10)}),
    ),
    "a longer acknowledgement": (
        patient(permit(OTHERS), covered={Action.VIEW: until(10)}),
        patient(permit(OTHERS), covered={Action.VIEW: until(20)}),
    ),
    "of age earlier": (
        patient(permit(OTHERS, actions={Action.FIND}), adult_from=20),
        patient(permit(OTHERS, actions={Action.FIND}), adult_from=10),
    ),
    "an age told": (
        patient(permit(OTHERS, actions={Action.FIND}), adult_from=UNKNOWN),
        patient(permit(OTHERS, actions={Action.FIND})),
    ),
    "old enough for an open community": (patient(adult_from=20), patient(adult_from=10)),
    "an erasure undone": (patient(erased=Tombstone(10)), patient()),
    "an erasure made final earlier": (patient(erased=Tombstone(20)), patient(erased=Tombstone(10))),
    "a tombstone's hold lifted": (
        patient(permit(OTHERS), erased=Tombstone(10, hold=True)),
        patient(permit(OTHERS), erased=Tombstone(10)),
    ),
    "a tombstone's refusal by name dropped": (
        patient(permit(OTHERS), erased=Tombstone(10, refusals=(refuse(NURSE),))),
        patient(permit(OTHERS), erased=Tombstone(10)),
    ),
    "a new record after erasure": (
        patient(permit(OTHERS, actions={Action.FIND}), erased=Tombstone(10), record=False),
        patient(permit(OTHERS, actions={Action.FIND}), erased=Tombstone(10)),
    ),
    "a professional without a record any more": (
        patient(adult_from=UNKNOWN, hcp=AS_PROFESSIONAL),
        patient(adult_from=UNKNOWN, hcp=AS_PROFESSIONAL, record=False),
    ),
}


def replayed(witness, author):
    return decide(witness.request, replace(witness.facts, authors={author.account: author})).permit


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_that_opens_something_has_a_witness_that_decide_confirms(kind):
    before, after = EDITS[kind]
    witness = loosens(before, after)
    assert witness is not None
    assert (witness.before.permit, witness.after.permit) == (False, True)
    assert (replayed(witness, before), replayed(witness, after)) == (False, True)


@pytest.mark.parametrize("kind", EDITS)
def test_undoing_it_opens_nothing(kind):
    before, after = EDITS[kind]
    assert loosens(after, before) is None


@pytest.mark.parametrize("kind", EDITS)
def test_changing_nothing_opens_nothing(kind):
    for author in EDITS[kind]:
        lines = author.provisions.lines
        again = tuple(replace(line, id="another") for line in (*lines[::-1], *lines))
        assert loosens(author, replace(author, provisions=Provisions(again))) is None


BOTH_WAYS = {
    # Whoever is in the care team is refused as a moderator (3c): leaving it opens flagged posts.
    "one more in the care team": (
        patient(permit(CARE_TEAM), *CLOSED),
        patient(permit(CARE_TEAM), *CLOSED, care_team=(TeamEntry(NURSE),)),
    ),
    "longer in the care team": (
        patient(permit(CARE_TEAM), care_team=(TeamEntry(CLINIC, until(10)),)),
        patient(permit(CARE_TEAM), care_team=(TeamEntry(CLINIC, until(20)),)),
    ),
    "who a permit is for": (patient(*CLOSED, permit(NURSE)), patient(*CLOSED, permit(DOCTOR))),
    "where a permit holds": (patient(*CLOSED, permit(OTHERS, THREAD)), patient(*CLOSED, permit(OTHERS, POST))),
    "which of two refusals stands": (
        patient(permit(OTHERS), refuse(CLINIC)),
        patient(permit(OTHERS), refuse(NURSES)),
    ),
    "who is in a care team that is closed out": (
        patient(permit(OTHERS), refuse(CARE_TEAM), care_team=(TeamEntry(NURSE),)),
        patient(permit(OTHERS), refuse(CARE_TEAM), care_team=(TeamEntry(DOCTOR),)),
    ),
    # To peers it opens what any member may do, and closes what only permits for all others opened (look up).
    "the tick for peers": (
        patient(refuse(OTHERS), permit(OTHERS, actions={Action.LOOK_UP})),
        patient(refuse(OTHERS), permit(OTHERS, actions={Action.LOOK_UP}), peers_welcome=True),
    ),
}


@pytest.mark.parametrize("kind", BOTH_WAYS)
def test_an_edit_can_loosen_in_both_directions(kind):
    one, other = BOTH_WAYS[kind]
    assert loosens(one, other) is not None
    assert loosens(other, one) is not None


def test_a_layer_reaches_as_far_as_its_platform():
    lines = (refuse(OTHERS), refuse(NURSE, THREAD))
    side = Side(patient(layers=(Layer("p", lines), Layer(None, (refuse(DOCTOR),)), Layer("q", lines[1:]))))
    found = [(line.who, line.where) for line in side.layers[Action.VIEW].values()]
    assert found == [(OTHERS, PLATFORM), (NURSE, THREAD), (DOCTOR, EVERYWHERE)]


def test_a_tombstone_keeps_refusing_by_name():
    side = Side(patient(permit(DOCTOR), refuse(NURSES), erased=Tombstone(10, refusals=(refuse(NURSE),))))
    assert side.refused_names() == {NURSE.name}
    assert [line.who for line in side.refusals[Action.VIEW].values()] == [NURSES, NURSE]


def test_the_widest_line_comes_first_and_one_said_as_widely_is_not_gone():
    lines = (refuse(NURSE), refuse(CLINIC, THREAD), refuse(CLINIC), refuse(OTHERS))
    assert Edit(Side(patient(*lines)), Side(patient())).dropped(Action.VIEW) == [lines[i] for i in (3, 2, 1, 0)]
    some, more = (refuse(OTHERS, when=Interval(5, 10), reach=reach) for reach in (since(5), ALWAYS))
    assert Edit(Side(patient(some)), Side(patient(more))).dropped(Action.VIEW) == []
    assert Edit(Side(patient(more)), Side(patient(some))).dropped(Action.VIEW) == [more]


@pytest.mark.parametrize(
    ("adult_from", "record", "ages", "of_age", "opened"),
    [
        (UNKNOWN, True, Ages.ADULTS, ALWAYS, NEVER),
        (UNKNOWN, True, Ages.MIXED, NEVER, NEVER),
        (UNKNOWN, False, Ages.ADULTS, ALWAYS, ALWAYS),
        (UNKNOWN, False, Ages.MIXED, NEVER, NEVER),
        (10, True, Ages.ADULTS, since(10), since(10)),
        (10, True, Ages.MIXED, since(10), since(10)),
        (10, False, Ages.ADULTS, since(10), since(10)),
        (10, False, Ages.MIXED, since(10), NEVER),
    ],
)
def test_an_age_tells_from_when_on_it_is_not_in_the_way(adult_from, record, ages, of_age, opened):
    author = patient(adult_from=adult_from, record=record, peers_welcome=True)
    assert (_is_of_age(author, ages), _is_open(author, ages)) == (of_age, opened)
    assert _welcomes(author) == (since(10) if record and adult_from == 10 else NEVER)
