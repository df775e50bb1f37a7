"""All that a professional sees of themselves, read from what decisions read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.capacities import Place, places
from governance.conduct.findings import Done, done_to
from governance.conduct.models import Attestation, HcpRecord
from governance.conduct.service import OwnWords, own_words
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.documents import HcpDocument
from governance.effective.life.holds import hold_on
from governance.effective.life.service import Standing
from governance.effective.service import Register


@dataclass(frozen=True, slots=True)
class Overview:
    """How a professional stands now, and what it rests on.

    `found`: the last whole look at the register; `measures`: begin and end, the newest first.
    """

    words: OwnWords | None
    status: Status
    assurance: Assurance
    checked_until: Instant
    waiting_since: Instant | None
    ended: Instant | None
    last: Done | None
    found: Done | None
    accepted: Attestation | None
    accepted_until: Instant | None
    places: tuple[Place, ...]
    measures: tuple[tuple[Instant, Instant], ...]
    is_blocked: bool
    held: Standing | None
    """Whether this forum shows professionals nothing now, whoever they are."""

    @property
    def may_act(self) -> bool:
        """Whether anything at all is open to them as a professional, as far as they themselves are concerned."""
        stands = self.status in {Status.GOOD, Status.RESTRICTED} and self.assurance >= Assurance.A3
        return stands and self.accepted_until is not None and not self.is_blocked


def overview(session: Session, keyring: Keyring, hcp_id: UUID, platform_id: UUID, now: Instant) -> Overview:
    """Return how a professional stands. Raises `BrokenRowError`."""
    record = session.get_one(HcpRecord, hcp_id)
    document: HcpDocument = Register(session, keyring, now).document("hcp", str(hcp_id))
    done = done_to(session, keyring, hcp_id)
    begin, end = document.attested
    return Overview(
        words=own_words(session, keyring, hcp_id),
        status=status_now(document, now),
        assurance=document.assurance,
        checked_until=Instant(document.checked_until),
        waiting_since=_instant(record.waiting_since),
        ended=_instant(record.ended),
        last=done[0] if done else None,
        found=next((one for one in done if one.act == "check"), None),
        accepted=Attestation.latest(session, hcp_id),
        accepted_until=Instant(end) if begin <= now < end else None,
        places=tuple(places(session, keyring, hcp_id, platform_id, now)),
        measures=tuple(sorted(((Instant(a), Instant(b)) for a, b in document.blocks), reverse=True)),
        is_blocked=any(a <= now < b for a, b in document.blocks),
        held=hold_on(session, keyring, platform_id),
    )


def status_now(document: HcpDocument, now: Instant) -> Status:
    """Return a status as decisions take it: a check that grew too old says nothing good any more."""
    is_old = now >= document.checked_until and document.status in {Status.GOOD, Status.RESTRICTED}
    return Status.STALE if is_old else document.status


def _instant(stored: int | None) -> Instant | None:
    return None if stored is None else Instant(stored)
