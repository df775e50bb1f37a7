"""Drawn histories: whatever was said since a backup, and by whom, after a restore nobody may do more."""

import random
from contextlib import suppress
from uuid import UUID

import pytest

from governance.backup import replay
from governance.decision.vocabulary import Action, Ages, Instant, Level, Posture, Status
from governance.effective.erasure import erase
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import RESTORED, Layers, Party, refuse_all, refuse_one
from governance.effective.measures import Measures
from governance.effective.models import Measure
from governance.optout import service as optout
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.loosening import fragment_of
from tests.backup.test_professionals import LATER, hcp_of, says
from tests.forum import asked

PATIENTS, PROFESSIONALS, COMMUNITIES = ("ana", "bea", "zoe", "nobody"), ("nia", "dan", "eve"), ("c", "d")
ACTIONS = (Action.VIEW, Action.REPLY, Action.MESSAGE, Action.MODERATE, Action.USE_IN_CARE, Action.FIND)
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.hunt) for seed in range(2, 60))]


class Life:
    """A forum on which anything may happen next, also what no page offers yet: the register takes it."""

    def __init__(self, house, rng):
        self.house, self.rng, self.pick = house, rng, rng.choice
        self.registered = ["nia", "dan"]

    def goes_on(self, acts):
        may = (self.chooses, self.chooses, self.hides, self.blocks, self.layers, self.opens, self.stands, self.comes)
        for _ in range(acts):
            self.pick((*may, self.goes))()

    def patient(self, forum):
        return forum.patient(self.pick(PATIENTS[:3])).id

    def chooses(self):
        with self.house.forum() as forum:
            name = self.pick(PATIENTS[:3])
            patient = forum.patient(name).id
            register = optout.Register(forum.session, forum.keyring, Instant(forum.now))
            if register.document("patient", str(patient)).erased is not None:
                return
            if not register.said("patient", str(patient), "disclosure"):
                forum.acknowledges(name)
            team = frozenset(map(forum.key, self.rng.sample(PROFESSIONALS, self.rng.randrange(3))))
            wanted = Choices(self.pick(list(Level)), self.pick(list(Level)[:3]), team)
            body = optout.body_in_force(forum.session, forum.keyring, patient) or DirectiveBody()
            said = fragment_of(body.followed_by(wanted, Instant(forum.now)))
            register.put("patient", str(patient), optout.ROOM, said)

    def hides(self):
        with self.house.forum() as forum:
            optout.hide(forum.session, forum.keyring, self.patient(forum), Instant(forum.now))

    def blocks(self):
        with self.house.forum() as forum:
            measures, until = Measures(forum.session, forum.keyring, Instant(forum.now)), Instant(forum.now + LATER)
            if self.rng.random() < 0.5:
                measures.block_pair(self.patient(forum), forum.key(self.pick(PROFESSIONALS)), until)
            else:
                measures.block_hcp(UUID(hcp_of(forum, self.pick(self.registered))), until)

    def layers(self):
        with self.house.forum() as forum:
            party = Party("guardian")
            one = refuse_one(party, forum.key(self.pick(PROFESSIONALS)))
            refusals = self.pick([refuse_all(party), one, one])
            Layers(forum.session, forum.keyring, self.patient(forum), Instant(forum.now)).add(party, refusals)

    def opens(self):
        with self.house.forum() as forum:
            moderators = self.rng.sample(PROFESSIONALS, self.rng.randrange(3))
            room = self.pick(list(Posture)), self.pick(list(Ages))
            forum.opens(self.pick(COMMUNITIES), *room, moderators)

    def stands(self):
        changed = self.pick(
            [
                {"status": self.pick(list(Status))},
                {"assurance": self.pick(range(5))},
                {"attested": (0, self.house.now + self.pick([-1, LATER]))},
                {"capacities": [(self.pick(["peer", "professional"]), self.platform(), None, 0, LATER * 1000)]},
            ]
        )
        says(self.house, self.pick(self.registered), **changed)

    def platform(self):
        with self.house.forum() as forum:
            return str(forum.id)

    def comes(self):
        if "eve" in self.registered:
            return
        with self.house.forum() as forum:
            forum.registers("eve")
        self.registered.append("eve")

    def goes(self):
        if self.rng.random() < 0.7:
            return
        with self.house.forum() as forum:
            now = Instant(forum.now)
            erase(forum.session, forum.keyring, self.patient(forum), now, final_at=now)


def everything_asked():
    return [
        asked(viewer, author, str(action), community=community, flagged=flagged)
        for viewer in (*PROFESSIONALS, "member")
        for author in PATIENTS
        for action in ACTIONS
        for community in COMMUNITIES
        for flagged in (False, True)
    ]


def permitted(house):
    """What may be done, in one transaction of which nothing is kept."""
    questions = everything_asked()
    with house.forum() as forum:
        answers = forum.answers(questions)
    return {number for number, answer in enumerate(answers) if answer.permit}


@pytest.fixture(params=SEEDS)
def lost(lived_in, request):
    """A house with a life before and after a backup, the backup, and what was permitted when it was lost."""
    life = Life(lived_in, random.Random(f"history:{request.param}"))
    with lived_in.forum() as forum:
        forum.opens("d", Posture.HCP_PRESENT, Ages.ADULTS, ["nia"], told=forum.now - 10**13)
    life.goes_on(4)
    file = lived_in.backup()
    life.goes_on(10)
    return file, permitted(lived_in)


def gained(house, before):
    return [everything_asked()[number] for number in sorted(permitted(house) - before)]


def test_nobody_may_do_what_nobody_could_when_the_database_was_lost(lived_in, empty, lost):
    file, before = lost
    assert before
    lived_in.restore(file, to=empty)
    assert gained(lived_in, before) == []
    staff_look_at_everybody(lived_in)
    assert gained(lived_in, before) == []
    patients_look_at_their_choices(lived_in)
    # Whoever left a care team may moderate, as whoever is sent away may (step 3c).
    assert all(asked["resource"]["properties"]["flagged"] for asked in gained(lived_in, before))


def staff_look_at_everybody(house):
    """They lift the blocks of the restore; those that officers took stand."""
    with house.forum() as forum:
        for measure in Measure.standing(forum.session, forum.now):
            if measure.until - measure.since > 100 * LATER:
                Measures(forum.session, forum.keyring, Instant(forum.now)).lift(measure.id)


def patients_look_at_their_choices(house):
    with house.forum() as forum:
        for name in PATIENTS[:3]:
            layers = Layers(forum.session, forum.keyring, forum.patient(name).id, Instant(forum.now))
            with suppress(NoSuchLayerError):
                layers.remove(RESTORED)


def test_with_nothing_said_again_somebody_could(lived_in, empty, monkeypatch):
    """The control, on a history in which something was closed."""
    monkeypatch.setattr(replay, "_say_all", lambda *_: None)
    life = Life(lived_in, random.Random("control"))
    file = lived_in.backup()
    life.hides()
    life.opens()
    before = permitted(lived_in)
    lived_in.restore(file, to=empty)
    assert gained(lived_in, before)
