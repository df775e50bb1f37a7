"""Rules of a patient's own: what they decide, that they are kept and read back whole, and how they close and open."""

from datetime import date

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Instant, Level
from governance.effective.erasure import erase
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.optout import undo
from governance.optout.choices import Choices, DirectiveBody, Named
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError
from governance.optout.loosening import body_of, fragment_of
from governance.optout.own.crossing import crossings
from governance.optout.own.making import EVERYONE, into, rules_for, spared, whom, yes_said
from governance.optout.own.rules import MOST_RULES, Rule, Scope
from governance.optout.own.times import span_of_days
from governance.optout.ratchet import InForce, Lack, Lacking, Waits
from governance.optout.service import body_in_force, body_written
from governance.optout.steps import steps_between, taken
from governance.optout.waiting import Opens
from governance.optout.words import sentence
from governance.policy.current import policies
from governance.ui.dates import day_and_time
from tests.forum import ANSWERED, CLOSED, DAY, IN_TOUCH, SEEN
from tests.optout.ratchet_walk import WITHIN
from tests.optout.rules import a_day_later, at, by_name, closed_to_everyone, from_now, rule

PART = Level.PART_OF_CARE
OLD = {"created": "2026-05-03T10:00:00Z", "edited": None}
"""Words from before any rule of these stories."""


@pytest.fixture
def ana(forum):
    forum.registers("nurse")
    forum.registers("doctor", "doctor")
    forum.opens("c")
    forum.acknowledges("ana")
    return forum


def wants(forum, *rules, proved=False, **said):
    return forum.wants("ana", Choices(rules=frozenset(rules), **said), proved=proved)


def may(forum, who, **where):
    return {action.value for action in Action if forum.permits(who, "ana", action.value, wrote_first=True, **where)}


# --- what they decide


def test_one_profession_is_closed_out_and_another_is_not(ana):
    wants(ana, rule(who=WhoKind.PROFESSION, name="doctor"), others=ANSWERED)
    assert ana.permits("nurse", "ana")
    assert not ana.permits("doctor", "ana")


def test_one_profession_is_let_in_and_nobody_else(ana):
    wants(ana, rule(ANSWERED, who=WhoKind.PROFESSION, name="nurse"))
    assert may(ana, "nurse") == {"view", "find", "react", "reply"}
    assert may(ana, "doctor") == set()


@pytest.mark.parametrize(("kind", "inside", "outside"), [("community", "c", "d"), ("thread", "t", "u")])
def test_a_place_is_closed_and_all_else_is_as_before(ana, kind, inside, outside):
    ana.opens("d")
    wants(ana, rule(who=WhoKind.OTHERS, **at(ana, kind, inside)), others=SEEN)
    assert not ana.permits("nurse", "ana", **{kind: inside})
    assert ana.permits("nurse", "ana", **{kind: outside})


def test_one_post_is_closed_and_the_next_one_is_not(ana):
    wants(ana, rule(who=WhoKind.OTHERS, **at(ana, "post", "p-1")), others=SEEN)
    assert not ana.permits("nurse", "ana")
    wants(ana, rule(who=WhoKind.OTHERS, **at(ana, "post", "p-2")), others=SEEN)
    assert not ana.permits("nurse", "ana")  # taking the first rule away waits
    assert isinstance(wants(ana, rule(who=WhoKind.OTHERS, **at(ana, "post", "p-2")), others=SEEN, proved=True), Waits)
    a_day_later(ana)
    assert ana.permits("nurse", "ana")


def test_a_yes_in_one_group_is_a_yes_there_alone(ana):
    wants(ana, rule(SEEN, **by_name(ana, "nurse"), **at(ana, "community", "c")))
    assert may(ana, "nurse") == {"view", "find"}
    assert may(ana, "nurse", community="d") == set()


def test_a_rule_for_new_posts_leaves_the_old_ones_as_they_were(ana):
    wants(ana, rule(who=WhoKind.OTHERS, since=int(ana.now)), others=SEEN)
    assert ana.permits("nurse", "ana", created="2026-05-01T10:00:00Z")
    ana.later(hours=1)
    assert not ana.permits("nurse", "ana", created="2026-05-04T10:30:00Z")
    assert not ana.permits("nurse", "ana", created="2026-05-01T10:00:00Z", edited="2026-05-04T10:30:00Z")


def test_what_was_written_before_can_be_closed_and_the_new_left_open(ana):
    wants(ana, rule(who=WhoKind.OTHERS, until=int(ana.now)), others=SEEN)
    ana.later(hours=1)
    assert not ana.permits("nurse", "ana", created="2026-05-01T10:00:00Z")
    assert ana.permits("nurse", "ana", created="2026-05-04T10:30:00Z")


def test_who_only_says_that_they_work_there_is_caught_by_a_no_and_not_by_a_yes(ana):
    clinic = {"who": WhoKind.ORGANISATION, "name": "digest-of-hillview"}
    said = body_of(fragment_of(DirectiveBody().followed_by(Choices(rules=frozenset({rule(**clinic)})), ana.now)))
    assert said.rules == (rule(**clinic),)
    wants(ana, rule(ANSWERED, **clinic))
    assert may(ana, "nurse") == set()


def test_at_most_for_a_whole_group_opens_nothing(ana):
    wants(ana, rule(ANSWERED, who=WhoKind.OTHERS, **from_now(ana)))
    assert may(ana, "nurse") == set()
    wants(ana, rule(SEEN, who=WhoKind.OTHERS, **from_now(ana)), others=ANSWERED, proved=True)
    a_day_later(ana)
    assert may(ana, "nurse") == {"view", "find"}


# --- how they are kept


def drawn(of, **parts):
    """Draw what is named, and leave the rest as it is."""
    return st.fixed_dictionaries(parts).map(lambda said: of(**said))


scopes = drawn(
    Scope,
    who=st.sampled_from([WhoKind.CARE_TEAM, WhoKind.OTHERS]),
    scale=st.just(Scale.EVERYWHERE),
    start=st.sampled_from([0, 5]),
    end=st.sampled_from([9, int(FOREVER)]),
    since=st.sampled_from([int(BEGINNING), 3]),
    zone=st.sampled_from(["", "Europe/London", "America/Argentina/Buenos_Aires"]),
) | drawn(
    Scope,
    who=st.sampled_from([WhoKind.NAMED, WhoKind.PROFESSION, WhoKind.ORGANISATION]),
    name=st.sampled_from(["a", "b"]),
    scale=st.sampled_from([Scale.COMMUNITY, Scale.THREAD, Scale.POST]),
    platform=st.just("f"),
    place=st.sampled_from(["x", "y"]),
    until=st.sampled_from([int(FOREVER), 7]),
)
levels = st.sampled_from([CLOSED, SEEN, ANSWERED, IN_TOUCH, PART])
rules = st.tuples(scopes, levels).map(lambda two: Rule.picked(*two))
several = st.lists(rules, max_size=4, unique_by=lambda one: one.scope._replace(zone="")).map(frozenset)
picks = drawn(
    Choices,
    care_team=st.sampled_from([CLOSED, ANSWERED]),
    others=st.sampled_from([CLOSED, SEEN]),
    named=st.sampled_from([frozenset(), frozenset({Named("a", SEEN)}), frozenset({Named("b", CLOSED)})]),
    rules=several,
    emergency=st.booleans(),
    peers=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(wanted=picks)
def test_what_is_in_force_says_the_choices_again(wanted):
    body = DirectiveBody().followed_by(wanted, 1)
    assert body_of(fragment_of(body)) == body
    assert body.choices == wanted


@settings(max_examples=60, deadline=None)
@given(before=picks, after=picks)
def test_the_steps_from_one_pick_to_another_lead_there(before, after):
    assert taken(before, steps_between(before, after)) == after


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=several)
def test_every_rule_says_both_what_is_permitted_and_what_is_refused(wanted):
    for one in wanted:
        actions = [line.actions for line in one.lines() if not (line.refuses and line.contact == "before")]
        told = frozenset().union(*actions)
        assert one.at_most or told >= frozenset(Action) - {Action.MODERATE}
        assert sum(map(len, actions)) == len(told)
        assert one.closes == all(line.refuses for line in one.lines())


@pytest.mark.usefixtures("both")
def test_a_version_holds_its_rules_and_the_database_nothing_readable(ana):
    wants(ana, rule(SEEN, **by_name(ana, "nurse"), **at(ana, "thread", "t-secret")))
    patient = ana.patient("ana").id
    assert body_written(ana.session, ana.keyring, patient) == body_in_force(ana.session, ana.keyring, patient)


def test_after_an_erasure_a_refusal_by_name_in_one_place_goes_on(ana):
    wants(ana, rule(**by_name(ana, "doctor"), **at(ana, "community", "c")), others=SEEN)
    erase(ana.session, ana.keyring, ana.patient("ana").id, ana.now, final_at=ana.now)
    assert not ana.permits("doctor", "ana")


def test_a_forum_that_asks_for_the_status_is_told_of_no_rule(ana):
    """Whom a choice names, and where, is the patient's own; and a rule for a time is no level."""
    before = ana.desk().opt_outs(["ana"])
    there = rule(SEEN, who=WhoKind.OTHERS, **at(ana, "community", "c"))
    wants(ana, there, rule(**by_name(ana, "doctor"), **at(ana, "community", "c")))
    ana.session.flush()
    (status,) = ana.desk().opt_outs(["ana"])
    assert status == before[0]


def test_no_answer_about_a_professional_tells_who_named_them(ana):
    """What a forum reads of a nurse, and what it is told when she asks about others, is the same before and after."""
    ana.acknowledges("bea")
    ana.chooses("bea", SEEN, SEEN)

    def told():
        return [ana.permits("nurse", "bea", action.value, wrote_first=True) for action in Action]

    document = Register(ana.session, ana.keyring, ana.now).document("hcp", hcp_of(ana))
    before = told()
    wants(ana, rule(ANSWERED, **by_name(ana, "nurse"), **at(ana, "community", "c")), team=frozenset({ana.key("nurse")}))
    assert told() == before
    assert Register(ana.session, ana.keyring, ana.now).document("hcp", hcp_of(ana)) == document


def hcp_of(forum):
    return forum.session.get(GovernedAccount, forum.key("nurse")).hcp


# --- how they close and open


def test_a_refusal_needs_no_reading_and_no_proof(forum):
    forum.registers("nurse")
    forum.chooses("bea")
    outcome = forum.wants("bea", Choices(rules=frozenset({rule(who=WhoKind.OTHERS, **from_now(forum))})))
    assert isinstance(outcome, InForce)


def test_a_yes_needs_to_be_told_first(forum):
    forum.chooses("bea")
    with pytest.raises(NotAcknowledgedError):
        forum.wants("bea", Choices(rules=frozenset({rule(SEEN, who=WhoKind.PROFESSION, name="nurse")})))


def test_taking_a_refusal_away_takes_a_proof_and_a_day(ana):
    wants(ana, rule(who=WhoKind.PROFESSION, name="nurse"), others=SEEN)
    assert wants(ana, others=SEEN).lack is Lack.PROOF
    assert isinstance(wants(ana, others=SEEN, proved=True), Waits)
    assert not ana.permits("nurse", "ana")
    a_day_later(ana)
    assert ana.permits("nurse", "ana")


def test_a_refusal_made_shorter_waits_and_one_made_longer_does_not(ana):
    short, long = ((int(ana.now), int(ana.now) + days * DAY) for days in (7, 14))
    wants(ana, *closed_to_everyone(long), others=SEEN)
    assert isinstance(wants(ana, *closed_to_everyone(short), others=SEEN), Lacking)
    wants(ana, *closed_to_everyone(short), *closed_to_everyone(long), others=SEEN)
    assert isinstance(wants(ana, *closed_to_everyone(long), others=SEEN), InForce)


def test_a_yes_is_taken_back_at_once(ana):
    wants(ana, rule(ANSWERED, who=WhoKind.PROFESSION, name="nurse"))
    assert isinstance(wants(ana), InForce)
    assert may(ana, "nurse") == set()
    assert ana.choices("ana") == Choices()


def test_a_yes_by_name_in_one_place_is_taken_back_whole_and_at_once(ana):
    wants(ana, rule(ANSWERED, **by_name(ana, "nurse"), **at(ana, "community", "c")))
    assert isinstance(wants(ana), InForce)
    assert ana.choices("ana") == Choices()


def test_what_a_mixed_rule_closes_counts_at_once(ana):
    wants(ana, others=ANSWERED)
    outcome = wants(ana, rule(SEEN, who=WhoKind.PROFESSION, name="nurse"), others=ANSWERED)
    assert not ana.permits("nurse", "ana", "reply")
    assert isinstance(outcome, InForce | Lacking)


def test_an_ended_refusal_is_carried_on_and_lifting_it_waits(ana):
    span = int(ana.now), int(ana.now) + DAY
    wants(ana, *closed_to_everyone(span), others=SEEN)
    ana.later(days=2)
    assert not ana.permits("nurse", "ana", created="2026-05-04T12:00:00Z")
    wants(ana, *closed_to_everyone(span), care_team=SEEN, others=SEEN, proved=True)
    a_day_later(ana)
    assert not ana.permits("nurse", "ana", created="2026-05-04T12:00:00Z")
    assert isinstance(wants(ana, care_team=SEEN, others=SEEN), Lacking)
    wants(ana, care_team=SEEN, others=SEEN, proved=True)
    a_day_later(ana)
    assert ana.permits("nurse", "ana", created="2026-05-04T12:00:00Z")


def test_an_undo_puts_a_rule_back(ana):
    wants(ana, rule(SEEN, who=WhoKind.PROFESSION, name="nurse"), rule(who=WhoKind.PROFESSION, name="doctor"))
    before = ana.choices("ana")
    ana.later(minutes=1)
    made = wants(ana, rule(who=WhoKind.PROFESSION, name="nurse"), rule(who=WhoKind.PROFESSION, name="doctor")).directive
    undo.undo(ana.session, ana.keyring, (ana.patient("ana").id, made.version), ana.now, within=WITHIN)
    assert ana.choices("ana") == before


def test_more_rules_than_can_be_read_are_not_taken(ana):
    too_many = [rule(who=WhoKind.OTHERS, start=number, end=FOREVER) for number in range(MOST_RULES + 1)]
    with pytest.raises(LevelNotForThemError):
        wants(ana, *too_many)


@pytest.mark.parametrize(("who", "offered"), [(WhoKind.OTHERS, False), (WhoKind.PROFESSION, False), ("named", True)])
def test_under_18_no_rule_opens_private_messages_to_people_one_did_not_name(forum, who, offered):
    forum.acknowledges("kid", adult=False)
    wanted = Choices(rules=frozenset({rule(IN_TOUCH, who=WhoKind(who), name="nurse", scale=1, platform="f")}))
    if offered:
        forum.wants("kid", wanted, adult=False)
        return
    with pytest.raises(LevelNotForThemError):
        forum.wants("kid", wanted, adult=False)


# --- help in danger, and peers


def test_help_in_danger_and_peers_stand_where_decisions_read_them(ana):
    wants(ana, emergency=True, peers=True)
    assert (document(ana).emergency_yes_since, document(ana).peers_welcome) == (ana.now, True)
    since = ana.now
    ana.later(hours=1)
    wants(ana, rule(who=WhoKind.PROFESSION, name="doctor"), emergency=True, peers=True)
    assert document(ana).emergency_yes_since == since
    assert isinstance(wants(ana, rule(who=WhoKind.PROFESSION, name="doctor")), InForce)
    assert (document(ana).emergency_yes_since, document(ana).peers_welcome) == (FOREVER, False)


@pytest.mark.parametrize("part", ["emergency", "peers"])
def test_a_yes_to_them_takes_a_proof_and_a_day(ana, part):
    wants(ana)
    assert wants(ana, **{part: True}).lack is Lack.PROOF
    assert isinstance(wants(ana, proved=True, **{part: True}), Waits)
    assert not getattr(ana.choices("ana"), part)
    a_day_later(ana)
    assert getattr(ana.choices("ana"), part)


def test_peers_are_no_choice_under_18(forum):
    forum.acknowledges("kid", adult=False)
    with pytest.raises(LevelNotForThemError):
        forum.wants("kid", Choices(peers=True), adult=False)


def document(forum):
    return Register(forum.session, forum.keyring, forum.now).document("patient", str(forum.patient("ana").id))


# --- from answers to rules


def test_everyone_is_both_groups_and_never_a_third_one():
    made = rules_for(whom(EVERYONE, "", Choices()), CLOSED, Scope(WhoKind.OTHERS, start=1, end=9))
    assert {one.scope.who for one in made} == {WhoKind.CARE_TEAM, WhoKind.OTHERS}


def test_also_those_i_said_yes_to_reaches_people_and_places(ana):
    nurse, there = ana.key("nurse"), at(ana, "community", "c")
    wanted = Choices(others=SEEN, named=frozenset({Named(nurse, ANSWERED)}))
    wanted = wanted._replace(rules=frozenset({rule(SEEN, who=WhoKind.PROFESSION, name="doctor", **there)}))
    assert len(list(yes_said(wanted))) == 2
    ana.wants("ana", wanted)
    assert ana.permits("doctor", "ana")
    assert ana.permits("nurse", "ana", "reply")
    span = span_of_days("Europe/London", date(2026, 5, 4), date(2026, 5, 20))
    terms = Scope(WhoKind.OTHERS, start=span.start, end=span.end, zone="Europe/London")
    ana.wants("ana", into(wanted, rules_for(whom(EVERYONE, "", wanted), CLOSED, terms)))
    assert ana.permits("nurse", "ana", "reply")
    assert ana.permits("doctor", "ana")
    ana.wants("ana", into(wanted, rules_for(whom("everyone_too", "", wanted), CLOSED, terms)))
    assert may(ana, "nurse") | may(ana, "doctor") == set()


def test_everyone_but_those_i_said_yes_to_spares_them_in_one_place_too(ana):
    wanted = Choices(others=SEEN, named=frozenset({Named(ana.key("nurse"), ANSWERED)}))
    ana.wants("ana", wanted)
    terms = Scope(WhoKind.OTHERS, **at(ana, "community", "c"), **from_now(ana))
    refused = rules_for(whom(EVERYONE, "", wanted), CLOSED, terms)
    crossed, made = into(wanted, refused), into(wanted, [*refused, *spared(EVERYONE, wanted, terms)])
    assert len(crossings(crossed)) == 2
    assert crossings(made) == []
    assert isinstance(ana.wants("ana", made), InForce)
    assert ana.permits("nurse", "ana", "reply")
    assert not ana.permits("doctor", "ana")


def test_a_no_by_name_everywhere_until_one_ends_it_is_the_choice_by_name(ana):
    made = into(Choices(), [rule(**by_name(ana, "doctor"), **from_now(ana))])
    assert made == Choices(named=frozenset({Named(ana.key("doctor"), CLOSED)}))


def told(ana, outcome):
    """What the page says of a wish, when it is made."""
    due = Instant(outcome.change.due)
    return sentence(policies().optout, Opens.of(outcome.witness, ana.now), {}, due), due


def opens_others(ana, *rules):
    wants(ana, *rules)
    return wants(ana, *rules, others=SEEN, proved=True)


def test_the_day_on_which_something_opens_is_the_end_of_a_rule_that_still_runs(ana):
    end = int(ana.now) + 14 * DAY
    rules = closed_to_everyone((int(ana.now), end))
    said, _ = told(ana, opens_others(ana, *rules))
    assert said.startswith(f"From {day_and_time(Instant(end))}, ")
    a_day_later(ana)
    assert not ana.permits("nurse", "ana", **OLD)
    ana.later(days=12, hours=23)
    assert not ana.permits("nurse", "ana", **OLD)
    ana.later(hours=1, minutes=1)
    assert ana.permits("nurse", "ana", **OLD)


def test_without_a_rule_or_with_one_yet_to_come_it_is_the_end_of_the_wait(ana):
    said, due = told(ana, opens_others(ana, *closed_to_everyone((int(ana.now) + 5 * DAY, int(ana.now) + 9 * DAY))))
    assert said.startswith(f"From {day_and_time(due)}, ")
    a_day_later(ana)
    assert ana.permits("nurse", "ana", **OLD)


def test_what_is_over_before_it_begins_is_said_to_be(ana):
    short = rule(SEEN, who=WhoKind.PROFESSION, name="nurse", start=int(ana.now), end=int(ana.now) + DAY // 2)
    wants(ana)
    said, _ = told(ana, wants(ana, short, proved=True))
    assert said == "Only in a time that is over before this begins, a nurse could read your posts."


def test_by_the_wait_alone_the_page_would_promise_tomorrow(ana):
    """The control: what it said before it asked which rules run."""
    outcome = opens_others(ana, *closed_to_everyone((int(ana.now), int(ana.now) + 14 * DAY)))
    found, due = Opens.of(outcome.witness, ana.now), Instant(outcome.change.due)
    assert sentence(policies().optout, msgspec.structs.replace(found, when=()), {}, due).startswith(
        f"From {day_and_time(due)}, "
    )
