"""Who wears a badge now and what it says: worked out from what is in force at every question, never stored.

INVARIANT: nobody who is here as a patient wears one, and it is gone in the transaction that ends the standing.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.conduct.held import live
from governance.conduct.standing import note, said, say
from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.capacity import capacities_of_viewer
from governance.decision.facts import Conduct, Hcp
from governance.decision.gate import passes_gate
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Assurance, Capacity, Instant, NotSentType, PlatformId, Status
from governance.effective.documents import HcpDocument, hcp_of
from governance.effective.roster import open_badge

_AT_WORK: Final = frozenset({Capacity.PROFESSIONAL})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Badge:
    """What a forum may show beside somebody's name; `name` is None where it is withheld."""

    name: str | None
    profession: str
    register: str
    """As people call it, such as `NMC`; empty where a verifier entered somebody by hand."""
    checked: Instant | None
    """When somebody looked at the register last."""
    person: bool
    """Whether it was proven that the entry is theirs (A4); else the number alone was looked up (A3)."""
    restricted: bool
    until: Instant
    """When it ends by itself, if nothing ends it before."""


@dataclass(frozen=True, slots=True)
class Where:
    """On which forum, in which community if one was sent, under which rules, when."""

    platform_id: UUID
    community: str | NotSentType
    conduct: Conduct
    now: Instant


class NameWish(NamedTuple):
    """Whether somebody's name is withheld on a forum's badge."""

    platform_id: UUID
    withheld: bool


def badge_of(session: Session, keys: DataKeys, hcp_id: UUID, document: HcpDocument, where: Where) -> Badge | None:
    """Return the badge of a professional, if they wear one there now."""
    if not _wears(hcp_of(document), where):
        return None
    profession = next((one.name for one in document.claims if one.who is WhoKind.PROFESSION), "")
    name = None if str(where.platform_id) in document.name_withheld else _name(keys, hcp_id, document)
    if name == "" or not profession:
        return None
    register, checked = _last_look(session, hcp_id, profession)
    return Badge(
        name=name,
        profession=profession,
        register=register,
        checked=checked,
        person=document.assurance >= Assurance.A4,
        restricted=document.status is Status.RESTRICTED,
        until=Instant(min(document.checked_until, document.attested[1])),
    )


def withhold_name(session: Session, keyring: Keyring, hcp_id: UUID, wish: NameWish, now: Instant) -> None:
    """Show the name on a forum's badge, or show that it is withheld; the very next question follows it."""
    before: list[str] = said(session, keyring, hcp_id, now).get("name_withheld", [])
    after = {*before, str(wish.platform_id)} if wish.withheld else {*before} - {str(wish.platform_id)}
    if after == {*before}:
        return
    say(session, keyring, hcp_id, now, name_withheld=sorted(after))
    note(session, keyring, hcp_id, now, {"act": "badge", "name": "withheld" if wish.withheld else "shown"})


def _wears(hcp: Hcp, where: Where) -> bool:
    capacities = capacities_of_viewer(hcp, PlatformId(str(where.platform_id)), where.community, where.now)
    if capacities != _AT_WORK or hcp.assurance < Assurance.A3:
        return False
    return passes_gate(hcp, Action.VIEW, Capacity.PROFESSIONAL, where.conduct, where.now)


def _name(keys: DataKeys, hcp_id: UUID, document: HcpDocument) -> str:
    try:
        return open_badge(keys, str(hcp_id), document.badge)
    except (EnvelopeError, EpochGoneError, KeyGoneError):
        _log.critical("broken_row", kind="hcp")
        return ""


def _last_look(session: Session, hcp_id: UUID, profession: str) -> tuple[str, Instant | None]:
    """Return what people call the register that shows the profession, and as of when it was looked at last.

    THREAT: what somebody only said of another register, a verifier's look at the first one would vouch for.
    """
    row = next((one for one in live(session, hcp_id) if profession in one.professions.split()), None)
    if row is None:
        return "", None
    # The part of a register's code after its country is what its members call it: `gb-nmc` is the NMC.
    return row.register.partition("-")[2].upper(), Instant(row.seen)
