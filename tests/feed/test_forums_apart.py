"""What two forums are sent of one person has nothing in common, nor does it tell why, or what there is elsewhere."""

import json
from dataclasses import replace

import pytest

from governance.decision.facts import Author, CapacityRecord, Claim, Hcp, Layer, PairBlock, TeamEntry, Tombstone, Viewer
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    Interval,
    Place,
    Provision,
    Provisions,
    Scale,
    Who,
    WhoKind,
)
from governance.decision.provisions import named as by_name
from governance.decision.vocabulary import (
    FOREVER,
    UNKNOWN,
    AccountKey,
    Action,
    Assurance,
    Capacity,
    Effect,
    Instant,
    Mark,
    PlatformId,
    Status,
)
from governance.feed.rules import rules_in_force
from governance.feed.told import Teller, Window
from governance.pep.wire.keys import WireKeys
from tests.feed.conftest import Reader

YEAR = 365 * 24 * 3600 * 1_000_000
ISSUED = Instant(56 * YEAR + 123_456_789)
WINDOW = Window(ISSUED, Instant(ISSUED + YEAR // 180))
P, Q = PlatformId("p"), PlatformId("q")
NURSE, DOCTOR = AccountKey("p/nurse"), AccountKey("q/doctor")
WHEN = Interval(Instant(ISSUED - YEAR - 987_654), Instant(ISSUED + YEAR + 543_210))


def teller(platform, key):
    return Teller(WireKeys(key * 32, key * 32, key * 32), platform, WINDOW, b"secret")


ON_P, ON_Q = teller(P, b"p"), teller(Q, b"q")


def line(effect, who, where=EVERYWHERE, when=ALWAYS):
    return Provision("x", effect, who, where, frozenset({Action.VIEW}), when)


def person(account, nurse=NURSE, doctor=DOCTOR, when=WHEN):
    """Somebody who used nearly everything there is."""
    return Author(
        account=AccountKey(account),
        record=True,
        adult_from=Instant(when.start - 3 * YEAR - 1_234_567),
        covered=dict.fromkeys(Action, when),
        provisions=Provisions(
            (
                line(Effect.PERMIT, by_name(nurse), when=when),
                line(Effect.REFUSE, by_name(doctor)),
                line(Effect.REFUSE, by_name(doctor), Place(Scale.THREAD, P, "thread")),
                line(Effect.REFUSE, CARE_TEAM, Place(Scale.COMMUNITY, Q, "room")),
            )
        ),
        care_team=(TeamEntry(by_name(nurse), when),),
        layers=(Layer(None, (line(Effect.REFUSE, by_name(doctor)),)), Layer(P, (line(Effect.REFUSE, CARE_TEAM),))),
        blocks=(PairBlock(doctor, when),),
        emergency_yes_since=Instant(when.start - 4_321_987),
    )


def professional(accounts=(NURSE, DOCTOR), when=WHEN):
    """Somebody about whom nearly everything is on record."""
    return Hcp(
        accounts=frozenset(accounts),
        status=Status.RESTRICTED,
        checked_until=Instant(when.end + 1_111_111),
        attested=when,
        assurance=Assurance.A3,
        claims=(Claim(Who(WhoKind.ORGANISATION, "clinic"), when),),
        capacities=(CapacityRecord(Capacity.PEER, P, "room", when), CapacityRecord(Capacity.PEER, Q, None, LATER)),
        cases=(Interval(Instant(when.start + 5_555_555), FOREVER),),
        blocks=(Interval(Instant(when.start + 7_777_777), when.end),),
    )


LATER = Interval(Instant(WHEN.start + 33_333_333), Instant(WHEN.end + 44_444_444))
ANA, HCP = person("p/ana"), professional()
STRANGER = person("q/ben", AccountKey("q/d1"), AccountKey("q/d2"), LATER)
OTHER_HCP = professional((AccountKey("q/d1"),), Interval(Instant(LATER.start + 1), Instant(LATER.end + 1)))


def stretches(data, length=5):
    return {data[at : at + length] for at in range(len(data) - length + 1)}


def sent(tell, author=ANA, hcp=HCP):
    viewer = Viewer(NURSE, frozenset({Mark.REGISTERED, Mark.OFFICER}), hcp)
    return tell.author(author).encode(), tell.governed(viewer, hcp, rules_in_force().conduct, "hcp").encode()


@pytest.mark.parametrize("part", [0, 1])
def test_one_person_on_two_forums_has_no_more_in_common_than_two_people(part):
    one, two, stranger = sent(ON_P)[part], sent(ON_Q)[part], sent(ON_Q, STRANGER, OTHER_HCP)[part]
    assert stretches(one) & stretches(two) <= stretches(one) & stretches(stranger)


def test_the_same_keys_would_give_them_much_in_common():
    """The control: what is compared above does have something in common where it should."""
    same_keys = teller(Q, b"p")
    for part in (0, 1):
        assert stretches(sent(ON_P)[part]) & stretches(sent(same_keys)[part]) - stretches(sent(ON_Q)[part])


def test_a_refusal_in_time_is_told_because_posts_are_compared_with_it():
    """What the page about it says is not hidden; the rest of the times is."""
    limited = replace(ANA, provisions=Provisions((line(Effect.REFUSE, by_name(DOCTOR), when=WHEN),)))
    told = WHEN.start.to_bytes(8, "big")
    assert told in sent(ON_P, limited)[0]
    assert told in sent(ON_Q, limited)[0]
    assert told not in sent(ON_P)[0]


def test_a_birthday_and_a_reading_are_told_when_they_matter_and_not_before():
    for ahead, is_told in ((YEAR, False), (YEAR // 365, True)):
        soon = Instant(ISSUED + ahead + 77)
        author = Author(ANA.account, record=True, adult_from=soon, covered={Action.VIEW: Interval(ISSUED, soon)})
        record = ON_P.author(author)
        assert (record.adult_from == soon) is is_told
        assert (record.covered[0].during.end == soon) is is_told
    assert ON_P.author(replace(ANA, adult_from=UNKNOWN)).adult_from is UNKNOWN


def test_two_patients_choices_about_one_professional_look_different():
    pairs = [ON_P.author(replace(ANA, account=AccountKey(name))).own[0].pair for name in ("p/ana", "p/ben")]
    assert pairs[0] != pairs[1]


def test_why_somebody_is_not_eligible_is_not_told():
    """A measure, a status, a lapsed acceptance: whatever closes all of it looks the same."""
    closed = [
        replace(HCP, blocks=(), status=Status.REMOVED, capacities=()),
        replace(HCP, blocks=(), status=Status.GOOD, attested=Interval(ISSUED, ISSUED), capacities=()),
        replace(HCP, blocks=(), assurance=Assurance.A0, capacities=()),
    ]
    assert len({sent(ON_P, hcp=hcp)[1] for hcp in closed}) == 1


def test_a_guardian_a_forum_and_the_patient_hide_in_the_same_way():
    hidden = [
        replace(ANA, layers=(Layer(None, (line(Effect.REFUSE, CARE_TEAM),)),)),
        replace(ANA, layers=(Layer(P, (line(Effect.REFUSE, CARE_TEAM),)),)),
    ]
    assert len({ON_P.author(author) for author in hidden}) == 1
    held = [replace(ANA, hold=True), replace(ANA, erased=Tombstone(ISSUED, hold=True))]
    assert {ON_P.author(author).hold for author in held} == {True}


@pytest.mark.parametrize(("elsewhere", "names"), [(0, 4), (1, 4), (3, 4), (4, 8), (7, 8), (8, 16)])
def test_on_how_many_forums_a_professional_is_is_not_told(elsewhere, names):
    accounts = frozenset({NURSE, *(AccountKey(f"forum {number}/x") for number in range(elsewhere))})
    viewer = Viewer(NURSE, frozenset({Mark.REGISTERED}), Hcp(accounts=accounts))
    record = ON_P.governed(viewer, viewer.hcp, rules_in_force().conduct, "hcp")
    assert len(record.names) == names
    assert {ON_P.keys.account_known(account) for account in accounts} <= set(record.names)
    assert record == ON_P.governed(viewer, viewer.hcp, rules_in_force().conduct, "hcp")


def test_two_forums_have_other_keys_other_epochs_and_revisions_of_their_own(app, people, other):
    here, there = Reader(app, people.credentials), Reader(app, other.credentials)
    assert {here.keys.accounts, here.keys.places, here.keys.tokens}.isdisjoint(
        {there.keys.accounts, there.keys.places, there.keys.tokens}
    )
    assert here.cursor.split(".")[0] != there.cursor.split(".")[0]
    before = there.cursor
    people.hides("ana")
    people.session.commit()
    assert there.changes().newest == int(before.split(".")[1])
    assert there.asks(here.cursor).status_code == 410


def test_a_bundle_holds_no_key_and_no_name(app, people):
    reader = Reader(app, people.credentials)
    told = reader.get("/v1/feed").json
    data = reader.get("/v1/bundle").data
    assert all(getattr(reader.keys, name) not in data for name in ("accounts", "places", "tokens"))
    assert all(text.encode() not in data for text in told["keys"].values())
    for name in ("ana", "nurse", "doctor"):
        assert people.key(name).encode() not in data
        assert f'"{name}"'.encode() not in data
    header = json.loads(data[16 : 16 + int.from_bytes(data[8:16], "big")])
    assert set(header) == {
        "platform", "epoch", "revision", "issued", "expires", "key_id", "accounts", "governed"
    }  # fmt: skip
