"""Every register's form with good numbers, bad ones and look-alikes; a new register without them fails here."""

import pytest

from governance.conduct.errors import BadNumberError
from governance.conduct.numbers import read_number
from governance.policy.current import policies

REGISTERS = policies().registers.registers
GOOD = {
    "au-ahpra": ["MED0000932846", "nmw 0001234567"],
    "fr-rpps": ["10001234565", "8 10001234565"],
    "gb-gdc": ["CD012345", "68421", "012345"],
    "gb-gmc": ["1234567", "C0123456", " 012 3456 "],
    "gb-gphc": ["2033467", "2012345"],
    "gb-hcpc": ["CH029821", "PYL12345", "dt012345"],
    "gb-nmc": ["12A3456B", "99-z-0000-a"],
    "ie-coru": ["DI012345", "di 012 345"],
    "ie-imc": ["012345", "41234"],
    "ie-nmbi": ["012345", "00123456"],
    "ie-psi": ["1234", "01234"],
    "nl-big": ["09012345601", "19012345601"],
    "us-npi": ["1234567893", "2000000002"],
}
BAD = {
    "au-ahpra": ["MED000093284", "ME00000932846", "8003610833334085"],
    "fr-rpps": ["1000123456", "100012345650", "A0001234565", "123456789"],
    "gb-gdc": ["1234", "CD1234567", "AB012345"],
    "gb-gmc": ["123456", "12345678", "G1234567", "C12345678", "A81001"],
    "gb-gphc": ["203346", "20334678", "P033467"],
    "gb-hcpc": ["C029821", "CHIR029821", "CH2982"],
    "gb-nmc": ["12A3456", "A2A3456B", "12A34567", "12A3456BB"],
    "ie-coru": ["DI12345", "D012345", "DIE012345"],
    "ie-imc": ["4123", "1234567", "M12345"],
    "ie-nmbi": ["1234", "123456789", "N12345"],
    "ie-psi": ["123", "123456", "P1234"],
    "nl-big": ["9012345601", "190123456012", "79012345"],
    "us-npi": ["1234567890", "3234567893", "123456789", "MQ1234563"],
}
LOOK_ALIKES = {
    # as typed, and what the form says was meant: none where the form does not tell
    "au-ahpra": ("MED000O932846", "MED0000932846"),
    "fr-rpps": ("1OOO1234565", "10001234565"),
    "gb-gdc": ("O12345", "012345"),
    "gb-gmc": ("I234567", "1234567"),
    "gb-gphc": ("2O33467", "2033467"),
    "gb-hcpc": ("CHO29821", None),
    "gb-nmc": ("I2A34S6B", "12A3456B"),
    "ie-coru": ("D1012345", "DI012345"),
    "ie-imc": ("O12345", "012345"),
    "ie-nmbi": ("O12345", "012345"),
    "ie-psi": ("O1234", "01234"),
    "nl-big": ("O9012345601", "09012345601"),
    "us-npi": ("I234567893", "1234567893"),
}


def told(code, typed):
    with pytest.raises(BadNumberError) as refused:
        read_number(REGISTERS[code], typed)
    return str(refused.value)


def each(numbers):
    return [(code, number) for code, many in sorted(numbers.items()) for number in many]


def test_every_register_has_its_numbers_here():
    assert REGISTERS.keys() == GOOD.keys() == BAD.keys() == LOOK_ALIKES.keys()


def test_six_countries_are_there():
    assert {one.country for one in REGISTERS.values()} == {"GB", "US", "IE", "AU", "FR", "NL"}


@pytest.mark.parametrize(("code", "typed"), each(GOOD))
def test_a_good_number_is_read_and_stays_text(code, typed):
    found = read_number(REGISTERS[code], typed)
    assert (found.doubt, REGISTERS[code].fits(found.number)) == (None, True)


@pytest.mark.parametrize(("code", "typed"), each(BAD))
def test_a_bad_number_is_refused_with_a_reason(code, typed):
    assert len(told(code, typed)) > 20


@pytest.mark.parametrize("code", sorted(LOOK_ALIKES))
def test_a_look_alike_is_never_changed_in_silence(code):
    typed, meant = LOOK_ALIKES[code]
    if meant is None:
        assert read_number(REGISTERS[code], typed).number == typed
    else:
        assert f"Did you mean {meant}?" in told(code, typed)


NO_PROOF = [
    ("gb-gmc", "G1234567", "it is no registration"),
    ("gb-gmc", "A81001", "stand for a practice"),
    ("us-npi", "MQ1234563", "it is no NPI"),
    ("fr-rpps", "123456789", "it is no RPPS number"),
    ("nl-big", "79012345", "it is no registration"),
    ("au-ahpra", "8003 6108 3333 4085", "not that you may practise"),
]


@pytest.mark.parametrize(("code", "typed", "says"), NO_PROOF)
def test_a_number_that_is_no_registration_is_refused_by_its_name(code, typed, says):
    assert says in told(code, typed)


def test_zeros_at_the_start_are_part_of_a_number():
    assert read_number(REGISTERS["nl-big"], "09012345601").number == "09012345601"
    assert "Zeros at the start count" in told("nl-big", "9012345601")


def test_rpps_warns_and_npi_refuses():
    assert read_number(REGISTERS["fr-rpps"], "10001234560").doubt
    assert "last digit" in told("us-npi", "1234567890")


def test_an_npi_shows_whose_it_is_and_no_licence():
    assert not REGISTERS["us-npi"].licence
    assert not REGISTERS["us-npi"].is_feed
    assert all(one.is_feed for code, one in REGISTERS.items() if code != "us-npi")
