"""What a forum in another language copies: asked of a real sidecar, and of one that lies."""

import json
import socket
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.pep.recipes.conftest import liar
from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import sidecar_on_loopback, sidecar_on_socket
from tests.pep.sidecar.test_http import WORDS, item

ITEMS = [item("1", "ana"), item("2", "bea"), item("3", "nurse")]
MESSAGE = {"type": "user", "id": "bea", "properties": {"community": "c"}}
POST = {"type": "post", "id": "1", "properties": {"author": "ana", **WORDS}}
NOTHING = ([], 3, 0)
HONEST = b'{"visible":["1","3"],"hidden":1,"would_hide":0,"emergency":[]}'
YES = b'{"context":{"id":"x","reason":"permitted"},"decision":true}'


def shown(said):
    return said["visible"], said["hidden"], said["would_hide"]


@pytest.fixture
def sidecar(here):  # noqa: F811
    replica, hands = here.replica()
    replica.follower.step()
    replica.hands = hands
    with sidecar_on_loopback(replica) as port:
        yield f"http://127.0.0.1:{port}", replica


def test_a_page_and_one_thing_are_asked_of_a_real_sidecar(program, sidecar):
    where, _ = sidecar
    said, _ = program.call(where, "visible", "nurse", ITEMS)
    assert shown(said) == (["1", "3"], 1, 0)
    assert said["emergency"]
    assert shown(program.call(where, "visible", "pia", ITEMS)[0]) == (["1", "2", "3"], 0, 0)
    assert program.call(where, "visible", "pia", ITEMS)[0]["emergency"] == []
    assert shown(program.call(where, "visible", "nurse", ITEMS, "reply")[0])[0] == ["1", "3"]
    assert program.call(where, "may", "nurse", "view", POST)[0] is True
    assert program.call(where, "may", "doctor", "view", POST)[0] is False
    assert program.call(where, "may", "nurse", "message", MESSAGE)[0] is False


def test_node_asks_over_the_socket_too(program, here):  # noqa: F811
    replica, _ = here.replica()
    replica.follower.step()
    with tempfile.TemporaryDirectory() as folder, sidecar_on_socket(replica, Path(folder) / "socket") as sidecar:
        said, _ = program.call(str(sidecar.path), "visible", "nurse", ITEMS)
    assert said == "refused" if program.name != "node" else shown(said) == (["1", "3"], 1, 0)


def test_ids_of_any_script_come_back_as_they_went(program, sidecar):
    odd = [item(key, "pia") for key in ("1", "01", "é", "e\u0301", "日本", '"\\/', "1.0", "\U0001f600")]
    said, _ = program.call(sidecar[0], "visible", "pia", odd)
    assert said["visible"] == [one["id"] for one in odd]


def test_a_quote_goes_with_the_post(program, sidecar):
    quoting = item("1", "nurse", authors=[{"account": "bea", **WORDS}])
    assert shown(program.call(sidecar[0], "visible", "nurse", [quoting])[0]) == ([], 1, 0)


def test_beyond_the_lease_a_professional_sees_nothing_and_a_member_everything(program, sidecar, here):  # noqa: F811
    where, replica = sidecar
    here.liar.gone = True
    replica.hands.steady += 600
    assert shown(program.call(where, "visible", "nurse", [ITEMS[0]])[0]) == ([], 1, 0)
    assert shown(program.call(where, "visible", "pia", ITEMS)[0])[0] == ["1", "2", "3"]


def test_what_the_sidecar_does_not_understand_shows_nothing(program, sidecar):
    where, _ = sidecar
    assert shown(program.call(where, "visible", "pia", [{**ITEMS[0], "atuhors": []}, *ITEMS[1:]])[0]) == NOTHING
    assert shown(program.call(where, "visible", "pia", [ITEMS[0]] * 3)[0]) == NOTHING
    assert shown(program.call(where, "visible", "pia", ITEMS, token="x" * 40)[0]) == NOTHING
    assert program.call(where, "may", "pia", "view", POST, token="x" * 40)[0] is False


def test_a_sidecar_that_is_away_shows_nothing(program):
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        where = f"http://127.0.0.1:{gone.getsockname()[1]}"
        silent = program.call(where, "visible", "pia", ITEMS)
        assert shown(silent[0]) == NOTHING
        # Who accepts and says nothing does not hold the page.
        assert silent[1] < 3
    assert shown(program.call(where, "visible", "pia", ITEMS)[0]) == NOTHING
    assert program.call(where, "may", "pia", "view", POST)[0] is False


def test_an_honest_answer_is_taken_from_whoever_gives_it(program):
    """The control: what the lies below are made of is an answer."""
    with liar(body=HONEST) as where:
        assert shown(program.call(where, "visible", "nurse", ITEMS)[0]) == (["1", "3"], 1, 0)
    with liar(body=json.dumps(json.loads(HONEST), indent=2).encode()) as where:
        assert shown(program.call(where, "visible", "nurse", ITEMS)[0]) == (["1", "3"], 1, 0)
    with liar(body=YES, type="application/json; charset=utf-8") as where:
        assert program.call(where, "may", "nurse", "view", POST)[0] is True


def page(visible, hidden=1):
    return {"body": json.dumps({"visible": visible, "hidden": hidden, "would_hide": 0}).encode()}


LIES = {
    "HTML": {"body": b"<html>all fine</html>", "type": "text/html"},
    "HTML that says it is JSON": {"body": b"<html>all fine</html>"},
    "JSON that says it is HTML": {"body": HONEST, "type": "text/html"},
    "no type": {"body": HONEST, "type": ""},
    "another status": {"body": HONEST, "status": 203},
    "a failure": {"body": HONEST, "status": 500},
    "a redirect": {"body": HONEST, "status": 307, "headers": [("Location", "/visible")]},
    "another's answer": {"body": HONEST, "echo": "0" * 32},
    "a name twice": {"body": b'{"visible":[],' + HONEST[1:]},
    "a name twice, written otherwise": {"body": b'{"visibl\\u0065":[],' + HONEST[1:]},
    "a name twice below": {"body": HONEST[:-3] + b'[{"line":"a","line":"b"}]}'},
    "a list": {"body": b"[" + HONEST + b"]"},
    "two objects": {"body": HONEST + HONEST},
    "a comment": {"body": b"/**/" + HONEST},
    "not UTF-8": {"body": HONEST.replace(b"[]}", b'["\xff"]}')},
    "cut": {"body": HONEST[:-2], "length": len(HONEST)},
    "cut to whole JSON": {"body": HONEST, "length": len(HONEST) + 10},
    "too large": {"body": HONEST + b" " * 1_100_000},
    "drop by drop": {"body": HONEST, "pause": 0.1},
    "nothing": {"body": b""},
    "null": {"body": b"null"},
    "everything as text": page("123", 0),
    "a map": page({"0": "1", "1": "3"}),
    "an id that was not asked about": page(["1", "9"]),
    "an id twice": page(["1", "1"]),
    "an id as a number": page([1, 3]),
    "a number too few": page(["1", "3"], 0),
    "a number as text": page(["1", "3"], "1"),
    "nested": page([["1"], ["3"]]),
}


@pytest.mark.parametrize("what", LIES)
def test_whatever_is_no_plain_answer_shows_nothing(program, what):
    with liar(**LIES[what]) as where:
        said, took = program.call(where, "visible", "nurse", ITEMS)
    assert shown(said) == NOTHING
    assert took < 3


DECEIVES = (
    *("JSON that says it is HTML", "another status", "a failure", "another's answer", "a name twice"),
    *("a name twice, written otherwise", "everything as text", "an id that was not asked about"),
)


@pytest.mark.parametrize("what", DECEIVES)
def test_the_lies_deceive_a_program_that_believes_them(naive, what):
    with liar(**LIES[what]) as where:
        said, _ = naive.call(where, "visible", "nurse", ITEMS)
    assert "1" in said["visible"]


NO_YES = {
    "true as text": YES.replace(b"true", b'"true"'),
    "one": YES.replace(b"true", b"1"),
    "a list": YES.replace(b"true", b"[true]"),
    "an object": YES.replace(b"true", b"{}"),
    "no and yes": b'{"decision":false,' + YES[1:],
    "yes and no": YES[:-1] + b',"decision":false}',
    "another name": YES.replace(b"decision", b"Decision"),
    "in the context": b'{"context":{"decision":true}}',
    "HTML": b"<p>true</p>",
}


@pytest.mark.parametrize("what", NO_YES)
def test_only_a_literal_true_is_a_yes(program, what):
    with liar(body=NO_YES[what]) as where:
        assert program.call(where, "may", "nurse", "view", POST)[0] is False


@pytest.mark.parametrize("what", ["true as text", "one", "a list", "an object", "no and yes"])
def test_what_is_no_yes_deceives_a_program_that_believes_it(naive, what):
    with liar(body=NO_YES[what]) as where:
        assert naive.call(where, "may", "nurse", "view", POST)[0] is True


@pytest.mark.parametrize("where", ["http://192.0.2.1:80", "https://127.0.0.1:1", "http://127.0.0.1@192.0.2.1:1"])
def test_a_place_off_this_machine_is_refused(program, where):
    assert program.call(where, "visible", "pia", ITEMS)[0] == "refused"
