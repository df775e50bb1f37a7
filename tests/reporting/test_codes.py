"""Receipt codes: enough bits, copied by hand without harm, mistakes found by the last sign."""

import pytest

from governance.reporting.keeping import codes
from tests.crypto.fixed import RING

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = codes.read_code(codes.new_code())


def test_a_code_has_120_bits_in_six_groups_and_one_sign_more():
    shown = codes.new_code()
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4, 4, 5]
    assert len({codes.new_code() for _ in range(200)}) == 200
    assert set("".join(codes.new_code() for _ in range(200))) == {*SIGNS, "-"}


def test_it_is_read_however_it_is_written():
    shown = codes.new_code()
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"  {shown}\n", shown.replace("0", "o")):
        assert codes.read_code(typed) == shown.replace("-", "")


@pytest.mark.parametrize("at", range(25))
def test_every_single_wrong_sign_is_found(at):
    for sign in set(SIGNS) - {CODE[at]}:
        assert codes.read_code(CODE[:at] + sign + CODE[at + 1 :]) is None


def test_every_two_signs_that_changed_places_are_found():
    for one in range(25):
        for other in range(one + 1, 25):
            if CODE[one] != CODE[other]:
                mixed = [*CODE]
                mixed[one], mixed[other] = mixed[other], mixed[one]
                assert codes.read_code("".join(mixed)) is None


@pytest.mark.parametrize(
    "typed",
    ["", CODE[:-1], CODE + "0", codes.DECOY, "☂" * 25],
    ids=["nothing", "too short", "too long", "the decoy", "other signs"],
)
def test_what_is_no_code_is_none(typed):
    assert codes.read_code(typed) is None


def test_the_last_signs_are_compared_however_they_are_typed():
    shown = codes.new_code()
    assert codes.last_signs(shown.lower()) == shown[-4:]
    assert codes.last_signs(f" {shown[-4:].lower()} ") == shown[-4:]


def test_what_finds_a_report_does_not_open_it():
    assert codes.digest_of(RING, CODE) != codes.opening_key(RING, CODE).hex()
    assert codes.digest_of(RING, CODE) != codes.digest_of(RING, codes.read_code(codes.new_code()))
