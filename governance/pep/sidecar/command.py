"""`governance sidecar`, and the same without the service: `python -m governance.pep.sidecar`.

With the standard library's reader of words, for a forum has no other of ours.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from governance.pep.replica import Replica, SetUp
from governance.pep.replica.lease import MOST_SECONDS, USUAL_SECONDS
from governance.pep.replica.setup import SetUpError, fetch
from governance.pep.secret_files import ExposedFileError, read_secret
from governance.pep.sidecar.doors import Doors
from governance.pep.sidecar.server import Door, Server, on_loopback, on_socket

_ERROR: Final = 1
_HOST: Final = "127.0.0.1"


def main(words: Sequence[str] | None = None, program: str = "python -m governance.pep.sidecar") -> int:
    """Do what the words say; return the status to end with."""
    asked = _parser(program).parse_args(words)
    try:
        return _set_up(asked) if asked.command == "setup" else _run(asked)
    except (SetUpError, ExposedFileError, ValueError) as error:
        return _say(str(error))
    except OSError as error:
        # Without the traceback: its locals are secrets.
        return _say(_of_files(error, asked))


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Decide on this machine, for a forum in any language.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    setup = commands.add_parser("setup", help="Ask the service once for keys, and write them down.")
    setup.add_argument("--service", required=True, help="The service's public https address.")
    setup.add_argument("--client-id", required=True, help="What `governance platform add` printed.")
    setup.add_argument("--client-secret-file", required=True, type=Path, help="A file that holds the client's secret.")
    setup.add_argument("--out", required=True, type=Path, help="The new file; it holds secrets.")
    run = commands.add_parser("run", help="Follow the service and answer the forum.")
    run.add_argument("--setup", required=True, type=Path, help="The file that `setup` wrote.")
    run.add_argument("--token-file", required=True, type=Path, help="A file with the token that the forum sends.")
    where = run.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", type=Path, help="Listen on this Unix socket.")
    where.add_argument("--port", type=int, help=f"Listen on this port of {_HOST}.")
    run.add_argument(
        "--socket-mode",
        type=lambda text: int(text, 8),
        default=0o660,
        help="Who may write to the socket, as for chmod; 660 unless said.",
    )
    run.add_argument(
        "--lease",
        type=float,
        default=USUAL_SECONDS,
        help=f"Seconds for which a professional is let in on what was last heard; {USUAL_SECONDS:.0f} unless said, "
        f"at most {MOST_SECONDS:.0f}.",
    )
    return parser


def _set_up(asked: argparse.Namespace) -> int:
    secret = read_secret(asked.client_secret_file).strip()
    written = fetch(asked.service, asked.client_id, secret)
    # Made anew and for us alone from its first byte; never written over an older one.
    with os.fdopen(os.open(asked.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(written, file, indent=2)
    print(f"{asked.out} holds what the sidecar needs; keep it as secret as a password", file=sys.stderr)  # noqa: T201
    return 0


def _run(asked: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    replica = Replica(SetUp.read(asked.setup), lease_seconds=asked.lease)
    token = read_secret(asked.token_file).strip()
    server = _listen(asked, Door(Doors(replica).answer, token))
    _stop_on_signals(server)
    replica.start()
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        replica.stop()
    return 0


def _listen(asked: argparse.Namespace, door: Door) -> Server:
    if asked.socket is not None:
        return on_socket(asked.socket, door, asked.socket_mode)
    return on_loopback(_HOST, asked.port, door)


def _stop_on_signals(server: Server) -> None:
    """End in order: what is being answered is answered."""

    def stop(_number: int, _frame: object) -> None:
        # In a thread: the server waits for its own loop, which this very signal has interrupted.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _of_files(error: OSError, asked: argparse.Namespace) -> str:
    """Name what could not be read, written or listened on, and what to do."""
    if error.strerror is None:
        return str(error)
    if isinstance(error, FileExistsError):
        return f"{error.filename} is there already, and nothing is written over; choose another name, or remove it"
    if error.filename is None and asked.command == "run" and asked.port is not None:
        return f"port {asked.port} cannot be had ({error.strerror}); choose another one by --port"
    what = error.filename or (asked.socket if asked.command == "run" else None) or "a file"
    return f"{what}: {error.strerror}; see that the path is right, that its folder is there, and that you may use it"


def _say(problem: str) -> int:
    print(f"error: {problem}", file=sys.stderr)  # noqa: T201 - this is a program for the terminal
    return _ERROR
