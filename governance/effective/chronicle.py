"""What is written beside every change in force: the ledger, each platform's revision, and the journal outside.

All in the transaction of the change; the journal just before its commit, so that a crash can leave there at
most a tightening that nobody was told of.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.documents import encode
from governance.effective.entered import note_entered
from governance.effective.judge import Judge
from governance.effective.macs import Binding, Said
from governance.effective.models import GovernedAccount, InForce, PlatformChange
from governance.ledger.hints import Hint, News, give_hint
from governance.ledger.service import append, journal, pseudonym


class Change(NamedTuple):
    """One fragment that a room put, and the whole document before and after it."""

    said: Said
    document: bytes
    before: Any
    after: Any


class Chronicle:
    """Writes down the changes of one transaction."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant, judge: Judge) -> None:
        """Write in this session at this instant; the judge knows what changes open."""
        self._session = session
        self._keyring = keyring
        self._now = now
        self._judge = judge

    def of_row(self, change: Change, mac: bytes) -> None:
        """Write down that a row has a new version."""
        kind, subject, room, version, _ = change.said
        self._append(kind, subject, version, mac, room)
        for platform_id in self._platforms(kind, subject):
            self._advance(platform_id, kind, subject, version)
        # Only of a patient's record can it be known that a change opens nothing.
        opens = kind != "patient" or self._judge.opens(change.before, change.after)
        record = {"what": "row", **change.said._asdict(), "opens": opens, "document": change.document.decode()}
        journal(self._session, self._keyring, encode(record))

    def of_account(self, platform_id: UUID, binding: Binding, mac: bytes) -> None:
        """Write down that an account is bound or marked anew; whom it is bound to counts there from now on."""
        self._append("account", binding.key, binding.version, mac)
        self._advance(platform_id, "account", binding.key, binding.version)
        journal(self._session, self._keyring, encode({"what": "account", **binding._asdict()}))

    def of_binding(self, platform_id: UUID, row: InForce) -> None:
        """Write down that a row counts on one more platform."""
        self._advance(platform_id, row.kind, row.subject, row.version)

    def _append(self, kind: str, subject: str, version: int, mac: bytes, room: str = "") -> None:
        whose = pseudonym(self._keyring, kind, subject)
        facts: dict[str, str | int] = {"of": kind, "subject": whose, "version": version, "mac": mac.hex(), "room": room}
        append(self._session, self._keyring, self._now, "in_force", facts)
        note_entered(self._session, (kind, subject, version))

    def _platforms(self, kind: str, subject: str) -> list[UUID]:
        if kind in ("community", "platform"):
            return [UUID(subject.partition("/")[0])]
        return GovernedAccount.platforms_of(self._session, kind, subject)

    def _advance(self, platform_id: UUID, kind: str, subject: str, version: int) -> None:
        last = PlatformChange.newest(self._session, platform_id)
        revision, at = (1, self._now) if last is None else (last.revision + 1, max(self._now, Instant(last.at)))
        self._session.add(
            PlatformChange(
                platform_id=platform_id, revision=revision, kind=kind, subject=subject, version=version, at=at
            )
        )
        self._session.flush()
        give_hint(self._session, News(Hint.CHANGES, platform_id, self._now))
