"""Whatever line stands in somebody's choices, *see as* says what the forum is told, and what is otherwise elsewhere."""

import random
from datetime import UTC, datetime

import pytest

from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, Interval, Place, Provision, Scale, Who, WhoKind
from governance.decision.vocabulary import Action, Ages, Contact, Effect, Instant, PlatformId, Posture
from governance.effective.documents import Member, line_of
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.policy.current import conduct_in_force
from governance.portal import looks, nuances
from governance.portal.looks import Kind, Patient, Terms
from governance.portal.reasons import Why
from governance.portal.seeing import SHOWN, seen_by
from tests.forum import DAY, asked
from tests.portal.lasting import as_it_was, lasting

NURSES, CLINIC = Who(WhoKind.PROFESSION, "nurse"), Who(WhoKind.ORGANISATION, "Hillview")
REFUSE, PERMIT = Effect.REFUSE, Effect.PERMIT
IDS = {Scale.COMMUNITY: "other", Scale.THREAD: "its own", Scale.POST: "its own"}


def build(made):
    """Ana, who is told everything and chose nothing yet; a nurse and a doctor."""
    made.registers("nia")
    made.registers("dan", "doctor")
    for name in ("c", "other"):
        made.opens(name, Posture.INFORMED, Ages.ADULTS)
    made.acknowledges("ana")
    made.later(days=20)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with lasting(tmp_path_factory.mktemp("rules"), build) as made:
        yield made


@pytest.fixture
def world(made):
    with as_it_was(made) as world:
        yield world


def place(world, scale):
    digests = world.desk()._digests
    ids = {Scale.COMMUNITY: digests.community, Scale.THREAD: digests.thread, Scale.POST: digests.post}
    platform = PlatformId("" if scale is Scale.EVERYWHERE else str(world.id))
    return Place(scale, platform, ids[scale](IDS[scale]) if scale in ids else "")


def put(world, *lines, team=()):
    """Lines straight into the row in force, as any form might leave them."""
    members = [Member(WhoKind.NAMED, world.key(name), (0, 2**62)) for name in team]
    values = {"lines": [line_of(line) for line in lines], "care_team": members}
    patient = str(world.patient("ana").id)
    Register(world.session, world.keyring, world.now).put("patient", patient, "optout", values)
    world.session.flush()
    world.session.expire_all()


def line(world, effect, who, scale=Scale.EVERYWHERE, actions=SHOWN, **said):
    return Provision(f"{effect}-{who}-{scale}-{said}", effect, who, place(world, scale), frozenset(actions), **said)


def see(world, whom):
    whom = world.key(whom) if whom in ("nia", "dan") else whom
    terms = Terms(Posture.INFORMED, conduct_in_force(), world.now)
    patient = Patient(world.key("ana"), world.id)
    return {one.action: one for one in seen_by(world.session, world.keyring, patient, whom, terms)}


def stamp(instant):
    return datetime.fromtimestamp(instant / 1_000_000, UTC).isoformat()


def told(world, viewer, at=None, created=None, post="its usual", **said):
    """What the forum is told of each action, whoever wrote first."""
    created = world.now if created is None else created
    questions = []
    for action in SHOWN:
        for first in (True, False):
            question = asked(viewer, "ana", action.value, created=stamp(created), wrote_first=first, **said)
            question["resource"]["id"] = post
            questions.append(question)
    now, world.now = world.now, Instant(world.now if at is None else at)
    permits = [answer.permit for answer in world.answers(questions)]
    world.now = now
    return {action: any(permits[2 * i : 2 * i + 2]) for i, action in enumerate(SHOWN)}


def some_lines(world, chance):
    """Lines of every kind there is, in time and place and person."""
    whos = [Who(WhoKind.NAMED, world.key("nia")), NURSES, CLINIC, CARE_TEAM, OTHERS]
    edges = [world.now + days * DAY for days in (-9, -3, 0, 4, 11)]
    for _ in range(chance.randint(1, 6)):
        when, reach = (
            Interval(*sorted(chance.sample(edges, 2))) if chance.random() < 0.3 else ALWAYS for _ in range(2)
        )
        yield line(
            world,
            chance.choice([REFUSE, PERMIT]),
            chance.choice(whos),
            chance.choice(list(Scale)),
            chance.sample(SHOWN, chance.randint(1, 6)),
            when=when,
            reach=reach,
            contact=chance.choice([Contact.ANY, Contact.ANY, Contact.AFTER, Contact.BEFORE]),
        )


def test_it_is_what_the_forum_is_told_for_lines_of_every_kind(world):
    for seed in range(5):
        agrees(world, random.Random(seed))


@pytest.mark.hunt
def test_it_is_what_the_forum_is_told_for_many_more(world):
    for seed in range(100, 500):
        agrees(world, random.Random(seed))


def agrees(world, chance):
    put(world, *some_lines(world, chance), team=chance.choice([(), ("nia",), ("dan",)]))
    for viewer in ("nia", "dan"):
        seen, usual = see(world, viewer), told(world, viewer)
        assert {action: one.permit for action, one in seen.items()} == usual
        others = [
            told(world, viewer, community="other"),
            told(world, viewer, thread="its own"),
            told(world, viewer, post="its own"),
        ]
        elsewhere = {action: any(other[action] is not usual[action] for other in others) for action in SHOWN}
        assert {action: one.nuances.elsewhere for action, one in seen.items()} == elsewhere
        assert_times(world, viewer, seen, usual)


def assert_times(world, viewer, seen, usual):
    """What is said of older posts and of later is what the forum is told then; between, nothing else happens."""
    past = [told(world, viewer, created=world.now - days * DAY) for days in (10, 8, 2)]
    older = {action: any(other[action] is not usual[action] for other in past) for action in SHOWN}
    assert {action: one.nuances.older for action, one in seen.items()} == older
    days = [world.now + after * DAY for after in (4, 11)]
    same, new = ([told(world, viewer, at=at, created=made or at) for at in days] for made in (world.now, None))
    for action, one in seen.items():
        changes = next((at for at, then in zip(days, same, strict=True) if then[action] is not usual[action]), None)
        newer = next((at for at, then in zip(days, new, strict=True) if then[action] is not usual[action]), None)
        assert (one.nuances.changes, one.nuances.newer) == (changes, newer if changes is None else None)


def test_a_page_that_looked_at_the_usual_place_alone_would_be_found(world, monkeypatch):
    """The control: without the other places, a line about one group is said nowhere."""
    put(world, line(world, PERMIT, OTHERS), line(world, REFUSE, OTHERS, Scale.COMMUNITY))
    assert see(world, "dan")[Action.VIEW].nuances.elsewhere
    monkeypatch.setattr(nuances, "_elsewhere", lambda *_: iter(()))
    assert not see(world, "dan")[Action.VIEW].nuances.elsewhere


def test_a_profession_or_an_organisation_is_seen_as_a_whole(world):
    for who, yes, no in (
        (NURSES, Why.PROFESSION_YES, Why.PROFESSION_NO),
        (CLINIC, Why.ORGANISATION_YES, Why.ORGANISATION_NO),
    ):
        for effect, other, why in ((PERMIT, REFUSE, yes), (REFUSE, PERMIT, no)):
            put(world, line(world, effect, who), line(world, other, OTHERS))
            found = see(world, who)[Action.VIEW]
            assert (found.permit, found.why, found.nuances.name) == (effect is PERMIT, why, who.name)
            assert see(world, Kind.OTHER)[Action.VIEW].permit is not found.permit


def test_the_care_team_is_seen_as_a_whole_and_nobody_of_it_by_name(world):
    nia = Who(WhoKind.NAMED, world.key("nia"))
    put(world, line(world, PERMIT, CARE_TEAM), line(world, REFUSE, nia), line(world, REFUSE, OTHERS), team=["nia"])
    assert see(world, Kind.TEAM)[Action.VIEW].why is Why.TEAM_YES
    assert see(world, "nia")[Action.VIEW].why is Why.NAMED_NO
    assert see(world, Kind.OTHER)[Action.VIEW].why is Why.OTHERS_NO


def test_a_two_weeks_no_says_when_it_ends_for_posts_written_then(world):
    ends = Instant(world.now + 14 * DAY)
    put(world, line(world, PERMIT, OTHERS), line(world, REFUSE, OTHERS, when=Interval(world.now, ends)))
    found = see(world, "dan")[Action.VIEW]
    # What was written under it stays closed until it is lifted.
    assert (found.permit, found.nuances.changes, found.nuances.newer) == (False, None, ends)


def test_a_yes_for_new_posts_alone_says_that_older_ones_are_otherwise(world):
    put(world, line(world, PERMIT, OTHERS, reach=Interval(world.now, Instant(2**62))))
    found = see(world, "dan")[Action.VIEW]
    assert (found.permit, found.nuances.older) == (True, True)


def test_a_claim_that_nobody_verified_changes_no_word(world, monkeypatch):
    """The profession stands on the badge; whether the register confirmed it does not stand anywhere."""
    hcp = world.session.get(GovernedAccount, world.key("dan")).hcp
    register = Register(world.session, world.keyring, world.now)
    put(world, line(world, PERMIT, Who(WhoKind.PROFESSION, "doctor")))
    assert see(world, "dan")[Action.VIEW].why is Why.PROFESSION_YES
    said = register.said("hcp", hcp, "conduct")
    claims = [{**claim, "verified": [0, 1]} for claim in said["claims"]]
    register.put("hcp", hcp, "conduct", {**said, "claims": claims})
    world.session.expire_all()
    found = see(world, "dan")[Action.VIEW]
    assert (found.permit, found.why, found.nuances) == (False, Why.NOT_NOW, nuances.Nuances())
    # The control: with the claim as the register left it, a sentence of its own would tell.
    monkeypatch.setattr(looks, "_proven", lambda viewer: viewer)
    assert see(world, "dan")[Action.VIEW].why is Why.NOTHING_CHOSEN


def test_where_somebody_works_is_named_by_no_sentence_about_them(world):
    hcp = world.session.get(GovernedAccount, world.key("dan")).hcp
    register = Register(world.session, world.keyring, world.now)
    said = register.said("hcp", hcp, "conduct")
    claimed = {"who": "organisation", "name": "Hillview", "verified": [2**62, 2**62]}
    put(world, line(world, PERMIT, CLINIC))
    before = see(world, "dan")
    register.put("hcp", hcp, "conduct", {**said, "claims": [*said["claims"], claimed]})
    world.session.expire_all()
    assert see(world, "dan") == before
    put(world, line(world, PERMIT, OTHERS), line(world, REFUSE, CLINIC))
    assert see(world, "dan")[Action.VIEW].nuances.name == ""
    assert see(world, CLINIC)[Action.VIEW].nuances.name == "Hillview"
