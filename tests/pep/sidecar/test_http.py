"""What the sidecar answers over HTTP, to whom, and what it does not understand."""

import json
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from governance.decision.vocabulary import Action
from governance.pep.local import SidecarClient
from governance.pep.questions import Resource, Words
from governance.pep.sidecar.doors import Doors
from governance.pep.sidecar.server import Door, on_loopback, on_socket
from tests.forum import DAY
from tests.pep.replica.conftest import here, service  # noqa: F401 - a real service, for this file too
from tests.pep.sidecar.running import TOKEN, sidecar_on_loopback, sidecar_on_socket

WRITTEN = "2026-05-01T10:00:00Z"
WORDS = {"community": "c", "thread": "t", "created": WRITTEN, "edited": None}


def item(item_id, author, **more):
    return {"id": item_id, "author": author, **WORDS, **more}


@pytest.fixture
def tmp_path():
    """A folder with a short name: the address of a socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def replica(here):  # noqa: F811
    replica, hands = here.replica()
    replica.follower.step()
    replica.hands = hands
    return replica


@pytest.fixture
def sidecar(replica, tmp_path):
    with sidecar_on_socket(replica, tmp_path / "socket") as caller:
        yield caller


def test_a_page_is_answered_with_what_may_be_shown(sidecar):
    items = [item("1", "ana"), item("2", "bea"), item("3", "nurse")]
    status, page = sidecar.post("/visible", {"viewer": "nurse", "action": "view", "items": items})
    assert (status, page["visible"], page["hidden"], page["would_hide"]) == (200, ["1", "3"], 1, 0)


def test_who_hides_something_is_told_whom_to_call(sidecar):
    _, page = sidecar.post("/visible", {"viewer": "doctor", "items": [item("1", "ana")]})
    assert page["visible"] == []
    assert page["emergency"]
    assert page["emergency"] == sidecar.get("/emergency")[1]["lines"]
    _, page = sidecar.post("/visible", {"viewer": "pia", "items": [item("1", "ana")]})
    assert "emergency" not in page


def test_a_quote_of_somebody_else_hides_the_post(sidecar):
    quoting = item("1", "nurse", authors=[{"account": "bea", **WORDS}])
    assert sidecar.post("/visible", {"viewer": "nurse", "items": [quoting]})[1]["visible"] == []


def test_words_without_an_author_are_shown_to_nobody(sidecar):
    nobodys = {"id": "1", **WORDS}
    assert sidecar.post("/visible", {"viewer": "pia", "items": [nobodys]})[1]["visible"] == []


def test_governed_accounts_and_hidden_authors_are_listed(sidecar):
    assert sidecar.get("/governed")[1]["accounts"] == ["doctor", "nurse"]
    sidecar.post("/visible", {"viewer": "pia", "items": [item("1", "ana"), item("2", "bea")]})
    assert sidecar.get("/hidden-authors?viewer=nurse")[1]["rest"] == "hide"
    status, listed = sidecar.post("/hidden-authors", {"viewer": "nurse", "authors": ["ana", "bea", "joe"]})
    assert (status, listed["hidden"]) == (200, ["bea", "joe"])


def test_a_trial_shows_everything_and_counts_what_it_would_hide(here, sidecar, replica):  # noqa: F811
    # Announced three weeks ago, and begun when the notice was over.
    here.forum.now -= 21 * DAY
    here.forum.opens("trial", mode="observe")
    here.forum.now += 21 * DAY
    here.commit()
    replica.follower.step()
    there = {**item("1", "bea"), "community": "trial", "created": here.just_now()}
    _, page = sidecar.post("/visible", {"viewer": "doctor", "items": [there]})
    assert (page["visible"], page["would_hide"]) == (["1"], 1)


def test_before_anything_is_known_nothing_is_answered(here, tmp_path):  # noqa: F811
    replica, _ = here.replica()
    with sidecar_on_socket(replica, tmp_path / "socket") as sidecar:
        assert sidecar.get("/healthz")[0] == 200
        for status, _ in (
            sidecar.get("/readyz"),
            sidecar.get("/governed"),
            sidecar.post("/visible", {"viewer": "pia", "items": [item("1", "ana")]}),
        ):
            assert status == 503


def test_beyond_the_lease_professionals_see_nothing_and_members_everything(here, sidecar, replica):  # noqa: F811
    here.liar.gone = True
    replica.hands.steady += 600
    items = [item("1", "ana"), item("2", "bea")]
    assert sidecar.post("/visible", {"viewer": "nurse", "items": items})[1]["visible"] == []
    assert sidecar.post("/visible", {"viewer": "pia", "items": items})[1]["visible"] == ["1", "2"]
    assert sidecar.get("/readyz")[1]["lease"] is False


@pytest.mark.parametrize("sent", [None, "Bearer ", "Bearer " + "x" * 40, f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
def test_nobody_is_answered_without_the_token(sidecar, sent):
    for method, target, body in (("GET", "/governed", None), ("POST", "/visible", {}), ("GET", "/none", None)):
        status, _, told = sidecar.call(method, target, body, {"Authorization": sent})
        assert status == 401
        assert TOKEN.encode() not in told


BROKEN = {
    "no JSON": (b"{", {}),
    "a name twice": (b'{"viewer":"pia","viewer":"nurse","items":[]}', {}),
    "a list": (b"[]", {}),
    "not UTF-8": (b'{"viewer":"\xff","items":[]}', {}),
    "not a number": (b'{"viewer":"pia","items":[NaN]}', {}),
    "too deep": (b'{"viewer":' + b"[" * 40 + b"]" * 40 + b"}", {}),
    "another type": (b'{"viewer":"pia","items":[]}', {"Content-Type": "text/plain"}),
    "no items": (b'{"viewer":"pia"}', {}),
    "no viewer": (b'{"items":[]}', {}),
    "a member we do not know": (b'{"viewer":"pia","items":[],"actoin":"view"}', {}),
    "an action we do not know": (b'{"viewer":"pia","items":[],"action":"see"}', {}),
    "an id that is a number": (b'{"viewer":1,"items":[]}', {}),
    "a long id": (json.dumps({"viewer": "a" * 257, "items": []}).encode(), {}),
}
ITEMS = {
    "a misspelt quote": {"qoutes": [{"account": "bea"}]},
    "a misspelt author of a quote": {"authors": [{"acount": "bea"}]},
    "a time without a zone": {"created": "2026-05-01T10:00:00"},
    "a time of another calendar": {"created": "20260501T100000Z"},
    "a day that there was not": {"created": "2026-02-30T10:00:00Z"},
    "a flag in words": {"flagged": "true"},
    "a flag in numbers": {"flagged": 1},
    "no author": {"author": None},
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_understood_is_a_problem_and_shows_nothing(sidecar, what):
    raw, headers = BROKEN[what]
    status, told, body = sidecar.call("POST", "/visible", raw, headers)
    assert 400 <= status < 500
    assert told["Content-Type"] == "application/problem+json"
    assert "visible" not in json.loads(body)


@pytest.mark.parametrize("what", ITEMS)
def test_an_item_that_cannot_be_understood_is_a_problem(sidecar, what):
    items = [{**item("1", "ana"), **ITEMS[what]}]
    status, body = sidecar.post("/visible", {"viewer": "pia", "items": items})
    assert (status, "visible" in body) == (400, False)


def test_two_items_of_one_id_are_a_problem(sidecar):
    status, _ = sidecar.post("/visible", {"viewer": "pia", "items": [item("1", "ana"), item("1", "bea")]})
    assert status == 400


@pytest.mark.parametrize(
    "head",
    [
        "POST /visible HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3",
        "POST /visible HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked",
        "POST /visible HTTP/1.1\r\nContent-Length: -1",
        "POST /visible HTTP/1.1\r\nContent-Length: 99999999",
        "GET /hidden-authors?viewer=a&viewer=b HTTP/1.1",
    ],
)
def test_a_request_that_two_programs_could_read_differently_is_a_problem(sidecar, head):
    with socket.socket(socket.AF_UNIX) as plain:
        plain.settimeout(5)
        plain.connect(str(sidecar.path))
        plain.sendall(f"{head}\r\nHost: here\r\nAuthorization: Bearer {TOKEN}\r\n\r\n{{}}".encode())
        status = plain.recv(4_096).split()[1]
    assert status.startswith(b"4")


def test_the_kits_client_asks_over_the_socket_and_over_loopback(replica, tmp_path):
    thing = Resource("post", "1", (Words("ana", "c", "t", "1"),))
    with sidecar_on_socket(replica, tmp_path / "socket"), sidecar_on_loopback(replica) as port:
        for where in (str(tmp_path / "socket"), f"http://127.0.0.1:{port}"):
            client = SidecarClient(where, TOKEN)
            assert [client.evaluate(viewer, Action.VIEW, thing).permit for viewer in ("nurse", "doctor", "pia")] == [
                True,
                False,
                True,
            ]
            assert not SidecarClient(where, "x" * 40).evaluate("pia", Action.VIEW, thing)
    assert not client.evaluate("pia", Action.VIEW, thing)


def test_a_batch_ends_where_it_is_told_to(sidecar):
    one = {"subject": {"type": "user", "id": "nurse"}, "action": {"name": "view"}}
    things = [
        {"resource": {"type": "post", "id": str(number), "properties": {"author": author, **WORDS}}}
        for number, author in enumerate(("ana", "bea", "ana"))
    ]
    for semantic, decided in (
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ):
        body = {**one, "evaluations": things, "options": {"evaluations_semantic": semantic}}
        status, answer = sidecar.post("/access/v1/evaluations", body)
        assert (status, [each["decision"] for each in answer["evaluations"]]) == (200, decided)


def test_one_that_cannot_be_understood_does_not_cost_the_batch(sidecar):
    one = {"subject": {"type": "user", "id": "nurse"}, "action": {"name": "view"}}
    things = [
        {"resource": {"type": "post"}},
        {"resource": {"type": "post", "id": "1", "properties": {"author": "ana"}}},
    ]
    _, answer = sidecar.post("/access/v1/evaluations", {**one, "evaluations": things})
    assert [each["decision"] for each in answer["evaluations"]] == [False, True]
    assert answer["evaluations"][0]["context"]["error"]["status"] == 400


def test_an_action_that_is_none_of_ours_is_refused(sidecar):
    body = {
        "subject": {"type": "user", "id": "pia"},
        "action": {"name": "delete"},
        "resource": {"type": "post", "id": "1", "properties": {"author": "ana"}},
    }
    assert sidecar.post("/access/v1/evaluation", body)[1]["decision"] is False


def test_the_socket_is_for_its_owner_and_group(replica, tmp_path):
    with sidecar_on_socket(replica, tmp_path / "socket"):
        assert stat.S_IMODE((tmp_path / "socket").stat().st_mode) == 0o660
        with pytest.raises(FileExistsError):
            on_socket(tmp_path / "socket", Door(Doors(replica).answer, TOKEN))


def test_a_file_that_is_no_socket_stays(replica, tmp_path):
    (tmp_path / "socket").write_text("mine")
    with pytest.raises(FileExistsError):
        on_socket(tmp_path / "socket", Door(Doors(replica).answer, TOKEN))
    assert (tmp_path / "socket").read_text() == "mine"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - it must refuse to
def test_it_listens_on_this_machine_alone(replica, host):
    with pytest.raises(ValueError, match="loopback"):
        on_loopback(host, 0, Door(Doors(replica).answer, TOKEN))


def test_a_token_that_can_be_guessed_is_none(replica):
    with pytest.raises(ValueError, match="32 characters"):
        Door(Doors(replica).answer, "secret")


def test_a_path_that_no_socket_can_have_is_said_to_be_too_long(replica, tmp_path):
    door = Door(Doors(replica).answer, TOKEN)
    longest = tmp_path / ("s" * (106 - len(str(tmp_path))))
    on_socket(longest, door).server_close()
    with pytest.raises(ValueError, match="108 bytes and may have 107; name one in a folder with a shorter name"):
        on_socket(longest.with_name(longest.name + "s"), door)
