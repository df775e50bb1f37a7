"""What a patient calls the places and organisations of their rules: sealed under their key, for their own pages."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import PlaceKind, organisation_key, place_key
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.provisions import Scale
from governance.effective.models import find_places
from governance.ledger.rows import keep
from governance.optout.models import ChosenPlace

_NAME: Final = ("chosen_place", "sealed_name")
_KINDS: Final[dict[Scale, PlaceKind]] = {Scale.COMMUNITY: "community", Scale.THREAD: "thread", Scale.POST: "post"}


def digest_of_place(keyring: Keyring, platform_id: UUID, scale: Scale, typed: str) -> str:
    """Return the digest of a group, thread or post as its forum writes it."""
    return place_key(keyring, platform_id, _KINDS[scale], typed)


def digest_of_organisation(keyring: Keyring, typed: str) -> str:
    """Return the digest of an organisation."""
    return organisation_key(keyring, typed)


def is_known_group(session: Session, platform_id: UUID, digest: str) -> bool:
    """Say whether a forum told us of a group. Of threads and posts no forum tells us."""
    subject = f"{platform_id}/{digest}"
    return subject in {place.subject for place in find_places(session, str(platform_id), [subject])}


def name_places(session: Session, keyring: Keyring, patient_id: UUID, typed: Mapping[str, str]) -> None:
    """Keep what a patient typed, by digest; what is there stays. Raises `KeyGoneError`."""
    for digest, name in typed.items():
        if session.get(ChosenPlace, (patient_id, digest)) is None:
            owner = owner_of("patient", patient_id)
            sealed = DataKeys(session, keyring).of(owner).seal(name.encode(), *_NAME, f"{patient_id}/{digest}")
            keep(session, keyring, ChosenPlace(patient_id=patient_id, place=digest, sealed_name=sealed), of=owner)


def place_names(session: Session, keyring: Keyring, patient_id: UUID) -> dict[str, str]:
    """Return what a patient called each place, by digest; those that do not open are left out."""
    found: dict[str, str] = {}
    for row in ChosenPlace.of_patient(session, patient_id):
        with suppress(EnvelopeError, EpochGoneError, KeyGoneError):
            key = DataKeys(session, keyring).known(owner_of("patient", patient_id))
            found[row.place] = key.unseal(row.sealed_name, *_NAME, f"{patient_id}/{row.place}").decode()
    return found
