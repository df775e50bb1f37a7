"""Two records of one person become one: every account is bound by what binds any of them, on every forum."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import NotMatchedError
from governance.conduct.findings import Findings, said_in, said_of, state_of
from governance.conduct.held import NOTHING, live, open_name, seal_name, settle, together
from governance.conduct.models import HcpAccount, HcpRecord, HeldRegistration, RegisterCheck, SaidRegistration
from governance.conduct.moved import tie
from governance.conduct.proofs.models import ControlProof
from governance.conduct.sanctions.models import Sanction
from governance.conduct.sanctions.states import GONE, State
from governance.conduct.service import opened, take_down
from governance.conduct.standing import keep, said, say, unverified
from governance.conduct.verifying import Verifying
from governance.crypto.keys import Keyring
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import AccountKey, Assurance, Instant, Status
from governance.effective.documents import HcpDocument
from governance.effective.service import Register


class OnePerson:
    """Ties the accounts of one record to another one, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, verifying: Verifying, now: Instant) -> None:
        """Act as this verifier at this instant."""
        self._session = session
        self._keyring = keyring
        self._verifying = verifying
        self._now = now

    def join(self, hcp_id: UUID, *, proof: str, evidence: str, reason: str, last: str) -> UUID:
        """Tie a record's accounts to the record that was matched with the same number; return that one.

        Raises `NotMatchedError`, `OwnRecordError`, `RecordChangedError`, `NotRegisteredError`.
        """
        record = self._verifying.taken(hcp_id, last)
        said_here, into = self._matched(record, last)
        if not proof.strip():
            raise NotMatchedError("write what showed that both accounts are one person's")
        self._refuse_to_lose_measures(hcp_id)
        self._tie(record, into)
        for row in live(self._session, record.id):
            self._take_along(row, into)
        said_here.looked = self._now
        keep(self._session, self._keyring, said_here)
        found: dict[str, Any] = {"evidence": evidence, "reason": reason, "proof": proof}
        held = live(self._session, into.id)
        settle(self._session, self._keyring, into, together(held), now=self._now)
        self._verifying.keep(
            into, Findings(assurance=Assurance(into.assurance), status=Status(into.status), **found), "tied"
        )
        gone = Findings(assurance=Assurance.A0, status=Status.UNKNOWN, **found)
        record.waiting_since, record.ended = None, self._now
        settle(self._session, self._keyring, record, NOTHING, now=self._now, attested=tuple(NEVER))
        self._verifying.keep(record, gone, "joined")
        return into.id

    def _matched(self, record: HcpRecord, last: str) -> tuple[SaidRegistration, HcpRecord]:
        told = said_of(self._session, record.id, said_in(last))
        row = None if told is None else self._session.get(HeldRegistration, told.number_digest)
        if told is None or row is None or row.hcp_id == record.id:
            raise NotMatchedError("no other record was matched with this number; match one of them first")
        holder = self._session.get_one(HcpRecord, row.hcp_id)
        # Nobody ties an account to their own record either.
        return told, self._verifying.taken(holder.id, state_of(self._session, holder))

    def _take_along(self, row: HeldRegistration, into: HcpRecord) -> None:
        """Have a registration that the other record held bind the one that stays; sealed anew under that one's key."""
        name = open_name(self._session, self._keyring, row)
        words = opened(self._session, self._keyring, self._session.get_one(SaidRegistration, row.said_id))
        told = take_down(self._session, self._keyring, into.id, words, self._now)
        told.looked = self._now
        keep(self._session, self._keyring, told)
        row.hcp_id, row.said_id = into.id, told.id
        if name is not None:
            row.sealed_name = seal_name(self._session, self._keyring, row, name)
        proven = ControlProof.standing(self._session, into.id, row.number_digest)
        # Who proved it did so with another account: one more proof is asked before it is A4 again.
        row.assurance = min(row.assurance, int(Assurance.A4 if proven else Assurance.A3))
        keep(self._session, self._keyring, row)

    def _refuse_to_lose_measures(self, hcp_id: UUID) -> None:
        document: HcpDocument = Register(self._session, self._keyring, self._now).document("hcp", str(hcp_id))
        spans = (*document.blocks, *document.cases)
        open_still = any(State(one.state) not in GONE for one in Sanction.against(self._session, hcp_id))
        if open_still or any(end > self._now for _, end in spans):
            # Of a record without an account nobody reads a warning, and nobody appeals.
            raise NotMatchedError(
                "a measure or a case stands on this record; an officer takes it on the other one first"
            )
        if any(RegisterCheck.is_doubted(self._session, hcp_id, row.said_id) for row in live(self._session, hcp_id)):
            raise NotMatchedError("somebody reported this record; look at its registration first")

    def _tie(self, record: HcpRecord, into: HcpRecord) -> None:
        before, ours = (said(self._session, self._keyring, one.id, self._now) for one in (into, record))
        say(
            self._session,
            self._keyring,
            into.id,
            self._now,
            accounts=sorted({*before["accounts"], *ours["accounts"]}),
            claims=[*before["claims"], *unverified(ours["claims"], before["claims"])],
            capacities=[*before.get("capacities", []), *_over(ours.get("capacities", []), self._now)],
            name_withheld=sorted({*before.get("name_withheld", []), *ours.get("name_withheld", [])}),
        )
        register = Register(self._session, self._keyring, self._now)
        for account in HcpAccount.accounts_of(self._session, record.id):
            tie(self._session, self._keyring, account.id, into.id, self._now)
            register.bind(account.platform_id, AccountKey(account.key), hcp=into.id)


def _over(capacities: list[list[Any]], now: Instant) -> list[list[Any]]:
    """Return how somebody was here until now: as what they wrote stays so, as what they are here they say anew."""
    return [[*one, start, min(end, int(now))] for *one, start, end in capacities if start < min(end, now)]
