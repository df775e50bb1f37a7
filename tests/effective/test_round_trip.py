"""Nothing is lost or changed between what the core knows and what is stored."""

from dataclasses import replace

import pytest

from governance.db.base import new_id
from governance.decision.decide import decide
from governance.decision.facts import Hcp
from governance.effective.documents import author_of, community_of, decode, encode, hcp_of
from tests.decision.worlds import Pool, worlds
from tests.effective.stored import community_values, hcp_values, patient_values

POOLS = [Pool(f"storage:{number}") for number in range(12)]


@pytest.mark.parametrize("pool", POOLS)
def test_every_author_comes_back_as_they_were(pool):
    for author in (author for kin in pool.authors.values() for author in kin):
        stored = decode("patient", encode(patient_values(author)))
        assert author_of(author.account, stored, author.hcp) == author


@pytest.mark.parametrize("pool", POOLS)
def test_every_professional_comes_back_as_they_were(pool):
    for hcp in (viewer.hcp for viewer in pool.viewers):
        assert hcp_of(decode("hcp", encode(hcp_values(hcp)))) == hcp


@pytest.mark.parametrize("pool", POOLS)
def test_every_community_comes_back_as_it_was(pool):
    for found, _ in pool.surroundings:
        for community in found.values():
            assert community_of(decode("community", encode(community_values(community)))) == community


def store(facts, register, platform):
    """Write a world's facts into the tables; whoever is viewer and author is stored once."""
    people = {**{key: (author, author.hcp) for key, author in facts.authors.items()}}
    people[facts.viewer.account] = (people.get(facts.viewer.account, (None, None))[0], facts.viewer.hcp)
    for key, (author, hcp) in people.items():
        ids = {}
        if author is not None:
            ids["patient"] = new_id()
            register.put("patient", str(ids["patient"]), "test", patient_values(author))
        if hcp is not None:
            ids["hcp"] = new_id()
            register.put("hcp", str(ids["hcp"]), "test", hcp_values(hcp))
        register.bind(platform, key, **ids)
    for mark in facts.viewer.governed_by:
        register.mark(platform, facts.viewer.account, mark)
    for name, community in facts.communities.items():
        register.put("community", f"{platform}/{name}", "test", community_values(community))
    register.put("platform", str(platform), "test", facts.strictest._asdict())


def one_record_each(facts):
    """In the tables an account has one professional record, whether it reads or writes."""
    if facts.viewer.account not in facts.authors:
        return facts
    author = replace(facts.authors[facts.viewer.account], hcp=facts.viewer.hcp)
    return replace(facts, authors={**facts.authors, author.account: author})


@pytest.mark.parametrize("seed", range(15))
def test_a_world_read_from_the_tables_decides_as_the_world_itself(seed, register, platform, read):
    world = next(worlds(f"tables:{seed}", 1))
    facts = one_record_each(world.facts)
    store(facts, register, platform)
    found = read(facts.viewer.account, *facts.authors, communities=facts.communities)
    assert found.authors == facts.authors
    assert found == replace(facts, conduct=found.conduct)
    assert decide(world.request, replace(found, conduct=facts.conduct)) == decide(world.request, facts)


def test_somebody_unknown_reads_as_one_who_never_met_us(read):
    found = read("nobody", "ana")
    assert found.viewer.governed_by == frozenset()
    assert found.viewer.hcp == Hcp()
    assert not found.authors["ana"].record
