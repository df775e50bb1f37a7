"""An engine that knows FHIR and nothing of ours reaches our answers from what a patient takes away."""

from collections import Counter
from dataclasses import replace

import pytest

from governance.decision.facts import Author, CapacityRecord, Claim, Hcp, Request, Viewer, Words
from governance.decision.provisions import ALWAYS, EVERYWHERE, OTHERS, Place, Provision, Provisions, Scale
from governance.decision.verdicts import Step
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Assurance, Capacity, Effect, Mark, Status
from governance.fhir import consent, nesting, provisions, rules
from tests.decision.universe import AUTHORS, GRID, NAMES, ORGANISATIONS, PLATFORMS, PROFESSIONALS
from tests.decision.worlds import World, worlds
from tests.fhir.asking import Drawn, Engines, consent_of, settled_by_choices

GOOD = Hcp(
    accounts=frozenset(PROFESSIONALS[:1]),
    status=Status.GOOD,
    checked_until=FOREVER,
    attested=ALWAYS,
    assurance=Assurance.A4,
    claims=(Claim(ORGANISATIONS[0], ALWAYS),),
)


@pytest.fixture(autouse=True)
def _for_programs_alone(monkeypatch):
    """No engine reads the words for people."""
    monkeypatch.setattr(consent, "narrative", lambda *_: {})


def disagreements(drawn, engines=None):
    """How often the engine gave another answer, and how often it was asked, by step and answer."""
    engines, asked, wrong = engines or Engines(), Counter(), []
    for world in drawn:
        for verdict, words in settled_by_choices(world):
            asked[verdict.step, verdict.permit] += 1
            if engines.permits(world, verdict, words) is not verdict.permit:
                wrong.append((verdict, words, world))
    return wrong, asked


def test_two_thousand_directives_are_read_as_we_mean_them():
    engines = Engines()
    wrong, asked = disagreements(Drawn(1).worlds(3600), engines)
    assert wrong == []
    assert engines.made >= 2000
    assert min(asked.values()) > 500
    assert {step for step, _ in asked} == {Step.BLOCK, Step.HOLD_OR_LAYER, Step.PROVISIONS}


@pytest.mark.hunt
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_directives_are_read_as_we_mean_them():
    for seed in range(50):
        assert disagreements(Drawn(seed, most_lines=9).worlds(2000))[0] == []


@pytest.mark.hunt
@pytest.mark.timeout(3600)
def test_the_worlds_of_the_oracle_are_read_as_we_mean_them():
    left_at_once = lambda team: any(entry.during.start == entry.during.end for entry in team)  # noqa: E731 - one line
    wrong, asked = disagreements(worlds(3, 100_000))
    wrong = [it for it in wrong if not left_at_once(it[2].facts.authors[it[0].author].care_team)]
    assert wrong == []
    assert asked.total() > 20_000


BROKEN = {
    "refusals beside a permit are forgotten": (nesting, "_permit", lambda rule, *_: nesting.Node(rule, rule.actions)),
    "everything is narrower": (nesting, "_narrower", lambda *_: True),
    "nothing is narrower": (nesting, "_narrower", lambda *_: False),
    "a hold is no refusal": (rules, "held", lambda _: ()),
    "what ended exposes what was written under it": (
        rules,
        "_refusals",
        lambda line, actions, written: [
            rules.Rule(True, (line.who,), line.where, actions, line.when, written, line.contact)  # noqa: FBT003
        ],
    ),
    "a permit needs no acknowledgement": (
        rules,
        "_permits",
        lambda line, actions, written, _: [
            rules.Rule(False, (line.who,), line.where, actions, line.when, written, line.contact)  # noqa: FBT003
        ],
    ),
    "a layer holds on every forum": (rules, "_within", lambda where, _: where),
    "a person has times too": (
        rules,
        "_parts",
        lambda line: [(line.actions, None if line.reach == rules.ALWAYS else line.reach)],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_mapping_is_caught(monkeypatch, fault):
    """The control: the same comparison, until the first wrong answer."""
    monkeypatch.setattr(*BROKEN[fault])
    assert any(disagreements([world])[0] for world in Drawn(2).worlds(2000))


def crossing():
    """Two permits that cross, each narrower than one of two refusals: a permit as a whole, though neither is alone."""
    drawn = Drawn(1, most_lines=0)
    [world] = drawn.worlds(1, questions=1)
    viewer = Viewer(PROFESSIONALS[0], frozenset({Mark.REGISTERED}), GOOD)
    author = world.facts.authors[AUTHORS[0]]
    lines = Provisions(
        (
            says(Effect.PERMIT, NAMES[0], EVERYWHERE),
            says(Effect.PERMIT, OTHERS, Place(Scale.THREAD, "p", "t1")),
            says(Effect.REFUSE, ORGANISATIONS[0], EVERYWHERE),
            says(Effect.REFUSE, OTHERS, Place(Scale.COMMUNITY, "p", "c1")),
        )
    )
    author = Author(author.account, True, BEGINNING, {Action.VIEW: ALWAYS}, lines)  # noqa: FBT003 - has a record
    words = Words(author.account, "c1", "t1", "w1", 1, None)
    request = Request(PLATFORMS[0], viewer.account, Action.VIEW, (words,), GRID[2])
    return World(request, replace(world.facts, viewer=viewer, authors={author.account: author}))


def says(effect, who, where):
    return Provision(f"{effect} {who}", effect, who, where, frozenset({Action.VIEW}))


def test_permits_that_cross_permit_together():
    wrong, asked = disagreements([crossing()])
    assert (wrong, dict(asked)) == ([], {(Step.PROVISIONS, True): 1})


def test_without_the_exceptions_of_refusals_they_would_not(monkeypatch):
    """The control: the third level of nesting is there for a reason."""
    monkeypatch.setattr(nesting, "_refusal", lambda rule, *_: nesting.Node(rule, rule.actions))
    assert disagreements([crossing()])[0]


def welcomed_under_a_hold():
    """A professional who is here as a patient, welcome as any member and named, and a patient who hides."""
    world = crossing()
    [author] = world.facts.authors.values()
    peer = CapacityRecord(Capacity.PEER, PLATFORMS[0], None, ALWAYS)
    viewer = replace(world.facts.viewer, hcp=replace(GOOD, capacities=(peer,)))
    lines = Provisions((says(Effect.PERMIT, NAMES[0], EVERYWHERE),))
    author = replace(author, provisions=lines, peers_welcome=True, hold=True)
    return World(world.request, replace(world.facts, viewer=viewer, authors={author.account: author}))


def test_a_hold_keeps_welcomed_peers_away():
    wrong, asked = disagreements([welcomed_under_a_hold()])
    assert (wrong, dict(asked)) == ([], {(Step.HOLD_OR_LAYER, False): 1})


def test_a_hold_that_did_not_say_so_would_let_them_in(monkeypatch):
    """The control, and the fault that a hunt had found."""
    monkeypatch.setattr(provisions, "_modifiers", lambda *_: ())
    assert disagreements([welcomed_under_a_hold()])[0]


def test_the_condition_of_a_message_is_a_modifier():
    """Who does not know it must not decide by the provision, or would let in whom the patient never wrote to."""
    told = [provision for author in _authors() for provision in _provisions(consent_of(author)["provision"])]
    modifiers = [one for it in told for one in it.get("modifierExtension", ())]
    assert {one["valueCode"] for one in modifiers if one["url"].endswith("/contact")} == {"after", "before"}
    assert not any("extension" in it for it in told)


def _authors():
    for world in Drawn(3).worlds(200, questions=1):
        yield from world.facts.authors.values()


def _provisions(provision):
    yield provision
    for inner in provision.get("provision", ()):
        yield from _provisions(inner)
