"""Reading a register number as it was typed: put into its register's form, or the typing error explained.

A number is text, its zeros included. That it can be read proves nothing: it may belong to nobody, or to somebody else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

from governance.conduct.errors import BadNumberError
from governance.policy.views.registers import SIGNS, HcpRegister
from governance.sentences import Sentence

_BETWEEN: Final = str.maketrans("", "", " \t\u00a0-./")
"""What people put between the parts of a number."""
_LOOK_ALIKE: Final = {
    "0": "O", "O": "0", "1": "I", "I": "1", "L": "1", "5": "S", "S": "5", "2": "Z", "Z": "2", "8": "B", "B": "8",
}  # fmt: skip
_KINDS: Final = {
    "9": Sentence("%(where)s must be a digit, not %(found)s"),
    "A": Sentence("%(where)s must be a letter, not %(found)s"),
}
_PLACES: Final = (
    Sentence("the first character"),
    Sentence("the second character"),
    Sentence("the third character"),
    Sentence("the fourth character"),
    Sentence("the fifth character"),
    Sentence("the sixth character"),
    Sentence("the seventh character"),
    Sentence("the eighth character"),
    Sentence("the ninth character"),
    Sentence("the tenth character"),
)
_ODD: Final = Sentence("its last digit does not fit the others: one digit may be wrong, or two may have changed places")
_ZEROS: Final = Sentence("%(wrong)s. Zeros at the start count: type them too")


@dataclass(frozen=True, slots=True)
class RegisterNumber:
    """A number in its register's form; `doubt` says what to look at once more, none where nothing is odd."""

    register: str
    number: str
    doubt: Sentence | None = None


def read_number(register: HcpRegister, typed: str) -> RegisterNumber:
    """Return what was typed in the register's form. Raises `BadNumberError`, which says what seems wrong."""
    number = _tidied(register, typed)
    if not number:
        raise BadNumberError(Sentence("type your %(number)s", {"number": Sentence(register.number_name)}))
    other = next((one for one in register.no_proof if one.fits(number)), None)
    if other is not None:
        raise BadNumberError(Sentence(other.says))
    if not register.fits(number):
        raise BadNumberError(_what_is_wrong(register, number))
    digit = register.check_digit
    if digit is None or digit.holds(number):
        return RegisterNumber(register.code, number)
    # Never which digit would fit: a corrected guess would be somebody else's number.
    if digit.refuses:
        raise BadNumberError(_ODD)
    return RegisterNumber(register.code, number, _ODD)


def _tidied(register: HcpRegister, typed: str) -> str:
    number = typed.strip().translate(_BETWEEN)
    # Upper case is for A to Z alone: other alphabets are told, not folded.
    number = number.upper() if number.isascii() else number
    for dropped in register.drops:
        if not register.fits(number) and register.fits(number.removeprefix(dropped)):
            return number.removeprefix(dropped)
    return number


def _what_is_wrong(register: HcpRegister, number: str) -> Sentence:
    if not number.isascii() or not number.isalnum():
        return Sentence("use only the letters A to Z and the digits 0 to 9")
    lengths = sorted({len(shape) for shape in register.shapes})
    if len(number) not in lengths:
        return _wrong_length(register, number, lengths)
    shape = min((s for s in register.shapes if len(s) == len(number)), key=lambda s: len(list(_misfits(s, number))))
    wrong = list(_misfits(shape, number))
    if not wrong:
        return Sentence("a number of this register begins with %(starts)s", {"starts": _either(register.starts)})
    said = _one_by_one(Sentence(_KINDS[shape[at]].text, {"where": _place(at), "found": number[at]}) for at in wrong)
    meant = _as_meant(shape, number)
    if not register.fits(meant):
        return said
    return Sentence("%(wrong)s. Did you mean %(meant)s?", {"wrong": said, "meant": meant})


def _wrong_length(register: HcpRegister, number: str, lengths: list[int]) -> Sentence:
    values = {
        "lengths": _either(map(str, lengths)),
        "example": register.example,
        "typed": len(number),
    }
    said = Sentence(
        "a number of this register has %(lengths)s characters, as in %(example)s; this has %(typed)s", values
    )
    digits_alone = all(set(shape) == {"9"} for shape in register.shapes)
    if digits_alone and len(number) < min(lengths):
        return Sentence(_ZEROS.text, {"wrong": said})
    return said


def _either(some: Iterable[str]) -> object:
    *others, last = some
    return Sentence("%(these)s or %(this)s", {"these": ", ".join(others), "this": last}) if others else last


def _one_by_one(some: Iterable[Sentence]) -> Sentence:
    return reduce(lambda these, this: Sentence("%(these)s; %(this)s", {"these": these, "this": this}), some)


def _misfits(shape: str, number: str) -> Iterator[int]:
    return (at for at, (wanted, sign) in enumerate(zip(shape, number, strict=True)) if sign not in SIGNS[wanted])


def _as_meant(shape: str, number: str) -> str:
    """Return the number with look-alikes put right; only where the form tells which of the two it must be."""
    wrong = set(_misfits(shape, number))
    return "".join(_LOOK_ALIKE.get(sign, sign) if at in wrong else sign for at, sign in enumerate(number))


def _place(at: int) -> Sentence:
    return _PLACES[at] if at < len(_PLACES) else Sentence("the %(number)sth character", {"number": at + 1})
