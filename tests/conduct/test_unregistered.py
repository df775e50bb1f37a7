"""Who does a work that is on no register: a patient's no to that kind binds them, a yes opens nothing, no badge."""

import pytest

from governance.conduct.service import apply_unregistered
from governance.decision.vocabulary import Capacity, Level
from governance.policy.current import policies
from tests.conduct.test_stories import at_pages, badge, caller, forum, here_as, message
from tests.forum import ANSWERED, CLOSED, asked

__all__ = ["caller", "forum"]

ROLES = policies().registers.unregistered


@pytest.fixture
def stu(forum):
    """Ana and Cal let all others answer; Stu told us that he is a student."""
    for name in ("ana", "cal"):
        forum.acknowledges(name)
        forum.chooses(name, CLOSED, ANSWERED)
    return apply_unregistered(forum.session, forum.keyring, forum._tied("stu"), "student", forum.now)


def says_no_to(app, forum, role, name="ana", level="closed"):
    visitor = at_pages(app, forum, name).get("/choices/rule/who")
    visitor.press("Go on", who="profession", profession=role).press("Go on", where="platform")
    visitor.press("Go on", level=level).press("Go on", zone="Europe/London", when="open").press("Go on", posts="all")
    return visitor.get("/choices/check").press("Save my choices")


def test_every_such_work_can_be_said_no_to(app, forum, stu):
    page = at_pages(app, forum, "ana").get("/choices/rule/who").page
    offered = {one["value"] for one in page.select("#profession option")}
    assert offered == {"", *policies().registers.professions, *ROLES}
    assert set(ROLES) & policies().registers.professions == set()
    assert stu


def test_a_no_to_the_kind_binds_who_said_they_are_one_and_nobody_else(app, forum, caller, stu):
    here_as(forum, stu, Capacity.PEER)
    assert caller.decides(asked("stu", "ana")) == caller.decides(asked("stu", "cal")) == (True, "permitted")
    coach = apply_unregistered(forum.session, forum.keyring, forum._tied("coach"), "health_coach", forum.now)
    here_as(forum, coach, Capacity.PEER)
    says_no_to(app, forum, "student")
    assert caller.decides(asked("stu", "ana")) == (False, "refused")
    assert caller.decides(asked("stu", "cal")) == (True, "permitted")
    assert caller.decides(asked("coach", "ana")) == (True, "permitted")


def test_as_a_professional_they_do_nothing_whatever_anybody_chose(forum, caller, stu):
    forum.session.commit()
    for action in ("view", "reply", "find"):
        assert caller.decides(asked("stu", "cal", action)) == (False, "hcp_not_eligible")
    assert caller.decides(message("stu", "cal")) == (False, "hcp_not_eligible")
    assert badge(caller, "stu") is None
    assert stu


def test_a_no_stays_when_they_say_later_that_they_are_something_else(app, forum, caller, stu):
    says_no_to(app, forum, "student")
    apply_unregistered(forum.session, forum.keyring, forum._tied("stu"), "health_coach", forum.now)
    here_as(forum, stu, Capacity.PEER)
    assert caller.decides(asked("stu", "ana")) == (False, "refused")


def test_a_yes_is_not_offered_because_nobody_could_check_it(app, forum, stu):
    visitor = at_pages(app, forum, "ana").get("/choices/rule/who")
    visitor.press("Go on", who="profession", profession="student").press("Go on", where="platform")
    levels = [one["value"] for one in visitor.page.select("input[name=level]")]
    assert levels == [Level.CLOSED.value]
    assert "A yes to them would count for nobody" in visitor.text
    assert visitor.press("Go on", level="answered").status == 400
    visitor.get("/choices/rule/who").press("Go on", who="profession", profession="nurse")
    assert len(visitor.press("Go on", where="platform").page.select("input[name=level]")) > 1
    assert stu


def test_without_the_kinds_in_the_list_nobody_could_say_so(app, forum, stu, monkeypatch):
    registers = policies().registers
    monkeypatch.setitem(registers.__dict__, "kinds_of_work", registers.professions)
    visitor = at_pages(app, forum, "ana").get("/choices/rule/who")
    visitor.press("Go on", who="profession", profession="student")
    assert "/rule/who" in visitor.path
    assert stu
