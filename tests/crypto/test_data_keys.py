"""Every person has a key of their own: theirs alone opens their fields, and nothing does once it is destroyed."""

import pytest

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError, key_id_of
from governance.crypto.epochs import last_used
from governance.crypto.keys import EpochGoneError, Keyring, KeySet
from governance.crypto.models import WrappedKey
from governance.db.base import new_id
from tests.crypto.fixed import FIXED, RING

pytestmark = pytest.mark.usefixtures("both")
ANA, BEN = "patient:ana", "patient:ben"
PLACE = ("directive", "sealed_choices", "1")


@pytest.fixture
def keys(session):
    return DataKeys(session, RING)


@pytest.fixture
def anew(session):
    """Keys as another process reads them."""

    def read(ring=RING):
        session.flush()
        session.expire_all()
        return DataKeys(session, ring)

    return read


def test_what_was_sealed_opens_in_another_process(keys, anew):
    sealed = keys.of(ANA).seal(b"closed", *PLACE)
    assert anew().known(ANA).unseal(sealed, *PLACE) == b"closed"
    assert keys.of(ANA) == anew().of(ANA) == anew().known(ANA)


def test_two_people_have_two_keys(keys):
    sealed = keys.of(ANA).seal(b"closed", *PLACE)
    with pytest.raises(EnvelopeError):
        keys.of(BEN).unseal(sealed, *PLACE)


def test_a_field_opens_in_its_own_place_alone(keys):
    ana = keys.of(ANA)
    sealed = ana.seal(b"closed", *PLACE)
    for at, other in enumerate(("account", "name", "2")):
        place = [*PLACE[:at], other, *PLACE[at + 1 :]]
        with pytest.raises(EnvelopeError):
            ana.unseal(sealed, *place)


def test_a_sealed_field_does_not_tell_how_long_a_name_is(keys):
    ana = keys.of(ANA)
    assert len({len(ana.seal(b"x" * length, *PLACE)) for length in range(64)}) == 1
    assert all(ana.unseal(ana.seal(b"x" * length, *PLACE), *PLACE) == b"x" * length for length in range(130))


def test_a_data_key_moved_to_another_owner_is_refused(keys, anew, session):
    ana, ben = (keys.of(owner) and session.get(WrappedKey, owner) for owner in (ANA, BEN))
    ben.wrapped = ana.wrapped
    with pytest.raises(EnvelopeError):
        anew().known(BEN)


def test_a_data_key_without_its_owner_in_the_seal_could_be_moved(keys, anew, session, monkeypatch):
    """The control: what the row's owner in the associated data is there for."""
    real = DataKeys.known.__globals__["unseal"], DataKeys.known.__globals__["seal"]
    for name, function in zip(("unseal", "seal"), real, strict=True):
        forgetful = _without_the_owner(function)
        monkeypatch.setitem(DataKeys.known.__globals__, name, forgetful)
    ana, ben = (keys.of(owner) and session.get(WrappedKey, owner) for owner in (ANA, BEN))
    ben.wrapped = ana.wrapped
    assert anew().known(BEN).secret == keys.of(ANA).secret


def _without_the_owner(function):
    return lambda key, value, table, column, _row, key_id: function(key, value, table, column, "", key_id=key_id)


def test_a_data_key_said_to_be_under_another_epoch_is_refused(keys, anew, session):
    keys.of(ANA)
    session.get(WrappedKey, ANA).epoch = "e1"
    with pytest.raises(EnvelopeError):
        anew().known(ANA)


@pytest.mark.parametrize("bit", [0, 9, 30, 200, 300, 500])
def test_a_changed_data_key_is_refused(keys, anew, session, bit):
    keys.of(ANA)
    row = session.get(WrappedKey, ANA)
    changed = bytearray(row.wrapped)
    changed[bit // 8] ^= 1 << bit % 8
    row.wrapped = bytes(changed)
    with pytest.raises(EnvelopeError):
        anew().known(ANA)


def test_destroying_a_key_makes_what_it_sealed_unreadable(keys, anew):
    sealed = keys.of(ANA).seal(b"closed", *PLACE)
    keys.destroy(ANA)
    for reader in (keys, anew()):
        for find in (reader.known, reader.of):
            with pytest.raises(KeyGoneError):
                find(ANA).unseal(sealed, *PLACE)


def test_of_a_destroyed_key_only_its_owner_is_kept(keys, session):
    keys.of(ANA)
    keys.destroy(ANA)
    session.expire_all()
    row = session.get(WrappedKey, ANA)
    assert (row.epoch, row.wrapped) == (None, None)


def test_who_never_had_a_key_can_lose_it_too(keys, anew):
    keys.destroy(ANA)
    with pytest.raises(KeyGoneError):
        anew().of(ANA)
    with pytest.raises(KeyGoneError):
        keys.known(BEN)


def test_many_keys_are_read_by_one_query(keys, anew):
    owners = [owner_of("hcp", new_id()) for _ in range(5)]
    secrets = [keys.of(owner).secret for owner in owners]
    found = anew()
    found.fetch([*owners, BEN])
    found._session = None  # nothing is asked any more
    assert [found.known(owner).secret for owner in owners] == secrets


def test_new_keys_are_wrapped_under_the_newest_epoch(keys, session):
    keys.of(ANA)
    row = session.get(WrappedKey, ANA)
    assert (row.epoch, key_id_of(row.wrapped)) == ("e2", "e2")
    assert last_used(session) == 2


def test_a_process_that_missed_a_rotation_wraps_under_the_new_epoch_all_the_same(keys, anew, session):
    rotated = FIXED.with_new_epoch(9)
    anew(Keyring(rotated)).of(BEN)
    behind = anew(Keyring(FIXED, lambda: rotated))
    behind.of(ANA)
    assert session.get(WrappedKey, ANA).epoch == "e3"
    assert keys


def test_without_the_new_epoch_it_makes_no_key_at_all(anew):
    anew(Keyring(FIXED.with_new_epoch(9))).of(BEN)
    with pytest.raises(EpochGoneError):
        anew().of(ANA)


def test_an_epoch_made_twice_wraps_nothing(anew):
    anew(Keyring(FIXED.with_new_epoch(9))).of(BEN)
    with pytest.raises(EpochGoneError, match="made twice"):
        anew(Keyring(FIXED.with_new_epoch(9))).of(ANA)


def test_the_keys_of_another_service_open_nothing(keys, anew):
    keys.of(ANA)
    other = KeySet(FIXED.root, KeySet.fresh().with_new_epoch(1).epochs)
    with pytest.raises(EnvelopeError):
        anew(Keyring(other)).known(ANA)


def test_an_opened_key_prints_nothing(keys):
    assert str(keys.of(ANA).secret) not in repr(keys.of(ANA))
