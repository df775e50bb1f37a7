"""A process that forgets what is due a year later and is killed: `forgetting.py URL FOLDER NOW AFTER`.

Killed after so many rows; with 0 it comes to its end, with a number below 0 it commits each row, as it never must.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.ledger.commits import OUTSIDE
from governance.policy.current import policies
from governance.reporting.cases import erasing
from governance.reporting.evidence import service as evidence
from governance.reporting.keeping import erasing as reports
from governance.reporting.retention import service
from governance.reporting.retention.due import after_months
from governance.reporting.work import Work
from tests.backup.house import House


def main() -> None:
    url, folder, now, after = sys.argv[1:]
    house, left = House(url, Path(folder)), [int(after)]
    forget = erasing.forget

    def dying(session, keyring, row):
        forget(session, keyring, row)
        if left[0] < 0:
            session.commit()
        if left[0]:
            left[0] -= 1 if left[0] > 0 else -1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    for room in (erasing, evidence, reports, service):
        room.forget = dying
    with Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside}) as session:
        later = after_months(Instant(int(now)), 13)
        service.sweep(Work(session, house.keyring, later), policies().retention)
        session.commit()


if __name__ == "__main__":
    main()
