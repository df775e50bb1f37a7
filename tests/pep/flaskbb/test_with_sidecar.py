"""FlaskBB, a sidecar and the service as three processes: nothing leaks, also while the service is away."""

import json
import time

import pytest

from governance.pep.probe.__main__ import FOUND_NOTHING
from tests.pep.flaskbb.board import Member
from tests.pep.flaskbb.test_flaskbb import reads, report_of
from tests.pep.sidecar.running import Caller

pytestmark = [pytest.mark.forum, pytest.mark.timeout(900)]
LEASE_SECONDS = 5


def test_the_probe_finds_no_leak_and_then_the_service_goes(board_with_sidecar):
    board = board_with_sidecar
    assert board.left == FOUND_NOTHING
    report = report_of(board)
    assert report["leaks"] == []
    assert report["proves"] is True
    # The rest is what the last pages took on a busy machine.
    assert board.followed < LEASE_SECONDS + 15
    goes(board)


def goes(board):
    ben, dan = Member(board, "ben"), Member(board, "dan")
    board.until(lambda: "benasks" in dan.text("/topic/3"))
    assert reads(ben, "/topic/3") >= {"reply", "quote", "edited"}
    board.end_service()
    time.sleep(LEASE_SECONDS + 1)
    health = json.loads(Caller(board.folder / "sidecar").call("GET", "/readyz")[2])
    assert health["lease"] is False
    # Members go on reading, who are not governed; of who is, not even what they read before is shown.
    for path in ("/topic/3", "/topic/2", "/forum/2", "/user/ana/posts", "/search?q=talk", "/post/5/raw"):
        assert ben.get(path).status_code == 200
        shown = dan.get(path)
        assert shown.status_code < 500
        assert reads(dan, path) == set()
        assert "benasks" not in shown.text
    assert reads(ben, "/topic/3") >= {"reply", "quote", "edited"}
    assert "benasks" in ben.text("/topic/3")
