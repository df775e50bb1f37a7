"""Who reads this page: asked of the sidecar once, and handed to the forum."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from governance.decision.vocabulary import Action
from governance.pep.answers import REFUSED, Answer
from governance.pep.failures import UnansweredError
from governance.pep.local import SidecarClient
from governance.pep.questions import Resource

_SAID: Final = {"hide": True, "ask": False, "show": False}
"""What the sidecar says of authors it was not asked about, and whether that is how it speaks to who is governed."""
_MOST_KEPT: Final = 100_000


class Sidecar(SidecarClient):
    """The line to the sidecar, which also tells who is governed; safe to share between threads."""

    def is_governed(self, viewer: str) -> bool | None:
        """Say whether choices about professionals bind an account; None where nobody says."""
        try:
            told = self._ask("/hidden-authors", {"viewer": viewer, "authors": []}, self._deadline())
        except UnansweredError:
            return None
        rest = told.get("rest")
        return _SAID.get(rest) if isinstance(rest, str) else None


class Free:
    """Who was last known not to be governed: they go on reading while the sidecar does not answer.

    It opens nothing: what they read is still filtered, by whoever answers for the page. Who was never asked about, or
    was governed when last heard of, is not in it.
    """

    def __init__(self, most: int = _MOST_KEPT) -> None:
        """Keep at most so many, those who came last."""
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def heard(self, account: str, *, governed: bool) -> None:
        """Keep what was said of an account."""
        with self._lock:
            self._accounts.pop(account, None)
            if not governed:
                self._accounts[account] = None
                if len(self._accounts) > self._most:
                    self._accounts.popitem(last=False)

    def __contains__(self, account: str) -> bool:
        with self._lock:
            return account in self._accounts


class Viewer:
    """Who reads one page. `governed` is True also where nobody said; `known` tells these apart."""

    def __init__(self, account: str, sidecar: SidecarClient, *, governed: bool, known: bool) -> None:
        """Answer for this account alone."""
        self.account = account
        self.governed = governed
        self.known = known
        self.asked = False
        """Whether the sidecar was asked about anything on this page, or the page said that it shows nobody's words."""
        self.would_hide = 0
        """How many of the answers only observed a refusal."""
        self._sidecar = sidecar

    def answers(self, action: Action, resources: Sequence[Resource]) -> list[Answer]:
        """Return one answer for each resource, in order; never raises, refuses instead."""
        self.asked = True
        answers = self._sidecar.evaluate_page(self.account, action, resources)
        self.would_hide += sum(answer.observed is False for answer in answers)
        return answers

    def evaluate_page(self, viewer: str, action: Action, resources: Sequence[Resource]) -> list[Answer]:
        """Answer as a client does; for any other account, refuse."""
        if viewer != self.account:
            return [REFUSED] * len(resources)
        return self.answers(action, resources)

    def shows_nobodys_words(self) -> None:
        """Say that this page shows nothing that a member wrote or is, and no number of it."""
        self.asked = True
