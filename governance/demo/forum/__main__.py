"""Run the forum: `python -m governance.demo.forum SETTINGS.json`."""

import logging
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from flask import Flask
from werkzeug.serving import make_server

from governance.demo.forum.app import create_forum
from governance.demo.forum.house import EXTENSION
from governance.demo.forum.letters import send_due
from governance.demo.forum.settings import ForumSettings

_BETWEEN_LETTERS: Final = 5.0


def main() -> None:
    """Serve on loopback until told to stop."""
    # One line a request on the demo's terminal would hide its links.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stop)
    settings = ForumSettings.read(Path(sys.argv[1]))
    app = create_forum(settings)
    threading.Thread(target=_send_letters, args=(app,), daemon=True).start()
    make_server("127.0.0.1", settings.port, app, threaded=True).serve_forever()


def _send_letters(app: Flask) -> None:
    """Look every few seconds whether a letter is due, for as long as the forum runs."""
    while True:
        time.sleep(_BETWEEN_LETTERS)
        try:
            with app.app_context():
                send_due(app.extensions[EXTENSION], datetime.now(UTC))
        except Exception:
            # The others still go out: the forum must not lose its post office over one letter.
            logging.getLogger(__name__).exception("a letter was not sent")


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
