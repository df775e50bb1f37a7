"""The feed over HTTP: what a replica is set up with, the bundle, the changes, and what another forum cannot read."""

import json

import pytest
from sqlalchemy import text

from governance.decision.decide import decide
from governance.decision.facts import Facts, Request, Words
from governance.decision.vocabulary import NOT_SENT, Action, PlatformId, Posture
from governance.feed import service
from governance.feed.rules import rules_in_force
from governance.feed.service import LIFE, SLOT
from governance.ledger.outside import Outside
from governance.ledger.start import declare_restore
from governance.pep.wire.bundle import ACCOUNT_BYTES, open_bundle
from governance.pep.wire.codec import WireError
from governance.pep.wire.facts import account_name, author_of, looking, tokens_of, whos_of
from governance.pep.wire.signatures import HEADER, TrustedKeys
from governance.ui.clock import now
from tests.feed.conftest import Reader
from tests.forum import ANSWERED, CLOSED, SEEN, asked


class Local:
    """What a replica knows: the bundle, and what changed since. As small as can be; the kit's own is another one."""

    def __init__(self, reader):
        self.reader, bundle = reader, reader.bundle()
        self.platform = PlatformId(bundle.header.platform)
        self.strictest, self.rooms = bundle.places.strictest, dict(bundle.places.communities)
        self.governed, self.authors = dict(bundle.governed), dict(listed(bundle))
        reader.cursor = f"{bundle.header.epoch}.{bundle.header.revision}"

    def follows(self):
        for change in self.reader.changes().changes:
            token = change.token.hex()
            if change.of == "author":
                self.authors[token] = change.author()
            elif change.of == "governed":
                self.governed[token] = change.governed()
            elif change.of == "community":
                self.rooms[token] = change.community()
            else:
                self.strictest = change.whole().strictest
        return self

    def decides(self, viewer, author, action="view", created=NOT_SENT):
        keys, at = self.reader.keys, now()
        viewer, author = keys.account(viewer), keys.account(author)
        seen = looking(viewer, self.governed.get(viewer.hex()), self.platform, at)
        whos = whos_of(keys, author, tokens_of(viewer, self.governed.get(viewer.hex())))
        facts = author_of(author, self.authors.get(author.hex()), whos, self.platform, self.governed.get(author.hex()))
        community = keys.place("community", "c").hex()
        thread = keys.place("thread", "t").hex()
        words = Words(account_name(author), community, thread, created=created, edited=None)
        request = Request(self.platform, account_name(viewer), Action(action), (words,), at)
        rooms = {token: record.community for token, record in self.rooms.items()}
        authors = {} if facts is None else {facts.account: facts}
        return decide(request, Facts(seen.viewer, authors, seen.conduct, rooms, self.strictest)).reason


def listed(bundle):
    for start in range(0, len(bundle.accounts), ACCOUNT_BYTES):
        entry = bundle.accounts[start : start + ACCOUNT_BYTES]
        yield entry[:8].hex(), bundle.author(int.from_bytes(entry[8:], "big"))


def over_http(reader, viewer, author, action="view"):
    return reader.decides(asked(viewer, author, action))[1]


VIEWERS = ("nurse", "doctor", "claire", "bob", "ana")
AUTHORS = ("ana", "ben", "nurse", "nobody")


def agree(reader, local):
    """Ask both about everybody; return how often each answer was given."""
    given = set()
    for viewer in VIEWERS:
        for author in AUTHORS:
            for action in ("view", "message"):
                there = over_http(reader, viewer, author, action)
                assert local.decides(viewer, author, action) == there, (viewer, author, action)
                given.add(there)
    return given


@pytest.mark.usefixtures("both")
def test_a_replica_that_follows_answers_as_the_service(reader, people):
    people.declares("claire")
    people.acknowledges("ben")
    people.chooses("ben", SEEN, SEEN)
    people.session.commit()
    local = Local(reader)
    assert len(agree(reader, local)) == 4
    for step in (
        lambda: people.hides("ana"),
        lambda: people.chooses("ben", ANSWERED, CLOSED, team=["doctor"]),
        lambda: people.opens("c", Posture.PEER_ONLY),
        lambda: people.registers("claire"),
        lambda: people.chooses("nobody", CLOSED, CLOSED),
    ):
        step()
        people.session.commit()
        agree(reader, local.follows())


def test_who_does_not_follow_goes_on_as_before(reader, people):
    """The control: the comparison above would notice changes that do not arrive."""
    local = Local(reader)
    assert local.decides("nurse", "ana") == over_http(reader, "nurse", "ana") == "permitted"
    people.hides("ana")
    people.session.commit()
    assert local.decides("nurse", "ana") == "permitted"
    assert over_http(reader, "nurse", "ana") == "refused"


def test_each_change_has_its_revision_and_none_comes_twice(reader, people):
    bundle = reader.bundle()
    reader.cursor = f"{bundle.header.epoch}.{bundle.header.revision}"
    assert reader.changes().changes == ()
    people.hides("ana")
    people.opens("d")
    people.session.commit()
    changes = reader.changes()
    assert changes.revision == changes.newest > changes.after == bundle.header.revision
    assert {change.of for change in changes.changes} == {"author", "community", "strictest"}
    assert [change.revision for change in changes.changes] == sorted({change.revision for change in changes.changes})
    assert reader.changes().changes == ()


def test_many_changes_come_in_parts(reader, people, monkeypatch):
    bundle = reader.bundle()
    monkeypatch.setattr(service, "AT_ONCE", 3)
    for number in range(4):
        people.opens(f"room {number}")
    people.session.commit()
    reader.cursor, found = f"{bundle.header.epoch}.{bundle.header.revision}", []
    while (part := reader.changes()).changes:
        assert part.revision - part.after <= 3
        found += part.changes
    assert part.revision == part.newest
    assert len({change.token for change in found}) >= 4


def test_the_nonce_stands_in_the_signed_answer(reader):
    answer = reader.asks(nonce="only-now_1")
    assert json.loads(answer.data)["nonce"] == "only-now_1"
    reader.trusted.check_header("changes", answer.headers[HEADER], answer.data)
    with pytest.raises(WireError):
        reader.trusted.check_header(
            "changes", answer.headers[HEADER], answer.data.replace(b"only-now_1", b"only-now_2")
        )
    with pytest.raises(WireError):
        reader.trusted.check_header("bundle", answer.headers[HEADER], answer.data)


@pytest.mark.parametrize(
    "query", ["", "after=", "after=7", "after=.7", "after=e.x", "after=e.-1", "after=e.1&nonce=a.b"]
)
def test_a_question_of_no_good_form_is_a_bad_request(reader, query):
    answer = reader.get(f"/v1/changes?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_revisions_of_another_epoch_or_to_come_are_gone(reader, people, monkeypatch):
    epoch, _, revision = reader.cursor.partition(".")
    for after in (f"other.{revision}", f"{epoch}.{int(revision) + 1}"):
        answer = reader.asks(after)
        assert (answer.status_code, answer.json["type"]) == (410, "urn:governance:problem:feed_gone")
        assert "/v1/bundle" in answer.json["detail"]
    monkeypatch.setattr(service, "MOST_BEHIND", 0)
    people.hides("ana")
    people.session.commit()
    assert reader.asks().status_code == 410


def test_a_declared_restore_begins_another_epoch(reader, people, keyring, settings):
    before = reader.bundle().header
    declare_restore(people.session, keyring, Outside(settings.outside), people.now)
    people.session.commit()
    assert reader.asks(f"{before.epoch}.{before.revision}").status_code == 410
    after = reader.bundle().header
    assert after.epoch != before.epoch
    assert reader.asks(f"{after.epoch}.{after.revision}").status_code == 200


def test_other_rules_begin_another_epoch(reader, monkeypatch):
    before = reader.cursor
    rules = rules_in_force()
    changed = rules.of(rules.conduct, rules.emergency + b" ")
    monkeypatch.setattr("governance.feed.api.rules_in_force", lambda: changed)
    assert reader.asks(before).status_code == 410


def test_a_bundle_is_the_same_bytes_until_something_changes(app, reader, people):
    first = reader.get("/v1/bundle")
    assert first.headers["ETag"].startswith(f'"{reader.cursor}.')
    app.extensions.pop("governance.feed.shelf")
    assert reader.get("/v1/bundle").data == first.data
    assert int(first.headers["Content-Length"]) == len(first.data)
    known = reader.get("/v1/bundle", **{"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    people.hides("ana")
    people.session.commit()
    app.extensions.pop("governance.feed.shelf")
    other = reader.get("/v1/bundle", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_a_bundle_can_be_used_for_a_day_and_a_half_at_least(reader):
    header = reader.bundle().header
    assert header.issued <= now() < header.issued + SLOT
    assert header.expires - header.issued == LIFE
    assert header.expires - now() >= 36 * 3600 * 1_000_000


def test_a_bundle_with_one_byte_changed_is_none(reader):
    data = reader.get("/v1/bundle").data
    for at in range(0, len(data), 97):
        with pytest.raises(WireError):
            open_bundle(data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :], reader.trusted)
    with pytest.raises(WireError):
        open_bundle(data, TrustedKeys((b"k" * 32,)))


def test_who_may_not_read_the_feed_is_told_so(app, people):
    caller = Reader(app, people.credentials)
    for path in ("/v1/feed", "/v1/bundle", "/v1/changes?after=e.1"):
        assert caller.client.get(path).status_code == 401


def test_the_bundle_says_whom_to_call(reader):
    lines = reader.bundle().emergency
    assert {line.language for line in lines} == {"en", "es"}
    assert any(line.country == "GB" and line.kind == "danger" and line.number == "999" for line in lines)
    assert any(line.country == "IE" and line.kind == "danger" for line in lines)


def test_what_another_hand_changed_refuses_there_too(reader, session):
    local_before = Local(reader)
    assert local_before.decides("nurse", "ana") == "permitted"
    session.execute(text("UPDATE effective_row SET mac = :mac WHERE kind = 'patient'"), {"mac": b"x" * 32})
    session.commit()
    reader.client.application.extensions.pop("governance.feed.shelf")
    assert Local(reader).decides("nurse", "ana") == over_http(reader, "nurse", "ana") == "refused"
