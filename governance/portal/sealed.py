"""Whose pages of the past are sealed."""

from governance.db.extension import reading
from governance.errors import NotFoundError
from governance.identity.current import current_sign_in
from governance.patients.ages.told import has_died
from governance.patients.service import find_patient
from governance.ui.house import house


def keep_sealed() -> None:
    """Show nobody the history of somebody who has died, on none of its pages. Raises `NotFoundError`."""
    person = current_sign_in()
    if person is None:
        return
    with reading() as session:
        patient = find_patient(session, person.account_id)
        if patient is not None and has_died(session, house().keyring, patient.id):
            raise NotFoundError("this is sealed; ask the staff of the forum")
