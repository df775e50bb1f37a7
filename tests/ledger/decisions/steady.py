"""A process that decides steadily until it is killed; and decisions for those who only gather them."""

import sys
import time

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, KeySet
from governance.db.base import new_id
from governance.db.engine import open_engine
from governance.decision.facts import Request, Words
from governance.decision.verdicts import BROKEN
from governance.decision.vocabulary import NOT_SENT, Action
from governance.identity.models import Platform
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.service import Noted, write

WORDS = Words("author", "c", "t", NOT_SENT, 1, None)


def refusals(count, platform_id=None, at=1):
    """Refusals of anybody, which is what belongs in the log in any case."""
    for _ in range(count):
        request = Request("p", "viewer", Action.VIEW, (WORDS,), at)
        yield Noted(new_id(), platform_id or new_id(), 1, request, None, BROKEN)


def main(url):
    engine, keyring = open_engine(url), Keyring(KeySet.fresh())
    platform_id = new_id()
    said = dict.fromkeys(("name", "issuer", "oidc_client_id", "account_claim"), "x")
    with Session(engine) as session, session.begin():
        session.add(Platform(id=platform_id, oidc_client_secret_sealed=b"", created=0, **said))

    def write_group(group):
        with Session(engine) as session, session.begin():
            write(session, keyring, group)

    log = DecisionBuffer(write_group)
    while True:
        (noted,) = refusals(1, platform_id)
        log.note([noted])
        sys.stdout.write(f"{noted.id} {time.monotonic()}\n")
        sys.stdout.flush()
        time.sleep(0.002)


if __name__ == "__main__":
    main(sys.argv[1])
