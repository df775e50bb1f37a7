"""An answer from memory rests on all that it depends on: for each of these two questions that only it tells apart.

The control leaves it out of the memory: then the second question gets the first one's answer.
"""

from dataclasses import replace
from typing import NamedTuple

import pytest

from governance.decision.facts import CapacityRecord, Community, Facts, Room
from governance.decision.provisions import ALWAYS, OTHERS, Interval, Place, Provisions, Scale, named
from governance.decision.vocabulary import BEGINNING, NOT_SENT, Action, Ages, Capacity, Posture
from governance.pep.replica import evaluator, meanings, viewing
from governance.pep.replica.met import Met
from governance.pep.replica.viewing import Viewing
from tests.decision.lines import refuse
from tests.decision.test_recall import AUTHOR, ELSEWHERE, FACTS, HCP, INFORMED, PERMIT, POST, VIEW
from tests.pep.replica.deciding import Deciding, question_of
from tests.pep.replica.tables import forum_of
from tests.pep.replica.test_memory import told

ASKED = replace(VIEW, flagged=NOT_SENT, initiated_by_patient=NOT_SENT)
BY_OTHER = replace(POST, author="b")
UNTIL_20 = Interval(BEGINNING, 20)
NAMING_X = Provisions((PERMIT, refuse(named("x"))))
NAMING_D = Provisions((PERMIT, refuse(named("d"))))
NOT_IN_C2 = Provisions((PERMIT, refuse(OTHERS, Place(Scale.COMMUNITY, "p", "c2"))))
NOT_IN_T2 = Provisions((PERMIT, refuse(OTHERS, Place(Scale.THREAD, "p", "t2"))))
NOBODY_ELSE = Provisions((refuse(OTHERS),))
PEER_IN_C2 = (CapacityRecord(Capacity.PEER, "p", "c2", ALWAYS),)
CLOSED = INFORMED._replace(posture=Posture.PEER_ONLY)


def authors(one, other):
    return {"a": replace(AUTHOR, **one), "b": replace(AUTHOR, account="b", **other)}


def without_who_it_is(patch):
    patch.setattr(Met, "shape", lambda *_: "anybody")


def without_the_place(patch):
    patch.setattr(Met, "shape", lambda self, author, _place: self.author(author)[1])


def without_places_of_lines(patch):
    patch.setattr(meanings, "all_lines", lambda _: ())


def without_places_of_capacities(patch):
    shape = Met.shape

    def anywhere(self, *about):
        self._somewhere = False
        return shape(self, *about)

    patch.setattr(Met, "shape", anywhere)


def without_names(patch):
    patch.setattr(meanings.Read, "for_viewer", lambda self, *_: self._meaning.to_strangers)


def without_what_else_is_said(patch):
    patch.setattr(meanings._Form, "nameless", lambda *_: b"")


def without_action(patch):
    memory = Viewing._memory
    patch.setattr(Viewing, "_memory", lambda self, _, flagged: memory(self, "any", flagged))


def without_flag(patch):
    memory = Viewing._memory
    patch.setattr(Viewing, "_memory", lambda self, action, _: memory(self, action, None))


def without_times(patch):
    patch.setattr(viewing, "span_around", lambda *_: (-(2**62), 2**62))


def without_when_it_was_written(patch):
    patch.setattr(viewing, "_was_one_room", lambda *_: True)


def without_single_words(patch):
    patch.setattr(meanings, "looks_at_single_words", lambda _: False)


def without_an_end_of_standing(patch):
    made = Viewing.__init__

    def for_ever(self, *about):
        made(self, *about)
        self.until, self._edges = 2**62, ()

    patch.setattr(Viewing, "__init__", for_ever)


class Case(NamedTuple):
    """Two questions of one viewer, with different answers, and the memory that would answer them alike."""

    facts: Facts
    first: dict
    second: dict
    leave_out: object


HIDDEN = {"hold": True}
CASES = {
    "who wrote it": Case(replace(FACTS, authors=authors({}, HIDDEN)), {}, {"words": (BY_OTHER,)}, without_who_it_is),
    "what the community is": Case(
        replace(FACTS, communities={"c": Community((INFORMED,)), "c2": Community((CLOSED,))}),
        {},
        {"words": (ELSEWHERE,)},
        without_the_place,
    ),
    "which of two communities that are alike a line is about": Case(
        replace(FACTS, authors=authors({"provisions": NOT_IN_C2}, {})),
        {},
        {"words": (ELSEWHERE,)},
        without_places_of_lines,
    ),
    "which of two communities that are alike a capacity is for": Case(
        replace(
            FACTS,
            viewer=replace(FACTS.viewer, hcp=replace(HCP, capacities=PEER_IN_C2)),
            authors=authors({"provisions": NOBODY_ELSE, "peers_welcome": True}, {}),
        ),
        {},
        {"words": (ELSEWHERE,)},
        without_places_of_capacities,
    ),
    "whom a line names": Case(
        replace(FACTS, authors=authors({"provisions": NAMING_X}, {"provisions": NAMING_D})),
        {},
        {"words": (BY_OTHER,)},
        without_names,
    ),
    "what is said besides names": Case(
        replace(
            FACTS,
            authors=authors({"provisions": NAMING_X}, {"provisions": NAMING_X, "covered": {Action.REACT: ALWAYS}}),
        ),
        {},
        {"words": (BY_OTHER,)},
        without_what_else_is_said,
    ),
    "what is done": Case(
        replace(FACTS, authors=authors({"covered": {Action.VIEW: ALWAYS}}, {})),
        {},
        {"action": Action.REACT},
        without_action,
    ),
    "whether it is flagged": Case(
        replace(
            FACTS,
            authors=authors(HIDDEN, {}),
            communities={"c": Community((INFORMED,), moderators=frozenset({"d"}))},
        ),
        {},
        {"flagged": True},
        without_flag,
    ),
    "when it is asked": Case(
        replace(FACTS, authors=authors({"covered": dict.fromkeys(Action, UNTIL_20)}, {})),
        {},
        {"at": 30},
        without_times,
    ),
    "when it was written": Case(
        replace(FACTS, strictest=Room(Posture.PEER_ONLY, Ages.MIXED)),
        {"words": (replace(POST, created=1),)},
        {},
        without_when_it_was_written,
    ),
    "which thread it is": Case(
        replace(FACTS, authors=authors({"provisions": NOT_IN_T2}, {})),
        {},
        {"words": (replace(POST, thread="t2"),)},
        without_single_words,
    ),
    "until when the viewer is in good standing": Case(
        replace(FACTS, viewer=replace(FACTS.viewer, hcp=replace(HCP, attested=UNTIL_20))),
        {},
        {"at": 30},
        without_an_end_of_standing,
    ),
}


def given(case):
    """Ask both, the first one twice, so that it comes from memory if it ever does; and say what is right."""
    requests = [replace(ASKED, **case.first)] * 2 + [replace(ASKED, **case.second)]
    replica = Deciding(forum_of([case.facts]))
    answers, right = [], []
    for request in requests:
        resource = question_of(request).resource
        (one,) = replica.at(request.at).evaluator.page(request.viewer, request.action, [resource])
        answers.append((one.permit, one.reason, one.observed))
        right.append(told(request, case.facts))
    return answers, right


@pytest.mark.parametrize("what", CASES)
def test_an_answer_from_memory_rests_on(what):
    answers, right = given(CASES[what])
    assert right[0] != right[-1]
    assert answers == right


@pytest.mark.parametrize("what", CASES)
def test_it_would_be_wrong_without(what, monkeypatch):
    CASES[what].leave_out(monkeypatch)
    answers, right = given(CASES[what])
    assert answers != right


class _OfAnybody(dict):
    """Forgets who is looking."""

    def get(self, _):
        return next(iter(self.values()), None)


def by_two_viewers():
    replica = Deciding(forum_of([replace(FACTS, authors=authors(HIDDEN, {}))])).at(VIEW.at)
    resource = question_of(ASKED).resource
    return [replica.evaluator.page(viewer, Action.VIEW, [resource])[0].reason for viewer in ("d", "d", "member")]


def test_an_answer_is_one_viewers(monkeypatch):
    assert by_two_viewers() == ["refused", "refused", "not_governed"]
    made = evaluator._Now.__init__

    def forgetful(self, state):
        made(self, state)
        self.viewings = _OfAnybody()

    monkeypatch.setattr(evaluator._Now, "__init__", forgetful)
    assert by_two_viewers() == ["refused"] * 3


def before_and_after():
    replica = Deciding(forum_of([FACTS])).at(VIEW.at)
    resource, answers = question_of(ASKED).resource, []
    for facts in (FACTS, replace(FACTS, authors=authors(HIDDEN, HIDDEN))):
        replica.knows(forum_of([facts]))
        answers += replica.evaluator.page("d", Action.VIEW, [resource] * 2)
    return [answer.permit for answer in answers]


def test_an_answer_is_one_revisions(monkeypatch):
    assert before_and_after() == [True, True, False, False]
    publish = evaluator.Evaluator.publish
    monkeypatch.setattr(evaluator.Evaluator, "publish", lambda self, state: self._now or publish(self, state))
    assert before_and_after() == [True] * 4
