"""Use cases of the counter: the Consents that a platform may read, whole pages of them at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key
from governance.crypto.keys import Keyring
from governance.decision.provisions import Interval
from governance.decision.vocabulary import FOREVER, AccountKey
from governance.fhir.codes import Namespaces, code
from governance.fhir.consent import Version, consent_by_class
from governance.fhir.consent_ids import NoConsentError, account_of, consent_id
from governance.fhir.history import Consents
from governance.fhir.provisions import Names
from governance.fhir.search import Search, bundle
from governance.fhir.times import day_of, moment
from governance.identity.models import Account
from governance.identity.service import account_names


class Shelf(NamedTuple):
    """Where one platform's Consents are found."""

    session: Session
    keyring: Keyring
    platform_id: UUID
    spaces: Namespaces

    def read(self, asked: str, number: str | None = None) -> tuple[Version, dict[str, Any]]:
        """Return the newest version of a Consent, or the one with a number. Raises `NoConsentError`."""
        versions, told = self._of_id(asked)
        for version in reversed(versions):
            if number is None or str(version.number) == number:
                return version, told(version)
        raise NoConsentError

    def history(self, asked: str) -> dict[str, Any]:
        """Return every version of a Consent, the newest first. Raises `NoConsentError`."""
        versions, told = self._of_id(asked)
        address = f"{self.spaces.base}/Consent/{asked}"
        return {
            "resourceType": "Bundle",
            "type": code("Bundle.type", "history"),
            "total": len(versions),
            "link": [{"relation": "self", "url": f"{address}/_history"}],
            "entry": [_past(told(version), address) for version in reversed(versions)],
        }

    def search(self, search: Search) -> dict[str, Any]:
        """Return a page of the Consents in force that a search asks for; whoever has none is not told apart."""
        named = dict(self._asked_for(search))
        found = Consents(self.session, self.keyring, self.platform_id).of(named)
        ids = [self._id(key) for key in named]
        meant = {key: versions[-1] for key, versions in found.items() if versions and _is_meant(search, versions[-1])}
        names = {**self._names(key for key in meant if not named[key]), **{k: v for k, v in named.items() if v}}
        told = [self._told(key, names[key], version) for key, version in meant.items() if key in names]
        return bundle(search, ids, told, self.spaces)

    def _of_id(self, asked: str) -> tuple[Sequence[Version], Any]:
        key = account_of(self.keyring, self.platform_id, asked)
        versions = Consents(self.session, self.keyring, self.platform_id).of([key])[key]
        name = self._names([key]).get(key) if versions else None
        if name is None:
            raise NoConsentError
        return versions, lambda version: self._told(key, name, version)

    def _asked_for(self, search: Search) -> Iterator[tuple[AccountKey, str]]:
        """Yield the accounts of a search, with their names where these were sent."""
        for account in search.accounts:
            yield account_key(self.keyring, self.platform_id, account), account
        for asked in search.ids:
            try:
                yield account_of(self.keyring, self.platform_id, asked), ""
            except NoConsentError:
                continue

    def _names(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, str]:
        accounts = [Account.of_key(self.session, key) for key in keys]
        return account_names(self.session, self.keyring, [account for account in accounts if account is not None])

    def _told(self, key: AccountKey, name: str, version: Version) -> dict[str, Any]:
        return consent_by_class(self._id(key), name, version, Names(self.spaces))

    def _id(self, key: AccountKey) -> str:
        return consent_id(self.keyring, self.platform_id, key)


def _is_meant(search: Search, version: Version) -> bool:
    return search.matches("active", Interval(day_of(version.during.start), FOREVER))


def _past(resource: dict[str, Any], address: str) -> dict[str, Any]:
    number, since = resource["meta"]["versionId"], resource["meta"]["lastUpdated"]
    method = code("Bundle.entry.request.method", "PUT")
    return {
        "fullUrl": address,
        "resource": resource,
        "request": {"method": method, "url": f"Consent/{resource['id']}"},
        "response": {"status": "200", "etag": f'W/"{number}"', "lastModified": since},
    }


def last_updated(version: Version) -> str:
    """Return when a version began, as platforms may know it."""
    return moment(day_of(version.during.start))
