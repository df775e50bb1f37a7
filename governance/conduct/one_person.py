"""Two records of one person become one: every account is bound by what binds any of them, on every forum."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import NotMatchedError
from governance.conduct.models import HcpAccount, HcpRecord, SaidRegistration
from governance.conduct.standing import keep, said, say
from governance.conduct.verifying import Findings, Verifying, state_of
from governance.crypto.keys import Keyring
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import BEGINNING, AccountKey, Assurance, Instant, Status
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
        into = self._matched(record)
        if not proof.strip():
            raise NotMatchedError("write what showed that both accounts are one person's")
        self._refuse_to_lose_measures(hcp_id)
        self._tie(record, into)
        found = {"evidence": evidence, "reason": reason, "proof": proof}
        self._verifying.keep(
            into, Findings(assurance=Assurance(into.assurance), status=Status(into.status), **found), "tied"
        )
        gone = Findings(assurance=Assurance.A0, status=Status.UNKNOWN, **found)
        self._verifying.put(record, gone, "joined", BEGINNING, attested=tuple(NEVER))
        record.ended = self._now
        keep(self._session, self._keyring, record)
        return into.id

    def _matched(self, record: HcpRecord) -> HcpRecord:
        latest = SaidRegistration.latest(self._session, record.id)
        holder = None if latest is None else HcpRecord.matched_with(self._session, latest.number_digest)
        if holder is None or holder.id == record.id:
            raise NotMatchedError("no other record was matched with this number; match one of them first")
        # Nobody ties an account to their own record either.
        return self._verifying.taken(holder.id, state_of(self._session, holder))

    def _refuse_to_lose_measures(self, hcp_id: UUID) -> None:
        document: HcpDocument = Register(self._session, self._keyring, self._now).document("hcp", str(hcp_id))
        spans = (*document.blocks, *document.cases)
        if any(end > self._now for _, end in spans):
            raise NotMatchedError(
                "a measure or a case stands on this record; an officer takes it on the other one first"
            )

    def _tie(self, record: HcpRecord, into: HcpRecord) -> None:
        before, ours = (said(self._session, self._keyring, one.id, self._now) for one in (into, record))
        names = {claim["name"] for claim in before["claims"]}
        say(
            self._session,
            self._keyring,
            into.id,
            self._now,
            accounts=sorted({*before["accounts"], *ours["accounts"]}),
            claims=[*before["claims"], *(claim for claim in ours["claims"] if claim["name"] not in names)],
        )
        register = Register(self._session, self._keyring, self._now)
        for account in HcpAccount.accounts_of(self._session, record.id):
            tied = self._session.get_one(HcpAccount, account.id)
            tied.hcp_id = into.id
            keep(self._session, self._keyring, tied)
            register.bind(account.platform_id, AccountKey(account.key), hcp=into.id)
