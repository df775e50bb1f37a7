"""Reading a register number as it was typed: put into its register's form, or the typing error explained.

A number is text, its zeros included. That it can be read proves nothing: it may belong to nobody, or to somebody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from governance.conduct.errors import BadNumberError
from governance.policy.views.registers import SIGNS, HcpRegister

_BETWEEN: Final = str.maketrans("", "", " \t\u00a0-./")
"""What people put between the parts of a number."""
_LOOK_ALIKE: Final = {
    "0": "O", "O": "0", "1": "I", "I": "1", "L": "1", "5": "S", "S": "5", "2": "Z", "Z": "2", "8": "B", "B": "8",
}  # fmt: skip
_KINDS: Final = {"9": "a digit", "A": "a letter"}
_PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class RegisterNumber:
    """A number in its register's form; `doubt` says what to look at once more, and is empty where nothing is odd."""

    register: str
    number: str
    doubt: str = ""


def read_number(register: HcpRegister, typed: str) -> RegisterNumber:
    """Return what was typed in the register's form. Raises `BadNumberError`, which says what seems wrong."""
    number = _tidied(register, typed)
    if not number:
        raise BadNumberError(f"type your {register.number_name}")
    if not register.fits(number):
        raise BadNumberError(_what_is_wrong(register, number))
    digit = register.check_digit
    if digit is None or digit.holds(number):
        return RegisterNumber(register.code, number)
    # Never which digit would fit: a corrected guess would be somebody else's number.
    odd = "its last digit does not fit the others: one digit may be wrong, or two may have changed places"
    if digit.refuses:
        raise BadNumberError(odd)
    return RegisterNumber(register.code, number, odd)


def _tidied(register: HcpRegister, typed: str) -> str:
    number = typed.strip().translate(_BETWEEN)
    # Upper case is for A to Z alone: other alphabets are told, not folded.
    number = number.upper() if number.isascii() else number
    for dropped in register.drops:
        if not register.fits(number) and register.fits(number.removeprefix(dropped)):
            return number.removeprefix(dropped)
    return number


def _what_is_wrong(register: HcpRegister, number: str) -> str:
    if not number.isascii() or not number.isalnum():
        return "use only the letters A to Z and the digits 0 to 9"
    lengths = sorted({len(shape) for shape in register.shapes})
    if len(number) not in lengths:
        return _wrong_length(register, number, lengths)
    shape = min((s for s in register.shapes if len(s) == len(number)), key=lambda s: len(list(_misfits(s, number))))
    wrong = list(_misfits(shape, number))
    if not wrong:
        return f"a {register.number_name} begins with {' or '.join(register.starts)}"
    said = "; ".join(f"the {_place(at)} character must be {_KINDS[shape[at]]}, not {number[at]}" for at in wrong)
    meant = _as_meant(shape, number)
    return f"{said}. Did you mean {meant}?" if register.fits(meant) else said


def _wrong_length(register: HcpRegister, number: str, lengths: list[int]) -> str:
    wanted = " or ".join(map(str, lengths))
    said = f"a {register.number_name} has {wanted} characters, as in {register.example}; this has {len(number)}"
    digits_alone = all(set(shape) == {"9"} for shape in register.shapes)
    if digits_alone and len(number) < min(lengths):
        return f"{said}. Zeros at the start count: type them too"
    return said


def _misfits(shape: str, number: str) -> Iterator[int]:
    return (at for at, (wanted, sign) in enumerate(zip(shape, number, strict=True)) if sign not in SIGNS[wanted])


def _as_meant(shape: str, number: str) -> str:
    """Return the number with look-alikes put right; only where the form tells which of the two it must be."""
    wrong = set(_misfits(shape, number))
    return "".join(_LOOK_ALIKE.get(sign, sign) if at in wrong else sign for at, sign in enumerate(number))


def _place(at: int) -> str:
    return _PLACES[at] if at < len(_PLACES) else f"{at + 1}th"
