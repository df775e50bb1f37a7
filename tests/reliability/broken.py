"""Services built wrongly on purpose: one answers and commits a moment later, one trusts its memory for a second."""

import sys
import threading
import time
from contextlib import contextmanager

from flask import current_app, g

from governance.db import extension
from governance.ledger.guard import Guard
from governance.reporting.filing import service as filing

LATER_SECONDS = 0.3
TRUSTING_SECONDS = 1.0


@contextmanager
def transaction():
    """Give one session for all that a request writes; its work is committed when the answer is long given."""
    first = "late" not in g
    if first:
        g.late = extension.db.session.session_factory()
        g.late.info.update(extension.session_info(current_app))
    try:
        yield g.late
    except BaseException:
        g.late.rollback()
        raise
    if first:
        threading.Thread(target=_commit, args=[current_app._get_current_object(), g.late]).start()


def _commit(app, session):
    time.sleep(LATER_SECONDS)
    with app.app_context():
        session.commit()
        session.close()


def acknowledge_before_the_commit():
    """Replace the real one wherever a door holds it."""
    right = extension.transaction
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("governance.") and getattr(module, "transaction", None) is right:
            module.transaction = transaction


def trust_for_a_second():
    """Look at the ledger's head once a second, as a cache does that goes by time."""
    right, looked = Guard.still, {}

    def still(self, proven):
        if time.monotonic() - looked.get(proven, 0) < TRUSTING_SECONDS:
            return True
        looked[proven] = time.monotonic()
        return right(self, proven)

    Guard.still = still


def forget_sendings() -> None:
    """File whatever is sent, also what was filed before."""
    filing.filed_once = lambda _work, _call, _asked, act: act()


VARIANTS = {
    "acknowledging-first": acknowledge_before_the_commit,
    "trusting-for-a-second": trust_for_a_second,
    "forgetting-sendings": forget_sendings,
}
