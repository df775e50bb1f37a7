"""How a professional is here: declared per forum or community, counted a day later, never claimed in a request."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import PeerPostsError, UnknownCommunityError
from governance.conduct.models import NamedPlace
from governance.conduct.standing import keep, note, said, say
from governance.crypto.blind_index import place_key
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.capacity import capacities_of_viewer
from governance.decision.vocabulary import FOREVER, Capacity, Instant, PlatformId
from governance.effective.documents import HcpDocument, hcp_of
from governance.effective.models import find_places
from governance.effective.service import Register

_NAME: Final = ("hcp_place", "sealed_name")


class Scope(NamedTuple):
    """Where a capacity holds: a whole forum, or one community of it by its digest."""

    platform: str
    place: str | None = None


class PeerPosts(StrEnum):
    """What becomes of what somebody wrote as a patient where they want to be a professional; we cannot see it."""

    GONE = "gone"
    """They wrote nothing there, or took it away."""
    TOLD = "told"
    """It stands, and they say in each of those threads that they are a professional."""


class Held(NamedTuple):
    """One capacity on record; ended ones stay, since they say as what somebody once wrote."""

    capacity: Capacity
    platform: str
    place: str | None
    start: int
    end: int

    def runs(self, now: Instant) -> bool:
        """Say whether its time is now."""
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class Place:
    """How a professional is in one place: `name` empty for a whole forum; `next` begins at `begins`, if anything does.

    `stopped`: one was declared whose day has come and which does not count.
    """

    name: str
    now: frozenset[Capacity]
    next: Capacity | None
    begins: Instant | None
    stopped: bool


def community_on(session: Session, keyring: Keyring, platform_id: UUID, name: str) -> Scope:
    """Return the scope of a community that its forum registered. Raises `UnknownCommunityError`."""
    digest = place_key(keyring, platform_id, "community", name)
    subject = f"{platform_id}/{digest}"
    if subject not in {place.subject for place in find_places(session, str(platform_id), [subject])}:
        raise UnknownCommunityError("your forum has no group of this name; type it as its address shows it")
    return Scope(str(platform_id), digest)


def switch_capacity(  # noqa: PLR0913 - who, where, what, since when, and what they said
    session: Session,
    keyring: Keyring,
    hcp_id: UUID,
    scope: Scope,
    wanted: Capacity,
    *,
    now: Instant,
    begins: Instant,
    posts: PeerPosts | None = None,
) -> None:
    """Declare a capacity as a professional does at their own page.

    THREAT: whoever read somebody's posts as a patient's must not find that a professional wrote them, nor may a
    professional come back to a thread that they read as a patient. So nobody who is a patient somewhere becomes a
    professional there before they said what becomes of their posts. Raises `PeerPostsError`.
    """
    if wanted is Capacity.PROFESSIONAL and posts is None and is_patient_there(session, keyring, hcp_id, scope, now):
        raise PeerPostsError("you are here as a patient; say first what becomes of what you wrote as one")
    choose_capacity(session, keyring, hcp_id, scope, wanted, now=now, begins=begins)
    if posts is not None:
        note(session, keyring, hcp_id, now, {"act": "peer_posts", "said": posts.value})


def is_patient_there(session: Session, keyring: Keyring, hcp_id: UUID, scope: Scope, now: Instant) -> bool:
    """Say whether a professional is in a place as a patient now."""
    hcp = hcp_of(_document(session, keyring, hcp_id, now))
    return Capacity.PEER in capacities_of_viewer(hcp, PlatformId(scope.platform), scope.place or "", now)


def choose_capacity(  # noqa: PLR0913 - who, where, as what, when, and from when
    session: Session, keyring: Keyring, hcp_id: UUID, scope: Scope, wanted: Capacity, *, now: Instant, begins: Instant
) -> None:
    """Declare a capacity, which counts from `begins`; one that waits at the same place is replaced.

    Who is here as a patient and chooses `professional` stops being a patient there at once.
    """
    before = said(session, keyring, hcp_id, now)
    held = [Held(Capacity(capacity), *rest) for capacity, *rest in before.get("capacities", [])]
    cases = _document(session, keyring, hcp_id, now).cases
    elsewhere = [one for one in held if (one.platform, one.place) != scope]
    here = [one for one in held if (one.platform, one.place) == scope and one.start <= now]
    here = _followed_by(here, Held(wanted, *scope, int(begins), FOREVER), cases, now)
    say(session, keyring, hcp_id, now, capacities=[*elsewhere, *here])
    note(session, keyring, hcp_id, now, {"act": "capacity", "capacity": wanted.value})


def name_place(session: Session, keyring: Keyring, hcp_id: UUID, scope: Scope, name: str) -> None:
    """Keep what a professional calls a community, for their own pages."""
    if scope.place is None or session.get(NamedPlace, (hcp_id, scope.place)) is not None:
        return
    key = DataKeys(session, keyring).of(owner_of("hcp", hcp_id))
    sealed = key.seal(name.encode(), *_NAME, f"{hcp_id}/{scope.place}")
    keep(session, keyring, NamedPlace(hcp_id=hcp_id, place=scope.place, sealed_name=sealed))


def places(session: Session, keyring: Keyring, hcp_id: UUID, platform_id: UUID, now: Instant) -> list[Place]:
    """Return how a professional is on a forum, and in each of its communities that they named."""
    document = _document(session, keyring, hcp_id, now)
    names = _names(session, keyring, hcp_id)
    held = [Held(*one) for one in document.capacities if one[1] == str(platform_id)]
    where = dict.fromkeys([None, *sorted({one.place for one in held if one.place is not None})])
    found = [_place(document, held, Scope(str(platform_id), place), now) for place in where]
    return [Place(names.get(place or "", ""), *one) for place, one in zip(where, found, strict=True)]


def _place(
    document: HcpDocument, held: list[Held], scope: Scope, now: Instant
) -> tuple[frozenset[Capacity], Capacity | None, Instant | None, bool]:
    # The core says what counts: a page that worked it out by itself could promise what no decision keeps.
    counts = capacities_of_viewer(hcp_of(document), PlatformId(scope.platform), scope.place or "", now)
    here = [one for one in held if one.place == scope.place]
    waiting = next((one for one in here if one.start > now), None)
    stopped = any(one.runs(now) and _is_stopped(one, document.cases) for one in here)
    begins = None if waiting is None else Instant(waiting.start)
    return counts, None if waiting is None else waiting.capacity, begins, stopped


def _followed_by(here: list[Held], wanted: Held, cases: tuple[tuple[int, int], ...], now: Instant) -> list[Held]:
    runs = next((one for one in here if one.runs(now) and not _is_stopped(one, cases)), None)
    over = [one if one is runs or one.end <= now else one._replace(end=int(now)) for one in here]
    if runs is None:
        return [*over, wanted]
    rest = [one for one in over if one is not runs]
    if runs.capacity is wanted.capacity:
        return [*rest, runs._replace(end=FOREVER)]
    ends = int(now) if wanted.capacity is Capacity.PROFESSIONAL else wanted.start
    return [*rest, runs._replace(end=ends), wanted]


def _is_stopped(one: Held, cases: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= one.start < end for start, end in cases)


def _names(session: Session, keyring: Keyring, hcp_id: UUID) -> dict[str, str]:
    rows = NamedPlace.of_hcp(session, hcp_id)
    if not rows:
        return {}
    key = DataKeys(session, keyring).known(owner_of("hcp", hcp_id))
    return {row.place: key.unseal(row.sealed_name, *_NAME, f"{hcp_id}/{row.place}").decode() for row in rows}


def _document(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> HcpDocument:
    document: HcpDocument = Register(session, keyring, now).document("hcp", str(hcp_id))
    return document
