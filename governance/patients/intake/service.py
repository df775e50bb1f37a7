"""Taking what a patient asks for by phone or on paper. It closes at once and can open nothing. No HTTP, no clock."""

from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import AccountKey
from governance.effective.layers import STAFF, Layers, refuse_all, refuse_one
from governance.errors import BadInputError
from governance.identity.models import Account
from governance.identity.permissions import Role, roles_of
from governance.identity.staff.models import StaffMember
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.patients.forums.records import Work
from governance.patients.intake.models import Intake
from governance.patients.service import patient_for, remember

_MAY: Final = Role.OFFICER


class Asked(StrEnum):
    """What may be asked for: nothing of it opens anything."""

    HOLD = "hold"
    REFUSE_ALL = "refuse_all"
    REFUSE_ONE = "refuse_one"


class How(StrEnum):
    """How it reached us."""

    PHONE = "phone"
    PAPER = "paper"


class Request(NamedTuple):
    """What a patient asked for, and how; `hcp` is the one professional's account, on the same forum."""

    asked: Asked
    how: How
    hcp: AccountKey | None = None


class NotStaffError(BadInputError):
    """Nobody of this id works here with the role that this needs."""

    code = "not_staff"


def serving(work: Work, staff_id: UUID) -> str:
    """Return as whom the ledger knows a member of staff who may do this. Raises `NotStaffError`."""
    member = work.session.get(StaffMember, staff_id)
    if member is None or member.ended is not None or _MAY not in roles_of(member.roles):
        raise NotStaffError("name an officer who works here; `governance staff list` shows them")
    return pseudonym(work.keyring, "staff", str(staff_id))


def take(work: Work, account: Account, request: Request, staff_id: UUID) -> Intake:
    """Put in force at once what a patient asked staff for. Raises `NotStaffError`, `BadInputError`."""
    taken_by = serving(work, staff_id)
    whose = (account.id, account.platform_id, account.key)
    patient = patient_for(work.session, work.keyring, whose, work.now)
    if (request.asked is Asked.REFUSE_ONE) != (request.hcp is not None):
        raise BadInputError("name one professional's account to refuse one of them, and none for anything else")
    if request.asked is Asked.HOLD:
        work.hands.hide(work.session, work.keyring, patient.id, work.now)
    else:
        refusals = refuse_all(STAFF) if request.hcp is None else refuse_one(STAFF, request.hcp)
        Layers(work.session, work.keyring, patient.id, work.now).add(STAFF, refusals)
    remember(work.session, work.keyring, patient)
    row = Intake(
        patient_id=patient.id,
        asked=request.asked.value,
        how=request.how.value,
        taken_by=taken_by,
        at=work.now,
        seen=None,
    )
    keep(work.session, work.keyring, row, of=owner_of("patient", patient.id))
    subject = pseudonym(work.keyring, "patient", str(patient.id))
    facts: dict[str, str | int] = {"asked": row.asked, "how": row.how, "staff": taken_by, "subject": subject}
    append(work.session, work.keyring, work.now, "intake", facts)
    return row


def seen(work: Work, patient_id: UUID) -> None:
    """Note that a patient has seen what staff took for them."""
    for row in Intake.unseen(work.session, patient_id):
        row.seen = work.now
        keep(work.session, work.keyring, row, of=owner_of("patient", patient_id))
