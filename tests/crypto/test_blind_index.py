"""An account's key tells nothing without our key, differs on every platform, and folds no two ids into one."""

from uuid import UUID

import pytest

from governance.crypto.blind_index import account_key, organisation_key, place_key, subject_digest
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from tests.crypto.fixed import RING, with_root

FORUM = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
LOOK_ALIKE = [
    ("Alice", "alice"),
    ("Ⅷ", "VIII"),
    ("é", "e\u0301"),
    ("ana", "ana "),
    ("ß", "ss"),
    ("ana", "\u0430na"),
    ("1", "01"),
    ("", "\x00"),
    ("a\x00", "a"),
    ("ana", "ana\u200b"),
]


def test_the_bytes_of_a_key_are_frozen():
    """The vectors were made by HKDF and HMAC written out by hand, without our code."""
    assert account_key(RING, FORUM, "ana") == "ofFqpO7qWkLnNbtWMpeeMTTsD8kxs0h2-DVy2cr8jHo"
    assert subject_digest(RING, "https://forum.example", "s-1") == "xAAloS5cK7vLAh5RvA9L0B9kkJa6BT_rUy_VhQ5CLNQ"


def test_the_same_id_on_two_platforms_has_two_keys():
    assert account_key(RING, new_id(), "ana") != account_key(RING, new_id(), "ana")


def test_the_same_id_under_two_root_keys_has_two_keys():
    assert account_key(RING, FORUM, "ana") != account_key(Keyring(with_root(bytes(range(1, 33)))), FORUM, "ana")


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKE)
def test_ids_that_look_alike_stay_two(one, other):
    assert account_key(RING, FORUM, one) != account_key(RING, FORUM, other)


def test_issuer_and_subject_cannot_be_shifted_into_each_other():
    assert subject_digest(RING, "https://a", "bc") != subject_digest(RING, "https://ab", "c")


@pytest.mark.parametrize("account", ["", "a", "ana", "x" * 10_000, "☂" * 256])
def test_every_key_has_43_characters_of_base64url(account):
    key = account_key(RING, FORUM, account)
    assert len(key) == 43
    assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_place_has_another_key_as_another_kind_on_another_platform_and_as_an_account():
    keys = [place_key(RING, FORUM, kind, "7") for kind in ("community", "thread", "post")]
    keys += [
        place_key(RING, new_id(), "thread", "7"),
        account_key(RING, FORUM, "7"),
        place_key(RING, FORUM, "post", "8"),
    ]
    assert len(set(keys)) == 6
    assert {len(key) for key in keys} == {43}


def test_an_organisation_is_the_same_however_it_is_typed():
    assert organisation_key(RING, "Hillview  Clinic ") == organisation_key(RING, "hillview clinic")
    assert organisation_key(RING, "Hillview Clinic") != organisation_key(RING, "Hilltop Clinic")
