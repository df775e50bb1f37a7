"""What was answered about whom is kept as long as promised, for whom it was promised, and says why."""

import pytest
import sqlalchemy as sa

from governance.crypto.envelope import EnvelopeError
from governance.db.base import new_id
from governance.decision.decide import decide
from governance.decision.vocabulary import Action, Instant, Level, Reason
from governance.effective.facts import People
from governance.effective.past import governed_since
from governance.ledger.decisions import service
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import (
    KEPT,
    Noted,
    Shown,
    belongs_in_log,
    each_about,
    forget_old,
    hold,
    read,
    release,
    write,
    write_shown,
)
from governance.pdp.api import conduct_in_force
from governance.pdp.messages import question_of
from tests.forum import DAY, asked

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def lived_in(forum):
    """A nurse who may read Ana and not Bea, a doctor who may not read either, and a member."""
    for name in ("nia", "dan"):
        forum.registers(name)
    forum.opens("c")
    for name in ("ana", "bea"):
        forum.acknowledges(name)
    forum.chooses("ana", Level.SEEN, Level.CLOSED, ["nia"])
    return forum


def ask(forum, *questions):
    """Ask as a forum does and give what goes to the log."""
    desk, revision = forum.desk(), forum.desk().revision
    answers = desk.answer([question_of(question) for question in questions], forum.now)
    return [Noted(new_id(), forum.id, revision, one.request, one.facts, one.decision) for one in answers]


def logged(forum, *names, since=0):
    return read(forum.session, forum.keyring, [forum.key(name) for name in names], since)


def test_a_decision_is_found_by_its_author_with_its_reason(lived_in):
    noted = ask(lived_in, asked("nia", "ana"), asked("dan", "ana"))
    write(lived_in.session, lived_in.keyring, noted)
    assert logged(lived_in, "bea") == []
    by_viewer = {entry.logged.viewer: entry for entry in logged(lived_in, "ana")}
    nurse, doctor = by_viewer[lived_in.key("nia")], by_viewer[lived_in.key("dan")]
    assert (nurse.logged.permit, nurse.logged.reason, nurse.logged.step) == (True, Reason.PERMITTED, "3h")
    assert (doctor.logged.permit, doctor.logged.reason, doctor.logged.step) == (False, Reason.REFUSED, "3h")
    assert nurse.logged.line != doctor.logged.line != ""
    assert (nurse.at, nurse.platform_id, nurse.kind) == (lived_in.now, lived_in.id, "asked")


def test_joint_words_are_logged_for_every_author_with_their_own_line(lived_in):
    question = asked("nia", "ana")
    question["resource"]["properties"]["authors"] = [{"account": "bea"}]
    write(lived_in.session, lived_in.keyring, ask(lived_in, question))
    (of_ana,), (of_bea,) = logged(lived_in, "ana"), logged(lived_in, "bea")
    assert of_ana.logged.decision == of_bea.logged.decision
    assert not of_ana.logged.permit
    assert of_ana.logged.line != of_bea.logged.line


def test_every_logged_decision_can_be_taken_again(lived_in):
    """From the row alone, after everything changed."""
    questions = [asked(viewer, author) for viewer in ("nia", "dan") for author in ("ana", "bea")]
    noted = ask(lived_in, *questions)
    write(lived_in.session, lived_in.keyring, noted)
    requests = {str(one.id): one.request for one in noted}
    lived_in.later(days=1)
    lived_in.hides("ana")
    lived_in.chooses("bea", Level.CLOSED, Level.CLOSED)
    entries = logged(lived_in, "ana", "bea")
    assert any(entry.logged.permit for entry in entries)
    for entry in entries:
        request = requests[entry.logged.decision]
        reader = lived_in.reader_then(entry.logged.revision)
        facts = reader.facts(
            People(request.viewer, frozenset({entry.author})), {entry.logged.community}, conduct_in_force()
        )
        decision = decide(request, facts)
        assert (decision.permit, decision.reason) == (entry.logged.permit, entry.logged.reason)


def test_what_members_read_is_nobodys_business(lived_in):
    member, refused = ask(lived_in, asked("cal", "ana"), asked("dan", "ana"))
    assert not belongs_in_log(member)
    assert belongs_in_log(refused)


def test_own_words_leave_no_row(lived_in):
    write(lived_in.session, lived_in.keyring, ask(lived_in, asked("nia", "nia")))
    assert logged(lived_in, "nia") == []


def test_a_dump_tells_neither_viewer_nor_place_nor_answer(lived_in):
    noted = ask(lived_in, asked("nia", "ana", thread="thread-about-something"))
    write(lived_in.session, lived_in.keyring, noted)
    row = lived_in.session.execute(sa.select(LoggedDecision.__table__)).one()
    seen = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    for secret in (lived_in.key("nia"), "permitted", "view", noted[0].request.words[0].thread, "thread-about"):
        assert secret.encode() not in seen


def test_a_row_moved_to_another_id_does_not_open(lived_in):
    write(lived_in.session, lived_in.keyring, ask(lived_in, asked("nia", "ana")))
    lived_in.session.execute(sa.update(LoggedDecision).values(id=new_id()))
    lived_in.session.expire_all()
    with pytest.raises(EnvelopeError):
        logged(lived_in, "ana")


def test_what_was_shown_is_walked_with_what_was_asked_newest_first(lived_in):
    write(lived_in.session, lived_in.keyring, ask(lived_in, asked("dan", "ana")))
    key = lived_in.key("ana")
    shown = [Shown(key, lived_in.key("nia"), Action.VIEW, Instant(lived_in.now + after)) for after in (1, 2)]
    write_shown(lived_in.session, lived_in.keyring, lived_in.id, shown)
    walked = list(each_about(lived_in.session, lived_in.keyring, [key], lived_in.now))
    assert walked == read(lived_in.session, lived_in.keyring, [key], lived_in.now)
    assert [entry.kind for entry in walked] == ["shown", "shown", "asked"]
    since = governed_since(lived_in.session, lived_in.keyring, lived_in.id, [key, lived_in.key("nia")])
    assert since == {lived_in.key("nia"): lived_in.now}


def test_rows_go_after_thirteen_months_unless_a_case_holds_them(lived_in):
    for author in ("ana", "bea"):
        write(lived_in.session, lived_in.keyring, ask(lived_in, asked("dan", author)))
    hold(lived_in.session, [lived_in.key("ana")], 0)
    assert forget_old(lived_in.session, lived_in.now + KEPT) == 0
    assert forget_old(lived_in.session, lived_in.now + KEPT + 1) == 1
    assert (len(logged(lived_in, "ana")), len(logged(lived_in, "bea"))) == (1, 0)
    release(lived_in.session, [lived_in.key("ana")])
    assert forget_old(lived_in.session, lived_in.now + KEPT + 1) == 1


def test_old_rows_go_in_batches_oldest_first(lived_in, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    for _ in range(3):
        write(lived_in.session, lived_in.keyring, ask(lived_in, asked("dan", "ana")))
        lived_in.later(days=1)
    assert forget_old(lived_in.session, lived_in.now + KEPT) == 2
    (left,) = logged(lived_in, "ana")
    assert left.at == lived_in.now - DAY
    assert forget_old(lived_in.session, lived_in.now + KEPT) == 1


def test_a_decision_on_a_broken_row_is_logged_as_broken(lived_in):
    (noted,) = ask(lived_in, asked("dan", "ana"))
    write(lived_in.session, lived_in.keyring, [noted._replace(facts=None)])
    (entry,) = logged(lived_in, "ana")
    assert entry.logged.step == noted.decision.verdict.step
