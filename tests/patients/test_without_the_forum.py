"""Staff who close for a patient, and the way back to a record whose account or forum is gone."""

from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select

from governance.errors import BadInputError
from governance.identity.clients.platforms import end_platform
from governance.ledger.models import LedgerEntry
from governance.optout.choices import Choices
from governance.patients.forums import events
from governance.patients.hide_codes.service import make_code
from governance.patients.intake.models import Intake
from governance.patients.intake.service import Asked, How, NotStaffError, Request, seen, take
from governance.patients.recovery import service
from governance.patients.recovery.service import (
    NotRecoverableError,
    RecoveryNotFoundError,
    SamePersonError,
    agree,
    ask,
    recover_by_code,
)
from tests.forum import SEEN, Forum
from tests.patients.two_forums import everywhere, record, tells, work

HERE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}
HCPS = ("nurse", "doctor")


def staff_closes(pair, asked, how="phone", hcp=None, name=None):
    request = Request(Asked(asked), How(how), hcp)
    return take(work(pair.f), pair.f.account(name or pair.ana), request, pair.officers[0])


def last_entry(forum, kind):
    query = select(LedgerEntry.document).order_by(LedgerEntry.number.desc())
    found = (msgspec.json.decode(document) for document in forum.session.scalars(query))
    return next(one["facts"] for one in found if one["kind"] == kind)


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "left"), [("hold", set()), ("refuse_all", set()), ("refuse_one", set())])
def test_what_is_asked_for_by_phone_counts_at_once(pair, asked, left):
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)
    staff_closes(pair, asked, hcp=pair.f.key("nurse") if asked == "refuse_one" else None)
    assert {key for key, permit in everywhere(pair.f, HCPS, pair.ana, **HERE).items() if permit} == left


@pytest.mark.slow
def test_refusing_one_leaves_the_others(pair):
    staff_closes(pair, "refuse_one", hcp=pair.f.key("doctor"))
    assert pair.f.permits("nurse", pair.ana, "reply", **HERE)


def test_it_says_who_took_it_and_how_until_the_patient_has_seen_it(pair):
    row = staff_closes(pair, "refuse_all", "paper")
    patient = record(pair.f, pair.ana)
    assert [(one.asked, one.how) for one in Intake.unseen(pair.f.session, patient)] == [("refuse_all", "paper")]
    assert str(pair.officers[0]) not in row.taken_by
    facts = last_entry(pair.f, "intake")
    assert (facts["staff"], facts["how"], facts["asked"]) == (row.taken_by, "paper", "refuse_all")
    seen(work(pair.f), patient)
    assert not Intake.unseen(pair.f.session, patient)


def test_nobody_but_an_officer_may_take_it(pair):
    with pytest.raises(NotStaffError):
        take(work(pair.f), pair.f.account(pair.ana), Request(Asked.HOLD, How.PHONE), uuid4())


def test_one_professional_is_named_for_one_refusal_and_for_nothing_else(pair):
    for asked, hcp in (("hold", pair.f.key("nurse")), ("refuse_one", None)):
        with pytest.raises(BadInputError):
            staff_closes(pair, asked, hcp=hcp)


def test_there_is_nothing_that_staff_can_open():
    assert {one.value for one in Asked} == {"hold", "refuse_all", "refuse_one"}


def comes_back(pair, code, name):
    return recover_by_code(work(pair.g), code, pair.g.account(name))


def code_of(pair):
    return make_code(pair.f.session, pair.f.keyring, record(pair.f, pair.ana), pair.f.now)


def test_with_the_printed_code_a_deleted_account_is_found_again_and_nothing_is_open(pair):
    code, before = code_of(pair), record(pair.f, pair.ana)
    tells(pair.f, "deleted", pair.ana)
    assert comes_back(pair, code, pair.other) == before
    assert record(pair.g, pair.other) == before
    assert not any(everywhere(pair.g, HCPS, pair.other, **HERE).values())


def test_after_a_recovery_opening_waits_as_ever(pair):
    code = code_of(pair)
    tells(pair.f, "deleted", pair.ana)
    comes_back(pair, code, pair.other)
    pair.g.wants(pair.other, Choices(SEEN, SEEN), proved=True)
    assert not pair.g.permits("nurse", pair.other, "view", **HERE)


def test_a_forum_that_ended_goes_on_refusing_and_its_members_come_back(pair):
    third = Forum(pair.f.session, pair.f.keyring, f"third-{pair.other}", at=pair.f.now)
    third.hides("tom")
    code = make_code(third.session, third.keyring, record(third, "tom"), third.now)
    with pytest.raises(NotRecoverableError):
        comes_back(pair, code, pair.other)
    end_platform(third.session, third.keyring, third.platform.name, third.now)
    assert comes_back(pair, code, pair.other) == record(third, "tom")
    assert pair.g.choices(pair.other).hold


def test_a_lost_piece_of_paper_opens_no_record_whose_owner_can_sign_in(pair):
    code = code_of(pair)
    for typed in (code, "0" * 24):
        with pytest.raises(NotRecoverableError) as refused:
            comes_back(pair, typed, pair.other)
        assert "nothing was found" in str(refused.value)
    assert record(pair.g, pair.other) is None


@pytest.mark.slow
def test_after_an_id_was_recycled_its_last_holder_comes_back_by_the_code(pair):
    code, before = code_of(pair), record(pair.f, pair.ana)
    tells(pair.f, "recycled", pair.ana)
    assert comes_back(pair, code, pair.other) == before
    assert not any(everywhere(pair.g, HCPS, pair.other, **HERE).values())


def test_two_members_of_staff_bring_a_record_back_and_one_cannot(pair):
    one, two = pair.officers
    row = ask(work(pair.f), pair.f.account(pair.ana), pair.g.account(pair.other), one)
    with pytest.raises(SamePersonError):
        agree(work(pair.f), row.id, one)
    assert record(pair.g, pair.other) is None
    assert agree(work(pair.f), row.id, two) == record(pair.f, pair.ana)
    assert not any(everywhere(pair.g, HCPS, pair.other, **HERE).values())
    with pytest.raises(RecoveryNotFoundError):
        agree(work(pair.f), row.id, two)


def waits_while(pair, event, account, forum):
    """Ana's record is to go on as `other`; before the second officer looks, a forum tells of an account."""
    one, two = pair.officers
    pair.f.account(pair.ana), pair.g.account(pair.other)
    pair.f.now = pair.g.now = pair.g.now + 60_000_000
    row = ask(work(pair.f), pair.f.account(pair.ana), pair.g.account(pair.other), one)
    pair.f.now = pair.g.now = pair.g.now + 60_000_000
    tells(forum, event, account)
    # Whoever has the account now begins a record of their own.
    forum.hides(account)
    pair.f.session.commit()
    return lambda: agree(work(pair.f), row.id, two)


@pytest.mark.parametrize("whose", ["lost", "new"])
def test_a_recovery_ends_with_the_holder_of_either_account(pair, whose):
    account, forum = (pair.ana, pair.f) if whose == "lost" else (pair.other, pair.g)
    agreed = waits_while(pair, "recycled", account, forum)
    theirs = record(forum, account)
    with pytest.raises(RecoveryNotFoundError):
        agreed()
    assert record(forum, account) == theirs


def test_a_recovery_to_an_account_that_was_deleted_ends_and_from_one_goes_on(pair):
    with pytest.raises(RecoveryNotFoundError):
        waits_while(pair, "deleted", pair.other, pair.g)()
    assert waits_while(pair, "deleted", pair.ana, pair.f)() == record(pair.f, pair.ana)


def test_a_restored_recovery_that_waits_again_finds_another_holder(pair, monkeypatch):
    monkeypatch.setattr(events, "_stop_recoveries", lambda *_: None)
    with pytest.raises(RecoveryNotFoundError, match="another person's"):
        waits_while(pair, "recycled", pair.other, pair.g)()


def test_without_both_a_stranger_would_get_the_record(pair, monkeypatch):
    """The control."""
    monkeypatch.setattr(events, "_stop_recoveries", lambda *_: None)
    monkeypatch.setattr(service, "max", lambda *_: 0, raising=False)
    before = record(pair.f, pair.ana)
    assert waits_while(pair, "recycled", pair.other, pair.g)() == before == record(pair.g, pair.other)


@pytest.mark.slow
def test_an_account_without_a_record_has_nothing_to_recover(pair):
    with pytest.raises(RecoveryNotFoundError):
        ask(work(pair.f), pair.f.account(f"{pair.ana}-never"), pair.g.account(pair.other), pair.officers[0])
