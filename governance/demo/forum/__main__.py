"""Run the forum: `python -m governance.demo.forum SETTINGS.json`."""

import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from werkzeug.serving import make_server

from governance.demo.forum.app import create_forum
from governance.demo.forum.settings import ForumSettings


def main() -> None:
    """Serve on loopback until told to stop."""
    # One line a request on the demo's terminal would hide its links.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stop)
    settings = ForumSettings.read(Path(sys.argv[1]))
    make_server("127.0.0.1", settings.port, create_forum(settings), threaded=True).serve_forever()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
