"""No order of presses opens anything earlier than a proof and a day, but an undoing; and never more than was."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Instant
from governance.effective.erasure import erase
from governance.effective.layers import Layers, refuse_all
from governance.effective.service import Register
from governance.ledger.commits import OUTSIDE
from governance.ledger.models import LedgerEntry
from governance.ledger.outbox import service as outbox
from governance.ledger.start import declare_restore
from governance.optout import ratchet, undo, waiting
from governance.optout.choices import Choices
from governance.optout.errors import NotDueError
from governance.optout.loosening import Comparison
from governance.optout.models import Directive
from governance.optout.own.rules import Scope
from governance.optout.ratchet import InForce, Lack, Lacking, Waits, take_effect
from governance.optout.service import body_in_force, put_in_force
from governance.optout.waiting import KIND, End
from governance.patients.service import set_adult_from
from tests.forum import ANSWERED, CLOSED, DAY, IN_TOUCH, SEEN
from tests.optout.ratchet_walk import GUARDIAN, PEOPLE, WITHIN, WORK, Walk, walks
from tests.optout.wishes import waits_of

A, B, C = CLOSED, SEEN, ANSWERED
OPEN, SHUT = ("choose", (C, C, set()), True), ("choose", (A, A, set()), False)


@pytest.fixture
def ward(forum):
    for name in PEOPLE:
        forum.registers(name, WORK[name])
    return forum


UNDER_THE_HOLD = [
    ("choose", (A, B, set()), False),
    ("hide",),
    ("show again", True),
    ("later", 1430),
    ("choose", (A, C, set()), False),
    ("later", 11),
]
BEFORE_A_JOINER = [
    ("choose", (A, A, {"nurse"}), False),
    ("choose", (C, A, {"nurse"}), True),
    ("later", 1430),
    ("choose", (C, A, {"nurse", "doctor"}), False),
    ("later", 11),
]
UNDER_A_LAYER = [SHUT, ("layer",), ("choose", (A, C, set()), False), ("no layer",)]
REFUSAL_TAKEN_BACK = [("choose", (A, A, set(), (), (), {"doctor": A}), False), SHUT]
YES_BY_NAME = [SHUT, ("choose", (A, A, set(), (), (), {"doctor": B}), False)]
AN_EXTRA = [("choose", (B, A, {"nurse"}), False), ("choose", (B, A, {"nurse"}, {"quote"}), False)]
A_LIMIT_LIFTED = [
    ("choose", (A, C, set(), (), (), {"doctor": B}), False),
    ("choose", (A, C, set(), (), (), {}), False),
]
A_YES_TO_NURSES = [SHUT, ("choose", (A, A, set(), (), (), {}, {"nurse": B}), False)]
NO_NURSES_TAKEN_BACK = [("choose", (A, C, set(), (), (), {}, {"nurse": A}), False), ("choose", (A, C, set()), False)]
AFTER_AN_UNDO = [("hide",), ("undo",), ("choose", (A, C, set()), False)]
LATE_UNDO = [("choose", (A, C, set()), False), SHUT, ("later", 11), ("undo",)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=walks)
@example(steps=UNDER_THE_HOLD)
@example(steps=BEFORE_A_JOINER)
@example(steps=UNDER_A_LAYER)
@example(steps=LATE_UNDO)
@example(steps=AFTER_AN_UNDO)
@example(steps=REFUSAL_TAKEN_BACK)
@example(steps=YES_BY_NAME)
@example(steps=AN_EXTRA)
@example(steps=A_LIMIT_LIFTED)
@example(steps=A_YES_TO_NURSES)
@example(steps=NO_NURSES_TAKEN_BACK)
@example(steps=[SHUT, OPEN, ("later", 1440), ("hide",), ("later", 5), ("undo",)])
def test_nothing_opens_before_a_proof_and_a_day(ward, steps):
    Walk(ward).goes(steps)


@pytest.mark.hunt
@pytest.mark.timeout(1_800)
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=walks)
def test_nothing_opens_before_a_proof_and_a_day_in_thousands_of_walks(ward, steps):
    Walk(ward).goes(steps)


def broken(monkeypatch, ward, steps):
    with pytest.raises(AssertionError):
        Walk(ward).goes(steps)
    monkeypatch.undo()
    Walk(ward).goes(steps)


def test_a_ratchet_that_finds_no_loosening_is_caught(ward, monkeypatch):
    monkeypatch.setattr(Comparison, "witness", lambda *_: None)
    broken(monkeypatch, ward, [SHUT, ("choose", (A, C, set()), False)])


def test_a_ratchet_that_asks_for_no_proof_is_caught(ward, monkeypatch):
    monkeypatch.setattr(ratchet, "_lack", lambda *_: None)
    broken(monkeypatch, ward, [SHUT, ("choose", (A, C, set()), False), ("later", 1440)])


def test_a_ratchet_that_compares_under_layers_is_caught(ward, monkeypatch):
    whole = Comparison.__init__

    def with_layers(self, document, now):
        whole(self, document, now)
        self._rest = document

    monkeypatch.setattr(Comparison, "__init__", with_layers)
    broken(monkeypatch, ward, UNDER_A_LAYER)


def test_a_ratchet_that_overlooks_what_waits_is_caught(ward, monkeypatch):
    """Twice: the look ahead keeps it from being put in force, and the last look keeps it from opening."""
    plan = waiting.planned

    def alone(compare, body, waits, wanted, now):
        found = plan(compare, body, [], wanted, now)
        return found._replace(dropped=plan(compare, body, waits, wanted, now).dropped)

    def without_a_last_look(patient, one, now):
        return patient.body.followed_by(waiting.taken(patient.body.choices, one.wish.steps), now)

    monkeypatch.setattr(ratchet, "planned", alone)
    monkeypatch.setattr(ratchet, "_still_wanted", without_a_last_look)
    broken(monkeypatch, ward, UNDER_THE_HOLD)


@pytest.mark.parametrize(
    ("forgotten", "steps"),
    [
        ({"named": ()}, REFUSAL_TAKEN_BACK),
        ({"named": ()}, YES_BY_NAME),
        ({"care_team_extras": frozenset()}, AN_EXTRA),
        ({"rules": ()}, A_YES_TO_NURSES),
        ({"rules": ()}, NO_NURSES_TAKEN_BACK),
    ],
)
def test_a_ratchet_that_overlooks_a_part_of_the_choices_is_caught(ward, monkeypatch, forgotten, steps):
    whole = Comparison._with
    monkeypatch.setattr(Comparison, "_with", lambda self, body: whole(self, msgspec.structs.replace(body, **forgotten)))
    broken(monkeypatch, ward, steps)


def test_a_ratchet_that_lets_every_yes_by_name_go_is_caught(ward, monkeypatch):
    """Somebody's own level may be what keeps them from what their group may do."""

    def all_of_them(_self, before, after):
        gone = {one.account for one in before.named} - {one.account for one in after.named}
        return frozenset(Scope(WhoKind.NAMED, account) for account in gone)

    monkeypatch.setattr(Comparison, "_taken_back", all_of_them)
    broken(monkeypatch, ward, A_LIMIT_LIFTED)


def test_an_undo_without_an_end_is_caught(ward, monkeypatch):
    real = undo.undo
    monkeypatch.setattr(undo, "undo", lambda *args, within: real(*args, within=100 * within))
    broken(monkeypatch, ward, LATE_UNDO)


# --- what each press comes to


@pytest.fixture
def ana(ward):
    ward.acknowledges("ana")
    ward.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    return ward


def wants(forum, care_team=ANSWERED, others=CLOSED, team=("nurse",), **brings):
    wanted = forum.choices("ana")._replace(
        care_team=care_team, others=others, team=frozenset(map(forum.key, team)), **brings.pop("choices", {})
    )
    return forum.wants("ana", wanted, **{"proved": True, **brings})


def payload_of_next(forum):
    """What the job carries that is due within a day."""
    job = outbox.take(forum.session, [KIND], Instant(forum.now + DAY))
    return outbox.open_work(forum.session, forum.keyring, job).payload


def due(forum, **times):
    """Let time pass and do what is due, as a worker does."""
    forum.later(**times)
    done = 0
    while job := outbox.take(forum.session, [KIND], forum.now):
        payload = outbox.open_work(forum.session, forum.keyring, job).payload
        take_effect(forum.session, forum.keyring, UUID(payload["change"]), payload["token"], forum.now)
        outbox.finish(forum.session, job, forum.now)
        done += 1
    return done


def ends(forum):
    return [change.outcome for change in waits_of(forum.session)]


def test_a_mixed_change_closes_now_and_opens_later(ana):
    outcome = wants(ana, SEEN, SEEN)
    assert isinstance(outcome, Waits)
    assert not ana.permits("nurse", "ana", "reply")
    assert not ana.permits("doctor", "ana")
    due(ana, hours=24)
    assert ana.permits("doctor", "ana")
    assert not ana.permits("nurse", "ana", "reply")


def test_what_a_level_opens_is_never_said_of_somebody_who_left_the_team(ana):
    ana.later(days=1)
    wants(ana, CLOSED, CLOSED, team=[])
    ana.later(minutes=1)
    assert isinstance(wants(ana, SEEN, CLOSED, team=[]), InForce)
    assert not ana.permits("nurse", "ana")


def test_nothing_of_a_pick_is_lost_where_only_a_part_of_it_would_open(ana):
    wants(ana, CLOSED)
    assert isinstance(wants(ana, SEEN, team=[]), InForce)
    assert (ana.choices("ana").care_team, ana.choices("ana").team) == (SEEN, frozenset())


def test_it_opens_at_the_hour_and_not_a_second_before(ana):
    wants(ana, others=SEEN)
    assert due(ana, hours=23, minutes=59, seconds=59) == 0
    assert not ana.permits("doctor", "ana")
    assert due(ana, seconds=1) == 1
    assert ana.permits("doctor", "ana")


def test_two_changes_wait_each_its_own_time(ana):
    wants(ana, others=SEEN)
    ana.later(hours=5)
    wants(ana, IN_TOUCH, SEEN)
    assert [change.due - change.made for change in waits_of(ana.session)] == [DAY, DAY]
    due(ana, hours=19)
    assert (ana.choices("ana").others, ana.choices("ana").care_team) == (SEEN, ANSWERED)
    due(ana, hours=5)
    assert ana.choices("ana").care_team is IN_TOUCH


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"others": CLOSED}, End.CHANGED),
        ({"others": ANSWERED}, End.CHANGED),
        ({"care_team": SEEN, "others": SEEN}, None),
    ],
)
def test_what_is_asked_for_last_holds(ana, later, expected):
    wants(ana, others=SEEN)
    ana.later(hours=1)
    wants(ana, **later)
    assert ends(ana)[0] == (None if expected is None else expected.value)


def test_what_was_dropped_never_opens(ana):
    wants(ana, others=SEEN)
    wants(ana, others=CLOSED)
    due(ana, days=3)
    assert not ana.permits("doctor", "ana")


def test_hiding_ends_what_waits_even_where_its_record_cannot_be_read(ana):
    wants(ana, others=SEEN)
    for change in waits_of(ana.session):
        change.sealed_wish = b"another hand's"
    ana.hides("ana")
    assert ends(ana) == [End.HIDDEN.value]


def test_a_row_of_another_hand_keeps_nobody_from_closing_and_opens_nothing(ana):
    wants(ana, others=SEEN)
    (change,) = waits_of(ana.session)
    change.sealed_wish = change.sealed_wish[:-1] + b"\0"
    assert isinstance(wants(ana, care_team=SEEN), InForce)
    job = outbox.take(ana.session, [KIND], Instant(ana.now + DAY))
    payload = outbox.open_work(ana.session, ana.keyring, job).payload
    with pytest.raises(EnvelopeError):
        take_effect(ana.session, ana.keyring, change.id, payload["token"], Instant(ana.now + DAY))
    assert not ana.permits("doctor", "ana")


def test_a_due_time_that_was_set_forward_opens_nothing_earlier(ana):
    wants(ana, others=SEEN)
    (change,) = waits_of(ana.session)
    change.due = ana.now
    payload = outbox.open_work(
        ana.session, ana.keyring, outbox.take(ana.session, [KIND], Instant(ana.now + DAY))
    ).payload
    with pytest.raises(NotDueError):
        take_effect(ana.session, ana.keyring, change.id, payload["token"], Instant(ana.now + DAY - 1))


def test_only_its_own_job_puts_it_in_force(ana):
    wants(ana, others=SEEN)
    (change,) = waits_of(ana.session)
    ana.later(days=2)
    assert take_effect(ana.session, ana.keyring, change.id, "another token", ana.now) is None
    assert not ana.permits("doctor", "ana")


def test_it_takes_effect_once(ana):
    wants(ana, others=SEEN)
    (change,) = waits_of(ana.session)
    payload = outbox.open_work(
        ana.session, ana.keyring, outbox.take(ana.session, [KIND], Instant(ana.now + DAY))
    ).payload
    ana.later(days=1)
    assert take_effect(ana.session, ana.keyring, change.id, payload["token"], ana.now) is not None
    ana.hides("ana")
    assert take_effect(ana.session, ana.keyring, change.id, payload["token"], ana.now) is None
    assert ana.choices("ana").hold


def test_of_a_patient_who_was_erased_nothing_opens(ana):
    wants(ana, others=SEEN)
    erase(ana.session, ana.keyring, ana.patient("ana").id, ana.now, final_at=ana.now)
    assert due(ana, days=1) == 1
    assert ends(ana) == [End.ERASED.value]
    assert not ana.permits("doctor", "ana")


def test_what_was_closed_by_another_way_since_is_not_opened(ana):
    """An undo of it, a restored list: whatever moved the place itself ends the wish."""
    wants(ana, others=SEEN)
    (change,) = waits_of(ana.session)
    wish = waiting.opened(DataKeys(ana.session, ana.keyring), change)
    body = body_in_force(ana.session, ana.keyring, change.patient_id)
    moved = body.followed_by(body.choices._replace(others=IN_TOUCH), ana.now)
    put_in_force(ana.session, ana.keyring, change.patient_id, moved, ana.now)
    assert wish.steps
    due(ana, days=1)
    assert ends(ana) == [End.OVERTAKEN.value]
    assert ana.choices("ana").others is IN_TOUCH


def test_under_a_layer_opening_waits_as_without_it(ana):
    layers = Layers(ana.session, ana.keyring, ana.patient("ana").id, ana.now)
    layers.add(GUARDIAN, refuse_all(GUARDIAN))
    assert isinstance(wants(ana, others=SEEN, proved=False), Lacking)


@pytest.mark.parametrize(
    ("years", "brings", "lack"),
    [
        (15, {"of_age": True}, Lack.GUARDIAN),
        (16, {}, None),
        (30, {}, None),
        (None, {}, Lack.AGE),
        (None, {"of_age": True}, None),
        (30, {"proved": False}, Lack.PROOF),
        (15, {"proved": False}, Lack.GUARDIAN),
    ],
)
def test_who_may_open_more_alone(ward, years, brings, lack):
    ward.acknowledges("kid", adult=False)
    if years is not None:
        eighteen = Instant(ward.now + timedelta(days=366) * (18 - years) // timedelta(microseconds=1) - DAY * 2)
        set_adult_from(ward.session, ward.keyring, ward.patient("kid", adult=False), eighteen, ward.now)
    ward.chooses("kid", CLOSED, CLOSED, adult=False)
    outcome = ward.wants("kid", Choices(others=SEEN), adult=False, **{"proved": True, **brings})
    assert (outcome.lack if isinstance(outcome, Lacking) else None) == lack
    assert isinstance(outcome, Lacking | Waits)


def test_undo_puts_back_exactly_what_was_there(ana):
    patient = ana.patient("ana").id

    def document():
        return Register(ana.session, ana.keyring, ana.now).document("patient", str(patient))

    before = document()
    ana.later(minutes=1)
    closed = wants(ana, CLOSED, CLOSED, team=()).directive
    ana.later(minutes=9)
    undo.undo(ana.session, ana.keyring, (patient, closed.version), ana.now, within=WITHIN)
    assert document() == before


def test_undo_of_a_first_hide_leaves_nothing_chosen(ward):
    patient = ward.patient("bea").id
    hidden = ward.hides("bea")
    undo.undo(ward.session, ward.keyring, (patient, hidden.version), ward.now, within=WITHIN)
    assert ward.choices("bea") is None


@pytest.mark.parametrize("what", ["too late", "something came after", "it opened"])
def test_undo_is_refused(ana, what):
    patient = ana.patient("ana").id
    made = wants(ana, SEEN).directive
    if what == "too late":
        ana.later(microseconds=WITHIN)
    elif what == "something came after":
        ana.hides("ana")
    else:
        wants(ana, SEEN, SEEN)
        due(ana, days=1)
        made = Directive.latest(ana.session, patient)
    with pytest.raises(undo.UndoneTooLateError):
        undo.undo(ana.session, ana.keyring, (patient, made.version), ana.now, within=WITHIN)


def test_the_ledger_says_when_it_was_asked_for_and_what_became_of_it(ana):
    wants(ana, others=SEEN)
    due(ana, days=1)
    kinds = [entry.kind for entry in ana.session.query(LedgerEntry).order_by(LedgerEntry.number)]
    assert kinds.count("waiting_change") == 2


def test_a_wish_is_sealed(ana):
    wants(ana, others=SEEN, team=("nurse", "doctor"))
    (change,) = waits_of(ana.session)
    assert ana.key("doctor").encode() not in change.sealed_wish
    DataKeys(ana.session, ana.keyring).destroy(owner_of("patient", change.patient_id))
    ana.later(days=1)
    with pytest.raises(KeyGoneError):
        waiting.opened(DataKeys(ana.session, ana.keyring), change)


@pytest.mark.parametrize("restored", [True, False])
def test_after_a_restore_nothing_opens_that_may_have_been_stopped_since_the_backup(ana, restored):
    wants(ana, others=SEEN)
    ana.session.commit()
    if restored:
        declare_restore(ana.session, ana.keyring, ana.session.info[OUTSIDE], ana.now)
        ana.session.commit()
    due(ana, days=1)
    assert ends(ana) == [(End.OVERTAKEN if restored else End.IN_FORCE).value]
    assert ana.permits("doctor", "ana") != restored
