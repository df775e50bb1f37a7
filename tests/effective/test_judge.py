"""What a change opens is asked once for it, and an answer for another state of the record is never taken."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.db.engine import open_engine
from governance.decision.loosens import loosens
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective import judge
from governance.effective.documents import author_of, compiled
from governance.effective.judge import Judge
from governance.effective.models import Fragment
from governance.effective.service import Register
from governance.ledger.commits import OUTSIDE, open_record
from governance.ledger.journal import Frame
from governance.ledger.personal import SEALED, Closed, opened
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.loosening import fragment_of
from governance.optout.ratchet import Lacking, Press, choose
from tests.forum import ANSWERED, CLOSED, IN_TOUCH, SEEN

LEVELS = (CLOSED, SEEN, ANSWERED, IN_TOUCH)


@pytest.fixture
def forum(both, forum):  # noqa: ARG001 - on both databases
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, ANSWERED, team=["nurse", "doctor"])
    forum.session.commit()
    return forum


@pytest.fixture
def searches(monkeypatch):
    """Every search that was made."""
    made = []

    def counted(*edit):
        made.append(edit)
        return loosens(*edit)

    monkeypatch.setattr(judge, "loosens", counted)
    return made


def marks(forum):
    """What the journal outside says of each change of choices: whether it may open anything."""
    frames = [part for part in forum.session.info[OUTSIDE].journal() if isinstance(part, Frame)]
    keys = DataKeys(forum.session, forum.keyring)
    sealed = [open_record(forum.keyring, frame.sequence, frame.body) for frame in frames]
    said = [record for record in sealed if msgspec.json.decode(record)["what"] == SEALED]
    closed = [msgspec.json.decode(record, type=Closed) for record in said]
    records = [msgspec.json.decode(opened(keys, record)) for record in closed]
    return {record["version"]: record["opens"] for record in records if record["room"] == "optout"}


def fragment(level):
    return fragment_of(DirectiveBody(level, level))


def put(register, subject, level):
    register.put("patient", subject, "optout", fragment(level))


@pytest.mark.parametrize(("team", "many"), [(["nurse", "doctor"], 1), (["nurse"], 0)])
def test_a_change_costs_one_search_and_none_where_somebody_is_sent_away(forum, searches, team, many):
    forum.chooses("ana", SEEN, CLOSED, team=team)
    assert len(searches) == many


def test_what_sends_somebody_away_is_marked_as_opening_and_what_closes_is_not(forum):
    forum.chooses("ana", SEEN, CLOSED, team=["nurse", "doctor"])
    forum.later(hours=1)
    forum.chooses("ana", SEEN, CLOSED, team=["nurse"])
    forum.hides("ana")
    forum.session.commit()
    assert list(marks(forum).values()) == [True, False, True, False]


def marks_of_a_plan_that_came_too_late(forum, settings):
    """One writer asks what closing a little would open, another closes all; then the plan opens."""
    ana = str(forum.patient("ana").id)
    register = Register(forum.session, forum.keyring, forum.now)
    put(register, ana, ANSWERED)
    before = register.document("patient", ana)
    planned = msgspec.convert(fragment(SEEN), type(before), from_attributes=True)
    after = msgspec.structs.replace(before, lines=planned.lines, levels=planned.levels)
    assert register.judge.witness(before, after) is None
    forum.session.commit()

    engine = open_engine(settings.database_url)
    with Session(engine, info=forum.session.info) as other:
        put(Register(other, forum.keyring, forum.now), ana, CLOSED)
        other.commit()
    engine.dispose()
    forum.session.expire_all()
    put(register, ana, SEEN)
    forum.session.commit()
    return list(marks(forum).values())[-2:]


def test_an_answer_about_a_state_that_another_writer_ended_is_not_taken(forum, settings):
    assert marks_of_a_plan_that_came_too_late(forum, settings) == [False, True]


def test_a_judge_who_does_not_look_at_the_state_would_take_it(forum, settings, monkeypatch):
    """The control."""
    asked = Judge.witness

    def last_answer(self, *edit):
        return self._answers[-1][2] if self._answers else asked(self, *edit)

    monkeypatch.setattr(Judge, "witness", last_answer)
    assert marks_of_a_plan_that_came_too_late(forum, settings)[-1] is not True


def test_two_writers_at_once_leave_a_true_mark_on_every_change(forum, settings):
    ana = forum.patient("ana").id
    forum.session.commit()
    engine = open_engine(settings.database_url)

    def change(number):
        level = LEVELS[number * 3 % 4]
        with Session(engine, expire_on_commit=False, info=forum.session.info.copy()) as session:
            at = Instant(forum.now + number)
            if isinstance(choose(session, forum.keyring, ana, Choices(level, level), Press(at)), Lacking):
                put(Register(session, forum.keyring, at), str(ana), level)
            session.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, range(8)))
    engine.dispose()
    found = marks(forum)
    assert len(found) > 5
    for version, opens in found.items():
        witness = loosens(*(author_of(AccountKey(""), as_of(forum, ana, one)) for one in (version - 1, version)))
        assert opens or witness is None


def as_of(forum, patient, version):
    said = Fragment.of(forum.session, "patient", str(patient), upto=version)
    return compiled("patient", {one.room: msgspec.json.decode(one.document) for one in said})
