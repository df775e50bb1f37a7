"""Recusal: what officers declare of whom they know, and who is kept out of a case by it or by their own word.

An officer who is out of a case cannot open, find or count it. No row says of whom a case is: ties are compared while a
member has the case open, and only the end of a membership is written down.
"""

import hmac
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from unicodedata import normalize
from uuid import UUID, uuid4

from governance.crypto.blind_index import account_key, organisation_key
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.db.base import Base
from governance.errors import NotFoundError
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.reporting.cases import events
from governance.reporting.cases.errors import NotSaidError
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseMember, CaseReport, Tie
from governance.reporting.cases.opening import put_out
from governance.reporting.keeping.drafts import Draft
from governance.reporting.keeping.service import revoke
from governance.reporting.work import Work
from governance.sentences import Sentence

_WORDS: Final = ("officer_tie", "sealed_words")
_LONGEST: Final = 200
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_PARTS: Final = re.compile(r"[;,\n/]")


class TieKind(StrEnum):
    """By what somebody is tied."""

    ORGANISATION = "organisation"
    """They work or worked there, or in the same team."""
    PERSON = "person"
    """A relative, a friend, somebody they treat: by the name that a report may say."""
    ACCOUNT = "account"
    """An account on a forum, such as their own."""


def declare(work: Work, officer_id: UUID, kind: TieKind, words: str, platform_id: UUID | None = None) -> Tie:
    """Write down a tie; the officer alone can read it. Raises `NotSaidError`."""
    said = words.strip()
    if not 0 < len(said) <= _LONGEST or (kind is TieKind.ACCOUNT) != (platform_id is not None):
        raise NotSaidError(
            Sentence("write 1 to %(most)s letters, and for an account pick the forum", {"most": _LONGEST})
        )
    number = uuid4()
    own = DataKeys(work.session, work.keyring).of(owner_of("staff", officer_id))
    tie = Tie(
        id=number,
        officer_id=officer_id,
        kind=kind.value,
        digest=digest_of(work, kind, said, platform_id),
        sealed_words=own.seal(said.encode(), *_WORDS, str(number)),
        declared=work.today,
    )
    _keep(work, tie, officer_id)
    _enter(work, officer_id, "declared")
    return tie


def end(work: Work, officer_id: UUID, tie_id: UUID) -> None:
    """End a tie of one's own. Cases that it kept somebody out of stay closed to them. Raises `NotFoundError`."""
    tie = work.session.get(Tie, tie_id)
    if tie is None or tie.officer_id != officer_id or tie.ended is not None:
        raise NotFoundError("there is no such tie of yours; look at the list again")
    tie.ended = work.today
    _keep(work, tie, officer_id)
    _enter(work, officer_id, "ended")


def declared(work: Work, officer_id: UUID) -> list[tuple[Tie, str]]:
    """Return somebody's own ties with their words."""
    own = DataKeys(work.session, work.keyring).of(owner_of("staff", officer_id))
    found = []
    for tie in Tie.of_officer(work.session, officer_id):
        try:
            found.append((tie, own.unseal(tie.sealed_words, *_WORDS, str(tie.id)).decode()))
        except EnvelopeError:
            found.append((tie, ""))
    return found


def tied_to(work: Work, said: Iterable[tuple[TieKind, str]], platform_id: UUID | None) -> frozenset[UUID]:
    """Return which officers are tied to any of these."""
    named = [(kind, words.strip()) for kind, words in said if words.strip()]
    digests = {digest_of(work, kind, words, platform_id) for kind, words in named}
    # A report of somebody who signed in brings accounts along as the digests that they are known by.
    digests |= {words for kind, words in named if kind is TieKind.ACCOUNT}
    return Tie.tied(work.session, digests) if digests else frozenset()


def tied_to_draft(work: Work, draft: Draft) -> frozenset[UUID]:
    """Return who must not read what is about to be filed: the one moment at which the server knows what it says."""
    body, platform = draft.body, draft.header.platform_id
    words = [part for said in (body.who, body.where) for part in (said, *_PARTS.split(said))]
    accounts = [body.more.get(name, "") for name in ("patient", "hcp")] + words if platform else []
    said = [(kind, one) for kind in (TieKind.PERSON, TieKind.ORGANISATION) for one in words]
    return tied_to(work, [*said, *((TieKind.ACCOUNT, one) for one in accounts)], platform)


def keep_out(work: Work, case: Case, officers: Iterable[UUID], why: str = "recused") -> list[UUID]:
    """Put officers out of a case and take its reports away from them, at once; return who was in it."""
    out = []
    for officer_id in sorted(officers):
        member = work.session.get(CaseMember, (case.id, officer_id))
        was_in = member is not None and member.ended is None
        if member is not None and member.ended == why:
            continue
        # Also of somebody who was never in it, or left: nobody may let them in, or hand it over to them, later.
        row = member or CaseMember(case_id=case.id, officer_id=officer_id, acted=False)
        put_out(work, row, why)
        for one in CaseReport.of_case(work.session, case.id):
            revoke(work, one.report_id, officer_id)
        if not was_in:
            continue
        if case.assigned == officer_id:
            case.assigned = None
            keep(work.session, work.keyring, case, of=owner_of("case", case.id))
        events.add(work, case, Event(what=What.RECUSED, at=work.now, facts={"officer": str(officer_id)}))
        out.append(officer_id)
    return out


def digest_of(work: Work, kind: TieKind, words: str, platform_id: UUID | None) -> str:
    """Return a tie as it is compared: names however they are written, accounts as bytes."""
    if kind is TieKind.ACCOUNT and platform_id is not None:
        return account_key(work.keyring, platform_id, words.strip())
    if kind is TieKind.ORGANISATION:
        return organisation_key(work.keyring, words.strip())
    folded = " ".join(sorted(_NO_LETTERS.sub(" ", normalize("NFKC", words).casefold()).split()))
    return hmac.digest(work.keyring.derive("officer_tie.person"), folded.encode(), "sha256").hex()


def _keep(work: Work, row: Base, officer_id: UUID) -> None:
    keep(work.session, work.keyring, row, of=owner_of("staff", officer_id))


def _enter(work: Work, officer_id: UUID, did: str) -> None:
    whose = pseudonym(work.keyring, "staff", str(officer_id))
    append(work.session, work.keyring, work.now, "officer_tie", {"did": did, "staff": whose})
