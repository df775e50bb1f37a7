"""A vault opens by its owner's passphrase or printed key, and what is stored of it opens by nothing else."""

import pytest

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.passphrases import WrongPassphraseError
from governance.decision.vocabulary import Instant
from governance.reporting.errors import NoVaultError, VaultThereError, WrongRecoveryKeyError
from governance.reporting.vaults import keys, service
from governance.reporting.vaults.leaving import leave
from governance.reporting.vaults.models import Vault
from tests.conduct.officers import officer
from tests.forum import DAY
from tests.reporting.office import PASSPHRASE, Office

OTHER = "nine herons wait by the weir"


@pytest.fixture
def office(forum):
    made = Office(forum)
    made.joins("olu", passphrase=PASSPHRASE)
    return made


def test_the_passphrase_opens_it_and_no_other_one(office):
    olu = office.vaults["olu"]
    assert service.unlock(office.session, office.keyring, olu.staff_id, PASSPHRASE) == olu
    with pytest.raises(WrongPassphraseError):
        service.unlock(office.session, office.keyring, olu.staff_id, OTHER)


def test_the_passphrase_can_be_changed_and_the_printed_key_stays(office):
    olu = office.vaults["olu"]
    service.change(office.work, service.rewrap(olu, OTHER))
    assert service.unlock(office.session, office.keyring, olu.staff_id, OTHER) == olu
    with pytest.raises(WrongPassphraseError):
        service.unlock(office.session, office.keyring, olu.staff_id, PASSPHRASE)
    printed = office.recovery["olu"].lower().replace("-", " ")
    assert service.open_by_recovery(office.session, office.keyring, olu.staff_id, printed) == olu


def test_the_printed_key_opens_it_once_and_is_printed_anew(office):
    olu, printed = office.vaults["olu"], office.recovery["olu"]
    opened = service.open_by_recovery(office.session, office.keyring, olu.staff_id, printed)
    made = service.recover(office.work, service.rewrap(opened, OTHER))
    assert service.unlock(office.session, office.keyring, olu.staff_id, OTHER) == olu
    with pytest.raises(WrongRecoveryKeyError):
        service.open_by_recovery(office.session, office.keyring, olu.staff_id, printed)
    assert service.open_by_recovery(office.session, office.keyring, olu.staff_id, made.recovery_key) == olu


def test_nobody_has_two_vaults(office):
    olu = office.vaults["olu"].staff_id
    with pytest.raises(VaultThereError):
        service.store(office.work, service.prepare(olu, OTHER))
    with pytest.raises(NoVaultError):
        service.unlock(office.session, office.keyring, officer(office.forum, "oda"), PASSPHRASE)


def test_a_vault_moved_to_another_member_opens_for_neither(office):
    oda = office.joins("oda", passphrase=OTHER)
    theirs, ours = (office.session.get(Vault, office.vaults[name].staff_id) for name in ("olu", "oda"))
    ours.by_passphrase, ours.around = theirs.by_passphrase, theirs.around
    with pytest.raises(Exception, match="open"):
        service.unlock(office.session, office.keyring, oda.staff_id, PASSPHRASE)


def test_the_day_on_which_it_worked_is_kept_and_no_more(office):
    olu = office.vaults["olu"].staff_id
    office.forum.now = Instant(office.forum.now + 3 * DAY + 5)
    service.note_worked(office.work, olu)
    worked = office.session.get(Vault, olu).worked
    assert worked % DAY == 0
    assert office.forum.now - worked < DAY


def test_a_copy_of_the_row_opens_no_more_once_its_owner_left(office):
    """What a backup holds of a vault: our key around it is gone."""
    olu = office.vaults["olu"].staff_id
    row = office.session.get(Vault, olu)
    copy = Vault(staff_id=olu, around=row.around, by_passphrase=row.by_passphrase, public=row.public)
    before = keys.around(office.session, office.keyring, copy)
    assert keys.opened_by_passphrase(before, copy, PASSPHRASE) == office.vaults["olu"]
    leave(office.work, olu)
    with pytest.raises(KeyGoneError):
        keys.around(office.session, office.keyring, copy)
