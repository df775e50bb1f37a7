"""A forum in every state of its life: whatever tells of professionals says what the decision says."""

from datetime import timedelta

import pytest

from governance.decision.vocabulary import Action, Posture
from governance.effective.life.states import Why
from governance.pdp.platforms.service import go_live
from governance.policy.current import conduct_in_force
from governance.portal.eyes import Moment, group_named
from governance.portal.looks import Kind, Patient, Terms
from governance.portal.reasons import Why as Reason
from governance.portal.seeing import seen_by
from governance.ui.clock import now
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.platforms.conftest import LEAK

ACTIONS = (Action.VIEW, Action.REPLY)
REFUSED = (False, "hcp_not_eligible")


@pytest.fixture
def people(session, keyring):
    """Ana answers her nurse; `c` enforces, and `trial` observes: it was there before anybody chose anything."""
    forum = Forum(session, keyring, at=an_hour_ago())
    forum.opens("trial", mode="observe")
    return with_people(forum)


@pytest.fixture
def reach(people, life, prober):
    """Bring the forum into a state of its life."""

    def into(state):
        {
            "observing": lambda: None,
            "live": lambda: (
                life().take(prober.says()),
                go_live(people.session, people.keyring, people.id, "c", now()),
            ),
            "leaking": lambda: life().take(prober.says([LEAK], kind="canary")),
            "suspended": lambda: life().suspend(Why.STAFF),
            "off": lambda: life().suspend(Why.FORUM),
            "ended": lambda: life().end(),
        }[state]()
        people.session.commit()
        people.session.expire_all()

    return into


def told(caller, path, **more):
    answer = caller.send(path, {"accounts": ["nurse"], **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def seen(people, whom):
    terms = Terms(Posture.INFORMED, conduct_in_force(), now())
    found = seen_by(people.session, people.keyring, Patient(people.key("ana"), people.id), whom, terms)
    return {one.action: one for one in found if one.action in ACTIONS}


@pytest.mark.parametrize("state", ["observing", "live"])
def test_where_nothing_is_stopped_all_of_them_permit(app, caller, people, reach, state):
    reach(state)
    assert caller.decides(asked("nurse", "ana")) == (True, "permitted")
    standing = told(caller, "/v1/hcps/query")["hcps"][0]
    assert (standing["eligible"], "view" in standing["actions"]) == (True, True)
    with app.test_request_context():
        for whom in (people.key("nurse"), Kind.TEAM):
            assert all(one.permit and one.why is not Reason.FORUM_STOPPED for one in seen(people, whom).values())
        assert group_named(people.session, people.keyring, people.id, "trial", Moment(now())).on_trial


@pytest.mark.parametrize("state", ["leaking", "suspended", "off", "ended"])
def test_where_it_is_stopped_none_of_them_does(app, caller, people, reach, state):
    reach(state)
    for community in ("c", "trial"):
        for action in ACTIONS:
            assert caller.decides(asked("nurse", "ana", action.value, community=community)) == REFUSED
        standing = told(caller, "/v1/hcps/query", community=community)["hcps"][0]
        assert (standing["eligible"], standing["actions"]) == (False, [])
    # Who they are goes on being true, and members go on being told it.
    assert standing["governed"] is True
    assert standing["badge"]
    assert told(caller, "/v1/hcps/badges")["badges"][0]["badge"]["profession"] == "nurse"
    with app.test_request_context():
        for whom in (people.key("nurse"), Kind.TEAM, Kind.OTHER):
            assert {one.why for one in seen(people, whom).values()} == {Reason.FORUM_STOPPED}
            assert not any(one.permit for one in seen(people, whom).values())
        assert all(one.permit for one in seen(people, Kind.MEMBER).values())
        assert not group_named(people.session, people.keyring, people.id, "trial", Moment(now())).on_trial


def test_after_the_way_back_all_of_them_permit_again(app, caller, people, life, prober):
    life().take(prober.says([LEAK], kind="canary"))
    people.session.commit()
    assert told(caller, "/v1/hcps/query")["hcps"][0]["eligible"] is False
    later = timedelta(seconds=2)
    life(seconds=2).take(prober.says(ago=-later))
    life(seconds=3).resume()
    people.session.commit()
    assert told(caller, "/v1/hcps/query")["hcps"][0]["eligible"] is True
    with app.test_request_context():
        assert seen(people, people.key("nurse"))[Action.VIEW].permit


def test_a_forums_row_that_another_hand_changed_leaves_nobody_eligible(caller, people, reach):
    reach("suspended")
    people.session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'00' WHERE kind = 'platform'")
    people.session.commit()
    assert told(caller, "/v1/hcps/query")["hcps"][0]["eligible"] is False
