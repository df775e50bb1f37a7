"""How long a key rotation takes: `python -m tests.benchmarks.rotation [--keys 100000] [--url DATABASE]`.

Run by hand. On SQLite in a temporary folder unless a database is named, which must be empty; keys of people who do
not exist, the real batches and transactions of `governance keys rotate`.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of, wrap
from governance.crypto.keys import Keyring, KeySet
from governance.crypto.models import UsedEpoch, WrappedKey
from governance.crypto.rotation import BATCH, rewrap, standing
from governance.db.base import Base, new_id
from governance.db.engine import open_engine


def fill(engine, keys, count):
    with Session(engine) as session, session.begin():
        for at in range(0, count, BATCH):
            owners = [owner_of("patient", new_id()) for _ in range(min(BATCH, count - at))]
            rows = [
                {"owner": owner, "epoch": "e1", "wrapped": wrap(keys.newest, owner, new_id().bytes * 2)}
                for owner in owners
            ]
            session.execute(insert(WrappedKey), rows)


def rotate(engine, keyring):
    """Return the seconds of every batch, and the processor's seconds of all."""
    last, seconds, cpu = "", [], time.process_time()
    while True:
        begun = time.perf_counter()
        with Session(engine) as session, session.begin():
            page = rewrap(session, keyring, last)
        seconds.append(time.perf_counter() - begun)
        last = page.last
        if not last:
            return seconds, time.process_time() - cpu


def measure(url, count):
    engine = open_engine(url)
    Base.metadata.create_all(engine, tables=[WrappedKey.__table__, UsedEpoch.__table__])
    keys = KeySet.fresh()
    fill(engine, keys, count)
    after = keys.with_new_epoch(1)
    seconds, cpu = rotate(engine, Keyring(after))
    with Session(engine) as session:
        stands = standing(session, after)
    assert stands.by_epoch == {"e1": 0, "e2": count}
    engine.dispose()
    return seconds, cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--url")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds, cpu = measure(said.url or f"sqlite:///{Path(folder) / 'rotation.db'}", said.keys)
    told = f"{sum(seconds):.1f} s ({cpu:.1f} s of CPU); longest batch of {BATCH}: {max(seconds) * 1000:.0f} ms"
    print(f"{said.keys} data keys: {told}")  # noqa: T201


if __name__ == "__main__":
    main()
