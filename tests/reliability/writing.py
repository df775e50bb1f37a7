"""A process that puts what is in force again and again, about everybody's patient and its own, and changes its mind."""

import random
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, KeySet
from governance.db.engine import open_engine
from governance.db.failures import BusyError
from governance.effective.models import PlatformChange
from governance.effective.service import Register
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from governance.tables import TABLES
from governance.ui.clock import now

EVERYBODYS = "00000000-0000-7000-8000-000000000000"


class Place(NamedTuple):
    """Where to write, and how often."""

    url: str
    keys: str
    outside: str
    turns: int
    early: bool


def write(place, subjects, barrier, told):
    """Take turns; tell how many were committed, or the name of what went wrong."""
    try:
        told.put(_committed(place, subjects, barrier))
    except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
        told.put(type(error).__name__)


def _committed(place, subjects, barrier):
    assert TABLES  # tables point to one another
    engine, keyring = open_engine(place.url), Keyring(KeySet.parse(place.keys))
    rng, committed = random.Random(subjects[-1]), 0
    barrier.wait(60)
    for turn in range(place.turns):
        if place.early:
            _number_before_ones_turn(engine)
        subject, keeps = rng.choice(subjects), rng.random() >= 1 / 3
        with Session(engine, info={OUTSIDE: Outside(Path(place.outside))}) as session:
            _put(session, keyring, subject, turn, keeps=keeps)
        committed += keeps
    engine.dispose()
    return committed


def _put(session, keyring, subject, turn, *, keeps):
    """Put it, again while others are saving for too long: then nothing was saved, and whoever asked is told so."""
    try:
        Register(session, keyring, now()).put("patient", subject, "optout", {"hold": turn % 2 == 0})
        session.commit() if keeps else session.rollback()
    except BusyError:
        session.rollback()
        _put(session, keyring, subject, turn, keeps=keeps)


def _number_before_ones_turn(engine):
    """Break the numbering on purpose: read the last number in a transaction that waits for nobody."""
    with Session(engine.execution_options(read_only=True)) as session:
        found = {row.platform_id: row for row in session.query(PlatformChange).order_by(PlatformChange.revision)}
        session.expunge_all()
    PlatformChange.newest = classmethod(lambda _cls, _session, platform_id: found.get(platform_id))
