"""What a publisher does: the command, what it refuses, and who goes on when it is stopped."""

import pytest

from governance.db.extension import reading, transaction
from governance.disclosure import commands
from governance.disclosure.jobs import KEEP
from governance.disclosure.rollout import CARRY_OUT, publish_disclosure
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.service import ensure_recurring
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.policy import history
from governance.policy.errors import PolicyNotPublishableError
from governance.policy.history import find_text, history_of
from governance.policy.models import PolicyText, PolicyVersion
from governance.policy.publishing import publish
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import session_of
from tests.disclosure.editions import Editions, editions
from tests.forum import Forum, an_hour_ago
from tests.policy.copies import rewrite


@pytest.fixture
def folder(tmp_path):
    return Editions(tmp_path / "records")


def published(app):
    with app.app_context(), reading() as session:
        return {
            (row.record, row.version)
            for name in PolicyVersion.records(session)
            for row in PolicyVersion.all_of(session, name)
        }


def test_the_command_publishes_whatever_is_new_and_says_so(app, folder, capsys):
    with app.app_context():
        commands.publish_all(folder.folder, dry_run=True)
        assert published(app) == set()
        commands.publish_all(folder.folder, dry_run=False)
        assert len(published(app)) == 9
        told = capsys.readouterr().out
        assert "published: disclosure 1.0.0 (material): en standard, en child, en easy_read" in told
        commands.publish_all(folder.folder, dry_run=False)
        assert "nothing is new" in capsys.readouterr().out
        folder.raises("1.0.1", "editorial")
        folder.says("Yes.")
        folder.record()
        commands.publish_all(folder.folder, dry_run=False)
        assert capsys.readouterr().out.startswith("published: disclosure 1.0.1 (editorial): en standard")
        commands.tell_status(as_json=False)
    assert "disclosure 1.0.1 holds since" in capsys.readouterr().out


def test_other_data_under_a_published_number_is_refused(session, keyring, folder):
    at = now()
    publish(session, keyring, folder.record(), at)
    rewrite(folder.folder, "disclosure/disclosure.toml", 'touches = ["view", "find"]', 'touches = ["find"]')
    with pytest.raises(PolicyNotPublishableError, match="other data"):
        publish(session, keyring, folder.record(), at)


def test_other_words_under_a_published_number_are_refused(session, keyring, folder):
    at = now()
    publish(session, keyring, folder.record(), at)
    folder.says("More.")
    with pytest.raises(PolicyNotPublishableError, match="other words"):
        publish(session, keyring, folder.record(), at)


def test_a_version_holds_from_when_it_was_published_and_never_before(session, keyring):
    at = now()
    publish(session, keyring, editions()["first"], at)
    publish(session, keyring, editions()["second"], at + 5)
    found = history_of(session, "disclosure")
    assert [one.since > at for one in found.versions] == [False, True]
    assert found.at(at).record.version == "1.0.0"
    assert found.at(at + 5).record.version == "2.0.0"


def test_a_text_that_another_hand_changed_is_not_shown_as_the_old_one(session, keyring, monkeypatch):
    monkeypatch.setattr(history, "_CONTENTS", {})
    words = editions()["gentle"].text("en")
    publish(session, keyring, editions()["gentle"], now())
    session.get(PolicyText, words.sha256).content += b"!"
    assert find_text(session, words.sha256, []) is None


def works(app):
    worker = Worker(tools_of(app), Hands())
    worker._kinds = [KEEP, CARRY_OUT]
    return sum(worker.step() for _ in range(6))


def test_the_worker_keeps_what_people_read_and_ends_what_a_command_left_half_done(app):
    with app.app_context(), transaction() as session:
        ensure_recurring(session, house().keyring, KEEP, 24 * 3600 * 1_000_000, now=now())
    assert works(app) == 1
    assert len(published(app)) == 9
    with session_of(app) as session:
        forum = Forum(session, house_keys(app), at=an_hour_ago())
        forum.acknowledges("ana")
        publish_disclosure(session, forum.keyring, editions()["everything"], now())
        session.commit()
        assert PolicyVersion.unfinished(session, "disclosure") is not None
        for job in session.query(Job):
            job.due = now() - 1
        session.commit()
    assert works(app) > 1
    with app.app_context(), reading() as session:
        assert PolicyVersion.unfinished(session, "disclosure") is None


def house_keys(app):
    with app.app_context():
        return house().keyring
