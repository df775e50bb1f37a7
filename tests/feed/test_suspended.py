"""A suspension reaches who decides by themselves: by the changes, by a new bundle, and for professionals alone."""

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Facts, Request, Words
from governance.decision.vocabulary import FOREVER, NOT_SENT, Action
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.pep.replica.state import State
from governance.pep.wire.facts import account_name, author_of, looking, tokens_of, whos_of
from governance.ui.clock import now
from tests.forum import asked


@pytest.fixture
def suspend(people):
    def suspend():
        Life(people.session, people.keyring, people.id, now()).suspend(Why.STAFF)
        people.session.commit()

    return suspend


def decides(reader, state, viewer, author):
    keys, at = reader.keys, now()
    seen_by, written_by = keys.account(viewer), keys.account(author)
    record = state.governed.get(seen_by.hex())
    seen = looking(seen_by, record, state.platform, at, suspended=state.suspended)
    whos = whos_of(keys, written_by, tokens_of(seen_by, record))
    found = state.author(written_by)
    facts = author_of(written_by, None if found is None else found.record, whos, state.platform)
    words = Words(account_name(written_by), keys.place("community", "c").hex(), created=at, edited=None)
    request = Request(state.platform, account_name(seen_by), Action.VIEW, (words,), at, NOT_SENT)
    return decide(request, Facts(seen.viewer, {facts.account: facts}, seen.conduct, state.rooms, state.strictest))[:2]


def test_a_replica_that_follows_refuses_professionals_from_that_revision_on(reader, suspend):
    state = State.of(reader.bundle())
    assert decides(reader, state, "nurse", "ana") == (True, "permitted")
    suspend()
    after = state.after(reader.changes())
    assert (state.suspended, after.suspended) == (False, True)
    assert decides(reader, after, "nurse", "ana") == (False, "hcp_not_eligible")
    assert decides(reader, after, "pia", "ana") == (True, "not_governed")
    # The service says the same.
    assert reader.decides(asked("nurse", "ana")) == (False, "hcp_not_eligible")


def test_a_replica_that_begins_now_refuses_as_well(reader, suspend):
    suspend()
    state = State.of(reader.bundle())
    assert state.suspended
    assert decides(reader, state, "nurse", "ana")[0] is False


def test_what_only_observes_is_enforced_on_a_replica_too(people, reader, suspend):
    people.now = now()
    people.opens("trial", mode="observe")
    people.session.commit()
    before = State.of(reader.bundle())
    assert before.observes
    suspend()
    after = before.after(reader.changes(f"{before.epoch}.{before.revision}"))
    assert not after.observes
    assert {room.observes_from for room in after.rooms.values()} == {FOREVER}
