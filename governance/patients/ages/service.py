"""Use cases of ages: who may say how old a patient is, and what holds if two say different things.

INVARIANT: of two that differ the younger age holds. Who makes somebody younger is believed at once; nobody makes
somebody older but staff, on two proofs.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.ledger.service import append, pseudonym
from governance.patients.ages.bands import ADULT, Band, adult_from_of, band_at, turns
from governance.patients.ages.told import Said, Told, put, told
from governance.patients.forums.models import Joined
from governance.patients.models import Patient
from governance.patients.service import set_adult_from
from governance.policy.views.optout import Ages, OptoutPolicy

STAFF: Final = "staff"
GUARDIAN: Final = "guardian"
AGAIN_AT: Final = 16
"""From this age, in years, everybody is told once more, whatever their country says."""
_ENTRY: Final = "age"
EndCoverage = Callable[[Session, Keyring, UUID, Instant, Instant], None]
"""Has what a patient acknowledged before an instant (the first one) cover nothing from then on; the last one is now."""
END_COVERAGE: Final = "governance.end_coverage"
"""Where an app keeps that function of the disclosure, which is above this room."""


class Claim(NamedTuple):
    """What a platform or a guardian says of somebody's age."""

    band: Band
    changes_on: date | None = None
    zone: str = ""
    country: str = ""


class Clock(NamedTuple):
    """By which ages and whose midnights a patient's rights begin."""

    ages: Ages
    zone: str


class People:
    """What is known of patients as persons, in one session."""

    def __init__(self, session: Session, keyring: Keyring, policy: OptoutPolicy, now: Instant) -> None:
        """Work at this instant, by the table of ages in force."""
        self._session, self._keyring, self._policy, self._now = session, keyring, policy, now

    def told(self, patient_id: UUID) -> Told:
        """Return what was told us; nothing of somebody who was erased."""
        return told(self._session, self._keyring, patient_id)

    def clock(self, patient_id: UUID) -> Clock:
        """Return the ages and the zone that hold for a patient: of no country we know, the strictest.

        Where a person did not choose their country, the strictest holds of those that were told of any account of them.
        """
        known = self.told(patient_id)
        resting = () if known.chosen else Joined.resting_in(self._session, patient_id)
        return _clock(self._policy, known, *map(self.told, resting))

    def clock_of_nobody(self) -> Clock:
        """Return what holds for somebody of whom we know nothing."""
        return _clock(self._policy, Told())

    def says(self, patient: Patient, source: str, claim: Claim) -> bool:
        """Take what somebody says of an age; say whether it holds, or needs staff because it makes them older.

        Raises `BadInputError`.
        """
        known = _placed(self.told(patient.id), claim)
        zone = claim.zone or _clock(self._policy, known).zone
        last = known.says.get(source)
        if last is not None and claim.changes_on is None and _agrees(last, claim.band, zone, self._now):
            wanted = Instant(last.adult_from)
        else:
            wanted = self._adult_from(claim, zone)
        if last is not None and wanted < last.adult_from:
            self._put(patient.id, known)
            return False
        if known.overruled.get(source) != wanted:
            says = {**known.says, source: Said(wanted, self._now)}
            known = msgspec.structs.replace(known, says=says, zone=known.zone or zone)
        self._hold(patient, known, source)
        return True

    def recount(self, patient: Patient) -> None:
        """Have what was said of accounts that were joined hold at once, where somebody is under 18 by it.

        Nobody is older by it: what is not sure of one account is not sure of the person.
        """
        youngest = self._youngest(patient.id, self.told(patient.id))
        if youngest > max(self._now, patient.adult_from or 0):
            set_adult_from(self._session, self._keyring, patient, youngest, self._now)
            self._enter(patient.id, "joined")

    def correct(self, patient: Patient, adult_from: Instant, zone: str, proofs: tuple[str, str]) -> None:
        """Put right when somebody turns 18, older or younger, for staff who saw two proofs. Raises `BadInputError`."""
        first, second = (" ".join(proof.split()) for proof in proofs)
        if not first or not second or first.casefold() == second.casefold():
            raise BadInputError("name two different proofs of the age, such as a passport and a school's letter")
        known = self.told(patient.id)
        others = {source: said.adult_from for source, said in known.says.items() if source != STAFF}
        others |= self._said_elsewhere(patient.id, known)
        right = msgspec.structs.replace(
            known,
            zone=_known_zone(zone),
            says={STAFF: Said(adult_from, self._now)},
            overruled={**known.overruled, **{source: at for source, at in others.items() if at != adult_from}},
        )
        self._hold(patient, right, STAFF)

    def choose_country(self, patient_id: UUID, country: str) -> bool:
        """Write down where a person says they live; say whether it holds. Raises `BadInputError`.

        From one country to another in which a child decides earlier alone needs staff: it would open.
        """
        code = _known_country(country)
        before, after = self.clock(patient_id).ages, self._policy.ages(code)
        earlier = after.digital_consent < before.digital_consent or after.own_choice < before.own_choice
        if before.country and earlier:
            return False
        self.set_country(patient_id, code)
        return True

    def set_country(self, patient_id: UUID, country: str) -> None:
        """Write down where a person lives, as they or staff say. Raises `BadInputError`."""
        known = msgspec.structs.replace(self.told(patient_id), country=_known_country(country), chosen=True)
        self._put(patient_id, known)
        self._enter(patient_id, "country")

    def wishes_country(self, patient_id: UUID, hearing_id: UUID, country: str) -> None:
        """Write down the country that a hearing is about. Raises `BadInputError`."""
        known = self.told(patient_id)
        wished = {**known.wished, hearing_id.hex: _known_country(country)}
        self._put(patient_id, msgspec.structs.replace(known, wished=wished))

    def heard_country(self, patient_id: UUID, hearing_id: UUID) -> str:
        """Return the country that a hearing was about, and keep it no more; empty if there is none."""
        known = self.told(patient_id)
        left = {hearing: country for hearing, country in known.wished.items() if hearing != hearing_id.hex}
        if left != known.wished:
            self._put(patient_id, msgspec.structs.replace(known, wished=left))
        return known.wished.get(hearing_id.hex, "")

    def died(self, patient_id: UUID, evidence: str) -> None:
        """Write down that a person has died."""
        known = msgspec.structs.replace(self.told(patient_id), died=self._now, evidence=evidence)
        self._put(patient_id, known)
        self._enter(patient_id, "died")

    def incapable(self, patient_id: UUID, evidence: str, *, yes: bool) -> None:
        """Write down that a person cannot decide, or can again."""
        since = self._now if yes else None
        self._put(patient_id, msgspec.structs.replace(self.told(patient_id), incapable=since, evidence=evidence))
        for resting in () if yes else Joined.resting_in(self._session, patient_id):
            # One person can decide or cannot, whatever their accounts were when they were joined.
            known = self.told(resting)
            if known.incapable is not None:
                self._put(resting, msgspec.structs.replace(known, incapable=None, evidence=evidence))
        self._enter(patient_id, "cannot_decide" if yes else "can_decide")

    def is_too_young(self, patient: Patient) -> bool:
        """Say whether a person is known to be below the digital-consent age of their country."""
        ages, zone = self.clock(patient.id)
        return patient.adult_from is not None and not reached(patient.adult_from, ages.digital_consent, zone, self._now)

    def tell_again_at(self, patient: Patient) -> tuple[Instant, ...]:
        """Return when a person is to be told anew: at their country's age and at 16, the next one first."""
        if patient.adult_from is None:
            return ()
        ages, zone = self.clock(patient.id)
        years = {ages.digital_consent, AGAIN_AT}
        return tuple(sorted(turns(patient.adult_from, age, zone) for age in years))

    def _adult_from(self, claim: Claim, zone: str) -> Instant:
        """Return when somebody turns 18 of whom this is said, by the clock of a zone. Raises `BadInputError`."""
        # THREAT: a day that is wrong only where the person lives, as others said, would tell where that is. So whoever
        # says it is told what is wrong by their own words alone.
        own = claim.zone or self._policy.ages(claim.country).zone
        sure = adult_from_of(claim.band, claim.changes_on, own, self._now)
        try:
            return adult_from_of(claim.band, claim.changes_on, zone, self._now)
        except BadInputError:
            return sure

    def _hold(self, patient: Patient, known: Told, source: str) -> None:
        self._put(patient.id, known)
        strictest = self._youngest(patient.id, known)
        if patient.adult_from != strictest:
            set_adult_from(self._session, self._keyring, patient, strictest, self._now)
            self._enter(patient.id, source.partition(":")[0])

    def _youngest(self, patient_id: UUID, known: Told) -> Instant:
        own = (said.adult_from for said in known.says.values())
        return Instant(max([*own, *self._said_elsewhere(patient_id, known).values()], default=0))

    def _said_elsewhere(self, patient_id: UUID, known: Told) -> dict[str, int]:
        """Return what was said of a person's age before their accounts were joined, but for what staff found wrong.

        It stays in the records that rest in this one: parted again, nothing of the one is left with the other.
        """
        found: dict[str, int] = {}
        for resting in Joined.resting_in(self._session, patient_id):
            for source, said in self.told(resting).says.items():
                if known.overruled.get(source) != said.adult_from:
                    found[source] = max(found.get(source, 0), said.adult_from)
        return found

    def _put(self, patient_id: UUID, known: Told) -> None:
        put(self._session, self._keyring, patient_id, known)

    def _enter(self, patient_id: UUID, what: str) -> None:
        whose = pseudonym(self._keyring, "patient", str(patient_id))
        append(self._session, self._keyring, self._now, _ENTRY, {"subject": whose, "what": what})


def _clock(policy: OptoutPolicy, *known: Told) -> Clock:
    ages = [policy.ages(one.country) for one in known if one.country] or [policy.ages("")]
    consent, own = max(one.digital_consent for one in ages), max(one.own_choice for one in ages)
    return Clock(
        replace(ages[0], digital_consent=consent, own_choice=own),
        next((one.zone for one in known if one.zone), ages[0].zone),
    )


def _placed(known: Told, claim: Claim) -> Told:
    country = known.country if known.chosen or not claim.country else _known_country(claim.country)
    zone, lives = _known_zone(claim.zone or known.zone), claim.zone or known.lives
    return msgspec.structs.replace(known, country=country, zone=zone, lives=lives)


def _agrees(last: Said, band: Band, zone: str, at: Instant) -> bool:
    return band_at(last.adult_from, zone, at) is band


def _known_country(country: str) -> str:
    code = country.strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 3166-1 alpha-2
        raise BadInputError("name a country by its two letters, such as GB")
    return code


def _known_zone(zone: str) -> str:
    if zone and zone not in available_timezones():
        raise BadInputError("name a time zone as the IANA does, such as Europe/London")
    return zone


def reached(adult_from: int | None, years: int, zone: str, at: Instant) -> bool:
    """Say whether somebody has reached an age; of whom nobody told us the age, no."""
    return adult_from is not None and turns(adult_from, min(years, ADULT), zone) <= at
