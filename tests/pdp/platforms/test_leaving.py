"""A forum leaves: its members are told before and after, it takes along what it may know, and its keys end at once."""

import json
from base64 import urlsafe_b64encode

import pytest
import rfc8785
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from governance.cli.platform import platform
from governance.effective.life.service import standing_of
from governance.effective.life.states import State
from governance.patients.contact.models import PatientNotice
from governance.pdp.platforms import leaving
from governance.ui.clock import now
from tests.feed.conftest import unwritten
from tests.forum import ANSWERED, asked
from tests.pdp.conftest import Caller


@pytest.fixture
def run(app, people):  # noqa: ARG001 - the forum is there
    def run(*arguments, **said):
        with app.app_context():
            done = CliRunner().invoke(platform, arguments, **said)
        return done.exit_code, done.output + str(done.exception or "")

    return run


def told(people, name="ana"):
    people.session.expire_all()
    found = [one.kind for one in PatientNotice.all_of(people.session, people.patient(name).id)]
    # Who looks in here must not keep the commands from writing.
    people.session.commit()
    return found


def opened(app, line):
    """Check a part against the keys that we publish, and return what it says."""
    said, _, signature = line.rpartition(".")
    header, body = (json.loads(unwritten(part)) for part in said.split("."))
    known = {key["kid"]: key for key in app.test_client().get("/.well-known/jwks.json").json["keys"]}
    key = Ed25519PublicKey.from_public_bytes(unwritten(known[header["kid"]]["x"]))
    key.verify(unwritten(signature), said.encode())
    assert header["typ"] == leaving.TYPE
    return body


def exported(app, run, tmp_path):
    code, output = run("export", "forum", str(tmp_path / "export"))
    assert code == 0, output
    return [opened(app, line) for line in (tmp_path / "export").read_text().splitlines()]


def test_a_forum_takes_along_exactly_what_it_could_have_asked(app, people, caller, run, tmp_path):
    people.hides("bea")
    people.session.commit()
    asked_for = caller.send("/v1/opt-outs/query", {"accounts": ["ana", "bea"]}).json["opt_outs"]
    *parts, last = exported(app, run, tmp_path)
    found = {one["account"]: one for part in parts for one in part["opt_outs"]}
    assert [found["ana"], found["bea"]] == asked_for
    assert (last["parts"], last["accounts"]) == (1, len(found))
    assert {part["platform"] for part in (*parts, last)} == {str(people.id)}
    # Whom she chose stands in none of it, nor does anybody who chose nothing.
    assert "nurse" not in json.dumps(parts)
    assert "pia" not in found


def test_a_part_that_somebody_changed_is_known(app, run, tmp_path):
    exported(app, run, tmp_path)
    line = (tmp_path / "export").read_text().splitlines()[0]
    header, _, signature = line.split(".")
    body = urlsafe_b64encode(rfc8785.dumps({"opt_outs": []})).rstrip(b"=").decode()
    with pytest.raises(InvalidSignature):
        opened(app, f"{header}.{body}.{signature}")


def test_of_many_members_there_are_many_parts_and_nobody_is_missing(app, people, run, tmp_path, monkeypatch):
    monkeypatch.setattr(leaving, "_AT_ONCE", 2)
    for number in range(5):
        people.hides(f"member-{number}")
    people.session.commit()
    *parts, last = exported(app, run, tmp_path)
    names = [one["account"] for part in parts for one in part["opt_outs"]]
    assert sorted(names) == sorted(["ana", *(f"member-{number}" for number in range(5))])
    assert (last["parts"], last["accounts"]) == (len(parts), 6)
    assert [part["part"] for part in parts] == [1, 2, 3]


def test_an_export_writes_over_nothing(run, tmp_path):
    (tmp_path / "export").write_text("mine")
    assert run("export", "forum", str(tmp_path / "export"))[0] != 0
    assert (tmp_path / "export").read_text() == "mine"


def test_members_are_told_before_and_once(people, run):
    assert run("announce-end", "forum", "2040-01-31")[1] == "told the holders of 1 account(s)\n"
    assert told(people) == ["forum_ends"]
    assert run("announce-end", "forum", "2040-02-29")[0] == 0
    assert told(people) == ["forum_ends"]
    assert run("announce-end", "forum", "2020-01-31")[0] == 1


def test_an_end_tells_members_and_its_keys_get_nothing_any_more(app, people, caller, run, tmp_path):
    assert caller.decides(asked("nurse", "ana"))[0] is True
    assert run("end", "forum", "--yes")[0] == 0
    assert told(people) == ["forum_ends"]
    assert caller.decides(asked("nurse", "ana"))[0] is False
    # The token would run for minutes: nothing but a no is to be had for it, nor is there a new one.
    for path, body in (("/v1/opt-outs/query", {"accounts": ["ana"]}), ("/v1/suspension", {})):
        assert caller.send(path, body).status_code == 401
    with pytest.raises(KeyError):
        Caller(app, people.credentials)
    # What is its members' stays, and may still be handed over.
    assert people.choices("ana").care_team is ANSWERED
    assert exported(app, run, tmp_path)[-1]["accounts"] == 1


def test_an_end_that_was_interrupted_is_run_again(people, run, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("governance.pdp.platforms.commands.tell_members", lambda *_: 1 / 0)
        assert run("end", "forum", "--yes")[0] == 1
    assert standing_of(people.session, people.id).state is State.ENDED
    assert told(people) == []
    assert run("end", "forum", "--yes")[0] == 0
    assert told(people) == ["forum_ends"]
    assert run("end", "none-of-this-name", "--yes")[0] == 1


def test_an_end_of_another_forum_is_nothing_to_these_members(people, run):
    assert run("add", "other", "--json")[0] == 0
    assert run("end", "other", "--yes")[0] == 0
    assert told(people) == []


def test_a_day_that_is_announced_is_kept(people, run):
    run("announce-end", "forum", "2040-01-31")
    people.session.expire_all()
    assert standing_of(people.session, people.id).ends > now()
