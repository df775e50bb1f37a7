"""What a platform may know of the professionals on it: which accounts are governed, what each may do, the badge.

Nothing here depends on any patient.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.conduct.badge.service import Where, badge_of
from governance.conduct.badge.words import said
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.keys import Keyring
from governance.decision.capacity import capacities_of_viewer
from governance.decision.decide import actions_asked
from governance.decision.facts import Conduct, Hcp
from governance.decision.gate import passes_gate
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import (
    AccountKey,
    Action,
    Assurance,
    Capacity,
    Instant,
    Mark,
    NotSentType,
    PlatformId,
)
from governance.effective.documents import HcpDocument, hcp_of
from governance.effective.errors import BrokenRowError
from governance.effective.facts import stopped
from governance.effective.models import GovernedAccount
from governance.effective.present import Present, PresentAccount
from governance.effective.service import Register
from governance.errors import BadInputError
from governance.identity.models import Platform
from governance.identity.service import account_for, account_names
from governance.pdp.models import governed_accounts

_FIRST: Final = AccountKey("")
_CURSOR: Final = ("hcps", "cursor")
_log = structlog.get_logger()


class HcpStatus(NamedTuple):
    """One account: `governed` if decisions about it ask patients; the rest is empty for everybody else."""

    account: str
    governed: bool
    eligible: bool = False
    """Whether it may do anything at all as it is here; each patient still says what."""
    actions: Sequence[Action] = ()
    assurance: Assurance | None = None
    profession: str | None = None
    badge: str | None = None


class Page(NamedTuple):
    """Governed accounts by the platform's own ids; `complete` is false if one has lost its name with an erasure."""

    accounts: Sequence[str]
    next: str | None
    complete: bool


class Professionals:
    """The professionals of one platform, in one session."""

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Read and write for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id

    def declare(self, accounts: Iterable[tuple[str, AccountKey]], now: Instant) -> None:
        """Mark accounts that the platform calls professionals'; only staff unmark them. Raises `BadAccountIdError`."""
        platform = self._session.get_one(Platform, self._platform_id)
        register = Register(self._session, self._keyring, now)
        for name, key in accounts:
            bound = self._session.get(GovernedAccount, key)
            if bound is None or Mark.DECLARED not in bound.marks.split():
                account_for(self._session, self._keyring, platform, name, now)
                register.mark(self._platform_id, key, Mark.DECLARED)

    def page(self, after: str | None, most: int) -> Page:
        """Return which accounts are governed, from a cursor on. Raises `BadInputError`."""
        rows = governed_accounts(self._session, self._platform_id, self._opened(after), most + 1)
        shown = rows[:most]
        known = [account for _, account in shown if account is not None]
        names = account_names(self._session, self._keyring, known)
        more = len(rows) > most
        return Page(
            accounts=sorted(names.values()),
            next=self._cursor(AccountKey(shown[-1][0].key)) if more else None,
            complete=len(names) == len(shown),
        )

    def statuses(self, asked: Sequence[tuple[str, AccountKey]], where: "Standpoint") -> list[HcpStatus]:
        """Return what each account is, in the order asked; who is not governed and who is unknown look alike."""
        source = Present(self._session, self._keyring, self._platform_id)
        where = where._replace(suspended=_is_suspended(source))
        found = source.accounts({key for _, key in asked})
        keys = DataKeys(self._session, self._keyring)
        keys.fetch({owner_of("hcp", account.professional) for account in found.values() if account.professional})
        return [
            _status(self._session, name, found[key], keys, where) if key in found else HcpStatus(name, governed=False)
            for name, key in asked
        ]

    def _cursor(self, key: AccountKey) -> str:
        # Sealed: beside the platform's own ids, our digests would link a stolen database to people.
        sealed = seal(self._keyring.derive("cursor"), key.encode(), *_CURSOR, str(self._platform_id))
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def _opened(self, cursor: str | None) -> AccountKey:
        if cursor is None:
            return _FIRST
        try:
            sealed = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
            return AccountKey(unseal(self._keyring.derive("cursor"), sealed, *_CURSOR, str(self._platform_id)).decode())
        except (EnvelopeError, ValueError) as error:
            raise BadInputError("`after` must be the `next` of an answer, as it came") from error


class Standpoint(NamedTuple):
    """From where professionals are looked at: a platform, a community's digest if one was sent, the rules, now."""

    platform_id: UUID
    community: str | NotSentType
    conduct: Conduct
    now: Instant
    suspended: bool = False
    """Whether no professional passes the gate there, whoever they are."""

    def capacities(self, hcp: Hcp) -> frozenset[Capacity]:
        """Return every capacity that the professional has there."""
        return capacities_of_viewer(hcp, PlatformId(str(self.platform_id)), self.community, self.now)

    def actions(self, hcp: Hcp) -> list[Action]:
        """Return what the gate lets them do there in every capacity they have."""
        capacities = self.capacities(hcp)
        return [
            action
            for action in Action
            if all(
                passes_gate(hcp, part, capacity, self.conduct, self.now)
                for part in actions_asked(action)
                for capacity in capacities
            )
        ]


def _status(session: Session, name: str, account: PresentAccount, keys: DataKeys, where: Standpoint) -> HcpStatus:
    try:
        if not account.marks():
            return HcpStatus(name, governed=False)
        document = account.hcp()
    except BrokenRowError:
        _log.critical("broken_row", kind="hcp")
        return HcpStatus(name, governed=True)
    if document is None:
        return HcpStatus(name, governed=True)
    hcp = hcp_of(document)
    actions = where.actions(stopped(hcp) if where.suspended else hcp)
    standing = HcpStatus(name, governed=True, eligible=bool(actions), actions=actions)
    if Capacity.PEER in where.capacities(hcp):
        # Here as a patient: other members are not told what they work as.
        return standing
    # A badge tells members who somebody is. That goes on being true on a forum that shows professionals nothing.
    at_work = Where(where.platform_id, where.community, where.conduct, where.now)
    worn = badge_of(session, keys, UUID(str(account.professional)), document, at_work)
    badge = None if worn is None else said(worn).all
    return standing._replace(assurance=document.assurance, profession=_profession(document), badge=badge)


def _is_suspended(source: Present) -> bool:
    """Say whether decisions refuse every professional on the forum; what cannot be read refuses there and here."""
    try:
        return source.places(()).suspended
    except BrokenRowError:
        _log.critical("broken_row", kind="viewer_or_community")
        return True


def _profession(document: HcpDocument) -> str | None:
    return next((claim.name for claim in document.claims if claim.who is WhoKind.PROFESSION), None)
