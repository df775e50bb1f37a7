"""A rotation wraps every data key anew, batch by batch: killed, it goes on; in between, all is readable."""

import pytest

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.crypto.models import WrappedKey
from governance.crypto.rotation import CannotRetireError, check_retirement, rewrap, standing
from tests.crypto.fixed import FIXED, RING

pytestmark = pytest.mark.usefixtures("both")
OWNERS = [f"patient:{number:03}" for number in range(25)]
AFTER = FIXED.with_new_epoch(9)
PLACE = ("directive", "sealed_choices", "1")


@pytest.fixture
def sealed(session):
    keys = DataKeys(session, RING)
    return {owner: keys.of(owner).seal(owner.encode(), *PLACE) for owner in OWNERS}


def rotate(session, keyring, limit=10, batches=100):
    done, last = 0, ""
    for _ in range(batches):
        page = rewrap(session, keyring, last, limit)
        done, last = done + page.done, page.last
        if not last:
            break
    return done


def all_open(session, sealed, keys):
    session.flush()
    session.expire_all()
    opened = DataKeys(session, Keyring(keys))
    return all(opened.known(owner).unseal(value, *PLACE) == owner.encode() for owner, value in sealed.items())


def test_after_a_rotation_everything_is_under_the_new_epoch_and_opens(session, sealed):
    assert rotate(session, Keyring(AFTER)) == 25
    assert standing(session, AFTER).by_epoch == {"e1": 0, "e2": 0, "e3": 25}
    assert all_open(session, sealed, AFTER)


def test_after_a_rotation_the_old_epoch_opens_nothing(session, sealed):
    rotate(session, Keyring(AFTER))
    session.expire_all()
    with pytest.raises(EpochGoneError):
        DataKeys(session, RING).known(OWNERS[0])
    assert sealed


def test_half_a_rotation_leaves_everything_readable_and_can_go_on(session, sealed):
    assert rotate(session, Keyring(AFTER), batches=1) == 10
    assert standing(session, AFTER).unfinished
    assert all_open(session, sealed, AFTER)
    assert rotate(session, Keyring(AFTER)) == 15
    assert not standing(session, AFTER).unfinished
    assert all_open(session, sealed, AFTER)


def test_a_rotation_done_twice_changes_nothing(session, sealed):
    rotate(session, Keyring(AFTER))
    before = [session.get(WrappedKey, owner).wrapped for owner in OWNERS]
    assert rotate(session, Keyring(AFTER)) == 0
    session.expire_all()
    assert [session.get(WrappedKey, owner).wrapped for owner in OWNERS] == before
    assert sealed


def test_a_destroyed_key_stays_destroyed(session, sealed):
    DataKeys(session, RING).destroy(OWNERS[3])
    assert rotate(session, Keyring(AFTER)) == 24
    session.expire_all()
    with pytest.raises(KeyGoneError):
        DataKeys(session, Keyring(AFTER)).known(OWNERS[3])
    assert standing(session, AFTER).destroyed == 1
    assert sealed


def test_a_key_changed_by_another_hand_is_counted_and_left_as_it_is(session, sealed):
    row = session.get(WrappedKey, OWNERS[3])
    row.wrapped = session.get(WrappedKey, OWNERS[4]).wrapped
    before = row.wrapped
    session.flush()
    pages = [rewrap(session, Keyring(AFTER), "", 100)]
    assert (pages[0].done, pages[0].broken) == (24, 1)
    session.expire_all()
    assert session.get(WrappedKey, OWNERS[3]).wrapped == before
    assert sealed


def test_keys_under_an_epoch_that_is_not_here_are_counted_and_passed_over(session, sealed):
    session.get(WrappedKey, OWNERS[3]).epoch = "e77"
    session.flush()
    assert rotate(session, Keyring(AFTER)) == 24
    assert standing(session, AFTER).unreadable == 1
    assert sealed


def test_an_epoch_is_retired_once_nothing_is_under_it(session, sealed):
    with pytest.raises(CannotRetireError, match="keys rotate"):
        check_retirement(session, AFTER, "e2")
    rotate(session, Keyring(AFTER), batches=2)
    with pytest.raises(CannotRetireError, match="still under"):
        check_retirement(session, AFTER, "e2")
    rotate(session, Keyring(AFTER))
    check_retirement(session, AFTER, "e2")
    assert all_open(session, sealed, AFTER.without("e2").without("e1"))


@pytest.mark.parametrize("epoch", ["e3", "e9", ""])
def test_the_newest_and_unknown_epochs_are_never_retired(session, sealed, epoch):
    rotate(session, Keyring(AFTER))
    with pytest.raises(CannotRetireError):
        check_retirement(session, AFTER, epoch)
    assert sealed
