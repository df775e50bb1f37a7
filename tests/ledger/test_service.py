"""Appending: dense numbers, in the caller's transaction, with a checkpoint outside before anybody is told."""

import json

import pytest
import rfc8785
from sqlalchemy.orm import Session

from governance.ledger import models, service
from governance.ledger.checkpoints import Signer, newest
from governance.ledger.errors import LedgerError, OutsideError
from governance.ledger.tree import consistency_proof, consistent, included, inclusion_proof, leaf_hash
from tests.crypto.fixed import RING
from tests.ledger.place import NOW


def kept(place):
    return newest(place.outside, Signer(RING))


def test_entries_are_numbered_from_zero(place):
    assert place.append(3) == [0, 1, 2]
    assert place.append_in_one([("a", {}), ("b", {})]) == [3, 4]
    assert place.numbers() == [0, 1, 2, 3, 4]


def test_an_entry_is_canonical_json(place):
    place.append_in_one([("test", {"b": 2, "a": "\u00e9"})])
    document = bytes(place.sql("SELECT document FROM ledger_entry")[0][0])
    said = {"at": NOW, "facts": {"a": "\u00e9", "b": 2}, "kind": "test", "number": 0, "v": 1}
    assert document == rfc8785.dumps(said) == json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("", {}),
        ("x" * 33, {}),
        ("a", {"n": 1 << 53}),
        ("a", {"n": 1.5}),
        ("a", {"s": "x" * 5000}),
        ("a", {"s": "\ud800"}),
    ],
)
def test_what_has_no_canonical_form_is_refused(place, kind, facts):
    with pytest.raises(LedgerError, match="fault in the program"):
        place.append_in_one([(kind, facts)])
    assert place.numbers() == []


def test_after_a_commit_its_checkpoint_lies_outside(place):
    place.append(3)
    assert kept(place).place == (1, 3)
    assert kept(place).root == place.verify().root
    assert len(list(place.outside.checkpoints())) == 4


def test_entries_of_one_transaction_need_one_checkpoint(place):
    place.append_in_one([("a", {}), ("b", {}), ("c", {})])
    assert [Signer(RING).open(note).size for note in place.outside.checkpoints()] == [0, 3]


def test_what_is_rolled_back_leaves_no_number_and_no_checkpoint(place):
    place.append()
    with place.session() as session:
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"never")
        session.rollback()
        assert service.append(session, RING, NOW, "test", {}) == 1
    assert (place.numbers(), kept(place).size, place.told()) == ([0], 1, [])


def test_a_savepoint_that_is_rolled_back_takes_its_entries_and_records_along(place):
    with place.session() as session:
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"outer")
        inner = session.begin_nested()
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"inner")
        session.begin_nested()
        service.journal(session, RING, b"innermost")
        inner.rollback()
        session.commit()
    assert (place.numbers(), kept(place).size, place.told()) == ([0], 1, [b"outer"])


def test_a_savepoint_that_is_released_is_no_commit(place):
    place.append()
    with place.session() as session:
        with session.begin_nested():
            service.append(session, RING, NOW, "test", {})
        assert kept(place).size == 1
        session.commit()
    assert kept(place).size == 2
    assert place.found() == set()


def test_a_record_is_in_the_journal_before_the_commit(place):
    seen = []
    with place.session() as session:
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"one")
        service.journal(session, RING, b"two")
        assert place.told() == []
        session.commit()
        seen = place.told()
    assert seen == [b"one", b"two"]


def test_a_journal_that_cannot_be_written_fails_the_write(place):
    place.append()
    with place.session() as session:
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"record")
        (place.folder / "journal").rename(place.folder / "aside")
        (place.folder / "journal").mkdir()
        with pytest.raises(OutsideError):
            session.commit()
    with pytest.raises(OutsideError):
        place.append()
    (place.folder / "journal").rmdir()
    assert place.numbers() == [0]


def test_a_session_that_knows_no_place_outside_writes_nothing(place):
    with Session(place.engine) as session, pytest.raises(LedgerError, match="nobody said where"):
        service.append(session, RING, NOW, "test", {})


def test_a_session_may_say_that_nothing_is_kept_outside(place):
    with Session(place.engine, info={"outside": None}) as session:
        service.append(session, RING, NOW, "test", {})
        service.journal(session, RING, b"record")
        session.commit()
    assert (place.numbers(), place.outside.is_empty()) == ([0], True)


def test_pseudonyms_tell_apart_and_tell_nothing():
    names = {service.pseudonym(RING, kind, subject) for kind, subject in (("a", "bc"), ("ab", "c"), ("a", "c"))}
    assert len(names) == 3
    assert all(len(name) == 64 for name in names)
    assert service.pseudonym(RING, "a", "c") in names


def test_proofs_are_made_from_the_rows(place):
    place.append(13)
    roots = {Signer(RING).open(note).size: Signer(RING).open(note).root for note in place.outside.checkpoints()}
    with Session(place.engine) as session:
        subtree = models.subtrees(session)
        for number in range(13):
            leaf = leaf_hash(bytes(session.get(models.LedgerEntry, number).document))
            assert included(leaf, number, 13, inclusion_proof(subtree, number, 13), roots[13])
            proof = consistency_proof(subtree, number, 13)
            assert consistent((number, roots[number]), (13, roots[13]), proof)
