"""What several processes counted, put together: beside the requests, each time the decision log is written.

Each process adds what it counted to a row of the database and learns from it what the others did. So an account that
asks many of them has one quota; what it asks in the half second between is counted a moment later.

THREAT: who asked about whom would stand in a dump, were it by pseudonym alone. A row is named by a keyed digest, and
holds sealed bits from which no key can be read; it is gone within two hours.
"""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.vocabulary import AccountKey, PlatformId
from governance.pdp.probing.models import ProbingShare
from governance.pdp.probing.watching import ProbingWatch, Window

_SEALED: Final = "probing.share"
_NAMED: Final = "probing.share.row"
_PLACE: Final = ("probing_share", "sealed_bits")
Opening = Callable[[], AbstractContextManager[Session]]
_log = structlog.get_logger()


def share(open_transaction: Opening, keyring: Keyring, watch: ProbingWatch) -> None:
    """Put together what this process counted since it last did; never raises, and waits for no request.

    What cannot be shared now is shared next time: until then this process counts alone.
    """
    window, changed = watch.take_changed()
    if not changed:
        return
    try:
        with open_transaction() as session:
            _share(session, keyring, watch, window, changed)
    except Exception as error:  # noqa: BLE001 - the log's thread must outlive its database
        window.changed.update(changed)
        _log.critical("probing_not_shared", kind=type(error).__name__, accounts=len(changed))


def _share(
    session: Session,
    keyring: Keyring,
    watch: ProbingWatch,
    window: Window,
    changed: set[tuple[PlatformId, AccountKey]],
) -> None:
    names = {_name(keyring, window.number, *whose): whose for whose in changed if whose in window.counted}
    ProbingShare.forget_before(session, window.number - 1)
    for row in ProbingShare.locked(session, sorted(names), window.number):
        sketch = window.counted[names[row.name]]
        if row.sealed_bits:
            sketch.join(_opened(keyring, row))
        row.sealed_bits = seal(keyring.derive(_SEALED), sketch.bits, *_PLACE, row.name)
        row.told = watch.learned(window, names[row.name], told=row.told)


def _opened(keyring: Keyring, row: ProbingShare) -> bytes:
    try:
        return unseal(keyring.derive(_SEALED), row.sealed_bits, *_PLACE, row.name)
    except EnvelopeError:
        # Another hand was here. What this process counted goes on counting.
        _log.critical("broken_row", kind="probing_share")
        return b""


def _name(keyring: Keyring, hour: int, platform: PlatformId, account: AccountKey) -> str:
    said = length_prefixed(str(hour), platform, account)
    return hmac.digest(keyring.derive(_NAMED), said, "sha256").hex()
