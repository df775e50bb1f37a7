"""From a request's accounts to the facts of a decision: every row proven before it counts."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import structlog

from governance.decision.facts import DEFAULT_ROOM, Author, Community, Conduct, Facts, Hcp, Room, Viewer
from governance.decision.vocabulary import AccountKey, Mark
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


class SeenAccount(Protocol):
    """An account as it was found; each of these raises `BrokenRowError` if it was changed by another hand."""

    def marks(self) -> frozenset[Mark]:
        """Return why the account is governed, if it is."""

    def patient(self) -> PatientDocument | None:
        """Return what is in force about the patient whose account it is."""

    def hcp(self) -> HcpDocument | None:
        """Return what is in force about the professional whose account it is."""


class Source(Protocol):
    """Where rows are read: the tables as they are, or as they were."""

    def accounts(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, SeenAccount]:
        """Return what is known of accounts; unknown ones are left out."""

    def communities(self, ids: Iterable[str]) -> dict[str, CommunityDocument]:
        """Return the registered ones of some communities of the platform. Raises `BrokenRowError`."""

    def platform(self) -> PlatformDocument | None:
        """Return what is in force about the platform. Raises `BrokenRowError`."""

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
        return Facts(
            viewer=_viewer(people.viewer, found.get(people.viewer)),
            authors=_authors(people.authors, found),
            conduct=conduct,
            communities=self.communities(communities),
            strictest=self._strictest(),
        )

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

    def communities(self, ids: Iterable[str]) -> dict[str, Community]:
        """Return the communities that are registered among these of the platform."""
        return {name: community_of(document) for name, document in self._source.communities(ids).items()}

    def revision(self) -> int:
        """Return the platform's revision on which these facts stand."""
        return self._source.revision()

    def _strictest(self) -> Room:
        document = self._source.platform()
        return DEFAULT_ROOM if document is None else room_of(document)


def _viewer(key: AccountKey, account: SeenAccount | None) -> Viewer:
    if account is None:
        return Viewer(key)
    return Viewer(key, account.marks(), _hcp(account) or Hcp())


def _authors(keys: Iterable[AccountKey], found: Mapping[AccountKey, SeenAccount]) -> dict[AccountKey, Author]:
    authors = {}
    for key in keys:
        try:
            authors[key] = _author(key, found.get(key))
        except BrokenRowError:
            # Left out, an author refuses; the others of the page are not punished for one broken row.
            _log.critical("broken_row", kind="patient")
    return authors


def _author(key: AccountKey, account: SeenAccount | None) -> Author:
    if account is None:
        return Author(key)
    return author_of(key, account.patient() or _NOBODY, _hcp(account))


def _hcp(account: SeenAccount) -> Hcp | None:
    document = account.hcp()
    return None if document is None else hcp_of(document)


def marks_of(text: str) -> frozenset[Mark]:
    """Return the marks of an account as stored. Raises `BrokenRowError`."""
    try:
        return frozenset(Mark(mark) for mark in text.split())
    except ValueError as error:
        raise BrokenRowError("an account has an unknown mark; run the program that wrote it") from error
