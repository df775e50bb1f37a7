"""A community that only observes: everything is shown and counted, and no refusal ever ends without notice."""

import pytest

from governance.decision.vocabulary import BEGINNING, FOREVER
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import read
from governance.pdp.communities import NOTICE
from governance.pdp.digests import Digests
from governance.pdp.log import decisions_of
from governance.pdp.messages import question_of
from tests.forum import DAY, START, asked

NEW = "2026-06-30T10:00:00Z"
"""Later than a notice that began with the forum's clock."""


def observed(forum, *questions):
    """Whether each is passed through, and what it would have been."""
    forum.session.flush()
    forum.session.expire_all()

    return [
        (one.observed, one.decision.permit) for one in forum.asks([question_of(question) for question in questions])
    ]


@pytest.fixture
def trial(forum):
    """A forum that begins with a trial, before anybody chose anything."""
    forum.opens("c", mode="observe")
    forum.registers("doctor", "doctor")
    forum.hides("ana")
    return forum


def test_a_forum_may_begin_with_a_trial(trial):
    assert observed(trial, asked("doctor", "ana"), asked("pia", "ana")) == [(True, False), (True, True)]


def test_it_enforces_by_default(forum):
    forum.registers("doctor", "doctor")
    assert forum.sets("c").mode == "enforce"
    assert observed(forum, asked("doctor", "ana")) == [(False, False)]


@pytest.mark.parametrize(
    "said",
    [
        {"community": "not sent"},
        {"community": "elsewhere"},
        {"created": "not sent"},
        {"authors": [{"account": "bea"}]},
        {"authors": [{"account": "bea", "community": "elsewhere", "created": NEW}]},
    ],
)
def test_what_is_unknown_is_enforced(trial, said):
    assert observed(trial, asked("doctor", "ana", **said)) == [(False, False)]


def test_an_action_that_is_none_of_ours_is_refused(trial):
    assert observed(trial, asked("doctor", "ana", "stare")) == [(False, False)]


def test_enforcing_begins_at_once(trial):
    trial.later(days=1)
    assert trial.sets("c", mode="enforce").mode_since == trial.now
    assert observed(trial, asked("doctor", "ana")) == [(False, False)]


def test_leaving_the_mode_out_enforces(trial):
    trial.opens("c")
    assert observed(trial, asked("doctor", "ana")) == [(False, False)]


def test_an_opt_out_never_silently_becomes_one_that_is_observed(forum):
    """Whether the community was registered before or not: whoever chose something hears of it 14 days before."""
    forum.registers("doctor", "doctor")
    forum.hides("ana")
    forum.opens("c")
    for community in ("c", "new"):
        assert forum.sets(community, mode="observe").mode_since == START + NOTICE
    question = [asked("doctor", "ana", community=community, created=NEW) for community in ("c", "new")]
    forum.later(days=13)
    assert observed(forum, *question) == [(False, False)] * 2


def test_after_notice_new_words_are_observed_and_older_ones_never(forum):
    forum.registers("doctor", "doctor")
    forum.hides("ana")
    forum.opens("c")
    forum.opens("c", mode="observe")
    forum.later(days=58)
    old, new = asked("doctor", "ana"), asked("doctor", "ana", created=NEW)
    assert observed(forum, old, new) == [(False, False), (True, False)]
    assert observed(forum, asked("doctor", "ana", "find")) == [(True, False)]


def test_saying_it_again_neither_delays_nor_hastens_it(forum):
    forum.hides("ana")
    for _ in range(3):
        assert forum.sets("c", mode="observe").mode_since == START + NOTICE
        forum.later(days=1)


def test_withdrawing_an_announcement_begins_the_notice_anew(forum):
    forum.hides("ana")
    forum.opens("c", mode="observe")
    forum.later(days=13)
    forum.opens("c")
    assert forum.sets("c", mode="observe").mode_since == START + 13 * DAY + NOTICE


def test_a_row_that_another_hand_changed_is_enforced(trial):
    trial.session.flush()
    trial.session.connection().exec_driver_sql("UPDATE effective_row SET mac = x'' WHERE kind = 'community'")
    assert observed(trial, asked("doctor", "ana")) == [(False, False)]


def test_what_was_decided_then_is_known_later(trial):
    trial.revision = trial.desk().revision
    trial.later(days=1)
    trial.opens("c", mode="enforce")
    assert modes_then(trial, trial.revision) == ["observe"]
    assert modes_then(trial, trial.desk().revision) == ["enforce"]


def modes_then(forum, revision):
    digest = Digests(forum.keyring, forum.id).community("c")
    found = forum.reader_then(revision)._source.places([digest])
    return ["enforce" if place.observes_from == FOREVER else "observe" for place in found.communities.values()]


def test_over_http_the_answer_says_what_it_would_have_been(other_caller):
    caller = other_caller
    put = {"posture": "informed", "ages": "adults", "mode": "observe"}
    answer = caller.send("/v1/communities/c", put, method="PUT")
    assert (answer.json["mode"], answer.json["mode_since"]) == ("observe", None)
    caller.send("/v1/hcps/declare", {"accounts": ["dan"]})
    one = caller.send("/access/v1/evaluation", asked("dan", "ana")).json
    assert (one["decision"], one["context"]["observed"], one["context"]["reason"]) == (True, False, "hcp_not_eligible")
    member = caller.send("/access/v1/evaluation", asked("pia", "ana")).json
    assert (member["decision"], member["context"]["observed"]) == (True, True)
    elsewhere = caller.send("/access/v1/evaluation", asked("dan", "ana", community="d")).json
    assert elsewhere["decision"] is False
    assert "observed" not in elsewhere["context"]


def test_who_saw_it_is_written_down_as_seen(app, people, other_caller):
    other_caller.send("/v1/communities/c", {"posture": "informed", "mode": "observe"}, method="PUT")
    other_caller.send("/v1/hcps/declare", {"accounts": ["dan"]})
    other_caller.send("/access/v1/evaluation", asked("dan", "ana"))
    decisions_of(app).flush()
    people.session.rollback()
    authors = [row.author for row in people.session.query(LoggedDecision)]
    logged = [entry.logged for entry in read(people.session, people.keyring, authors, BEGINNING)]
    assert [(one.permit, one.observed) for one in logged] == [(False, True)]
