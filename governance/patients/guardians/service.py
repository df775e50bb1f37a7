"""Use cases of guardians' links: a code, a request, two eyes on it, and its end."""

import hmac
import secrets
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.effective.documents import PatientDocument
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.models import Account
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.patients.ages.told import cannot_decide, told
from governance.patients.guardians.errors import CodeSpentError, NotGuardianError, OwnGuardianError
from governance.patients.guardians.models import GuardianCode, Guardianship
from governance.patients.service import find_patient

CODE_LASTS: Final = 24 * 3600 * 1_000_000
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = 12
_ENTRY: Final = "guardian"
PARTY: Final = "guardian:"
"""Before a link's id: whose layer it is, and who says an age."""


class Basis(StrEnum):
    """By what right somebody speaks for another."""

    PARENT = "parental_responsibility"
    LPA = "lpa_for_health"
    DEPUTY = "deputy"
    COURT = "court_order"
    REPRESENTATIVE = "personal_representative"
    """Of somebody who died."""


class Scope(StrEnum):
    """What a link is for."""

    REFUSE = "refuse"
    AGREE = "agree"


_FOR_ADULTS: Final = frozenset({Basis.LPA, Basis.DEPUTY, Basis.COURT})


class Terms(msgspec.Struct, frozen=True):
    """What a link says of itself, as sealed."""

    name: str
    """As the guardian gave it, for the young person and staff to know them by; empty once they are erased."""
    calls: str
    """What the guardian calls the young person; they never see the account's name."""
    basis: Basis
    evidence: str
    scope: tuple[Scope, ...] = (Scope.REFUSE, Scope.AGREE)
    approved_by: str = ""
    end_reason: str = ""


class Guardian(NamedTuple):
    """A link, opened."""

    link: Guardianship
    terms: Terms
    until: Instant | None
    """When it ends by itself, as far as anything says so."""
    in_force: bool

    @property
    def party(self) -> str:
        """Return whose layer theirs is; one for each guardian, so that of two the stricter holds."""
        return f"{PARTY}{self.link.id}"


class Links:
    """Guardians' links, in one session."""

    def __init__(self, session: Session, keyring: Keyring, now: Instant) -> None:
        """Work at this instant."""
        self._session, self._keyring, self._now = session, keyring, now
        self._keys = DataKeys(session, keyring)

    def make_code(self, patient_id: UUID) -> str:
        """Return a new code for one guardian; an earlier one is good no more."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
        row = self._session.get(GuardianCode, patient_id) or GuardianCode(patient_id=patient_id)
        row.code_digest, row.expires = self._digest(code), self._now + CODE_LASTS
        self._session.add(row)
        return "-".join(code[start : start + 4] for start in range(0, _LETTERS, 4))

    def ask(self, account_id: UUID, code: str, terms: Terms, ends: Instant | None) -> Guardianship:
        """Write down a request for a link, and use up the code. Raises `CodeSpentError`, `OwnGuardianError`."""
        row = GuardianCode.taken(self._session, self._digest(code))
        if row is None or row.expires <= self._now:
            raise CodeSpentError("this code was used, is too old, or has a slip; ask for a new one")
        made = self.set_up(row.patient_id, account_id, terms, ends)
        self._session.delete(row)
        return made

    def set_up(self, patient_id: UUID, account_id: UUID, terms: Terms, ends: Instant | None) -> Guardianship:
        """Write down a link that still needs an approval and the patient's eyes. Raises `OwnGuardianError`."""
        own = find_patient(self._session, account_id)
        if own is not None and own.id == patient_id:
            raise OwnGuardianError("this is your own account; sign in with the account of the guardian")
        link = Guardianship(id=new_id(), patient_id=patient_id, account_id=account_id, asked=self._now, ends=ends)
        self._keep(link, terms)
        self._enter(link, "asked")
        return link

    def approve(self, link_id: UUID, by: str, scope: tuple[Scope, ...], ends: Instant | None = None) -> None:
        """Say for staff that the evidence was seen. Raises `NotGuardianError`."""
        guardian = self._open_one(link_id)
        link = guardian.link
        link.approved = link.approved or self._now
        link.ends = ends if link.ends is None or (ends is not None and ends < link.ends) else link.ends
        self._keep(link, msgspec.structs.replace(guardian.terms, approved_by=by, scope=scope))
        self._enter(link, "approved")

    def see(self, patient_id: UUID, link_id: UUID) -> None:
        """Write down that the patient saw a link. Raises `NotGuardianError`."""
        guardian = self._open_one(link_id)
        if guardian.link.patient_id != patient_id:
            raise NotGuardianError("there is no such link; look at your guardians again")
        guardian.link.seen = guardian.link.seen or self._now
        self._keep(guardian.link, guardian.terms)
        self._enter(guardian.link, "seen")

    def end(self, link_id: UUID, why: str) -> None:
        """End a link at once; what it refused stays until it is taken away. Raises `NotGuardianError`."""
        guardian = self._open_one(link_id)
        guardian.link.ended = self._now
        self._keep(guardian.link, msgspec.structs.replace(guardian.terms, end_reason=why))
        self._enter(guardian.link, "ended")

    def forget_guardian(self, link: Guardianship, stand_in: UUID) -> None:
        """End a link and leave nothing in it of who the guardian was; `stand_in` takes the place of their account.

        Raises `KeyGoneError`, `EnvelopeError`.
        """
        terms = terms_of(self._keys, link)
        if link.ended is None:
            self._enter(link, "ended")
        link.account_id, link.ended = stand_in, link.ended or self._now
        self._keep(link, msgspec.structs.replace(terms, name="", calls="", evidence=""))

    def release(self, guardian: Guardian) -> None:
        """Let the patient take this guardian's refusals away: the guardian does not want them any more."""
        guardian.link.released = self._now
        self._keep(guardian.link, guardian.terms)
        self._enter(guardian.link, "released")

    def hold_on(self, guardian: Guardian) -> None:
        """Take a release back: the guardian refuses something anew."""
        if guardian.link.released is not None:
            guardian.link.released = None
            self._keep(guardian.link, guardian.terms)

    def of_patient(self, patient_id: UUID) -> list[Guardian]:
        """Return every link to a patient, ended ones too: the patient is shown all."""
        found = (self._opened(link) for link in Guardianship.of_patient(self._session, patient_id))
        return [guardian for guardian in found if guardian is not None]

    def acting_for(self, patient_id: UUID, scope: Scope) -> list[Guardian]:
        """Return who may do something for a patient now."""
        return [one for one in self.of_patient(patient_id) if one.in_force and scope in one.terms.scope]

    def of_account(self, account_id: UUID) -> list[Guardian]:
        """Return the links of a guardian that are in force, or wait to be; of those that ended nothing is told."""
        found = (self._opened(link) for link in Guardianship.of_account(self._session, account_id))
        return [one for one in found if one is not None and (one.in_force or self._waits(one))]

    def acting(self, account_id: UUID, link_id: UUID, scope: Scope | None = None) -> Guardian:
        """Return a link of this very account that is in force. Raises `NotGuardianError`."""
        for guardian in self.of_account(account_id):
            if guardian.link.id == link_id and guardian.in_force and scope in {None, *guardian.terms.scope}:
                return guardian
        raise NotGuardianError("there is no such page, or not any more")

    def open_links(self) -> list[Guardian]:
        """Return every link that nobody ended, for staff."""
        found = (self._opened(link) for link in Guardianship.all_open(self._session))
        return [guardian for guardian in found if guardian is not None]

    def is_tied(self, guardian: Guardian) -> bool:
        """Say whether a guardian is a health professional here, by this account or another of theirs.

        Whom a class lets in nobody can list beforehand, so it is one who is any professional at all.
        """
        account = self._session.get_one(Account, guardian.link.account_id)
        register = Register(self._session, self._keyring, self._now)
        person = register.patient_of(account.key)
        keys = {account.key, *(GovernedAccount.keys_of_patient(self._session, str(person)) if person else ())}
        bound = [found for key in keys if (found := self._session.get(GovernedAccount, key)) is not None]
        return any(one.hcp is not None or one.marks for one in bound)

    def _waits(self, guardian: Guardian) -> bool:
        link = guardian.link
        over = guardian.until is not None and guardian.until <= self._now
        return link.ended is None and not over and (link.approved is None or link.seen is None)

    def _open_one(self, link_id: UUID) -> Guardian:
        link = self._session.get(Guardianship, link_id, with_for_update=True)
        guardian = None if link is None else self._opened(link)
        if guardian is None or guardian.link.ended is not None:
            raise NotGuardianError("there is no such link, or it has ended; list them first")
        return guardian

    def _opened(self, link: Guardianship) -> Guardian | None:
        try:
            terms = terms_of(self._keys, link)
        except KeyGoneError:
            return None
        until = self._until(link, terms)
        agreed = link.approved is not None and link.seen is not None and link.ended is None
        represents = terms.basis is Basis.REPRESENTATIVE and link.approved is not None and link.ended is None
        return Guardian(link, terms, until, in_force=(agreed or represents) and until is not None and self._now < until)

    def _until(self, link: Guardianship, terms: Terms) -> Instant | None:
        """Return when a link ends by itself; None: nothing says so, and it is not in force either.

        Of a minor it is the 18th birthday. Of somebody whose age nobody told there is no guardian: it may be an
        adult whom somebody wants to rule.
        """
        known = told(self._session, self._keyring, link.patient_id)
        register = Register(self._session, self._keyring, self._now)
        document: PatientDocument = register.document("patient", str(link.patient_id))
        ends = document.adult_from
        # By their own word no guardian prolongs their own link.
        others = [said.adult_from for source, said in known.says.items() if not source.startswith(PARTY)]
        if ends is not None and others:
            ends = min(ends, max(others))
        if ends is not None and ends <= link.asked:
            # An adult has a proxy only while they cannot decide.
            incapable = cannot_decide(self._session, self._keyring, link.patient_id)
            ends = link.ends if incapable and terms.basis in _FOR_ADULTS else None
        if terms.basis is Basis.REPRESENTATIVE:
            ends = link.ends
        return None if ends is None else Instant(min(ends, ends if link.ends is None else link.ends))

    def _keep(self, link: Guardianship, terms: Terms) -> None:
        owner = owner_of("patient", link.patient_id)
        link.sealed_terms = self._keys.of(owner).seal(msgspec.json.encode(terms), *_place(link))
        keep(self._session, self._keyring, link, of=owner)

    def _enter(self, link: Guardianship, what: str) -> None:
        whose = pseudonym(self._keyring, "patient", str(link.patient_id))
        append(self._session, self._keyring, self._now, _ENTRY, {"subject": whose, "link": link.id.hex, "what": what})

    def _digest(self, code: str) -> str:
        plain = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
        return hmac.new(self._keyring.derive("guardian.code"), plain.encode(), sha256).hexdigest()


def terms_of(keys: DataKeys, link: Guardianship) -> Terms:
    """Return what a link says of itself. Raises `KeyGoneError`, `EnvelopeError`."""
    key = keys.known(owner_of("patient", link.patient_id))
    return msgspec.json.decode(key.unseal(link.sealed_terms, *_place(link)), type=Terms)


def _place(link: Guardianship) -> tuple[str, str, str]:
    return "guardianship", "sealed_terms", f"{link.patient_id}/{link.id}"
