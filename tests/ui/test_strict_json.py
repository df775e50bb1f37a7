"""Only I-JSON is read: what two readers could understand in two ways is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import BadInputError
from governance.ui.strict_json import DEEPEST, load_object, load_strictly
from tests.ui.hostile_json import GOOD, HOSTILE


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_can_be_misread_is_refused(body):
    with pytest.raises(BadInputError):
        load_strictly(body)


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_good_json_is_read(body):
    assert load_strictly(body) == json.loads(body)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_every_harmless_value_comes_back(value):
    assert load_strictly(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    with suppress(BadInputError):
        load_strictly(body)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(BadInputError, match="object"):
        load_object(body)


def nested(levels):
    return b"[" * levels + b"]" * levels


def test_sixteen_levels_are_read_and_one_more_is_not():
    assert load_strictly(nested(DEEPEST + 1))
    with pytest.raises(BadInputError, match="deeper"):
        load_strictly(nested(DEEPEST + 2))


def test_a_refusal_repeats_nothing_that_was_sent():
    with pytest.raises(BadInputError) as raised:
        load_strictly(b'{"ana-has-cancer": "ana-has-cancer\\u0000"}')
    assert "cancer" not in str(raised.value)
