"""What a forum showed goes into the log, sealed and apart from what it asked; what members saw goes nowhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from governance.crypto.keys import Keyring
from governance.effective.service import Register
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import KEPT, Kind, forget_old, read
from governance.pdp import exposures
from governance.pdp.log import decisions_of
from governance.pdp.models import KeptAnswer
from governance.ui.clock import now, to_datetime
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

PATH = "/v1/exposures"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("exposed"))
    with running(settings) as app, session_of(app) as session:
        yield app, with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))


@pytest.fixture
def app(house):
    return house[0]


@pytest.fixture
def people(house):
    """The forum of this file, of which nothing stands in the log yet."""
    people = house[1]
    people.session.rollback()
    for table in (LoggedDecision, KeptAnswer):
        people.session.execute(sa.delete(table))
    people.session.commit()
    return people


@pytest.fixture
def caller(app, people):
    return Caller(app, people.credentials)


def exposed(viewer="nurse", author="ana", ago=MINUTE, **said):
    return {"viewer": viewer, "author": author, "at": (to_datetime(now()) - ago).isoformat(), **said}


def tell(caller, *sent, key="one"):
    headers = {} if key is None else {"Idempotency-Key": key}
    return caller.send(PATH, {"exposures": list(sent)}, **headers)


def told(caller, *sent, key="one"):
    answer = tell(caller, *sent, key=key)
    assert answer.status_code == 200, answer.text
    return answer.json


def kept(people, *authors):
    people.session.rollback()
    return read(people.session, people.keyring, [people.key(name) for name in authors or ("ana", "bea")], 0)


def rows(people):
    people.session.rollback()
    number = people.session.scalar(sa.select(sa.func.count()).select_from(LoggedDecision))
    # What reads must not stand in the way of the app, which writes.
    people.session.rollback()
    return number


def test_what_was_shown_stands_in_the_log_as_shown(caller, people):
    assert told(caller, exposed(community="c", thread="t", post="p", revision=7)) == {"received": 1}
    (entry,) = kept(people, "ana")
    assert (entry.kind, entry.platform_id, entry.logged.viewer) == (Kind.SHOWN, people.id, people.key("nurse"))
    assert (entry.logged.action, entry.logged.revision) == ("view", 7)
    assert "" not in (entry.logged.community, entry.logged.thread, entry.logged.post)
    assert (entry.logged.decision, entry.logged.reason, entry.logged.step) == ("", None, None)


def test_a_decision_and_an_exposure_stay_apart(caller, people, app):
    caller.decides(asked("doctor", "ana"))
    decisions_of(app).flush()
    told(caller, exposed())
    assert {entry.kind for entry in kept(people, "ana")} == {Kind.ASKED, Kind.SHOWN}


def test_what_members_saw_is_not_written_down_and_the_answer_is_the_same(caller, people):
    assert told(caller, exposed("pia"), exposed("never seen", "bea")) == {"received": 2}
    assert rows(people) == 0


def test_a_log_that_kept_members_too_would_be_found(caller, people, monkeypatch):
    """The control."""
    member = people.key("pia")
    people.session.commit()
    monkeypatch.setattr(exposures, "governed_since", lambda *_: {member: 0})
    told(caller, exposed("pia"))
    assert rows(people) == 1


def test_what_somebody_saw_before_they_were_known_for_a_professional_is_not_written_down(caller, people):
    """They were a member then; the forum only tells it late."""
    told(caller, exposed(ago=timedelta(hours=2)), exposed(ago=timedelta(minutes=30)))
    assert [entry.at > people.now for entry in kept(people, "ana")] == [True]


def test_a_log_that_did_not_look_since_when_would_be_found(caller, people, monkeypatch):
    """The control."""
    nurse = people.key("nurse")
    people.session.commit()
    monkeypatch.setattr(exposures, "governed_since", lambda *_: {nurse: 0})
    told(caller, exposed(ago=timedelta(hours=2)))
    assert rows(people) == 1


def test_who_was_declared_by_mistake_is_a_member_again(caller, people):
    people.declares("claire")
    people.session.commit()
    told(caller, exposed("claire", ago=timedelta(minutes=1)), key="before")
    assert rows(people) == 1
    Register(people.session, people.keyring, now()).clear_declared(people.id, people.key("claire"))
    people.session.commit()
    told(caller, exposed("claire", ago=timedelta(seconds=30)), key="after")
    assert rows(people) == 1


def test_ones_own_words_leave_no_row(caller, people):
    told(caller, exposed("nurse", "nurse"))
    assert rows(people) == 0


def test_sent_again_it_is_written_once(caller, people):
    batch = [exposed(), exposed("doctor")]
    assert told(caller, *batch) == told(caller, *batch) == {"received": 2}
    assert rows(people) == 2
    told(caller, *batch, key="another")
    assert rows(people) == 4


def test_a_key_of_another_batch_is_refused(caller, people):
    told(caller, exposed())
    answer = tell(caller, exposed("doctor"))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert rows(people) == 1


def test_without_a_key_it_says_what_to_send(caller, people):
    answer = tell(caller, exposed(), key=None)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert "Idempotency-Key" in answer.json["detail"]
    assert rows(people) == 0


def test_a_time_out_of_bounds_is_a_bad_request_that_says_which_and_nothing_is_written(caller, people):
    for ago in (timedelta(days=30, minutes=1), -timedelta(minutes=6), timedelta(days=9_000)):
        answer = tell(caller, exposed(), exposed("doctor", ago=ago))
        assert answer.status_code == 400
        assert "exposures[1].at" in answer.json["detail"]
        assert "30 days" in answer.json["detail"]
    assert rows(people) == 0


def test_a_clock_that_is_a_little_ahead_is_put_back(caller, people):
    told(caller, exposed(ago=-timedelta(minutes=4)))
    (entry,) = kept(people, "ana")
    assert entry.at <= now()


WRONG = [
    {"viewer": ""},
    {"author": "x" * 257},
    {"action": "reply"},
    {"action": "peek"},
    {"at": "2026-05-01T10:00:00"},
    {"at": "yesterday"},
    {"capacity": "peer"},
    {"revision": -1},
    {"revision": True},
    {"post": ""},
]


def test_what_is_of_no_good_form_is_a_bad_request(caller, people):
    batches = [[{**exposed(), **wrong}] for wrong in WRONG] + [[], [exposed()] * 1001]
    answers = [tell(caller, *batch) for batch in batches]
    assert {(answer.status_code, answer.content_type) for answer in answers} == {(400, "application/problem+json")}
    assert rows(people) == 0


def test_a_thousand_go_in_at_once(caller, people):
    assert told(caller, *[exposed("nurse", f"m{number}") for number in range(1000)]) == {"received": 1000}
    assert rows(people) == 1000


def test_the_ids_of_one_forum_mean_nothing_on_another(app, people):
    other = Forum(people.session, people.keyring, "other")
    people.session.commit()
    other_caller = Caller(app, other.credentials)
    assert told(other_caller, exposed()) == {"received": 1}
    assert rows(people) == 0


def test_a_dump_tells_neither_viewer_nor_place(caller, people):
    told(caller, exposed(thread="thread-about-something"))
    people.session.rollback()
    row = people.session.execute(sa.select(LoggedDecision.__table__)).one()
    seen = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    for secret in (people.key("nurse"), "view", "thread-about", "nurse"):
        assert secret.encode() not in seen


def test_it_goes_after_thirteen_months(caller, people):
    told(caller, exposed())
    (entry,) = kept(people, "ana")
    assert forget_old(people.session, entry.at + KEPT) == 0
    assert forget_old(people.session, entry.at + KEPT + 1) == 1
