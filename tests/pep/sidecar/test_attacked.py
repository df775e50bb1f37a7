"""What somebody else on the machine can do to the sidecar without its token: nothing that lasts."""

import socket
import tempfile
import threading
import time
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from governance.pep.sidecar import server as serving_module
from governance.pep.sidecar.server import Door, on_loopback, on_socket
from tests.pep.sidecar.running import TOKEN, Caller, serving

DRIP = f"POST /visible HTTP/1.1\r\nHost: here\r\nContent-Length: {1 << 20}\r\n\r\n".encode()


def answers(_asked):
    return 200, {"ready": True}


@pytest.fixture
def path():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "socket"


@pytest.fixture
def door():
    """One connection at a time, so that one stranger fills it."""
    made = Door(answers, TOKEN)
    made.places = threading.BoundedSemaphore(1)
    return made


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(serving_module, "_REQUEST_SECONDS", 0.5)


def drip(path, stop, head):
    with socket.socket(socket.AF_UNIX) as plain, suppress(OSError):
        plain.connect(str(path))
        plain.sendall(head)
        while not stop.wait(0.05):
            plain.sendall(b" ")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("head", [DRIP, b"GET /governed HTTP/1.1\r\nX: ", b"GET /"])
def test_who_drips_bytes_does_not_keep_a_place(path, door, head):
    """A time-out that starts anew with every byte would let a stranger hold all places for ever."""
    with serving(on_socket(path, door)):
        stop = threading.Event()
        stranger = threading.Thread(target=drip, args=(path, stop, head))
        stranger.start()
        try:
            time.sleep(0.2)
            before = time.monotonic()
            assert Caller(path).get("/governed")[0] == 200
            # The stranger goes on for as long as they are let.
            assert time.monotonic() - before < 3
        finally:
            stop.set()
            stranger.join()


@pytest.mark.usefixtures("hasty")
def test_who_says_nothing_keeps_a_place_only_if_they_are_known(path, door):
    with serving(on_socket(path, door)), socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        time.sleep(0.1)
        before = time.monotonic()
        assert Caller(path).get("/governed")[0] == 200
        assert time.monotonic() - before < 5
    with serving(on_socket(path, Door(answers, TOKEN))), socket.socket(socket.AF_UNIX) as known:
        known.connect(str(path))
        for _ in range(2):
            known.sendall(f"GET /governed HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
            assert known.recv(4_096).split()[1] == b"200"
            time.sleep(1)


def test_it_ends_while_all_its_places_are_taken(path, door):
    server = on_socket(path, door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    with socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
        first.connect(str(path))
        second.connect(str(path))
        time.sleep(0.2)
        ending = threading.Thread(target=server.shutdown, daemon=True)
        ending.start()
        ending.join(5)
        assert not ending.is_alive()
    server.server_close()


def test_the_socket_of_a_sidecar_that_is_busy_is_not_taken_away(path, door):
    with socket.socket(socket.AF_UNIX) as busy:
        busy.bind(str(path))
        busy.listen(0)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            with suppress(BlockingIOError):
                one.connect(str(path))
        with pytest.raises(FileExistsError):
            on_socket(path, door)
        assert path.is_socket()
        for one in waiting:
            one.close()
    # Who left it behind listens no more.
    on_socket(path, door).server_close()


def two_begin_at_once(path, door, patch):
    """Begin on a socket that was left, and while it is looked at begin another; return how many believe to listen."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    clear, begun, listening = serving_module._clear, [], []

    def begins():
        with suppress(FileExistsError):
            listening.append(on_socket(path, door))

    def clears(path):
        found = path.lstat()
        if not begun:
            begun.append(threading.Thread(target=begins))
            begun[0].start()
            begun[0].join(0.5)
        # As it was when this one looked: left by somebody, and for whoever comes.
        if path.exists() and path.lstat().st_mtime_ns != found.st_mtime_ns:
            path.unlink()
        clear(path)

    patch.setattr(serving_module, "_clear", clears)
    begins()
    begun[0].join()
    for server in listening:
        server.server_close()
    return len(listening)


def test_of_two_that_begin_at_once_one_listens(path, door, monkeypatch):
    assert two_begin_at_once(path, door, monkeypatch) == 1


def test_who_does_not_wait_for_the_other_takes_its_socket_away(path, door, monkeypatch):
    """The control."""
    monkeypatch.setattr(serving_module, "_one_at_a_time", lambda _: nullcontext())
    assert two_begin_at_once(path, door, monkeypatch) == 2


def test_who_ends_takes_away_its_own_socket_alone(path, door):
    first = on_socket(path, door)
    path.unlink()
    with serving(on_socket(path, door)):
        first.server_close()
        assert Caller(path).get("/governed")[0] == 200
    assert not path.exists()


@pytest.mark.parametrize("target", ["http://[", "//[/governed", "http://[::1/governed"])
def test_an_address_that_is_none_is_a_problem_and_no_fault(door, target, caplog):
    with serving(on_loopback("127.0.0.1", 0, door)) as server, socket.socket() as plain:
        plain.connect(server.server_address)
        plain.sendall(f"GET {target} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        assert plain.recv(4_096).split()[1] in {b"400", b"401"}
    assert caplog.records == []
