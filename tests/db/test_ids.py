"""Ids are UUIDs of version 7: they sort by time and cannot be guessed."""

import time
from uuid import RFC_4122

from governance.db.base import new_id


def test_an_id_is_a_uuid_of_version_7_with_the_present_millisecond():
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ten_thousand_ids_are_all_different():
    assert len({new_id() for _ in range(10_000)}) == 10_000
