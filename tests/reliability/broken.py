"""A service built wrongly on purpose: it answers, and commits a moment later."""

import sys
import threading
import time
from contextlib import contextmanager

from flask import current_app

from governance.db import extension

LATER_SECONDS = 0.3


@contextmanager
def transaction():
    """Give a session whose work is committed after the answer."""
    session = extension.db.session.session_factory()
    session.info.update(extension.session_info(current_app))
    try:
        yield session
    except BaseException:
        session.close()
        raise
    threading.Thread(target=_commit, args=[session]).start()


def _commit(session):
    time.sleep(LATER_SECONDS)
    session.commit()
    session.close()


def acknowledge_before_the_commit():
    """Replace the real one wherever a door holds it."""
    right = extension.transaction
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("governance.") and getattr(module, "transaction", None) is right:
            module.transaction = transaction
