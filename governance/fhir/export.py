"""A patient's own export in FHIR (`fhir.json`): every version that is kept, with the people it names.

For the patient alone, never for a platform. The export's file makes a door of its own; this is what goes in.
"""

import hmac
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.provisions import Interval
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.models import GovernedAccount
from governance.effective.roster import badge_names
from governance.fhir.codes import Namespaces, code
from governance.fhir.consent import own_consent, version_of
from governance.fhir.history import own_states, whole
from governance.fhir.provisions import Names
from governance.identity.models import Account, Platform
from governance.identity.service import account_names

_LENGTH = 24
"""Signs of a pseudonym: 96 bits."""


def full_export(session: Session, keyring: Keyring, patient_id: UUID, public_url: str, now: Instant) -> dict[str, Any]:
    """Return a Bundle of every version of a patient's choices, the newest first; superseded ones are inactive.

    Raises `BrokenRowError` if what was said was changed by another hand.
    """
    names = _names(session, keyring, patient_id, Namespaces(public_url), now)
    accounts = _own_accounts(session, keyring, patient_id, names)
    consent_id = names.pseudonym("consent")
    states = own_states(session, keyring, patient_id)
    told = [
        own_consent(consent_id, author, version_of(state.number, Interval(state.since, end), author), names, accounts)
        for state, end, author in whole(states, AccountKey(""))
    ]
    address = f"{names.spaces.base}/Consent/{consent_id}"
    bundle = {"resourceType": "Bundle", "type": code("Bundle.type", "collection")}
    entries = [{"fullUrl": address, "resource": consent} for consent in reversed(told)]
    return {**bundle, "entry": entries} if entries else bundle


def _names(session: Session, keyring: Keyring, patient_id: UUID, spaces: Namespaces, now: Instant) -> Names:
    platform_ids = GovernedAccount.platforms_of(session, "patient", str(patient_id))
    people = {
        str(key): name
        for platform_id in platform_ids
        for key, name in badge_names(session, keyring, platform_id, now).items()
    }
    platforms = {str(platform_id): session.get_one(Platform, platform_id).shown for platform_id in platform_ids}
    return Names(spaces, people, platforms, _pseudonyms(keyring, patient_id), own=True)


def _pseudonyms(keyring: Keyring, patient_id: UUID) -> Callable[[str], str]:
    """Return what names people and places in one patient's export: an index of ours must not leave the house."""
    key = keyring.derive("fhir.own-export", str(patient_id))
    return lambda name: hmac.digest(key, length_prefixed(name), "sha256").hex()[:_LENGTH]


def _own_accounts(session: Session, keyring: Keyring, patient_id: UUID, names: Names) -> Sequence[dict[str, Any]]:
    """Return the patient's own accounts as identifiers; those whose names were erased are left out."""
    keys = GovernedAccount.keys_of_patient(session, str(patient_id))
    found = [account for account in (Account.of_key(session, key) for key in keys) if account is not None]
    ids = account_names(session, keyring, found)
    return [
        {
            "system": names.spaces.of("account"),
            "value": ids[account.key],
            "assigner": {"display": names.platforms[str(account.platform_id)]},
        }
        for account in sorted(found, key=lambda account: (str(account.platform_id), account.key))
        if account.key in ids
    ]
