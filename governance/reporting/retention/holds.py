"""Legal holds: set and lifted by an officer of the case, with a reason, in the case and in the ledger."""

from governance.crypto.data_keys import owner_of
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.reporting.cases.errors import NoSuchCaseMoveError, NotSaidError
from governance.reporting.cases.events import What
from governance.reporting.cases.service import LONGEST, CaseWork
from governance.reporting.retention.models import CaseHold
from governance.sentences import Sentence


def hold(case: CaseWork, reason: str) -> CaseHold:
    """Let nothing of a case be deleted. Raises `NoSuchCaseMoveError` where it is held already, `NotSaidError`."""
    said = _said(reason)
    if CaseHold.standing(case.work.session, case.case.id) is not None:
        raise NoSuchCaseMoveError("a hold is on this case already")
    row = CaseHold(case_id=case.case.id, set_by=case.officer, set_on=case.work.today)
    _write(case, row, What.HELD, said)
    return row


def lift(case: CaseWork, reason: str) -> None:
    """Let a case be deleted again once its time is over. Raises `NoSuchCaseMoveError`, `NotSaidError`."""
    said, row = _said(reason), CaseHold.standing(case.work.session, case.case.id)
    if row is None:
        raise NoSuchCaseMoveError("no hold is on this case")
    row.lifted_by, row.lifted = case.officer, case.work.today
    _write(case, row, What.HOLD_LIFTED, said)


def _said(reason: str) -> str:
    said = reason.strip()
    if not 0 < len(said) <= LONGEST:
        raise NotSaidError(Sentence("write 1 to %(most)s letters", {"most": LONGEST}))
    return said


def _write(case: CaseWork, row: CaseHold, what: What, said: str) -> None:
    work = case.work
    keep(work.session, work.keyring, row, of=owner_of("case", case.case.id))
    case.say(what, said)
    facts = {
        "did": what.value,
        "case": pseudonym(work.keyring, "case", str(case.case.id)),
        "by": pseudonym(work.keyring, "staff", str(case.officer)),
    }
    append(work.session, work.keyring, work.now, "case", facts)
