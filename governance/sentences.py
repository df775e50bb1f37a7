"""Sentences that a service says and a page translates: English, with what stands in its places kept apart."""

from collections.abc import Mapping
from typing import NamedTuple


class Sentence(NamedTuple):
    """One of our sentences; `values` fill places such as `%(name)s`, and may be sentences themselves."""

    text: str
    values: Mapping[str, object] = {}

    def __str__(self) -> str:
        """Return it in English."""
        return self.text % dict(self.values) if self.values else self.text


def said_by(error: Exception) -> Sentence:
    """Return what an error says, as a page can translate it."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else Sentence(str(error))
