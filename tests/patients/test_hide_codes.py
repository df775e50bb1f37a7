"""Printed codes: they hide at once and do nothing else; nothing of them is kept but a keyed digest."""

import re

import pytest
from sqlalchemy import inspect, text

from governance.crypto.spoken import code_digest, new_code
from governance.patients.hide_codes.models import HideCode
from governance.patients.hide_codes.service import hide_by_code, make_code, owner_of_code
from tests.patients.two_forums import HANDS, joins, record, unlinks

HERE = {"community": "c", "thread": "t", "created": "2026-05-04T09:00:00Z", "edited": None}


def makes(forum, name):
    return make_code(forum.session, forum.keyring, record(forum, name), forum.now)


def types(forum, code):
    hide_by_code(forum.session, forum.keyring, HANDS, code, forum.now)


def test_a_code_has_120_bits_in_letters_that_nobody_takes_for_others():
    code = new_code(120)
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert len(code.replace("-", "")) * 5 >= 120
    assert len({new_code(120) for _ in range(500)}) == 500


@pytest.mark.parametrize("typed", [str.lower, lambda it: it.replace("-", " "), lambda it: f" {it.replace('0', 'o')}. "])
def test_a_code_may_be_typed_as_people_type(keyring, typed):
    code = new_code(120)
    assert code_digest(keyring, "hide", typed(code)) == code_digest(keyring, "hide", code)
    assert code_digest(keyring, "forum", code) != code_digest(keyring, "hide", code)


@pytest.mark.slow
def test_a_code_hides_at_once(pair):
    code = makes(pair.f, pair.ana)
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)
    types(pair.f, code)
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)


def test_a_new_code_replaces_the_old_one(pair):
    old, new = makes(pair.f, pair.ana), makes(pair.f, pair.ana)
    types(pair.f, old)
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)
    types(pair.f, new)
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)


@pytest.mark.slow
def test_a_wrong_code_changes_nothing(pair):
    makes(pair.f, pair.ana)
    for typed in ("", "0" * 24, new_code(120), "x" * 5000):
        types(pair.f, typed)
    assert pair.f.permits("nurse", pair.ana, "view", **HERE)


def test_the_code_is_kept_nowhere(pair):
    code = makes(pair.f, pair.ana)
    session = pair.f.session
    session.flush()
    for table in inspect(session.connection()).get_table_names():
        for row in session.execute(text(f"SELECT * FROM {table}")).all():  # noqa: S608
            found = repr(tuple(row))
            assert code not in found
            assert code.replace("-", "") not in found
    assert HideCode.of_patient(session, record(pair.f, pair.ana))[0].digest != code


@pytest.mark.slow
def test_the_code_of_a_record_that_was_joined_hides_what_it_went_into(pair):
    pair.g.patient(pair.other)
    code = makes(pair.g, pair.other)
    joins(pair.f, pair.ana, pair.g, pair.other)
    assert owner_of_code(pair.f.session, pair.f.keyring, code) == record(pair.f, pair.ana)
    types(pair.g, code)
    assert not pair.f.permits("nurse", pair.ana, "view", **HERE)
    unlinks(pair.g, pair.other)
    assert owner_of_code(pair.f.session, pair.f.keyring, code) == record(pair.g, pair.other)
