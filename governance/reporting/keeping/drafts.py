"""What a report consists of: what the server reads, what is sealed, and who made it, which is sealed apart."""

from dataclasses import dataclass, field
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the server reads of a report, so that clocks run and somebody is woken; the form says so."""

    kind: str
    """One of the types of `policies/reporting`."""
    danger_now: bool = False
    minor: bool = False
    platform_id: UUID | None = None


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says."""

    what: str
    where: str = ""
    who: str = ""
    wish: str = ""
    reach: str = ""
    """How to answer safely, as far as officers need to know it; a name belongs to `Identity`."""
    evidence: tuple[str, ...] = ()
    """What the files are called that came with it."""
    filed: int = 0
    """When it was filed, to the microsecond; set on filing."""
    more: dict[str, str] = {}
    """What else a form asked, by its own names."""

    def __repr__(self) -> str:
        """Show nothing: what is shown ends in logs."""
        return "Body(...)"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who made a report."""

    name: str = ""
    reach: str = ""
    account: str = ""
    """On which forum, under which id, if they were signed in."""

    def __repr__(self) -> str:
        """Show nothing."""
        return "Identity(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report as it is handed in. Without an identity nobody can find out from here who made it."""

    header: Header
    body: Body = field(repr=False)
    identity: Identity | None = field(default=None, repr=False)
