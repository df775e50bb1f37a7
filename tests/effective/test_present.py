"""Facts are made once for a row that did not change, and anew for one that did."""

import pytest
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, KeySet
from governance.db.engine import open_engine
from governance.effective import present
from governance.effective.facts import People
from governance.effective.present import in_force
from governance.effective.service import Register
from tests.effective.conftest import NOTHING_ASKED, add_platform
from tests.forum import ANSWERED, CLOSED, SEEN


@pytest.fixture
def forum(both, forum):  # noqa: ARG001 - on both databases
    forum.registers("nurse")
    forum.opens("c")
    for name in ("ana", "bea"):
        forum.acknowledges(name)
        forum.chooses(name, ANSWERED, CLOSED, team=["nurse"])
    forum.session.commit()
    return forum


@pytest.fixture
def proofs(monkeypatch):
    """Every code over an account that was worked out."""
    made = []
    proven = present.account_mac

    def counted(keyring, binding):
        made.append(binding.key)
        return proven(keyring, binding)

    monkeypatch.setattr(present, "account_mac", counted)
    return made


def facts(forum, platform=None, keyring=None):
    reader = in_force(forum.session, keyring or forum.keyring, platform or forum.id)
    people = People(forum.key("nurse"), frozenset({forum.key("ana"), forum.key("bea")}))
    return reader.facts(people, [], NOTHING_ASKED)


def test_every_account_of_a_page_is_proven_once(forum, proofs):
    facts(forum)
    assert sorted(proofs) == sorted(forum.key(name) for name in ("nurse", "ana", "bea"))


def test_facts_of_a_row_that_did_not_change_are_not_made_again(forum, proofs):
    first = facts(forum)
    proofs.clear()
    forum.session.expire_all()
    second = facts(forum)
    assert proofs == []
    assert second.viewer is first.viewer
    assert all(second.authors[key] is author for key, author in first.authors.items())


def test_what_another_process_changes_is_seen_by_the_next_read(forum, settings):
    ana = forum.key("ana")
    seen = [facts(forum).authors[ana]]
    engine = open_engine(settings.database_url)
    patient = str(forum.patient("ana").id)
    forum.session.commit()
    for values in ({"hold": True}, {"hold": False}, {"hold": True}):
        with Session(engine, info=forum.session.info) as other:
            Register(other, forum.keyring, forum.now).put("patient", patient, "optout", values)
            other.commit()
        forum.session.expire_all()
        seen.append(facts(forum).authors[ana])
        forum.session.commit()
    engine.dispose()
    assert [author.hold for author in seen] == [False, True, False, True]


def test_a_change_of_one_author_leaves_the_facts_of_the_others(forum):
    first = facts(forum)
    forum.chooses("ana", SEEN, CLOSED, team=["nurse"])
    second = facts(forum)
    assert second.authors[forum.key("ana")].provisions != first.authors[forum.key("ana")].provisions
    assert second.authors[forum.key("bea")] is first.authors[forum.key("bea")]


def test_what_one_platform_was_told_counts_on_no_other_and_under_no_other_keys(forum):
    facts(forum)
    other = add_platform(forum.session)
    for found in ({"platform": other}, {"keyring": Keyring(KeySet.fresh())}):
        with pytest.raises(present.BrokenRowError):
            facts(forum, **found)
