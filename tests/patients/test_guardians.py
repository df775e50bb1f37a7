"""A guardian's link does nothing before staff approved it and the young person saw it, and nothing after its end."""

from datetime import date

import pytest

from governance.decision.vocabulary import Action, Instant
from governance.effective.erasure import erase
from governance.effective.holding import how_much
from governance.effective.layers import Party
from governance.patients.ages.bands import Band, midnight
from governance.patients.forums.events import Event, Kind, take
from governance.patients.forums.records import Work
from governance.patients.guardians import requests
from governance.patients.guardians.errors import CodeSpentError, NotGuardianError, OwnGuardianError
from governance.patients.guardians.refusing import ACTIONS, refuse, refused_by
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from tests.forum import SEEN
from tests.patients.home import LONDON
from tests.patients.two_forums import HANDS

TERMS = Terms("Raj", "my girl", Basis.PARENT, "paper 77")


def in_force(home, name="raj"):
    return home.guardian(name).in_force


def test_a_link_is_in_force_once_staff_approved_it_and_the_young_person_saw_it(home):
    link = home.asks("raj")
    assert not in_force(home)
    home.links.approve(link.id, "olu", tuple(Scope))
    assert not in_force(home)
    home.links.see(home.kim.id, link.id)
    assert in_force(home)


def test_seen_alone_is_not_enough(home):
    link = home.asks("raj")
    home.links.see(home.kim.id, link.id)
    assert not in_force(home)
    with pytest.raises(NotGuardianError):
        home.links.acting(home.forum.account("raj").id, link.id)


def test_nobody_sees_a_link_for_another(home):
    link = home.asks("raj")
    with pytest.raises(NotGuardianError):
        home.links.see(home.forum.patient("ana").id, link.id)


def test_staff_end_it_at_once(home):
    link = home.linked("raj")
    home.links.end(link, "court order 12")
    assert not in_force(home)
    assert home.links.of_account(home.forum.account("raj").id) == []


def tells(home, kind, account, to=None):
    work = Work(home.session, home.keyring, HANDS, home.now)
    take(work, home.forum.platform, Event(Kind(kind), account, to))


@pytest.mark.parametrize("kind", ["recycled", "deleted"])
def test_whoever_has_the_account_of_a_guardian_next_is_nobodys_guardian(home, kind):
    home.linked("raj")
    tells(home, kind, "raj")
    assert not in_force(home)
    assert home.links.of_account(home.forum.account("raj").id) == []


def test_each_next_holder_is_told_apart(home):
    """A guardian without a record, who came after the account was recycled once."""
    for _ in range(2):
        home.linked("raj")
        tells(home, "recycled", "raj")
        assert home.links.of_account(home.forum.account("raj").id) == []


@pytest.mark.parametrize("kind", ["renamed", "merged"])
def test_a_guardian_with_another_name_goes_on_and_the_old_name_is_nobodys(home, kind):
    link = home.linked("raj")
    tells(home, kind, "raj", "raj-2")
    assert in_force(home, "raj-2")
    assert home.links.acting(home.forum.account("raj-2").id, link)
    assert home.links.of_account(home.forum.account("raj").id) == []


def test_a_guardian_who_is_merged_with_the_young_person_is_none_any_more(home):
    home.linked("raj")
    tells(home, "merged", "raj", "kim")
    assert not any(one.in_force for one in home.links.of_patient(home.kim.id))


@pytest.mark.parametrize("ends", [date(2026, 6, 1), None])
def test_it_ends_by_itself_at_its_own_end_or_at_18(home, ends):
    home.linked("raj", ends=None if ends is None else midnight(ends, LONDON))
    until = midnight(ends or date(2032, 5, 20), LONDON)
    home.forum.now = Instant(until - 1)
    assert in_force(home)
    home.forum.now = Instant(until)
    assert not in_force(home)


def test_of_whom_nobody_told_the_age_there_is_no_guardian(home):
    """It may be an adult whom somebody wants to rule."""
    ana = home.forum.patient("ana", adult=False)
    link = home.links.set_up(ana.id, home.forum.account("raj").id, TERMS, None)
    home.links.approve(link.id, "olu", tuple(Scope))
    home.links.see(ana.id, link.id)
    assert not home.links.of_patient(ana.id)[0].in_force


def test_a_code_works_once_and_for_a_day(home):
    raj, eve = home.forum.account("raj").id, home.forum.account("eve").id
    code = home.links.make_code(home.kim.id)
    assert home.links.ask(raj, code.lower().replace("-", " "), TERMS, None).patient_id == home.kim.id
    with pytest.raises(CodeSpentError):
        home.links.ask(eve, code, TERMS, None)
    late = home.links.make_code(home.kim.id)
    home.forum.later(days=1)
    with pytest.raises(CodeSpentError):
        home.links.ask(eve, late, TERMS, None)


@pytest.mark.slow
def test_a_newer_code_makes_the_older_one_useless(home):
    old = home.links.make_code(home.kim.id)
    home.links.make_code(home.kim.id)
    with pytest.raises(CodeSpentError):
        home.links.ask(home.forum.account("raj").id, old, TERMS, None)


def test_nobody_is_their_own_guardian(home):
    with pytest.raises(OwnGuardianError):
        home.links.ask(home.forum.account("kim").id, home.links.make_code(home.kim.id), TERMS, None)


@pytest.mark.slow
def test_nothing_of_a_link_is_in_the_clear(home):
    home.linked("raj")
    rows = home.session.connection().exec_driver_sql("SELECT sealed_terms FROM guardianship").scalars().all()
    assert all(b"raj" not in row.lower() and b"77" not in row for row in rows)


def test_with_an_erased_record_a_link_opens_no_more(home):
    link = home.linked("raj")
    erase(home.session, home.keyring, home.kim.id, home.now, final_at=home.now)
    assert home.links.of_patient(home.kim.id) == []
    with pytest.raises(NotGuardianError):
        home.links.acting(home.forum.account("raj").id, link)


def opened_to_dan(home):
    home.linked("raj")
    home.wants()
    home.answers("raj")
    home.day_later()
    assert home.permits()


@pytest.mark.parametrize(
    ("circle", "what", "closes"),
    [
        ("everybody", "everything", True),
        ("others", "everything", True),
        ("care_team", "everything", False),
        ("others", "contact", False),
    ],
)
def test_a_guardian_closes_circles_and_actions_at_once(home, circle, what, closes):
    opened_to_dan(home)
    refuse(home.session, home.keyring, home.guardian("raj"), (circle, ACTIONS[what]), home.now)
    assert home.permits() is not closes


@pytest.mark.parametrize(
    ("circle", "what", "told"), [("everybody", "everything", "everybody"), ("others", "everything", "some")]
)
def test_a_copy_says_how_much_a_guardian_closed(home, circle, what, told):
    opened_to_dan(home)
    refuse(home.session, home.keyring, home.guardian("raj"), (circle, ACTIONS[what]), home.now)
    assert how_much(home.document().layers[0].refusals) == told


def test_of_two_guardians_the_stricter_holds(home):
    opened_to_dan(home)
    home.linked("mia")
    refuse(home.session, home.keyring, home.guardian("raj"), ("others", {Action.FIND}), home.now)
    refuse(home.session, home.keyring, home.guardian("mia"), ("others", ()), home.now)
    assert not home.permits()
    assert len(home.document().layers) == 2


def test_what_a_guardian_closed_they_cannot_open_by_closing_less(home):
    opened_to_dan(home)
    raj = home.guardian("raj")
    refuse(home.session, home.keyring, raj, ("others", ()), home.now)
    refuse(home.session, home.keyring, raj, ("others", {Action.FIND}), home.now)
    assert not home.permits()
    assert all(actions == frozenset(Action) for actions in refused_by(home.layers(), Party(raj.party)).values())


def test_a_request_stays_only_while_the_link_is_in_force(home):
    link = home.linked("raj")
    requests.ask(home.session, home.keyring, home.guardian("raj"), requests.Request("others", SEEN), home.now)
    assert len(requests.open_for(home.session, home.keyring, home.links.of_patient(home.kim.id))) == 1
    home.links.end(link, "court order 12")
    assert requests.open_for(home.session, home.keyring, home.links.of_patient(home.kim.id)) == []


def test_a_link_that_needed_no_eyes_is_caught(home, monkeypatch):
    """The control: with the check gone, the link of before the approval acts."""
    opened = Links._opened
    monkeypatch.setattr(Links, "_opened", lambda self, link: opened(self, link)._replace(in_force=True))
    home.asks("raj")
    assert in_force(home)


def test_an_adult_has_a_proxy_only_while_they_cannot_decide(home):
    ana = home.forum.patient("ana")
    account = home.forum.account("raj").id
    link = home.links.set_up(
        ana.id, account, Terms("Raj", "Ana", Basis.LPA, "lpa 3"), midnight(date(2036, 1, 1), LONDON)
    )
    home.links.approve(link.id, "olu", (Scope.REFUSE,))
    home.links.see(ana.id, link.id)
    assert not home.links.of_patient(ana.id)[0].in_force
    home.people.incapable(ana.id, "letter 5", yes=True)
    assert home.links.of_patient(ana.id)[0].in_force


def test_by_their_own_word_no_guardian_prolongs_their_own_link(home):
    home.linked("raj")
    until = home.guardian("raj").until
    home.says(Band.UNDER_13, source=home.guardian("raj").party)
    assert home.document().adult_from > until
    assert home.guardian("raj").until == until
