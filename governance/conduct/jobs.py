"""The daily job that ends a word given on rules that have changed in a way that matters."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from governance.conduct.models import Attestation
from governance.conduct.standing import keep, note, said, say
from governance.crypto.keys import Keyring
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.policy.views.conduct import ConductPolicy
from governance.ui.clock import to_instant

KIND: Final = "conduct_rules"


def rules_handler(keyring: Keyring, clock: Callable[[], Instant], policy: Callable[[], ConductPolicy]) -> Handler:
    """Return what shortens every word that was given on rules of before a material change."""

    def handle(_work: Work) -> Effect:
        return lambda session: shorten(session, keyring, policy(), clock())

    return handle


def shorten(session: Session, keyring: Keyring, policy: ConductPolicy, now: Instant) -> None:
    """Let words on earlier rules end with the days of grace; who accepted the new ones is left alone."""
    ends = to_instant(policy.record.effective + timedelta(days=policy.grace_days_material))
    for given in Attestation.outliving(session, ends):
        if _family(given.version) == _family(policy.version):
            continue
        given.until = ends
        keep(session, keyring, given)
        begun, until = said(session, keyring, given.hcp_id, now).get("attested", NEVER)
        if begun >= until or until <= ends:
            # Their word ended before, with their registration: this gives nobody's back.
            continue
        say(session, keyring, given.hcp_id, now, attested=(given.at, max(int(ends), given.at)))
        note(session, keyring, given.hcp_id, now, {"act": "rules_changed", "rules": policy.version})


def _family(version: str) -> str:
    """Return the number that a material change raises."""
    return version.partition(".")[0]
