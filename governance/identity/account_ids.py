"""What can be an account's id: text that is compared as bytes, or a whole number that is written one way."""

from typing import Final

from governance.identity.errors import BadAccountIdError

_LONGEST: Final = 256
"""Bytes of UTF-8; design.md section 8."""
_LARGEST_NUMBER: Final = 2**53 - 1
"""Beyond it a program that keeps numbers as doubles takes two members for one (RFC 8259, section 6)."""


def account_id_of(claim: object) -> str:
    """Return the id that a claim of a sign-in names. Raises `BadAccountIdError`.

    The number 42 is the text `42`, the id that the forum sends in its requests; nothing else is turned into text.
    """
    # True and False are numbers to Python. 0 is nobody: forums and programs use it for guests and for "not set".
    if isinstance(claim, int) and not isinstance(claim, bool) and 0 < claim <= _LARGEST_NUMBER:
        return str(claim)
    if not isinstance(claim, str):
        raise BadAccountIdError("an account id is text or a whole number from 1 to 2^53 - 1")
    check_account_id(claim)
    return claim


def check_account_id(account_id: str) -> None:
    """Refuse what no account can be called. Raises `BadAccountIdError`."""
    try:
        size = len(account_id.encode())
    except UnicodeEncodeError as error:
        raise BadAccountIdError("an account id must be text in UTF-8") from error
    if not 0 < size <= _LONGEST:
        raise BadAccountIdError("an account id is 1 to 256 bytes long")
