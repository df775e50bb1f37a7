"""In drawn worlds: after a restore nobody may do what the lost state refused, nor what the backup refused."""

import random
from dataclasses import replace

import pytest

from governance.backup.replay import refusals_until_seen
from governance.backup.stricter import stricter
from governance.decision.capacity import capacities_of_viewer, recorded_as_professional
from governance.decision.decide import explain
from governance.decision.facts import Layer
from governance.decision.verdicts import Step
from governance.decision.vocabulary import FOREVER, UNKNOWN, Capacity
from governance.effective.documents import Member, author_of, compiled, hcp_of
from governance.effective.layers import RESTORED, refuse_all
from tests.backup.test_stricter import of_hcp, patients, permits, with_author, with_hcp
from tests.decision.worlds import PER_POOL, Pool, worlds
from tests.effective.stored import patient_values

WORLDS = 2_000
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.hunt) for seed in range(1, 30))]


def document_of(*states):
    """What is in force after a backup, and whatever was said since by one room, were joined."""
    said, *since = (patient_values(state) for state in states)
    for values in since:
        said = stricter("patient", said, values)
    return compiled("patient", {"": said})


def looked_at(*states):
    """The layer of the restore is gone: the patient took it away."""
    return author_of(states[0].account, document_of(*states), states[0].hcp)


def restored(*states, until_seen=refusals_until_seen):
    document = document_of(*states)
    author = author_of(states[0].account, document, states[0].hcp)
    return replace(author, layers=(*author.layers, Layer(None, tuple(until_seen(document)))))


def drawn(seed, count=WORLDS):
    rng, pool = random.Random(f"restored:{seed}"), None
    for number, world in enumerate(worlds(seed, count)):
        if number % PER_POOL == 0:
            pool = Pool(f"restored:{seed}:{number}")
        yield rng, pool, world


def opened(before, after, joined):
    """Say whether the joined state permits; and by which steps, where a state before it refused."""
    permitted = permits(joined)
    if not permitted or (permits(before) and permits(after)):
        return permitted, None
    return permitted, {verdict.step for verdict in explain(joined.request, joined.facts).verdicts}


def judged(seed, judge):
    found = [opened(*judge(rng, pool, world)) for rng, pool, world in drawn(seed)]
    return sum(permitted for permitted, _ in found), [wrong for _, wrong in found if wrong]


def judging_patients(join):
    return lambda rng, pool, world: patients(rng, pool, world, join)


@pytest.mark.parametrize("seed", SEEDS)
def test_until_the_patient_has_looked_nothing_is_open_that_either_state_refused(seed):
    kept, wrong = judged(seed, judging_patients(restored))
    assert wrong == []
    assert kept > 30


@pytest.mark.hunt
def test_refused_as_classes_alone_the_team_could_moderate():
    """The control: a layer that names nobody. `test_restore` has one that needs no luck."""
    classes_alone = judging_patients(lambda *states: restored(*states, until_seen=lambda _: refuse_all(RESTORED)))
    wrong = [steps for seed in range(10) for steps in judged(seed, classes_alone)[1]]
    assert wrong
    assert all(Step.MODERATION in steps for steps in wrong)


@pytest.mark.parametrize("seed", SEEDS)
def test_once_the_patient_has_looked_a_flagged_post_alone_is_open_to_moderators(seed):
    kept, wrong = judged(seed, judging_patients(looked_at))
    assert all(Step.MODERATION in steps for steps in wrong)
    assert kept > 300


def chained(rng, pool, world):
    """Something else was said in between."""

    def join(first, second):
        between = rng.choice(pool.authors[first.account])
        age = between.adult_from if first.record else UNKNOWN
        return restored(first, replace(between, record=first.record, hcp=first.hcp, adult_from=age), second)

    return patients(rng, pool, world, join)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_chain_of_changes_neither_end_is_loosened(seed):
    kept, wrong = judged(seed, chained)
    assert wrong == []
    assert kept > 30


def professionals(rng, pool, world):
    """The same two professionals as whoever looks, and as whoever is looked at."""
    first, second = (rng.choice(pool.viewers).hcp for _ in range(2))
    joined = of_hcp(first, second)
    if rng.random() < 0.5:
        return tuple(with_hcp(world, hcp) for hcp in (first, second, joined))
    account = rng.choice(sorted(world.facts.authors) or sorted(pool.authors))
    author = replace(rng.choice(pool.authors[account]), record=False)
    return tuple(with_author(world, replace(author, hcp=hcp)) for hcp in (first, second, joined))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_professional_is_let_do_and_shown_nothing_that_either_state_refused(seed):
    kept, wrong = judged(seed, professionals)
    assert wrong == []
    assert kept > 150


def test_who_is_in_one_of_two_teams_has_left_and_is_named_by_the_layer():
    told = {"who": "named", "name": "p/d1", "during": (5, 1_000)}
    values = stricter("patient", {"care_team": [told], "lines": []}, {"care_team": [], "lines": []})
    assert values["care_team"] == (Member("named", "p/d1", (5, 6)),)
    named = {line.who.name for line in refusals_until_seen(compiled("patient", {"": values}))}
    assert named == {"", "p/d1"}


def layer(*names):
    lines = [{"id": "l", "effect": "refuse", "who": "named", "name": name, "actions": ["view"]} for name in names]
    return {"platform": None, "by": "guardian", "refusals": lines}


def test_two_layers_of_one_party_keep_all_their_refusals():
    values = stricter("patient", {"layers": [layer("a"), layer("b")]}, {"layers": [layer("c")]})
    lines = [line for one in values["layers"] for line in one.refusals]
    assert [line.name for line in lines] == ["a", "b", "c"]
    assert len({line.id for line in lines}) == 3


@pytest.mark.parametrize(("before", "after"), [(None, 50), (50, None)])
def test_a_known_child_stays_one_where_the_other_state_did_not_know(before, after):
    assert stricter("patient", {"adult_from": before}, {"adult_from": after})["adult_from"] == FOREVER


@pytest.mark.parametrize("before", [[], [("professional", "p", None, 0, 9)]])
def test_a_peer_since_the_backup_must_be_permitted_in_both_capacities(before):
    values = stricter("hcp", {"capacities": before}, {"capacities": [("peer", "p", "c", 0, 9)]})
    hcp = hcp_of(compiled("hcp", {"": values}))
    for community in ("c", "another"):
        assert capacities_of_viewer(hcp, "p", community, 5) == set(Capacity)
    assert not recorded_as_professional(hcp, "p", "c", 5)
