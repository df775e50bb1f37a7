"""What a start proves, and the way on after a restore."""

import shutil

import pytest
from sqlalchemy.orm import Session

from governance.ledger import service, start
from governance.ledger.checkpoints import Signer, newest
from governance.ledger.errors import LedgerError, OutsideError, RolledBackError
from tests.crypto.fixed import RING
from tests.ledger.place import NOW


def kept(place):
    return newest(place.outside, Signer(RING))


@pytest.fixture
def restored(place):
    """A ledger of ten, of which an operator put back a copy of six."""
    place.append(6)
    older = place.rows()
    place.append(4)
    place.put_back(older)
    return place


def ahead(place, many=3):
    """Entries whose checkpoint was never put, as after a kill."""
    before = (place.folder / "checkpoint").read_bytes()
    with Session(place.engine, info={"outside": None}) as session:
        for number in range(many):
            service.append(session, RING, NOW, "test", {"n": number})
        session.commit()
    assert (place.folder / "checkpoint").read_bytes() == before


def test_a_new_ledger_begins_with_a_checkpoint_of_nothing(place):
    assert place.start() == kept(place)
    assert kept(place).size == 0


def test_a_start_puts_the_checkpoint_that_a_killed_process_could_not(ten):
    ahead(ten)
    assert ten.start().size == kept(ten).size == 13
    assert ten.found() == set()


def test_a_writer_goes_on_where_a_killed_process_stopped(ten):
    ahead(ten)
    ten.append()
    assert kept(ten).size == 14
    assert ten.found() == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET document = leaf WHERE number = 11",
        "UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE number = 9) WHERE number = 12",
        "DELETE FROM ledger_entry WHERE number = 11",
        "DELETE FROM ledger_entry WHERE number = 12",
    ],
)
def test_a_start_refuses_entries_since_the_checkpoint_that_do_not_verify(ten, change):
    ahead(ten)
    ten.sql(change)
    with pytest.raises(LedgerError, match="governance ledger verify"):
        ten.start()


def test_a_start_refuses_an_entry_since_the_checkpoint_whose_text_was_edited(ten):
    ahead(ten)
    document = bytes(ten.sql("SELECT document FROM ledger_entry WHERE number = 11")[0][0])
    ten.sql("UPDATE ledger_entry SET document = :d WHERE number = 11", d=document.replace(b'"n":1', b'"n":7'))
    with pytest.raises(LedgerError, match="were changed"):
        ten.start()


def test_a_start_reads_few_rows_whatever_the_ledgers_size(ten):
    """What lies before the checkpoint is the work of the full verification."""
    ten.sql("UPDATE ledger_entry SET document = leaf WHERE number = 2")
    assert ten.start().size == 10


def test_a_restored_database_decides_nothing_until_it_is_declared(restored):
    with pytest.raises(RolledBackError, match="governance restore"):
        restored.start()
    assert restored.declare_restore() == 6
    assert restored.start().place == (2, 7)
    assert restored.append() == [7]
    assert kept(restored).place == (2, 8)
    assert restored.found() == set()


def test_a_declared_restore_names_both_heads(restored):
    former = kept(restored)
    restored.declare_restore()
    with restored.session() as session:
        entry = start.models.last_of_kind(session, start.EPOCH)
    declared = start.Declared.of(start.decode(entry.document))
    assert (declared.kept, declared.epoch, declared.size) == (former, 2, 6)
    assert declared.root == Signer(RING).open(list(restored.outside.checkpoints())[6]).root


def test_the_history_that_was_given_up_cannot_come_back(place):
    place.append(6)
    older = place.rows()
    place.append(4)
    longer = place.rows()
    place.put_back(older)
    place.declare_restore()
    place.put_back(longer)
    assert "rolled_back" in place.found()
    with pytest.raises(RolledBackError):
        place.start()


def test_restores_may_follow_each_other(restored):
    restored.declare_restore()
    middle = restored.rows()
    restored.append(3)
    restored.put_back(middle)
    restored.declare_restore()
    restored.append(2)
    assert kept(restored).place == (3, 10)
    assert restored.found() == set()
    assert restored.start().epoch == 3


def test_a_restore_to_before_an_earlier_restore_opens_a_third_epoch(place):
    place.append(3)
    first = place.rows()
    place.append(3)
    place.put_back(first)
    place.declare_restore()
    place.put_back(first)
    place.declare_restore()
    assert kept(place).place == (3, 4)
    assert place.found() == set()


def test_killed_between_the_declaration_and_its_checkpoint(restored):
    with Session(restored.engine) as session:
        start.declare_restore(session, RING, restored.outside, NOW)
        session.info["outside"] = None
        session.commit()
    assert kept(restored).place == (1, 10)
    assert restored.start().place == (2, 7)
    assert restored.found() == set()


@pytest.mark.parametrize("lost", ["all", "checkpoint", "garbage"])
def test_a_lost_place_outside_is_declared_too(ten, lost):
    if lost == "all":
        shutil.rmtree(ten.folder)
    elif lost == "checkpoint":
        (ten.folder / "checkpoint").unlink()
    else:
        (ten.folder / "checkpoint").write_bytes(b"\xff")
    with pytest.raises(OutsideError):
        ten.start()
    ten.declare_restore()
    assert ten.start().place == (2, 11)
    ten.append()
    assert ten.found() == set()
    assert (ten.folder / "checkpoint.before-epoch-2").exists() == (lost == "garbage")


def test_a_head_that_was_lost_is_made_anew_from_the_entries(ten):
    ten.sql("DELETE FROM ledger_head")
    ten.declare_restore()
    assert ten.start().place == (2, 11)
    assert ten.found() == set()


def test_no_restore_is_declared_over_missing_entries(ten):
    ten.sql("DELETE FROM ledger_entry WHERE number = 4")
    with pytest.raises(LedgerError, match="entries of the ledger are missing"):
        ten.declare_restore()
    assert kept(ten).place == (1, 10)
