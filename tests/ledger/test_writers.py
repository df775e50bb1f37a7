"""Numbers without gaps under eight writers, some of whom change their mind; and the column that cannot do it."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.ledger import service
from governance.ledger.checkpoints import Signer
from tests.crypto.fixed import RING
from tests.ledger.place import NOW

WRITERS, TURNS = 8, 12


def eight(work):
    """Let eight threads begin at once; return what each of them got."""
    barrier = Barrier(WRITERS)

    def begin(writer):
        barrier.wait()
        return work(random.Random(writer))

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(begin, range(WRITERS)))


def test_eight_writers_leave_no_gap_and_no_number_twice(place):
    def write(rng):
        acknowledged = []
        for _ in range(TURNS):
            with place.session() as session:
                numbers = [service.append(session, RING, NOW, "test", {"n": n}) for n in range(rng.randint(1, 3))]
                if rng.random() < 1 / 3:
                    session.rollback()
                else:
                    session.commit()
                    acknowledged += numbers
        return acknowledged

    acknowledged = sorted(number for numbers in eight(write) for number in numbers)
    assert acknowledged == place.numbers() == list(range(len(acknowledged)))
    assert len(acknowledged) > WRITERS * TURNS / 2
    report = place.verify()
    assert (report.size, dict(report.findings.counts)) == (len(acknowledged), {})
    assert Signer(RING).open(place.outside.newest()).place == (1, report.size)


@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_a_serial_column_leaves_gaps_under_the_same_writers(place):
    """The control: the test above can fail, and does where the database numbers by itself."""
    place.sql("CREATE TABLE numbered (number BIGSERIAL PRIMARY KEY)")

    def write(rng):
        for _ in range(TURNS):
            with Session(place.engine) as session:
                for _ in range(rng.randint(1, 3)):
                    session.execute(text("INSERT INTO numbered DEFAULT VALUES"))
                if rng.random() < 1 / 3:
                    session.rollback()
                else:
                    session.commit()

    eight(write)
    numbers = [row[0] for row in place.sql("SELECT number FROM numbered ORDER BY number")]
    assert numbers != list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_a_number_read_before_ones_turn_is_taken_twice(place):
    """The control for SQLite, whose own numbering takes rolled-back numbers again: reading must wait too."""
    place.sql("CREATE TABLE numbered (number BIGINT)")
    reader = place.engine.execution_options(read_only=True)

    def write(_):
        for _ in range(TURNS):
            with reader.connect() as reading:
                last = reading.scalar(text("SELECT coalesce(max(number), -1) FROM numbered"))
            place.sql("INSERT INTO numbered VALUES (:n)", n=last + 1)

    eight(write)
    numbers = [row[0] for row in place.sql("SELECT number FROM numbered ORDER BY number")]
    assert numbers != list(range(WRITERS * TURNS))
