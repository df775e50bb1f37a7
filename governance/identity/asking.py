"""A secret that a command needs: from its option or the environment, typed at a terminal, or sent by a script."""

import sys
from typing import Final

import click

VARIABLE: Final = "GOVERNANCE_OIDC_CLIENT_SECRET"
HELP: Final = (
    "Its secret there; better in the environment, typed when asked, or in the first line of standard input: "
    "others can read command lines."
)
_LONGEST_LINE: Final = 4096
_NONE: Final = (
    f"the secret is empty: set `{VARIABLE}`, or send the secret as the first line of standard input; nothing was added"
)


def secret_said(given: str | None) -> str:
    """Return the secret that was given, or ask for it; off a terminal it is the first line of standard input.

    Raises `click.ClickException` if it is empty.
    """
    if given is None:
        # Off a terminal a prompt would be asked of nobody, and what was sent could be shown.
        given = _typed() if _at_terminal() else _sent()
    if not given.strip():
        raise click.ClickException(_NONE)
    return given


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _typed() -> str:
    typed: str = click.prompt("client secret at the provider", hide_input=True, err=True)
    return typed


def _sent() -> str:
    line = b"" if sys.stdin is None else sys.stdin.buffer.readline(_LONGEST_LINE)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.ClickException("the secret on standard input is no text in UTF-8; nothing was added") from None
