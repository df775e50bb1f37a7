"""What was decided can be decided again: at every revision of a forum, the past gives what the present gave."""

from random import Random
from types import SimpleNamespace

import pytest

from governance.decision.vocabulary import Ages, Level, Posture
from governance.effective.models import AccountVersion, Fragment, PlatformChange
from governance.effective.past import revision_at
from governance.pdp.messages import question_of
from tests.forum import Forum, asked
from tests.marks import few

PEOPLE, HCPS = ("ana", "bea", "cal"), ("nia", "dan", "eve")
COMMUNITIES = ("c", "d")
ROUNDS = 60


def questions(rng):
    viewers = (*HCPS, "cal")
    drawn = [(rng.choice(viewers), rng.choice(PEOPLE), rng.choice(("view", "reply", "message"))) for _ in range(12)]
    return [question_of(asked(*one, community=rng.choice(COMMUNITIES))) for one in drawn]


def decided(desk, asked_then, then):
    return [answer.decision for answer in desk.answer(asked_then, then)]


def act(forum, rng):
    """Do something that may change decisions, as patients, forums and verifiers do."""
    patient, hcp = rng.choice(PEOPLE), rng.choice(HCPS)
    level = rng.choice(list(Level)[:4])
    known = SimpleNamespace(
        choose=lambda: forum.chooses(patient, level, min(level, Level.IN_TOUCH, key=list(Level).index), [hcp]),
        acknowledge=lambda: forum.acknowledges(patient),
        hide=lambda: forum.hides(patient),
        open=lambda: forum.opens(rng.choice(COMMUNITIES), rng.choice(list(Posture)), Ages.ADULTS, [hcp]),
        register=lambda: forum.registers(hcp),
        declare=lambda: forum.declares(hcp),
    )
    try:
        getattr(known, rng.choice(list(vars(known))))()
    except Exception as error:  # noqa: BLE001 - what is refused changes nothing, whatever it was
        return error
    return None


@pytest.fixture(params=few(range(3)))
def lived(request, session, keyring):
    """A forum with a past: what was asked and answered after every change, and at what revision and time."""
    rng = Random(f"past:{request.param}")
    forum, other = Forum(session, keyring), Forum(session, keyring, name="other")
    log = []
    for _ in range(ROUNDS):
        act(rng.choice((forum, forum, forum, other)), rng)
        session.flush()
        asked_now = questions(rng)
        answers = decided(forum.desk(), asked_now, forum.now)
        log.append((forum.desk().revision, forum.now, asked_now, answers))
        forum.later(minutes=rng.choice((0, 5, 60)))
    return SimpleNamespace(forum=forum, log=log, session=session)


def test_every_revision_decides_as_it_did_then(lived):
    permits = 0
    for revision, then, asked_then, answers in lived.log:
        assert decided(lived.forum.desk_then(revision), asked_then, then) == answers
        permits += sum(answer.permit for answer in answers)
    assert permits, "a past in which nothing was permitted shows nothing"


def test_the_present_would_not_have_decided_so(lived):
    """Else the test above would pass without any history."""
    now = lived.forum.desk()
    assert any(decided(now, asked_then, then) != answers for _, then, asked_then, answers in lived.log)


def test_a_forums_revisions_are_dense_and_its_own(lived):
    query = lived.session.query(PlatformChange.revision).filter_by(platform_id=lived.forum.id)
    revisions = sorted(revision for (revision,) in query)
    assert revisions == list(range(1, len(revisions) + 1))
    assert lived.session.query(PlatformChange).count() > len(revisions)


def test_an_instant_leads_to_the_last_revision_of_that_instant(lived):
    last = {then: revision for revision, then, _, _ in lived.log}
    assert all(revision_at(lived.session, lived.forum.id, then) == revision for then, revision in last.items())


@pytest.mark.parametrize("table", [Fragment, AccountVersion])
def test_a_past_that_was_changed_by_another_hand_refuses(lived, table):
    for row in lived.session.query(table):
        row.mac = b"x" * 32
    lived.session.flush()
    for revision, then, asked_then, _ in lived.log[-5:]:
        answers = decided(lived.forum.desk_then(revision), asked_then, then)
        assert not any(answer.permit for answer in answers if answer.reason.value != "not_governed")
