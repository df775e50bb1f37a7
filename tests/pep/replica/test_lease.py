"""A lease counts from when the question was sent; 300 simulated runs of an unkind network, with controls that fail."""

import heapq
import random

import pytest

from governance.pep.replica.clocks import Clocks, ServiceTime
from governance.pep.replica.lease import Lease
from tests.pep.replica.deciding import Hands

RUNS = 300
SECONDS = 120.0
LEASE = 5.0


@pytest.fixture
def hands():
    return Hands()


def test_nothing_is_held_before_the_first_answer(hands):
    assert not Lease(hands.clocks).taken().holds()


def test_it_runs_out_when_it_says(hands):
    lease = Lease(hands.clocks, LEASE)
    lease.renew(hands.clocks.now())
    hands.steady += LEASE - 0.001
    assert lease.taken().holds()
    hands.steady += 0.001
    assert not lease.taken().holds()


def test_an_answer_that_was_on_its_way_too_long_renews_nothing(hands):
    lease, sent = Lease(hands.clocks, LEASE), hands.clocks.now()
    hands.steady += LEASE
    lease.renew(sent)
    assert not lease.taken().holds()


def test_an_older_answer_does_not_count_back(hands):
    lease = Lease(hands.clocks, LEASE)
    older = hands.clocks.now()
    hands.steady += 3
    lease.renew(hands.clocks.now())
    lease.renew(older)
    hands.steady += LEASE - 1
    assert lease.taken().holds()


def test_what_was_taken_before_is_not_longer_for_a_renewal(hands):
    """A page that was kept waiting rests on what it looked up before."""
    lease = Lease(hands.clocks, LEASE)
    lease.renew(hands.clocks.now())
    held = lease.taken()
    hands.steady += LEASE
    lease.renew(hands.clocks.now())
    assert not held.holds()
    assert lease.taken().holds()


def test_it_can_be_ended(hands):
    lease = Lease(hands.clocks, LEASE)
    lease.renew(hands.clocks.now())
    lease.end()
    assert not lease.taken().holds()


def test_a_machine_that_slept_holds_no_lease(hands):
    """Frozen with its steady clock, a guest wakes with a wall clock that is set right."""
    lease = Lease(hands.clocks, LEASE)
    lease.renew(hands.clocks.now())
    hands.step = 3_600
    assert not lease.taken().holds()


def test_a_wall_clock_set_back_holds_no_lease_for_longer(hands):
    lease = Lease(hands.clocks, LEASE)
    lease.renew(hands.clocks.now())
    hands.step, hands.steady = -3_600, hands.steady + LEASE
    assert not lease.taken().holds()


@pytest.mark.parametrize("seconds", [0, -1, 30.1, float("nan"), float("inf")])
def test_no_lease_is_longer_than_patients_are_told(hands, seconds):
    with pytest.raises(ValueError, match="at most 30 seconds"):
        Lease(hands.clocks, seconds)


def test_the_time_of_the_service_goes_on_with_the_steady_clock(hands):
    there = ServiceTime(hands.clocks)
    with pytest.raises(LookupError):
        there.now()
    there.set(5_000_000)
    hands.steady, hands.step = hands.steady + 2.5, -9_000
    assert there.now() == 7_500_000


class Run:
    """One replica and one service: questions that travel, partitions, a wall clock that is stepped; pages in between.

    `counted(sent, received)` says from which moment a lease is counted: the real one takes `sent`.
    """

    def __init__(self, seed, counted, clocks_of=lambda hands: hands.clocks):
        self.rng, self.hands, self.counted = random.Random(seed), Hands(), counted
        self.clocks = clocks_of(self.hands)
        self.lease = Lease(self.clocks, LEASE)
        self.known = 0
        self.acknowledged = sorted(self.rng.uniform(0, SECONDS) for _ in range(20))
        """When the service answered a patient's no; a lease later nobody may be let in on the state before."""
        self.cuts = [(at, at + self.rng.uniform(0.5, 25)) for at in (self.rng.uniform(0, SECONDS) for _ in range(3))]
        self.permits = self.violations = 0

    def travel(self, at):
        """Return how long a message is on its way; what meets a cut waits for its end, as TCP does."""
        usual = self.rng.expovariate(1 / self.rng.choice((0.01, 0.1, 2.0)))
        return max([usual, *(end - at + usual for start, end in self.cuts if start <= at < end)])

    def states_at(self, at):
        return sum(one <= at for one in self.acknowledged)

    def go(self):
        begin, events = self.hands.steady, [(0.0, 0, "ask", None)]
        events += [(self.rng.uniform(0, SECONDS), number, "look", None) for number in range(1, 600)]
        events += [(self.rng.uniform(0, SECONDS), -number, "step", self.rng.uniform(-60, 60)) for number in range(1, 4)]
        heapq.heapify(events)
        while events:
            at, number, what, carried = heapq.heappop(events)
            self.hands.steady = begin + at
            if what == "ask" and at < SECONDS:
                there = at + self.travel(at)
                back = there + self.travel(there)
                heapq.heappush(events, (back, number, "told", (self.clocks.now(), self.states_at(there))))
            elif what == "told":
                sent, self.known = carried
                self.lease.renew(self.counted(sent, self.clocks.now()))
                heapq.heappush(events, (at + self.rng.uniform(1.6, 2.4), number, "ask", None))
            elif what == "step":
                self.hands.step += carried
            elif what == "look" and self.lease.taken().holds():
                self.permits += 1
                self.violations += self.states_at(at - LEASE) > self.known
        return self


def simulated(counted, runs=RUNS, **more):
    done = [Run(seed, counted, **more).go() for seed in range(runs)]
    return sum(run.violations for run in done), sum(run.permits for run in done)


@pytest.mark.parametrize("runs", [60, pytest.param(RUNS, marks=pytest.mark.slow)])
def test_no_permit_outlives_the_lease(runs):
    violations, permits = simulated(lambda sent, _: sent, runs)
    assert violations == 0
    assert permits > 200 * runs


def test_counted_from_the_answer_some_would():
    """The control: what tells that the simulation can find a fault."""
    violations, _ = simulated(lambda _, received: received, runs=30)
    assert violations > 0


def test_counted_on_a_wall_clock_alone_some_would():
    def wall_alone(hands):
        return Clocks(hands.clocks.wall, hands.clocks.wall)

    violations, _ = simulated(lambda sent, _: sent, runs=60, clocks_of=wall_alone)
    assert violations > 0
