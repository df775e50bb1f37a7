"""From a request's accounts to the facts of a decision: every row proven before it counts."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, Protocol

import structlog

from governance.decision.facts import DEFAULT_ROOM, Author, Community, Conduct, Facts, Hcp, Room, Viewer
from governance.decision.provisions import ALWAYS, Interval
from governance.decision.vocabulary import FOREVER, AccountKey, Mark
from governance.effective.documents import (
    CommunityDocument,
    HcpDocument,
    PatientDocument,
    PlatformDocument,
    author_of,
    community_of,
    hcp_of,
    room_of,
)
from governance.effective.errors import BrokenRowError

_log = structlog.get_logger()
_NOBODY = PatientDocument(record=False)


class People(NamedTuple):
    """The viewer and the authors of a page."""

    viewer: AccountKey
    authors: frozenset[AccountKey]


class SeenAccount(ABC):
    """An account as it was found; each of these raises `BrokenRowError` if it was changed by another hand."""

    __slots__ = ()

    @property
    @abstractmethod
    def key(self) -> AccountKey:
        """The account's key."""

    @abstractmethod
    def marks(self) -> frozenset[Mark]:
        """Return why the account is governed, if it is."""

    @abstractmethod
    def patient(self) -> PatientDocument | None:
        """Return what is in force about the patient whose account it is."""

    @abstractmethod
    def hcp(self) -> HcpDocument | None:
        """Return what is in force about the professional whose account it is."""

    def viewer(self) -> Viewer:
        """Return the facts of whoever looks with this account."""
        return Viewer(self.key, self.marks(), self._hcp() or Hcp())

    def author(self) -> Author:
        """Return the facts of whoever writes with this account."""
        return author_of(self.key, self.patient() or _NOBODY, self._hcp())

    def _hcp(self) -> Hcp | None:
        document = self.hcp()
        return None if document is None else hcp_of(document)


class Places(NamedTuple):
    """A platform and those of its communities that are registered."""

    communities: Mapping[str, Community]
    strictest: Room
    """The strictest posture and ages of the platform."""
    suspended: bool = False
    """Whether no professional passes the gate there."""


def places_of(communities: Mapping[str, CommunityDocument], platform: PlatformDocument | None) -> Places:
    """Return the facts that documents tell; the platform's may be missing, if nothing was said yet."""
    strictest = DEFAULT_ROOM if platform is None else room_of(platform)
    suspended = platform is not None and platform.suspended
    found = {name: community_of(document) for name, document in communities.items()}
    return Places(enforcing(found) if suspended else found, strictest, suspended)


def enforcing(communities: Mapping[str, Community]) -> dict[str, Community]:
    """Return communities of which none observes: what only observes would show what a suspension refuses."""
    return {name: replace(community, observes_from=FOREVER) for name, community in communities.items()}


class Source(Protocol):
    """Where rows are read: the tables as they are, or as they were."""

    def accounts(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, SeenAccount]:
        """Return what is known of accounts; unknown ones are left out."""

    def places(self, communities: Iterable[str]) -> "Places":
        """Return what is in force about the platform and some of its communities. Raises `BrokenRowError`."""

    def revision(self) -> int:
        """Return the platform's revision that is read."""


class FactsReader:
    """Gathers the facts of decisions on one platform."""

    def __init__(self, source: Source) -> None:
        """Read from this source."""
        self._source = source

    def facts(self, people: People, communities: Iterable[str], conduct: Conduct) -> Facts:
        """Return all facts a page of requests by one viewer touches. Raises `BrokenRowError`."""
        found = self._source.accounts({people.viewer, *people.authors})
        viewer, authors = _viewer(people.viewer, found.get(people.viewer)), _authors(people.authors, found)
        places = self._source.places(communities)
        seen = shut_out(viewer) if places.suspended else viewer
        return Facts(seen, authors, conduct, places.communities, places.strictest)

    def patients(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, PatientDocument]:
        """Return the patients' documents of some accounts; the empty one, which is closed, for whom we do not know."""
        wanted = set(keys)
        documents = dict.fromkeys(wanted, _NOBODY)
        for key, account in self._source.accounts(wanted).items():
            try:
                documents[key] = account.patient() or _NOBODY
            except BrokenRowError:
                _log.critical("broken_row", kind="patient")
        return documents

    def places(self, communities: Iterable[str]) -> Places:
        """Return those of some communities that are registered, and the strictest posture and ages of the platform."""
        return self._source.places(communities)

    def revision(self) -> int:
        """Return the platform's revision on which these facts stand."""
        return self._source.revision()


def shut_out(viewer: Viewer, during: Interval = ALWAYS) -> Viewer:
    """Return a viewer as under a measure against all that they do; of one who is not governed it changes nothing."""
    return replace(viewer, hcp=stopped(viewer.hcp, during))


def stopped(hcp: Hcp, during: Interval = ALWAYS) -> Hcp:
    """Return a professional as under a measure against all that they do."""
    return replace(hcp, blocks=(*hcp.blocks, during))


def _viewer(key: AccountKey, account: SeenAccount | None) -> Viewer:
    return Viewer(key) if account is None else account.viewer()


def _authors(keys: Iterable[AccountKey], found: Mapping[AccountKey, SeenAccount]) -> dict[AccountKey, Author]:
    authors = {}
    for key in keys:
        account = found.get(key)
        try:
            authors[key] = Author(key) if account is None else account.author()
        except BrokenRowError:
            # Left out, an author refuses; the others of the page are not punished for one broken row.
            _log.critical("broken_row", kind="patient")
    return authors


def marks_of(text: str) -> frozenset[Mark]:
    """Return the marks of an account as stored. Raises `BrokenRowError`."""
    try:
        return frozenset(Mark(mark) for mark in text.split())
    except ValueError as error:
        raise BrokenRowError("an account has an unknown mark; run the program that wrote it") from error
