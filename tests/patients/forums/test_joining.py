"""Joining two forums: refusals count on both, permits where they were given, and nothing opens; parting likewise."""

from datetime import date

import pytest

from governance.effective import present
from governance.effective.audit import RowAudit
from governance.effective.layers import SEPARATED, Layers
from governance.effective.measures import Measures
from governance.effective.models import Measure
from governance.ledger.commits import OUTSIDE
from governance.ledger.verify import verify
from governance.optout.choices import Choices, Named
from governance.optout.guardians import is_held
from governance.optout.models import Directive, Receipt
from governance.optout.waiting import waiting_for
from governance.patients.ages.bands import Band
from governance.patients.ages.service import Claim, People
from governance.patients.ages.told import has_died
from governance.patients.erasing import service as erasing
from governance.patients.forums.errors import NothingJoinedError, NotJoinableError
from governance.patients.forums.records import said_of
from governance.policy.current import policies
from tests.forum import ANSWERED, CLOSED, DAY, IN_TOUCH, SEEN
from tests.patients.two_forums import everywhere, joins, opened, record, tells, undoes, unlinks, work

HERE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}


def test_a_yes_counts_only_where_it_was_given(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)
    assert not pair.g.permits("nurse", pair.other, "view", **HERE)


def test_a_no_counts_on_both_at_once(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    pair.g.wants(pair.other, Choices(ANSWERED, CLOSED, frozenset({pair.f.key("nurse")}), hold=True))
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)


def test_without_the_limit_to_its_forum_a_yes_would_reach_the_other_one(pair, monkeypatch):
    """The control: whoever is not named would be let in on G by what was said on F."""
    pair.f.acknowledges(pair.ana + "-cal")
    pair.f.chooses(pair.ana + "-cal", CLOSED, SEEN)
    joins(pair.f, pair.ana + "-cal", pair.g, pair.other)
    assert not pair.g.permits("doctor", pair.other, "view", **HERE)
    monkeypatch.setattr(present, "on_platform", lambda document, _platform: document)
    present._author.cache_clear()
    assert pair.g.permits("doctor", pair.other, "view", **HERE)
    present._author.cache_clear()


def test_joining_opens_nothing_on_either_forum_whatever_was_chosen(pair):
    for g_level in (None, CLOSED, SEEN, IN_TOUCH):
        name = f"{pair.other}-{g_level}"
        if g_level is not None:
            pair.g.acknowledges(name)
            pair.g.chooses(name, g_level, g_level, team=["nurse"])
        before = everywhere(pair.g, pair.viewers, name, **HERE)
        on_f = everywhere(pair.f, pair.viewers, pair.ana, **HERE)
        joins(pair.f, pair.ana, pair.g, name)
        assert opened(before, everywhere(pair.g, pair.viewers, name, **HERE)) == []
        assert opened(on_f, everywhere(pair.f, pair.viewers, pair.ana, **HERE)) == []
        unlinks(pair.g, name)


def test_of_two_records_both_ones_refusals_by_name_count_on_both(pair):
    pair.g.acknowledges(pair.other)
    pair.g.wants(pair.other, Choices(named=frozenset({Named(pair.f.key("nurse"), CLOSED)})))
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)
    assert record(pair.f, pair.ana) == record(pair.g, pair.other)


@pytest.mark.slow
def test_a_record_that_never_chose_gives_way_to_the_one_that_did(pair):
    mine = record(pair.f, pair.ana)
    pair.g.patient(pair.other)
    joins(pair.g, pair.other, pair.f, pair.ana)
    assert record(pair.g, pair.other) == mine
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)


def test_a_community_open_to_professionals_is_closed_for_who_was_joined(pair):
    pair.g.opens("open", posture="hcp_present", ages="mixed")
    there = HERE | {"community": "open"}
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert not pair.g.permits("doctor", pair.other, "view", **there)


def test_what_waits_to_open_is_stopped_by_joining(pair):
    pair.f.later(hours=1)
    pair.f.wants(pair.ana, Choices(ANSWERED, SEEN, frozenset({pair.f.key("nurse")})), proved=True)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert waiting_for(pair.f.session, pair.f.keyring, record(pair.f, pair.ana)) == []


def test_nobody_is_joined_who_is_about_to_be_deleted(pair):
    pair.g.patient(pair.other)
    erasing.ask(pair.g.session, pair.g.keyring, record(pair.g, pair.other), pair.g.now, wait=DAY)
    with pytest.raises(NotJoinableError):
        joins(pair.f, pair.ana, pair.g, pair.other)


def test_no_record_takes_the_place_of_what_an_account_left(pair):
    pair.g.patient(pair.other)
    tells(pair.g, "recycled", pair.other)
    with pytest.raises(NotJoinableError):
        joins(pair.f, pair.ana, pair.g, pair.other)


@pytest.mark.slow
def test_two_accounts_that_are_one_already_are_not_joined_again(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    with pytest.raises(NotJoinableError):
        joins(pair.f, pair.ana, pair.g, pair.other)
    with pytest.raises(NotJoinableError):
        joins(pair.f, pair.ana, pair.f, pair.ana)


def test_a_forum_taken_out_keeps_every_refusal_and_no_yes(pair):
    pair.f.wants(
        pair.ana,
        Choices(
            ANSWERED, CLOSED, frozenset({pair.f.key("nurse")}), named=frozenset({Named(pair.g.key("cal"), CLOSED)})
        ),
    )
    joins(pair.f, pair.ana, pair.g, pair.other)
    unlinks(pair.g, pair.other)
    assert record(pair.f, pair.ana) != record(pair.g, pair.other)
    assert not any(everywhere(pair.g, ("nurse", "doctor"), pair.other, **HERE).values())
    assert not pair.g.permits("cal", pair.other, "view", **HERE)
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)


@pytest.mark.slow
def test_after_parting_one_record_no_longer_moves_the_other(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    unlinks(pair.g, pair.other)
    pair.f.later(minutes=1)
    pair.f.hides(pair.ana)
    assert not pair.g.choices(pair.other).hold


@pytest.mark.slow
def test_the_home_forum_can_be_taken_out_too(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    unlinks(pair.f, pair.ana)
    assert not any(everywhere(pair.f, ("nurse", "doctor"), pair.ana, **HERE).values())
    assert not any(everywhere(pair.g, ("nurse", "doctor"), pair.other, **HERE).values())


def test_one_forum_alone_cannot_be_taken_out(pair):
    with pytest.raises(NothingJoinedError):
        unlinks(pair.f, pair.ana)


@pytest.mark.slow
def test_opening_again_after_parting_waits_as_ever(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    unlinks(pair.g, pair.other)
    pair.g.acknowledges(pair.other)
    pair.g.wants(pair.other, Choices(SEEN, SEEN), proved=True)
    assert not pair.g.permits("nurse", pair.other, "view", **HERE)


def test_a_block_by_an_officer_goes_on_for_both_and_each_can_be_lifted(pair):
    measures = Measures(pair.f.session, pair.f.keyring, pair.f.now)
    joins(pair.f, pair.ana, pair.g, pair.other)
    measures.block_pair(record(pair.f, pair.ana), pair.g.key("stranger"), pair.f.now + 9 * DAY)
    unlinks(pair.g, pair.other)
    assert not pair.g.permits("stranger", pair.other, "view", **HERE)
    (taken,) = Measure.about_subject(pair.f.session, str(record(pair.g, pair.other)))
    measures.lift(taken.id)
    for forum in (pair.f, pair.g):
        forum.later(minutes=1)
    assert pair.g.permits("stranger", pair.other, "view", **HERE)


def words_of(forum, name):
    """Everything that a record holds of its own: what every room says, its versions and receipts."""
    patient, session = record(forum, name), forum.session
    said = said_of(work(forum), patient)
    return str((said, [row.at for row in Directive.all_of(session, patient)], len(Receipt.all_of(session, patient))))


def test_a_wrong_join_undone_leaves_nothing_of_the_one_with_the_other(pair):
    f, g = pair.f, pair.g
    g.acknowledges(pair.other)
    g.wants(pair.other, Choices(named=frozenset({Named(g.key("cal"), CLOSED)})))
    joins(f, pair.ana, g, pair.other)
    for forum in (f, g):
        forum.later(minutes=5)
    g.wants(pair.other, Choices(named=frozenset({Named(g.key("dora"), CLOSED)})))
    undoes(g, pair.other)
    assert record(f, pair.ana) != record(g, pair.other)
    for name in ("cal", "dora"):
        assert g.key(name) not in words_of(f, pair.ana)
    assert f.key("nurse") not in words_of(g, pair.other)
    assert g.key("cal") in words_of(g, pair.other)


@pytest.mark.slow
def test_after_an_undo_both_are_closed_until_they_have_looked(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    undoes(pair.g, pair.other)
    assert not any(everywhere(pair.f, ("nurse", "doctor"), pair.ana, **HERE).values())
    assert not any(everywhere(pair.g, ("nurse", "doctor"), pair.other, **HERE).values())
    for forum, name in ((pair.f, pair.ana), (pair.g, pair.other)):
        Layers(forum.session, forum.keyring, record(forum, name), forum.now).remove(SEPARATED)
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)
    assert not pair.g.permits("nurse", pair.other, "view", **HERE)


@pytest.mark.slow
def test_only_what_was_joined_last_can_be_undone(pair):
    joins(pair.f, pair.ana, pair.g, f"{pair.other}-1")
    pair.f.later(minutes=1)
    joins(pair.f, pair.ana, pair.g, f"{pair.other}-2")
    with pytest.raises(NotJoinableError):
        undoes(pair.g, f"{pair.other}-1")
    undoes(pair.g, f"{pair.other}-2")
    undoes(pair.g, f"{pair.other}-1")
    assert pair.f.session.get_one(type(pair.f.patient(pair.ana)), record(pair.f, pair.ana))
    with pytest.raises(NothingJoinedError):
        undoes(pair.g, f"{pair.other}-1")


def test_the_ledger_agrees_with_what_is_in_force_after_all_of_it(pair):
    joins(pair.f, pair.ana, pair.g, "gus")
    undoes(pair.g, "gus")
    joins(pair.f, pair.ana, pair.g, pair.other)
    unlinks(pair.g, pair.other)
    pair.f.session.commit()
    report = verify(pair.f.session, pair.f.keyring, pair.f.session.info[OUTSIDE], [RowAudit(pair.f.keyring)])
    assert list(report.findings.first) == []


def test_after_joining_an_age_said_again_does_not_hide_what_was_said_of_the_other_account(pair):
    people = People(pair.f.session, pair.f.keyring, policies().optout, pair.f.now)
    young = pair.g.patient(pair.other, adult=False)
    people.says(young, "platform:g", Claim(Band.FROM_13, date(2027, 5, 20)))
    said = young.adult_from
    joins(pair.f, pair.ana, pair.g, pair.other)
    adult = pair.f.patient(pair.ana)
    people.says(adult, "platform:f", Claim(Band.ADULT))
    assert adult.adult_from == said
    people.correct(adult, pair.f.now, "Europe/London", ("a passport", "a letter"))
    assert adult.adult_from == pair.f.now


def says_is_13(pair, name):
    young = pair.g.patient(name, adult=False)
    People(pair.f.session, pair.f.keyring, policies().optout, pair.f.now).says(
        young, "platform:g", Claim(Band.FROM_13, date(2027, 5, 20))
    )
    return young.adult_from


def test_a_child_on_one_forum_is_no_adult_by_joining_an_account_that_said_so(pair):
    said = says_is_13(pair, pair.other)
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert pair.f.patient(pair.ana).adult_from == said
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE), "a child alone did not permit it"


def test_without_counting_what_was_said_there_a_child_would_be_an_adult(pair, monkeypatch):
    """The control."""
    monkeypatch.setattr(People, "recount", lambda *_: None)
    said = says_is_13(pair, pair.other)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert pair.f.patient(pair.ana).adult_from != said
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)


def test_where_the_other_account_is_said_to_live_counts_for_both(pair):
    people = People(pair.f.session, pair.f.keyring, policies().optout, pair.f.now)
    assert people.clock(pair.f.patient(pair.ana).id).ages.digital_consent == 16
    there = pair.g.patient(pair.other, adult=False)
    people.says(there, "platform:g", Claim(Band.FROM_13, date(2027, 5, 20), country="GB"))
    joins(pair.f, pair.ana, pair.g, pair.other)
    kept = pair.f.patient(pair.ana).id
    assert kept != there.id
    assert people.clock(kept).ages.digital_consent == 13
    assert pair.f.permits("nurse", pair.ana, "view", **HERE), "somebody of 15 decides alone there"
    # In Ireland one is 16: of two countries the stricter holds, until its owner says which it is.
    people.says(pair.f.patient(pair.ana), "platform:f", Claim(Band.FROM_13, date(2027, 5, 20), country="IE"))
    assert people.clock(kept).ages.digital_consent == 16
    assert not people.choose_country(kept, "GB")
    people.set_country(kept, "GB")
    assert people.clock(kept).ages.digital_consent == 13


def test_who_is_too_young_where_the_other_account_is_said_to_live_opened_nothing_alone(pair):
    people = People(pair.f.session, pair.f.keyring, policies().optout, pair.f.now)
    says = Claim(Band.FROM_13, date(2027, 5, 20))
    people.says(pair.f.patient(pair.ana), "platform:f", says._replace(country="GB"))
    people.says(pair.g.patient(pair.other, adult=False), "platform:g", says._replace(country="IE"))
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)


def test_nobody_is_older_by_joining(pair):
    people = People(pair.f.session, pair.f.keyring, policies().optout, pair.f.now)
    people.says(pair.g.patient(pair.other, adult=False), "platform:g", Claim(Band.ADULT))
    name = f"{pair.ana}-unknown"
    pair.f.acknowledges(name, adult=False)
    pair.f.chooses(name, CLOSED, CLOSED, adult=False)
    joins(pair.f, name, pair.g, pair.other)
    assert pair.f.patient(name, adult=False).adult_from is None


@pytest.mark.parametrize("what", ["died", "incapable"])
def test_who_can_open_nothing_can_open_nothing_by_joining_another_account(pair, what):
    session, keyring = pair.f.session, pair.f.keyring
    people = People(session, keyring, policies().optout, pair.f.now)
    there = pair.g.patient(pair.other)
    people.died(there.id, "a letter") if what == "died" else people.incapable(there.id, "a letter", yes=True)
    assert not is_held(session, keyring, pair.f.patient(pair.ana).id)
    joins(pair.f, pair.ana, pair.g, pair.other)
    kept = pair.f.patient(pair.ana).id
    assert kept != there.id
    assert is_held(session, keyring, kept)
    assert has_died(session, keyring, kept) is (what == "died")
    people.incapable(kept, "a doctor's letter", yes=False)
    assert is_held(session, keyring, kept) is (what == "died"), "one person can decide again, whichever the account"
    unlinks(pair.g, pair.other)
    assert has_died(session, keyring, pair.f.patient(pair.ana).id) is False, "parted, the one says nothing of the other"
