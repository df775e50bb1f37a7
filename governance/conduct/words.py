"""What registers say, and what programs of ours wrote down, as our pages say it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from babel import Locale
from flask_babel import gettext

from governance.policy.views.registers import HcpRegister
from governance.sentences import Sentence
from governance.ui.languages import page_language

OURS: Final = (Sentence("registration number"), Sentence("GMC reference number"), Sentence("BIG number"))
"""The others stay as they are: a PIN is one in every language of ours."""
NO_PROOF: Final = (
    Sentence(
        "this is an HPI-I; it says who you are and not that you may practise. Type your Ahpra registration number"
    ),
    Sentence(
        "nine digits are an ADELI or FINESS number; it is no RPPS number. Type your RPPS number, which has eleven"
    ),
    Sentence(
        "a number that begins with G stands for a GP in prescriptions; it is no registration. Type your GMC number"
    ),
    Sentence("one letter and five digits stand for a practice; it is nobody's registration. Type your GMC number"),
    Sentence(
        "eight digits are an AGB code, which insurers give out; it is no registration. "
        "Type your BIG number, which has eleven digits"
    ),
    Sentence("this is the form of a number for prescribing; it is no NPI. Type your NPI, which has ten digits"),
)
"""What the records of registers say of numbers that people have too; `numbers` takes it from there."""


def number_name(called: str) -> str:
    """Return what the number of a register is called, in the language of the page."""
    said: str = gettext(called)
    return said


class InCountry(NamedTuple):
    """A register by what people call its country: the order in which pages list them."""

    country: str
    name: str
    register: HcpRegister


def with_country(register: HcpRegister) -> InCountry:
    """Return a register with its country's name in the language of the page."""
    territories: Mapping[str, str] = Locale.parse(page_language()).territories
    return InCountry(territories.get(register.country, register.country), register.name, register)


def written(text: str) -> str:
    """Return what was written down, in the language of the page where a program of ours wrote it."""
    # What a person wrote is in no catalogue, and stays; of nothing, gettext would say what the catalogue is.
    said: str = gettext(text) if text else ""
    return said
