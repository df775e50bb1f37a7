"""People by name and extras: they decide, they are kept, and they wait and close like every other choice."""

from uuid import UUID

import msgspec
import pytest

from governance.crypto.data_keys import DataKeys, owner_of
from governance.decision.levels import EXTRAS
from governance.decision.vocabulary import FOREVER, Action, Level
from governance.effective.erasure import erase
from governance.effective.service import Register
from governance.ledger.outbox import service as outbox
from governance.optout import loosening, undo
from governance.optout.choices import Choices, Named
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError
from governance.optout.history import versions
from governance.optout.models import Directive
from governance.optout.ratchet import InForce, Lack, Lacking, Waits, take_effect
from governance.optout.service import body_in_force, open_directive, put_in_force
from governance.optout.waiting import KIND
from tests.forum import ANSWERED, CLOSED, IN_TOUCH, SEEN
from tests.optout.ratchet_walk import WITHIN


@pytest.fixture
def ana(both, forum):  # noqa: ARG001 - what is kept is kept alike on both databases
    for name in ("nurse", "doctor"):
        forum.registers(name)
    forum.acknowledges("ana")
    return forum


def picks(forum, care_team=CLOSED, others=CLOSED, *, team=(), named=None, **extras):
    said = frozenset(Named(forum.key(who), level) for who, level in (named or {}).items())
    keys = frozenset(map(forum.key, team))
    return Choices(care_team, others, keys, named=said, **{k: frozenset(v) for k, v in extras.items()})


def wants(forum, *levels, proved=False, **said):
    return forum.wants("ana", picks(forum, *levels, **said), proved=proved)


def a_day_later(forum):
    forum.later(days=1)
    while job := outbox.take(forum.session, [KIND], forum.now):
        payload = outbox.open_work(forum.session, forum.keyring, job).payload
        take_effect(forum.session, forum.keyring, UUID(payload["change"]), payload["token"], forum.now)
        outbox.finish(forum.session, job, forum.now)


def document(forum):
    return Register(forum.session, forum.keyring, forum.now).document("patient", str(forum.patient("ana").id))


def may(forum, who):
    return {action.value for action in Action if forum.permits(who, "ana", action.value, wrote_first=True)}


# --- what they decide


def test_nobody_but_my_nurse(ana):
    wants(ana, CLOSED, CLOSED, named={"nurse": ANSWERED})
    assert may(ana, "nurse") == {"view", "find", "react", "reply"}
    assert may(ana, "doctor") == set()


def test_everyone_but_one_doctor(ana):
    wants(ana, ANSWERED, ANSWERED, named={"doctor": CLOSED})
    assert may(ana, "nurse") == {"view", "find", "react", "reply"}
    assert may(ana, "doctor") == set()


def test_a_refusal_by_name_binds_in_the_care_team_and_as_a_moderator(ana):
    ana.opens("c", moderators=["doctor"])
    wants(ana, ANSWERED, ANSWERED)
    assert ana.permits("doctor", "ana", "moderate", flagged=True)
    wants(ana, ANSWERED, ANSWERED, team=["doctor"], named={"doctor": CLOSED})
    assert not ana.permits("doctor", "ana", "moderate", flagged=True)
    assert may(ana, "doctor") == set()


def test_less_for_one_person_than_for_their_group(ana):
    wants(ana, CLOSED, ANSWERED, named={"doctor": SEEN})
    assert (may(ana, "doctor"), "reply" in may(ana, "nurse")) == ({"view", "find"}, True)


@pytest.mark.parametrize("extra", sorted(EXTRAS - {"record"}))
def test_an_extra_opens_one_action_for_one_group(ana, extra):
    wants(ana, SEEN, SEEN, team=["nurse"], care_team_extras=[extra])
    assert may(ana, "nurse") == {"view", "find", extra.value}
    assert may(ana, "doctor") == {"view", "find"}


@pytest.mark.parametrize("circle", ["care_team_extras", "others_extras"])
def test_nobody_copies_all_posts_into_a_record(ana, circle):
    with pytest.raises(LevelNotForThemError):
        wants(ana, SEEN, SEEN, team=["nurse"], **{circle: ["record"]})
    wants(ana, Level.PART_OF_CARE, SEEN, team=["nurse"], named={"doctor": Level.PART_OF_CARE})
    assert "record" not in may(ana, "nurse") | may(ana, "doctor")


def test_an_extra_that_is_off_is_refused_and_not_left_open(ana):
    wants(ana, SEEN, SEEN, others_extras=["quote"])
    refused = {line.who: line.actions for line in document(ana).lines if line.effect == "refuse"}
    assert refused["care_team"] >= EXTRAS
    assert refused["others"] & EXTRAS == EXTRAS - {"quote"}


# --- when they count


def test_a_refusal_by_name_needs_no_reading_and_no_proof(forum):
    forum.registers("doctor")
    forum.chooses("bea")
    outcome = forum.wants("bea", picks(forum, named={"doctor": CLOSED}))
    assert isinstance(outcome, InForce)
    assert forum.choices("bea").by_name(forum.key("doctor")).level is CLOSED


@pytest.mark.parametrize("said", [{"named": {"nurse": SEEN}}, {"others_extras": ["mention"]}])
def test_what_opens_needs_an_acknowledgement(forum, said):
    forum.registers("nurse")
    with pytest.raises(NotAcknowledgedError):
        forum.wants("bea", picks(forum, **said))


OPENINGS = [
    ({}, {"named": {"nurse": SEEN}}, "view"),
    ({"named": {"nurse": CLOSED}}, {"named": {"nurse": SEEN}}, "view"),
    ({"named": {"nurse": SEEN}}, {"named": {"nurse": ANSWERED}}, "reply"),
    ({"levels": (SEEN, SEEN), "named": {"nurse": CLOSED}}, {"levels": (SEEN, SEEN)}, "view"),
    ({"levels": (SEEN, ANSWERED), "named": {"nurse": SEEN}}, {"levels": (SEEN, ANSWERED)}, "reply"),
    ({"levels": (SEEN, SEEN)}, {"levels": (SEEN, SEEN), "others_extras": ["quote"]}, "quote"),
]


@pytest.mark.parametrize(("before", "after", "action"), OPENINGS)
def test_opening_takes_a_proof_and_a_day(ana, before, after, action):
    def press(said, **brings):
        return wants(ana, *said.get("levels", ()), **{k: v for k, v in said.items() if k != "levels"}, **brings)

    press(before)
    assert press(after).lack is Lack.PROOF
    outcome = press(after, proved=True)
    assert isinstance(outcome, Waits)
    assert not ana.permits("nurse", "ana", action)
    a_day_later(ana)
    assert ana.permits("nurse", "ana", action)


@pytest.mark.parametrize(("after", "before", "action"), OPENINGS)
def test_closing_counts_at_once(ana, before, after, action):
    wants(ana, *before.get("levels", ()), **{k: v for k, v in before.items() if k != "levels"})
    assert ana.permits("nurse", "ana", action)
    outcome = wants(ana, *after.get("levels", ()), **{k: v for k, v in after.items() if k != "levels"})
    assert isinstance(outcome, InForce)
    assert not ana.permits("nurse", "ana", action)


def test_a_mixed_change_closes_one_person_now_and_opens_another_later(ana):
    wants(ana, CLOSED, ANSWERED)
    outcome = wants(ana, CLOSED, IN_TOUCH, named={"doctor": CLOSED}, proved=True)
    assert isinstance(outcome, Waits)
    assert ana.choices("ana") == picks(ana, CLOSED, ANSWERED, named={"doctor": CLOSED})
    a_day_later(ana)
    assert ana.choices("ana") == picks(ana, CLOSED, IN_TOUCH, named={"doctor": CLOSED})


def test_a_yes_to_less_than_the_team_may_limits_at_once_and_says_yes_later(ana):
    """In the team below A4 nobody is permitted anything but by name; what the team may do beyond it ends now."""
    wants(ana, ANSWERED, ANSWERED, team=["nurse"])
    outcome = wants(ana, ANSWERED, ANSWERED, team=["nurse"], named={"nurse": SEEN}, proved=True)
    assert isinstance(outcome, Waits)
    assert ana.choices("ana").by_name(ana.key("nurse")) == Named(ana.key("nurse"), SEEN, at_most=True)
    assert may(ana, "nurse") == {"view", "find"}
    a_day_later(ana)
    assert ana.choices("ana").by_name(ana.key("nurse")) == Named(ana.key("nurse"), SEEN)


def test_a_yes_is_taken_back_at_once_where_something_else_must_wait(ana):
    wants(ana, CLOSED, CLOSED, named={"nurse": ANSWERED})
    outcome = wants(ana, CLOSED, SEEN)
    assert isinstance(outcome, Lacking)
    assert may(ana, "nurse") == set()


@pytest.mark.parametrize("since", [1, FOREVER])
def test_where_a_look_in_an_emergency_was_allowed_the_end_of_a_yes_waits(ana, since):
    yes = since != FOREVER
    ana.wants("ana", picks(ana, named={"nurse": SEEN})._replace(emergency=yes))
    outcome = ana.wants("ana", picks(ana)._replace(emergency=yes))
    assert isinstance(outcome, Lacking if yes else InForce)
    assert not ana.permits("nurse", "ana")


@pytest.mark.parametrize("adult", [True, False])
def test_nobody_under_18_is_looked_up_or_befriended(forum, adult):
    forum.acknowledges("kid", adult=adult)
    wanted = picks(forum, SEEN, SEEN, care_team_extras=["connect"])
    if adult:
        assert isinstance(forum.wants("kid", wanted), InForce)
        return
    with pytest.raises(LevelNotForThemError):
        forum.wants("kid", wanted, adult=False)


# --- how they are kept


def test_an_undo_puts_them_back(ana):
    wants(ana, SEEN, SEEN, named={"nurse": IN_TOUCH}, others_extras=["quote"])
    before = ana.choices("ana")
    ana.later(minutes=1)
    made = wants(ana, SEEN, SEEN, named={"nurse": CLOSED}).directive
    last = (ana.patient("ana").id, made.version)
    undo.undo(ana.session, ana.keyring, last, ana.now, within=WITHIN)
    assert ana.choices("ana") == before


def test_hiding_keeps_them(ana):
    wants(ana, SEEN, SEEN, named={"nurse": IN_TOUCH, "doctor": CLOSED}, others_extras=["quote"])
    before = ana.choices("ana")
    ana.hides("ana")
    assert ana.choices("ana") == before._replace(hold=True)
    assert may(ana, "nurse") == set()


def test_the_history_has_them(ana):
    wants(ana, named={"doctor": CLOSED})
    wants(ana, named={"doctor": CLOSED, "nurse": CLOSED})
    newest, first = versions(ana.session, ana.keyring, ana.patient("ana").id)
    assert (len(newest.choices.named), len(first.choices.named)) == (2, 1)


def test_erasure_keeps_whom_one_refused(ana):
    wants(ana, CLOSED, ANSWERED, named={"doctor": CLOSED, "nurse": SEEN})
    erase(ana.session, ana.keyring, ana.patient("ana").id, ana.now, final_at=ana.now)
    kept = {(line.name, action) for line in document(ana).erased.refusals for action in line.actions}
    assert {action for name, action in kept if name == ana.key("doctor")} == set(Action)
    assert (ana.key("nurse"), "reply") in kept
    assert (ana.key("nurse"), "view") not in kept


def test_what_was_sealed_before_there_were_any_opens_as_before(ana):
    directive = wants(ana, ANSWERED, SEEN, team=["nurse"]).directive
    old = {
        "care_team": "answered",
        "others": "seen",
        "hold": False,
        "entries": [[ana.key("nurse"), ana.now, FOREVER]],
        "said": True,
    }
    key = DataKeys(ana.session, ana.keyring).of(owner_of("patient", directive.patient_id))
    place = f"{directive.patient_id}/{directive.version}"
    directive.sealed_choices = key.seal(msgspec.json.encode(old), "directive", "sealed_choices", place)
    body = open_directive(DataKeys(ana.session, ana.keyring), directive)
    assert body == body_in_force(ana.session, ana.keyring, directive.patient_id)
    assert put_in_force(ana.session, ana.keyring, directive.patient_id, body, ana.now) is directive


def test_the_sealed_directive_shows_no_name(ana):
    wants(ana, named={"doctor": CLOSED})
    directive = Directive.latest(ana.session, ana.patient("ana").id)
    assert ana.key("doctor").encode() not in directive.sealed_choices


def test_lines_that_name_somebody_and_are_not_read_back_would_be_lost_with_the_next_choice(ana, monkeypatch):
    """The control: what is forgotten on the way back from what is in force opens with the next press."""
    wants(ana, CLOSED, ANSWERED, named={"doctor": CLOSED})
    wants(ana, CLOSED, SEEN, named={"doctor": CLOSED})
    assert not ana.permits("doctor", "ana")
    monkeypatch.setattr(loosening, "_accounts_named", lambda _lines: [])
    ana.wants("ana", ana.choices("ana")._replace(others=ANSWERED), proved=True)
    ana.wants("ana", ana.choices("ana")._replace(others=CLOSED))
    assert document(ana).lines
    assert not any(line.name for line in document(ana).lines)
