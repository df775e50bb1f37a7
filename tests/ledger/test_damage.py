"""Each kind of damage that another hand can do, and the finding it leads to. Nothing else may be found with it."""

import json
import shutil

import pytest
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.ledger.checkpoints import Checkpoint, Signer
from governance.ledger.errors import LedgerError, OutsideError, RolledBackError
from governance.ledger.findings import KINDS, Findings
from governance.ledger.service import append
from governance.ledger.tree import leaf_hash
from tests.crypto.fixed import RING, with_root
from tests.ledger.place import NOW, Place

MARK = b"\xe5gvjrnl\x01"


def document_of(place, number):
    return bytes(place.sql("SELECT document FROM ledger_entry WHERE number = :n", n=number)[0][0])


def test_an_untouched_ledger_verifies(ten):
    report = ten.verify()
    assert (report.size, report.epoch, dict(report.findings.counts)) == (10, 1, {})
    assert not report.findings.damage
    assert ten.start() == Checkpoint(1, 10, report.root)


def test_an_empty_ledger_verifies(place):
    assert place.found() == set()
    assert place.start().place == (1, 0)
    assert place.found() == set()


class WritesMeanwhile:
    """A check during which the service goes on."""

    def __init__(self, place):
        self.place, self.seen = place, 0

    def see(self, _entry):
        self.seen += 1
        self.place.append_in_one([("test", {"n": 0})], [b"record"])

    def findings(self, _session):
        return ()


def test_a_ledger_that_is_written_meanwhile_verifies(ten):
    check = WritesMeanwhile(ten)
    report = ten.verify(check)
    assert (report.size, dict(report.findings.counts), check.seen) == (10, {}, 10)
    assert len(ten.numbers()) == 20


def test_an_edited_entry(ten):
    changed = document_of(ten, 4).replace(b'"n":4', b'"n":5')
    ten.sql("UPDATE ledger_entry SET document = :d WHERE number = 4", d=changed)
    assert ten.found() == {"entry_edited"}


def test_an_entry_edited_with_its_hash(ten):
    changed = document_of(ten, 4).replace(b'"n":4', b'"n":5')
    ten.sql("UPDATE ledger_entry SET document = :d, leaf = :l WHERE number = 4", d=changed, l=leaf_hash(changed))
    report = ten.verify()
    # Subtrees beside the entries behind it no longer follow; the signed roots say where it was.
    assert set(report.findings.counts) == {"inner_hash_changed", "history_rewritten", "head_differs"}
    assert ("history_rewritten", "entries 4 to 4") in report.findings.first


def test_a_ledger_rewritten_throughout_by_somebody_without_the_key(ten, tmp_path):
    """Every hash is right; only what was signed is not."""
    other = type(ten)(ten.url, ten.keyring, tmp_path / "other outside")
    rows = ten.rows()
    ten.put_back({name: [] for name in rows})
    other.append(10, kind="rewritten")
    assert other.found() == set()
    assert ten.found() == {"history_rewritten"}
    other.engine.dispose()


def test_a_deleted_entry(ten):
    ten.sql("DELETE FROM ledger_entry WHERE number = 4")
    assert ten.found() == {"entry_missing"}


def test_deleted_newest_entries(ten):
    ten.sql("DELETE FROM ledger_entry WHERE number >= 7")
    report = ten.verify()
    assert set(report.findings.counts) == {"entries_cut", "rolled_back"}
    with pytest.raises(LedgerError, match="governance ledger verify"):
        ten.start()


def test_all_entries_deleted_with_the_head(ten):
    ten.put_back({"ledger_entry": [], "ledger_head": []})
    assert ten.found() == {"rolled_back"}
    with pytest.raises(RolledBackError, match="governance restore"):
        ten.start()


def test_an_older_copy_put_back(place):
    place.append(5)
    older = place.rows()
    place.append(5)
    place.put_back(older)
    assert place.found() == {"rolled_back"}
    with pytest.raises(RolledBackError, match="governance restore"):
        place.start()
    with pytest.raises(RolledBackError, match="governance restore"):
        place.append()


def test_an_older_copy_of_the_sqlite_file(tmp_path):
    place = Place(f"sqlite:///{tmp_path / 'governance.db'}", RING, tmp_path / "outside").make_tables()
    place.append(5)
    place.engine.dispose()
    shutil.copy(tmp_path / "governance.db", tmp_path / "stolen.db")
    place.append(5)
    place.engine.dispose()
    shutil.copy(tmp_path / "stolen.db", tmp_path / "governance.db")
    assert place.found() == {"rolled_back"}
    with pytest.raises(RolledBackError):
        place.start()
    place.engine.dispose()


def test_an_older_copy_that_went_on_by_itself(place):
    """Somebody put an old copy back and wrote to it, so that it is longer than what was signed."""
    place.append(5)
    older = place.rows()
    place.append(5)
    place.put_back(older)
    with Session(place.engine, info={"outside": None}) as session:
        for number in range(9):
            append(session, place.keyring, NOW, "other", {"n": number})
        session.commit()
    assert place.found() == {"history_rewritten"}
    with pytest.raises(RolledBackError, match="not the one that was signed"):
        place.start()


def test_two_entries_swapped(ten):
    one, other = document_of(ten, 3), document_of(ten, 6)
    for number, document in ((3, other), (6, one)):
        ten.sql(
            "UPDATE ledger_entry SET document = :d, leaf = :l WHERE number = :n",
            d=document,
            l=leaf_hash(document),
            n=number,
        )
    report = ten.verify()
    assert report.findings.counts["entry_moved"] == 2
    assert report.findings.counts["history_rewritten"] == 1


def test_an_entry_put_in_behind_the_end(ten):
    row = dict(ten.rows()["ledger_entry"][9], number=10)
    ten.sql(
        "INSERT INTO ledger_entry (number, at, kind, document, leaf, above) "
        "VALUES (:number, :at, :kind, :document, :leaf, :above)",
        **row,
    )
    assert {"entry_moved", "entries_behind_head"} <= ten.found()
    with pytest.raises(LedgerError, match="behind its head"):
        ten.start()


def test_an_entry_put_in_before_the_first(ten):
    ten.sql("INSERT INTO ledger_entry SELECT -1, at, kind, document, leaf, above FROM ledger_entry WHERE number = 0")
    assert ten.found() == {"entry_extra"}


def test_a_changed_column_beside_an_entry(ten):
    ten.sql("UPDATE ledger_entry SET at = at + 1 WHERE number = 2")
    ten.sql("UPDATE ledger_entry SET kind = 'other' WHERE number = 3")
    assert ten.verify().findings.counts == {"columns_differ": 2}


def test_a_changed_hash_that_proofs_are_made_from(ten):
    ten.sql("UPDATE ledger_entry SET above = leaf WHERE number = 1")
    assert ten.found() == {"inner_hash_changed"}


def test_a_text_that_is_none_of_ours(ten):
    ten.sql("UPDATE ledger_entry SET document = :d WHERE number = 2", d=b'{"at":1}')
    assert ten.found() == {"entry_edited", "entry_unreadable"}


@pytest.mark.parametrize(
    "change", ["size = 9", "epoch = 2", "frontier = mac", "kept_size = 0", "journalled = 7", "mac = frontier"]
)
def test_an_edited_head(ten, change):
    ten.sql(f"UPDATE ledger_head SET {change}")  # noqa: S608 - the cases above
    assert ten.found() == {"head_edited"}
    for attempt in (ten.start, ten.append):
        with pytest.raises(LedgerError, match="another hand"):
            attempt()


def test_an_older_head_put_back(place):
    place.append(9)
    older = place.rows()["ledger_head"]
    place.append(1)
    place.put_back({**place.rows(), "ledger_head": older})
    assert place.found() == {"entries_behind_head"}
    with pytest.raises(LedgerError, match="behind its head"):
        place.start()
    with pytest.raises(LedgerError):
        place.append()


def test_a_deleted_head(ten):
    ten.sql("DELETE FROM ledger_head")
    assert ten.found() == {"head_missing"}
    for attempt in (ten.start, ten.append):
        with pytest.raises(LedgerError, match="governance ledger verify"):
            attempt()


def test_a_deleted_checkpoint(ten):
    (ten.folder / "checkpoint").unlink()
    assert ten.found() == {"checkpoint_missing"}
    for attempt in (ten.start, ten.append):
        with pytest.raises(OutsideError, match="is gone"):
            attempt()


def test_the_whole_place_outside_deleted(ten):
    shutil.rmtree(ten.folder)
    assert ten.found() == {"checkpoint_missing", "journal_cut"}
    with pytest.raises(OutsideError, match="is gone"):
        ten.start()


def test_an_older_checkpoint_put_back(place):
    place.append(5)
    older = (place.folder / "checkpoint").read_text()
    place.append(5)
    (place.folder / "checkpoint").write_text(older)
    assert place.found() == {"checkpoint_older"}
    for attempt in (place.start, place.append):
        with pytest.raises(OutsideError, match="put back or cut"):
            attempt()


def test_an_older_copy_of_the_whole_place_outside(place, tmp_path):
    place.append(5)
    older = place.copy_outside(tmp_path / "older")
    place.append(5)
    shutil.rmtree(place.folder)
    older.rename(place.folder)
    assert place.found() == {"checkpoint_older", "journal_cut"}


def test_a_checkpoint_signed_by_another_key(ten):
    other = Signer(Keyring(with_root(bytes(32))))
    (ten.folder / "checkpoint").write_text(other.sign(Checkpoint(1, 10, ten.verify().root)))
    assert ten.found() == {"checkpoint_forged"}
    for attempt in (ten.start, ten.append):
        with pytest.raises(OutsideError, match="not this ledger's"):
            attempt()


def test_a_checkpoint_that_is_no_text(ten):
    (ten.folder / "checkpoint").write_bytes(b"\xff\xfe")
    assert ten.found() == {"checkpoint_forged"}


def test_the_log_of_checkpoints_deleted(ten):
    (ten.folder / "checkpoints.log").unlink()
    assert ten.found() == {"checkpoint_log_missing"}


def test_a_forged_line_in_the_log_of_checkpoints(ten):
    log = ten.folder / "checkpoints.log"
    lines = log.read_text().splitlines()
    other = Signer(Keyring(with_root(bytes(32)))).sign(Checkpoint(1, 4, bytes(32)))
    lines[4] = json.dumps(other)
    log.write_text("\n".join(lines) + "\n")
    assert ten.found() == {"checkpoint_log_forged"}


def test_two_lines_of_the_log_swapped(ten):
    log = ten.folder / "checkpoints.log"
    lines = log.read_text().splitlines()
    lines[3], lines[7] = lines[7], lines[3]
    log.write_text("\n".join(lines) + "\n")
    assert ten.found() == {"checkpoint_log_order"}


@pytest.fixture
def journalled(place):
    for number in range(3):
        place.append_in_one([("test", {"n": number})], [b"record"])
    place.append()
    return place


def test_a_journal_without_its_last_record(journalled):
    journal = journalled.folder / "journal"
    whole = journal.read_bytes()
    journal.write_bytes(MARK.join(whole.split(MARK)[:-3]))
    assert journalled.found() == {"journal_cut"}
    for attempt in (journalled.start, journalled.append):
        with pytest.raises(OutsideError, match="put back or cut"):
            attempt()


def test_a_journal_without_its_first_record(journalled):
    journal = journalled.folder / "journal"
    whole = journal.read_bytes()
    journal.write_bytes(MARK + MARK.join(whole.split(MARK)[2:]))
    assert journalled.found() == {"journal_gap"}


def test_a_journal_with_a_changed_record(journalled):
    journal = journalled.folder / "journal"
    whole = bytearray(journal.read_bytes())
    whole[len(whole) // 2] ^= 1
    journal.write_bytes(whole)
    assert journalled.found() == {"journal_lost", "journal_gap"}


def test_a_journal_with_a_record_of_somebody_else(journalled):
    journalled.outside.write_journal([b"forged"], lambda _, record: record)
    assert journalled.found() == {"journal_forged"}


def test_what_a_stopped_machine_leaves_is_told_and_is_no_damage(journalled):
    for name in ("journal", "checkpoints.log"):
        with (journalled.folder / name).open("ab") as file:
            file.write(b'"cut')
    report = journalled.verify()
    assert set(report.findings.counts) == {"journal_torn", "checkpoint_log_torn"}
    assert not report.findings.damage
    journalled.start()


def test_every_kind_says_what_it_means_and_what_to_do():
    assert all(kind.meaning and kind.advice for kind in KINDS.values())
    with pytest.raises(KeyError):
        Findings().add("unheard of", "")
