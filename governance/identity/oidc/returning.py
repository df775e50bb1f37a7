"""Where a person may be sent after signing in: names of our own routes, never an address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReturnRoutes:
    """The allow-list of endpoints without arguments; `home` is where everybody else goes."""

    home: str
    others: frozenset[str] = frozenset()

    def allowed(self, endpoint: object) -> str:
        """Return the endpoint if it is on the list, else home."""
        return endpoint if isinstance(endpoint, str) and endpoint in self.others else self.home
