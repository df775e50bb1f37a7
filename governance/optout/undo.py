"""Undoing one's own closing of a few minutes ago: what was permitted before it is permitted again, and no more."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.service import Register
from governance.optout.choices import DirectiveBody
from governance.optout.errors import UndoneTooLateError
from governance.optout.loosening import Comparison
from governance.optout.models import Directive
from governance.optout.service import UNREADABLE, body_in_force, open_directive, put_in_force


class Undoing(NamedTuple):
    """What an undoing takes back (`closed`), what it puts back (`before`), and until when it may."""

    closed: DirectiveBody
    before: DirectiveBody
    until: Instant


def undo(session: Session, keyring: Keyring, last: tuple[UUID, int], now: Instant, *, within: int) -> Directive:
    """Put back what was in force before a patient's last version (`last`), if that only closed, and not long ago.

    `within` is in microseconds. The caller knows that this very session made the version. Raises `UndoneTooLateError`
    otherwise, where anything came after it, and where it cannot be read.
    """
    patient_id, _ = last
    found = undoable(session, keyring, last, now, within=within)
    if found is None:
        raise UndoneTooLateError("this cannot be undone any more; look at your choices to see what counts now")
    # The very version of before, entries of the team included: nothing is opened but what was open then.
    return put_in_force(session, keyring, patient_id, found.before, now)


def undoable(
    session: Session, keyring: Keyring, last: tuple[UUID, int], now: Instant, *, within: int
) -> Undoing | None:
    """Return what an undoing would do; None if it would be refused."""
    patient_id, version = last
    newest = Directive.latest(session, patient_id)
    if newest is None or newest.version != version or not newest.at <= now < newest.at + within:
        return None
    keys = DataKeys(session, keyring)
    try:
        closed, before = open_directive(keys, newest), _before(session, keys, newest)
    except UNREADABLE:
        return None
    if before is None or closed != body_in_force(session, keyring, patient_id):
        return None
    compare = Comparison(Register(session, keyring, now).document("patient", str(patient_id)), now)
    if before == closed or compare.witness(before, closed) is not None:
        return None
    return Undoing(closed, before, Instant(newest.at + within))


def _before(session: Session, keys: DataKeys, newest: Directive) -> DirectiveBody | None:
    if newest.version == 1:
        return DirectiveBody(said=False)
    earlier = Directive.of_version(session, newest.patient_id, newest.version - 1)
    return None if earlier is None else open_directive(keys, earlier)
