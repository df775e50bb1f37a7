"""What a platform asks about: a thing shown, and whose words are in it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from governance.decision.vocabulary import NOT_SENT, Action, NotSentType

_MOST_IN_A_REQUEST: Final = 200
_LARGEST_REQUEST: Final = 192 * 1024
"""Bytes of resources in one request; the service reads 256 KiB. In a thread of quoted quotes words grow quickly."""


@dataclass(frozen=True, slots=True)
class Words:
    """One author's part of what is shown, with its own place and times: a quote inherits nothing from around it.

    `author` is the platform's account id. `edited` is None for words never edited. What is left out is not sent, and
    never helps. Times must know their zone (`ValueError` otherwise): a local time may fall on the wrong side of a
    choice that began or ended that day.
    """

    author: str | None
    community: str | None = None
    thread: str | None = None
    post: str | None = None
    created: datetime | None = None
    edited: datetime | NotSentType | None = NOT_SENT

    def __post_init__(self) -> None:
        """Check the times."""
        for time in (self.created, self.edited):
            if isinstance(time, datetime) and time.utcoffset() is None:
                raise ValueError("`created` and `edited` need a time zone")

    def as_json(self) -> dict[str, str | None]:
        """Return the author entry as the service takes it."""
        places = {"account": self.author, "community": self.community, "thread": self.thread, "post": self.post}
        entry: dict[str, str | None] = {name: value for name, value in places.items() if value is not None}
        if self.created is not None:
            entry["created"] = _written(self.created)
        if self.edited is not NOT_SENT:
            entry["edited"] = None if self.edited is None else _written(self.edited)
        return entry


@dataclass(frozen=True, slots=True)
class Resource:
    """A post, title, profile or member that would be shown, with everybody whose words are in it.

    `flagged`: whether somebody told the moderators of it; only then its community's moderator may look at it. None is
    not sent.
    """

    type: str
    id: str
    words: tuple[Words, ...]
    flagged: bool | None = None

    def has_authors(self) -> bool:
        """Say whether every part names its author; the service would refuse anything else, so it is not even asked."""
        return bool(self.words) and all(words.author for words in self.words)

    def as_json(self) -> dict[str, object]:
        """Return the AuthZEN resource."""
        properties: dict[str, object] = {"authors": [words.as_json() for words in self.words]}
        if self.type == "user" and self.words and self.words[0].community is not None:
            # The service counts a member's own id as an author, and takes that author's place from here.
            properties["community"] = self.words[0].community
        if self.flagged is not None:
            properties["flagged"] = self.flagged
        return {"type": self.type, "id": self.id, "properties": properties}


def parts_of(resources: Iterable[Resource]) -> Iterator[list[Resource]]:
    """Cut a list into requests that the service will read; an ordinary page is one."""
    part: list[Resource] = []
    size = 0
    for resource in resources:
        more = len(json.dumps(resource.as_json()))
        if part and (len(part) == _MOST_IN_A_REQUEST or size + more > _LARGEST_REQUEST):
            yield part
            part, size = [], 0
        part.append(resource)
        size += more
    if part:
        yield part


def one(
    viewer: str, action: Action, resource: Resource, *, initiated_by_patient: bool | None = None
) -> dict[str, object]:
    """Return an AuthZEN evaluation request (section 6.1 there); whether the patient wrote first is sent if known."""
    return {**_who(viewer, action, initiated_by_patient), "resource": resource.as_json()}


def several(
    viewer: str, action: Action, resources: Sequence[Resource], *, initiated_by_patient: bool | None = None
) -> dict[str, object]:
    """Return an AuthZEN evaluations request: one viewer and action, every resource answered."""
    return {
        **_who(viewer, action, initiated_by_patient),
        "options": {"evaluations_semantic": "execute_all"},
        "evaluations": [{"resource": resource.as_json()} for resource in resources],
    }


def _who(viewer: str, action: Action, wrote_first: bool | None) -> dict[str, object]:  # noqa: FBT001 - as sent
    deed: dict[str, object] = {"name": action.value}
    if wrote_first is not None:
        deed["properties"] = {"initiated_by_patient": wrote_first}
    return {"subject": {"type": "user", "id": viewer}, "action": deed}


def _written(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
