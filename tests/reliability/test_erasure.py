"""An erased person's fields stay closed: in the live files, outside too, and in copies once the epoch's key is gone."""

import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKey, DataKeys, KeyGoneError, owner_of, unwrap
from governance.crypto.keys import EpochGoneError, Keyring
from governance.crypto.models import WrappedKey
from governance.crypto.rotation import check_retirement, rewrap
from governance.db.engine import open_engine
from governance.decision.vocabulary import Instant, Level
from governance.effective.erasure import erase
from governance.effective.models import Fragment
from governance.identity.service import account_name
from governance.ledger import personal
from governance.ledger.commits import OUTSIDE, open_record
from governance.ledger.key_copies import KeyCopy
from governance.ledger.outside import Outside
from governance.optout.service import choices_now
from tests.forum import Forum
from tests.reliability.house import House
from tests.reliability.test_thief import storage
from tests.reliability.thief import files_in

ANA, BEA = "Ana of the forum", "Bea of the forum"


class Case:
    """Two patients with choices, of whom one is erased after a backup was made."""

    def __init__(self, house):
        self.house = house
        self._session = Session(house.engine, expire_on_commit=False, info={OUTSIDE: house.outside})
        self.forum = Forum(self._session, house.keyring)
        for name in ("nia", "dan"):
            self.forum.registers(name)
        self.forum.opens("c")
        # Not the same choices: their documents would be the same bytes.
        for name, level in ((ANA, Level.SEEN), (BEA, Level.ANSWERED)):
            self.forum.acknowledges(name)
            self.forum.chooses(name, level, Level.SEEN, ["nia"])
        self.account, self.patient = self.forum.account(ANA), self.forum.patient(ANA)
        self._session.commit()

    def kept_of_ana(self):
        """What only her files hold: her wrapped keys, and what was said about her with its code."""
        owners = [owner_of("account", self.account.id), owner_of("patient", self.patient.id)]
        with self.house.reading() as session:
            wrapped = [row.wrapped for row in WrappedKey.of_owners(session, owners)]
            said = session.scalars(select(Fragment).where(Fragment.subject == str(self.patient.id))).all()
            return [*wrapped, *(one.mac for one in said), *(one.document for one in said if one.room == "optout")]

    def erases(self):
        erase(self._session, self.house.keyring, self.patient.id, self.forum.now, final_at=Instant(self.forum.now))
        self._session.commit()

    def retires_the_epoch(self):
        """Rotate to a second epoch and give the first one up; return the keys that are left."""
        keys = self.house.settings.keys.with_new_epoch(int(self.forum.now))
        ring = Keyring(keys)
        rewrap(self._session, ring)
        check_retirement(self._session, keys, "e1")
        self._session.commit()
        return Keyring(keys.without("e1"))

    def opens(self, keyring, session=None):
        """Read her name and her choices as the program does."""
        session = session or self._session
        session.expire_all()
        return [
            account_name(session, keyring, session.merge(self.account, load=False)),
            choices_now(session, keyring, self.patient.id),
        ]

    def told_outside(self, keyring, outside=None):
        """Open whatever opens of the journal: with the root key, every data key there is, and every copy outside."""
        outside = outside or self.house.outside
        with self.house.reading() as session:
            keys = [row for row in session.scalars(select(WrappedKey)) if row.wrapped]
        kept = [msgspec.json.decode(body, type=KeyCopy) for body in outside.kept_keys() if body.strip(b"\0")]
        opened = {
            one.owner: DataKey(one.owner, unwrapped) for one in (*keys, *kept) if (unwrapped := opens(keyring, one))
        }
        return [told(keyring, opened, frame) for frame in outside.journal()]

    def close(self):
        self._session.close()
        self.house.close()


def opens(keyring, key):
    try:
        return unwrap(keyring.epoch(key.epoch), key.owner, key.wrapped)
    except EpochGoneError:
        return None


def told(keyring, opened, frame):
    record = open_record(keyring, frame.sequence, frame.body)
    if not record.startswith((b'{"what":"sealed"', b'{"what":"sealed_row"')):
        return record
    closed = msgspec.json.decode(record, type=personal.Closed)
    keys = DataKeys(None, keyring)
    keys._open.update(opened)
    return personal.opened(keys, closed) if closed.of in opened else record


def says_of(records, patient):
    """Return the rooms of what was said of a patient, as far as it can be read."""
    read = [msgspec.json.decode(record) for record in records]
    return [one["room"] for one in read if one["what"] == "row" and one["subject"] == str(patient.id)]


def rows_of(records, account):
    """Return the tables of the rows about an account, as far as they can be read."""
    read = [msgspec.json.decode(record) for record in records]
    return [one["table"] for one in read if one["what"] == "kept" and str(account.id) in one["values"].values()]


@pytest.fixture
def stored(both, tmp_path, pytestconfig):
    if both == "postgres" and pytestconfig.getoption("--no-postgres"):
        pytest.skip("--no-postgres was given")
    with storage(both, tmp_path) as stored:
        yield stored


@pytest.fixture
def case(stored, tmp_path):
    case = Case(House(tmp_path / "here", stored.url))
    yield case
    case.close()


@pytest.mark.usefixtures("both")
def test_with_all_our_keys_nothing_of_an_erased_person_opens(case):
    name, choices = case.opens(case.house.keyring)
    assert (name, choices.others) == (ANA, Level.SEEN)
    assert case.forum.permits("nia", ANA)
    case.erases()
    for owner in (owner_of("account", case.account.id), owner_of("patient", case.patient.id)):
        with case.house.reading() as session, pytest.raises(KeyGoneError):
            DataKeys(session, case.house.keyring).known(owner)
    with pytest.raises(KeyGoneError):
        case.opens(case.house.keyring)
    assert not any(case.forum.permits(who, ANA) for who in ("nia", "dan"))
    assert case.forum.permits("nia", BEA)
    case.house.verifies()


ROOMS = ["patients", "patients", "disclosure", "optout"]


@pytest.mark.usefixtures("both")
def test_with_all_our_keys_the_journal_tells_nothing_more_of_an_erased_person(case):
    keyring, bea = case.house.keyring, case.forum.patient(BEA)
    assert says_of(case.told_outside(keyring), case.patient) == ROOMS
    assert "account" in rows_of(case.told_outside(keyring), case.account)
    case.erases()
    told = case.told_outside(keyring)
    assert rows_of(told, case.account) == []
    assert says_of(told, case.patient) == ["erasure"]
    assert says_of(told, bea) == ROOMS
    (stone,) = [record for record in told if b'"room":"erasure"' in record]
    assert b"levels" not in stone
    assert b"lines" not in stone


@pytest.mark.usefixtures("both")
def test_an_older_copy_of_the_folder_outside_opens_until_its_epoch_is_given_up_and_never_after(case, tmp_path):
    shutil.copytree(case.house.settings.outside, tmp_path / "older")
    case.erases()
    older = Outside(tmp_path / "older")
    # The control: as from a backup of the database, and for the same reason.
    assert says_of(case.told_outside(case.house.keyring, older), case.patient) == ROOMS
    left = case.retires_the_epoch()
    assert says_of(case.told_outside(left, older), case.patient) == []


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_the_live_files_hold_no_byte_of_what_was_erased(case, stored):
    kept = case.kept_of_ana()
    assert len(kept) > 5
    assert all(any(part in data for data in files_in(stored.files).values()) for part in kept)
    case.erases()
    with closing(sqlite3.connect(stored.files / "governance.db")) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    live = {**files_in(stored.files), **files_in(case.house.settings.outside)}
    assert "keys" in live
    found = {name for name, data in live.items() for part in kept if part in data or b64encode(part) in data}
    assert not found


@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_a_dump_after_the_erasure_holds_no_byte_of_what_was_erased(case, stored):
    kept = case.kept_of_ana()
    case.erases()
    dump = stored.stolen()["dump"]
    assert not [part for part in kept if part in dump or part.hex().encode() in dump]


def backup_of(stored, tmp_path):
    """Return an engine over a copy of the whole database as it is now."""
    path = tmp_path / "older.db"
    source, target = sqlite3.connect(stored.files / "governance.db"), sqlite3.connect(path)
    with closing(source), closing(target):
        source.backup(target)
    return open_engine(f"sqlite:///{path}")


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_an_older_backup_opens_until_its_epoch_is_given_up_and_never_after(case, stored, tmp_path):
    older = backup_of(stored, tmp_path)
    case.erases()
    with Session(older) as session:
        # The control: with the epoch's key a backup still opens, which is why it must go.
        assert case.opens(case.house.keyring, session)[0] == ANA
        left = case.retires_the_epoch()
        with pytest.raises(EpochGoneError):
            case.opens(left, session)
    older.dispose()
    assert account_name(case._session, left, case.forum.account(BEA)) == BEA


@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_dead_rows_left_in_the_files_are_under_an_epoch_that_is_given_up(case, stored):
    """PostgreSQL keeps old rows on the disk for a time: they hold keys that nothing can unwrap any more."""
    kept = case.kept_of_ana()
    case.erases()
    left = case.retires_the_epoch()
    assert [epoch.id for epoch in left.epochs] == ["e2"]
    found = [part for data in stored.stolen().values() for part in kept if part in data]
    assert found, "the files are clean: say so in the documents and test that instead"


@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_vacuum_full_cleans_the_tables_and_not_the_log_of_writes(case, stored):
    """Why operators are told to give up the epoch: nothing else reaches every place."""
    kept = case.kept_of_ana()
    case.erases()
    case._session.close()
    with case.house.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("VACUUM FULL", "CHECKPOINT"):
            connection.exec_driver_sql(statement)
    case.house.engine.dispose()
    where = {name.split("/")[0] for name, data in stored.stolen().items() for part in kept if part in data}
    assert where == {"pg_wal"}
