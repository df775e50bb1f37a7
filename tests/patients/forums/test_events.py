"""What forums tell of accounts: nothing opens, refusals stay on what stands, and a new holder inherits nothing."""

import pytest
from sqlalchemy import select

from governance.decision.vocabulary import Mark
from governance.effective.documents import Stone
from governance.effective.erasure import erase
from governance.effective.models import GovernedAccount
from governance.holdings import HOLDINGS
from governance.identity.errors import BadAccountIdError
from governance.identity.models import SignIn, WebSession
from governance.identity.sessions.service import start_signed_in
from governance.ledger.models import LedgerEntry
from governance.ledger.rows import forget, keep
from governance.optout.choices import Choices, Named
from governance.optout.ratchet import Waits, asked_for
from governance.optout.service import hide
from governance.patients.erasing.service import erase_whole
from governance.patients.forums import events
from governance.patients.forums.codes import answer_code, make_forum_code, typed_by
from governance.patients.forums.errors import AccountTakenError, BadEventError
from governance.patients.forums.models import ForumCode
from governance.patients.models import PatientAccount
from governance.ui.clock import to_datetime
from tests.forum import ANSWERED, CLOSED, SEEN
from tests.patients.two_forums import everywhere, joins, opened, record, tells, undoes

BEFORE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}
LATER = BEFORE | {"created": "2027-05-05T09:00:00Z"}
HCPS = ("nurse", "doctor")


def sees(forum, *authors, **properties):
    return {key: permit for author in authors for key, permit in everywhere(forum, HCPS, author, **properties).items()}


def entries(forum):
    return len(forum.session.scalars(select(LedgerEntry.number)).all())


def signs_in(forum, name, subject):
    account = forum.account(name)
    keep(forum.session, forum.keyring, SignIn(subject_digest=subject, account_id=account.id, created=forum.now))
    start_signed_in(forum.session, forum.keyring, account, None, now=forum.now)
    return account


def forget_accounts(forum, name):
    """What an erasure does besides: the account is nobody's any more."""
    forget(forum.session, forum.keyring, forum.session.get(PatientAccount, forum.account(name).id))


def sessions_of(forum, name):
    return WebSession.of_account(forum.session, forum.account(name).id, forum.now)


def test_a_deleted_accounts_words_stay_closed_and_no_yes_is_left(pair):
    assert pair.f.permits("nurse", pair.ana, "reply", **BEFORE)
    tells(pair.f, "deleted", pair.ana)
    assert not any(sees(pair.f, pair.ana, **BEFORE).values())


@pytest.mark.slow
def test_a_deleted_account_of_two_leaves_the_other_forum_as_it_was(pair):
    joins(pair.g, pair.other, pair.f, pair.ana)
    tells(pair.g, "deleted", pair.other)
    assert pair.f.permits("nurse", pair.ana, "reply", **BEFORE)
    assert not any(sees(pair.g, pair.other, **BEFORE).values())


def test_deleted_under_its_new_name_what_stands_under_the_old_one_is_closed_too(pair):
    tells(pair.f, "renamed", pair.ana, f"{pair.ana}-new")
    assert pair.f.permits("nurse", pair.ana, "reply", **BEFORE)
    joins(pair.f, f"{pair.ana}-new", pair.g, pair.other)
    tells(pair.f, "deleted", f"{pair.ana}-new")
    assert not any(sees(pair.f, pair.ana, f"{pair.ana}-new", **BEFORE).values())


@pytest.mark.slow
def test_undone_after_a_new_name_both_names_go_back(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    tells(pair.g, "renamed", pair.other, f"{pair.other}-new")
    undoes(pair.g, pair.other)
    assert record(pair.g, f"{pair.other}-new") == record(pair.g, pair.other) != record(pair.f, pair.ana)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["deleted", "recycled", "merged", "renamed"])
def test_every_session_of_the_account_ends(pair, kind):
    signs_in(pair.f, pair.ana, f"{kind}-{pair.ana}")
    assert sessions_of(pair.f, pair.ana)
    tells(pair.f, kind, pair.ana, f"{pair.ana}-new" if kind in ("merged", "renamed") else None)
    assert not sessions_of(pair.f, pair.ana)


def test_a_new_name_takes_over_and_the_old_one_goes_on_refusing(pair):
    new = f"{pair.ana}-new"
    account = signs_in(pair.f, pair.ana, f"renamed {pair.ana}")
    before = sees(pair.f, pair.ana, **BEFORE)
    tells(pair.f, "renamed", pair.ana, new)
    assert record(pair.f, new) == record(pair.f, pair.ana)
    assert SignIn.of_account(pair.f.session, account.id) is None
    assert SignIn.of_account(pair.f.session, pair.f.account(new).id)
    pair.f.hides(new)
    assert not any(sees(pair.f, pair.ana, **BEFORE).values())
    assert before[("nurse", "reply")]


def test_a_name_that_is_somebody_elses_is_not_taken_over(pair):
    taken = f"{pair.ana}-taken"
    pair.f.hides(taken)
    with pytest.raises(AccountTakenError):
        tells(pair.f, "renamed", pair.ana, taken)


@pytest.mark.parametrize("kind", ["renamed", "merged"])
def test_what_an_erased_person_wrote_stays_closed_under_its_next_name(pair, kind):
    erase(pair.f.session, pair.f.keyring, record(pair.f, pair.ana), pair.f.now, final_at=pair.f.now)
    forget_accounts(pair.f, pair.ana)
    tells(pair.f, kind, pair.ana, f"{pair.ana}-new")
    open_group = BEFORE | {"community": "open"}
    assert not any(sees(pair.f, pair.ana, f"{pair.ana}-new", **open_group).values())


def test_the_next_holder_of_an_erased_persons_account_is_not_refused_what_they_were(pair):
    forum = pair.f
    hide(forum.session, forum.keyring, record(forum, pair.ana), forum.now)
    erase_whole(forum.session, forum.keyring, record(forum, pair.ana), forum.now, HOLDINGS)
    tells(forum, "recycled", pair.ana)
    assert not any(sees(forum, pair.ana, **BEFORE | {"community": "open"}).values())
    assert sees(forum, pair.ana, **LATER | {"community": "open"})["nurse", "view"]


def test_a_name_that_stands_for_two_refuses_what_either_left(pair):
    for name in (f"{pair.ana}-new", pair.ana):
        wrote = {**BEFORE, "community": "open", "created": to_datetime(pair.f.now).isoformat()}
        pair.f.later(hours=1)
        pair.f.patient(name)
        erase(pair.f.session, pair.f.keyring, record(pair.f, name), pair.f.now, final_at=pair.f.now)
        forget_accounts(pair.f, name)
    tells(pair.f, "renamed", pair.ana, f"{pair.ana}-new")
    assert not any(sees(pair.f, f"{pair.ana}-new", **wrote).values())


def test_merged_accounts_refuse_what_either_refused_and_permit_nothing(pair):
    into = f"{pair.ana}-into"
    pair.f.acknowledges(into)
    pair.f.wants(
        into,
        Choices(ANSWERED, SEEN, frozenset({pair.f.key("nurse")}), named=frozenset({Named(pair.f.key("cal"), CLOSED)})),
    )
    tells(pair.f, "merged", pair.ana, into)
    assert not any(sees(pair.f, pair.ana, into, **BEFORE).values())
    assert not pair.f.permits("cal", pair.ana, "view", **BEFORE)
    assert record(pair.f, pair.ana) == record(pair.f, into)


@pytest.mark.slow
def test_a_merge_told_again_later_does_not_close_what_was_opened_since(pair):
    into = f"{pair.ana}-into"
    tells(pair.f, "merged", pair.ana, into)
    pair.f.acknowledges(into)
    undone = entries(pair.f)
    tells(pair.f, "merged", pair.ana, into)
    assert entries(pair.f) == undone


def test_a_new_holder_inherits_nothing(pair):
    """Everything a professional may do with a new holder's words is what they may do with anybody's we never met."""
    pair.f.wants(pair.ana, Choices(named=frozenset({Named(pair.f.key("cal"), CLOSED)}), hold=True))
    tells(pair.f, "recycled", pair.ana)
    for where in (LATER, LATER | {"community": "open"}):
        met, unmet = (everywhere(pair.f, ("nurse", "doctor", "cal"), name, **where) for name in (pair.ana, "never"))
        content = [key for key in met if key[1] in ("view", "react", "reply", "quote")]
        assert [met[key] for key in content] == [unmet[key] for key in content]
        assert opened(unmet, met) == []
        assert met[("cal", "mention")]


def test_the_last_holders_words_stay_closed_to_whom_they_refused(pair):
    pair.f.wants(pair.ana, Choices(named=frozenset({Named(pair.f.key("cal"), CLOSED)})))
    tells(pair.f, "recycled", pair.ana)
    for where in (BEFORE, BEFORE | {"community": "open"}):
        assert not any(sees(pair.f, pair.ana, **where).values())
        assert not pair.f.permits("cal", pair.ana, "view", **where)


def test_without_the_tombstone_the_last_holders_words_would_open(pair, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(events, "Stone", lambda **stone: Stone(**{**stone, "final_at": 0}))
    tells(pair.f, "recycled", pair.ana)
    assert pair.f.permits("nurse", pair.ana, "view", **(BEFORE | {"community": "open"}))


def test_a_new_holder_begins_a_record_of_their_own(pair):
    old = record(pair.f, pair.ana)
    signs_in(pair.f, pair.ana, f"old {pair.ana}")
    tells(pair.f, "recycled", pair.ana)
    assert SignIn.of_account(pair.f.session, pair.f.account(pair.ana).id) is None
    assert record(pair.f, pair.ana) is None
    pair.f.acknowledges(pair.ana)
    pair.f.chooses(pair.ana, CLOSED, CLOSED)
    assert record(pair.f, pair.ana) != old
    assert not any(sees(pair.f, pair.ana, **LATER).values())
    assert not any(sees(pair.f, pair.ana, **BEFORE).values())


def test_a_new_holders_next_choice_begins_from_what_waits(pair):
    """After an erasure a first choice waits; who has nothing in force must not lose it with the next press."""
    tells(pair.f, "recycled", pair.ana)
    pair.f.acknowledges(pair.ana)
    wanted = Choices(CLOSED, SEEN)
    assert isinstance(pair.f.wants(pair.ana, wanted, proved=True), Waits)
    asked = asked_for(pair.f.session, pair.f.keyring, pair.f.patient(pair.ana).id, pair.f.now)
    assert asked == wanted


@pytest.mark.slow
def test_recycled_twice_the_first_holders_words_are_closed_still(pair):
    tells(pair.f, "recycled", pair.ana)
    told = entries(pair.f)
    tells(pair.f, "recycled", pair.ana)
    assert entries(pair.f) == told
    pair.f.patient(pair.ana)
    pair.f.later(days=2)
    tells(pair.f, "recycled", pair.ana)
    assert not any(sees(pair.f, pair.ana, **BEFORE).values())


def test_a_professionals_account_in_new_hands_is_nobody_and_stays_governed(pair):
    nurse = f"nurse-{pair.ana}"
    pair.f.registers(nurse)
    pair.f.wants(pair.ana, Choices(CLOSED, CLOSED), proved=True)
    assert pair.f.session.get(GovernedAccount, pair.f.key(nurse)).hcp
    tells(pair.f, "recycled", nurse)
    bound = pair.f.session.get(GovernedAccount, pair.f.key(nurse))
    assert bound.hcp is None
    assert Mark.REGISTERED in bound.marks
    assert pair.f.decides(nurse, "never", "view", **BEFORE).reason == "hcp_not_eligible"


def test_under_a_new_name_a_professional_is_governed_as_before(pair):
    old, new = f"nurse-{pair.ana}", f"nurse2-{pair.ana}"
    pair.f.registers(old)
    tells(pair.f, "renamed", old, new)
    assert pair.f.decides(new, pair.ana, "view", **BEFORE).reason != "not_governed"


def test_somebody_we_never_heard_of_leaves_nothing_behind(pair):
    before = entries(pair.f)
    tells(pair.f, "deleted", "nobody-ever")
    tells(pair.f, "recycled", "nobody-ever")
    assert entries(pair.f) == before


@pytest.mark.parametrize("event", [("deleted", "a", "b"), ("merged", "a", None), ("renamed", "a", "a")])
def test_an_event_that_cannot_be_is_refused(pair, event):
    with pytest.raises(BadEventError):
        tells(pair.f, *event)


def test_an_id_that_is_none_is_refused(pair):
    with pytest.raises(BadAccountIdError):
        tells(pair.f, "deleted", "")


@pytest.mark.parametrize("forgotten", [True, False])
def test_what_the_last_holder_said_yes_to_elsewhere_joins_no_next_one(pair, monkeypatch, forgotten):
    """And the control: with the codes that somebody made forgotten alone, it would."""
    if not forgotten:
        monkeypatch.setattr(ForumCode, "forget_both", lambda session, account: ForumCode.forget(session, account, 0))
    made, typed = pair.f.account(pair.ana), pair.g.account(pair.other)
    code = make_forum_code(pair.f.session, pair.f.keyring, made.id, pair.f.now)
    answer_code(pair.g.session, pair.g.keyring, code, typed.id, pair.g.now)
    tells(pair.g, "recycled", pair.other)
    assert (typed_by(pair.f.session, pair.f.keyring, made.id, pair.f.now) is None) is forgotten
