"""A number is text; a typing error is explained where it is; a form that fits proves nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.conduct.errors import BadNumberError
from governance.conduct.numbers import read_number
from governance.policy.current import policies

REGISTERS = policies().registers.registers


def read(code, typed):
    return read_number(REGISTERS[code], typed)


def told(code, typed):
    with pytest.raises(BadNumberError) as refused:
        read(code, typed)
    return str(refused.value)


@pytest.mark.parametrize("code", REGISTERS)
def test_every_register_reads_its_own_example(code):
    register = REGISTERS[code]
    assert read(code, register.example).number == register.example


@pytest.mark.parametrize(
    ("code", "typed", "number"),
    [
        ("gb-nmc", " 12a3456b ", "12A3456B"),
        ("gb-nmc", "12A 3456 B", "12A3456B"),
        ("gb-gmc", "C0123456", "0123456"),
        ("gb-gmc", "0123456", "0123456"),
        ("us-npi", "123-456-7893", "1234567893"),
        ("nl-big", "09012345601", "09012345601"),
        ("fr-rpps", "810001234565", "10001234565"),
        ("au-ahpra", "med 0000932846", "MED0000932846"),
    ],
)
def test_spaces_small_letters_and_known_prefixes_do_not_matter(code, typed, number):
    assert read(code, typed).number == number


@pytest.mark.parametrize(
    ("code", "typed", "says"),
    [
        ("gb-nmc", "", "type your PIN"),
        ("gb-nmc", "1203456B", "the third character must be a letter, not 0. Did you mean 12O3456B?"),
        ("gb-nmc", "I2A34S6B", "Did you mean 12A3456B?"),
        ("gb-nmc", "12A3456", "has 8 characters, as in 12A3456B; this has 7"),
        ("gb-nmc", "12A3456Д", "only the letters A to Z"),
        ("gb-nmc", "12A3456_", "only the letters A to Z"),
        ("gb-gmc", "12345678", "has 7 characters"),
        ("gb-hcpc", "DT1", "has 7, 8 or 9 characters"),
        ("us-npi", "123456789", "a number of this register has 10 characters"),
        ("gb-gmc", "١٢٣٤٥٦٧", "only the letters A to Z"),
        ("us-npi", "3234567893", "begins with 1 or 2"),
        ("us-npi", "1234567890", "two may have changed places"),
        ("us-npi", "2134567893", "two may have changed places"),
        ("nl-big", "9012345601", "Zeros at the start count"),
    ],
)
def test_a_typing_error_is_explained(code, typed, says):
    assert says in told(code, typed)


def test_no_correction_is_offered_where_the_form_does_not_tell():
    assert "Did you mean" not in told("gb-nmc", "12A34569")


def test_a_check_digit_that_may_be_wrong_warns_and_never_refuses():
    assert read("fr-rpps", "10001234565").doubt is None
    assert "last digit" in str(read("fr-rpps", "10001234560").doubt)


@given(st.integers(0, 8), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_npi_is_always_caught(at, digit):
    good = "1234567893"
    typed = good[:at] + digit + good[at + 1 :]
    if typed != good:
        told("us-npi", typed)


def read_or_explained(code, typed):
    try:
        return REGISTERS[code].fits(read(code, typed).number)
    except BadNumberError as error:
        return len(str(error)) > 0


@given(st.text(max_size=40), st.sampled_from(sorted(REGISTERS)))
def test_whatever_is_typed_is_read_or_explained(typed, code):
    assert read_or_explained(code, typed)
