"""Forums, accounts and sign-ins that came after the backup are there again; sessions that ended stay ended."""

import pytest
from sqlalchemy import func, select

from governance.backup.errors import JournalMissingError
from governance.backup.tables import KEPT
from governance.db.base import new_id
from governance.decision.vocabulary import Ages, Posture
from governance.effective.erasure import erase
from governance.effective.measures import Measures
from governance.effective.models import Measure
from governance.identity import service
from governance.identity.errors import AccountConflictError
from governance.identity.models import Account, Client, Platform, SignIn, WebSession
from governance.identity.oidc.id_token import Identity
from governance.identity.service import account_name, let_in, platform_named, secret_digest
from governance.identity.sessions import service as sessions
from governance.ledger import rows
from tests.backup.house import forum_in
from tests.forum import Forum

pytestmark = pytest.mark.slow

NEW = "another"


def founds(house, name=NEW):
    """Let a forum in whose one community everybody may read; return what its program needs."""
    with house.session() as session:
        forum = Forum(session, house.keyring, name, at=house.now)
        forum.opens("c", Posture.HCP_PRESENT, Ages.ADULTS, told=house.now - 10**13)
        return forum.id, forum.credentials


def on(house, name, act):
    with house.session() as session:
        forum = forum_in(session, house.keyring, house.now + 1)
        forum.platform = platform_named(session, name)
        forum.id = forum.platform.id
        return act(forum)


def test_a_forum_added_since_is_the_same_one_and_its_members_stay_hidden(lived_in, empty):
    file = lived_in.backup()
    forum_id, credentials = founds(lived_in)
    on(lived_in, NEW, lambda forum: forum.registers("nia"))
    on(lived_in, NEW, lambda forum: forum.hides("zoe"))
    replayed = lived_in.restore(file, to=empty)
    assert replayed["platforms"] == replayed["clients of platforms"] == 1
    with lived_in.session() as session:
        found = platform_named(session, NEW)
        assert found.id == forum_id
        assert service.oidc_registration(lived_in.keyring, found)[2] == "secret"
        client = Client.called(session, credentials.client_id)
        assert (client.platform_id, client.secret_digest) == (forum_id, secret_digest(credentials.client_secret))
    lifts_everything(lived_in)
    assert not on(lived_in, NEW, lambda forum: forum.permits("nia", "zoe"))
    assert on(lived_in, NEW, lambda forum: forum.permits("reader", "zoe"))


def lifts_everything(house):
    with house.forum() as forum:
        for measure in Measure.standing(forum.session, forum.now):
            Measures(forum.session, forum.keyring, forum.now).lift(measure.id)


def test_left_out_of_the_journal_a_forum_would_come_back_as_another_one_and_forget(lived_in, empty, monkeypatch):
    """The control: whoever hid there is read, once the forum and its professionals are entered again."""
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    file = lived_in.backup()
    before, _ = founds(lived_in)
    on(lived_in, NEW, lambda forum: forum.hides("zoe"))
    lived_in.restore(file, to=empty)
    after, _ = founds(lived_in)
    on(lived_in, NEW, lambda forum: forum.registers("nia"))
    assert after != before
    assert on(lived_in, NEW, lambda forum: forum.permits("nia", "zoe"))


def signs_in(house, name, sub):
    with house.session() as session:
        forum = platform_named(session, "forum")
        return let_in(session, house.keyring, forum, Identity(sub=sub, account_id=name, auth_time=None), house.now).id


def test_a_name_taken_since_is_not_given_to_somebody_else(lived_in, empty):
    file = lived_in.backup()
    account = signs_in(lived_in, "zoe", "subject of zoe")
    lived_in.restore(file, to=empty)
    with pytest.raises(AccountConflictError):
        signs_in(lived_in, "zoe", "somebody else")
    assert signs_in(lived_in, "zoe", "subject of zoe") == account
    with lived_in.session() as session:
        assert account_name(session, lived_in.keyring, session.get(Account, account)) == "zoe"


def test_left_out_of_the_journal_it_would_be(lived_in, empty, monkeypatch):
    """The control."""
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    file = lived_in.backup()
    signs_in(lived_in, "zoe", "subject of zoe")
    lived_in.restore(file, to=empty)
    assert signs_in(lived_in, "zoe", "somebody else")


def test_a_session_that_ended_since_does_not_live_again(lived_in, empty):
    account = signs_in(lived_in, "ana", "subject of ana")
    with lived_in.session() as session:
        row = session.get(Account, account)
        secret = sessions.start_signed_in(session, lived_in.keyring, row, lived_in.now, now=lived_in.now)
    file = lived_in.backup()
    with lived_in.session() as session:
        sessions.end(session, secret)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert sessions.find(session, sessions.Secret(secret, lived_in.keyring), lived_in.now) is None
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_nothing_is_there_twice_after_a_second_restore(lived_in, empty, request):
    file = lived_in.backup()
    founds(lived_in)
    signs_in(lived_in, "zoe", "subject of zoe")
    lived_in.restore(file, to=empty)
    again = lived_in.backup("again")
    counted = counts(lived_in)
    if empty is None:
        lived_in.restore(again)
        assert counts(lived_in) == counted
        return
    with request.getfixturevalue("postgres").lend(tables=False) as other:
        lived_in.restore(again, to=other)
        assert counts(lived_in) == counted
        lived_in.close()


def counts(house):
    with house.session() as session:
        tables = (Platform, Client, Account, SignIn)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_forum_in_whose_place_another_one_is_stays_away(lived_in):
    """Two histories: after a restore without the journal a forum was added again, under another id."""
    founds(lived_in)
    with lived_in.session() as session:
        for name, issuer in ((NEW, "https://elsewhere.example"), ("elsewhere", f"https://{NEW}.example")):
            number = new_id()
            values = {"id": str(number), "name": name, "issuer": issuer, "account_claim": "sub", "created": 1}
            assert rows.bring_back(session, KEPT, rows.RowKept("platform", values)) == "in the place of another"
            assert session.get(Platform, number) is None


def test_an_account_without_its_key_stops_the_restore(lived_in, empty):
    """Somebody else could take its name."""
    file = lived_in.backup()
    account = signs_in(lived_in, "zoe", "subject of zoe")
    lived_in.outside.forget_keys([b'{"owner":"account:' + str(account).encode()])
    with pytest.raises(JournalMissingError):
        lived_in.restore(file, to=empty)


def test_unless_it_was_erased(lived_in, empty):
    file = lived_in.backup()
    account = signs_in(lived_in, "zoe", "subject of zoe")
    with lived_in.forum() as forum:
        forum.hides("zoe")
        erase(forum.session, forum.keyring, forum.patient("zoe").id, forum.now, final_at=forum.now)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert session.get(Account, account) is None
