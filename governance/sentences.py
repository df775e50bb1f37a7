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
