"""The questions of platforms as typed messages (OpenID AuthZEN 1.0, sections 5 and 6), and their translation."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from governance.decision.facts import Request, Words
from governance.decision.vocabulary import NOT_SENT, AccountKey, Action, Instant, NotSentType
from governance.errors import BadInputError
from governance.pdp.digests import Digests
from governance.ui.clock import to_instant

LONGEST_ID: Final = 256
"""Bytes of UTF-8: as long as an account's id may be when somebody signs in or is declared."""
MOST_PEOPLE: Final = 200
"""Authors or recipients of one thing: every one of them costs work in every evaluation of a batch."""
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
People = msgspec.Meta(max_length=MOST_PEOPLE)
Time = Annotated[datetime, msgspec.Meta(tz=True)]
_ACTIONS: Final = {action.value: action for action in Action}


class Subject(msgspec.Struct, frozen=True):
    """Who wants to act. Role, verification and capacity in `properties` are not read: we have records."""

    type: Id
    id: Id


class ActionProperties(msgspec.Struct, frozen=True):
    """What a platform may say of the action."""

    initiated_by_patient: bool | UnsetType = UNSET


class AskedAction(msgspec.Struct, frozen=True, omit_defaults=True):
    """What they want to do."""

    name: Id
    properties: ActionProperties = ActionProperties()


class Author(msgspec.Struct, frozen=True):
    """One author of quoted or joint content. Nothing is inherited from the resource: a quote has its own time."""

    account: Id
    community: Id | UnsetType = UNSET
    thread: Id | UnsetType = UNSET
    post: Id | UnsetType = UNSET
    created: Time | UnsetType = UNSET
    edited: Time | UnsetType | None = UNSET


class ResourceProperties(msgspec.Struct, frozen=True):
    """Whose content it is and where it stands; all in the platform's own ids."""

    author: Id | UnsetType = UNSET
    authors: Annotated[tuple[Author, ...], People] | UnsetType = UNSET
    sender: Id | UnsetType = UNSET
    community: Id | UnsetType = UNSET
    thread: Id | UnsetType = UNSET
    created: Time | UnsetType = UNSET
    edited: Time | UnsetType | None = UNSET
    recipients: Annotated[tuple[Id, ...], People] | UnsetType = UNSET
    flagged: bool | UnsetType = UNSET


class Resource(msgspec.Struct, frozen=True, omit_defaults=True):
    """What it is about: a `post`, a `thread`, a private `message`, or a `user`."""

    type: Id
    id: Id
    properties: ResourceProperties = ResourceProperties()


class Question(msgspec.Struct, frozen=True):
    """One evaluation."""

    subject: Subject
    action: AskedAction
    resource: Resource


def question_of(members: Mapping[str, Any]) -> Question:
    """Return a typed question; unknown members are ignored, as AuthZEN asks. Raises `BadInputError`."""
    try:
        question = msgspec.convert(dict(members), Question)
    except msgspec.ValidationError as error:
        # msgspec names the path and the type that was wanted, never the value.
        raise BadInputError(f"the question cannot be understood: {error}") from error
    check_times(question.resource.properties)
    if any(is_too_long(text) for text in _ids(question)):
        raise BadInputError(f"an id may be {LONGEST_ID} bytes long at most")
    return question


def is_too_long(text: str) -> bool:
    """Say whether an id has more bytes than any that we can know."""
    return len(text) > LONGEST_ID or (not text.isascii() and len(text.encode()) > LONGEST_ID)


def check_times(properties: ResourceProperties) -> None:
    """Raise `BadInputError` if words were written at a time that no forum had."""
    _check_times(properties)
    for author in _sent_authors(properties):
        _check_times(author)


def _check_times(words: ResourceProperties | Author) -> None:
    for time in (words.created, words.edited):
        if isinstance(time, datetime) and not _EARLIEST <= time < _LATEST:
            raise BadInputError("`created` and `edited` must lie between the years 2000 and 2100")


def _ids(question: Question) -> Iterator[str]:
    properties = question.resource.properties
    yield question.subject.id
    yield question.resource.id
    yield from () if properties.recipients is UNSET else properties.recipients
    optional = [properties.author, properties.sender, properties.community, properties.thread]
    for author in _sent_authors(properties):
        optional += author.account, author.community, author.thread, author.post
    yield from (text for text in optional if text is not UNSET)


def _sent_authors(properties: ResourceProperties) -> tuple[Author, ...]:
    return () if properties.authors is UNSET else properties.authors


def request_of(question: Question, digests: Digests, at: Instant) -> Request | None:
    """Return the request of the core, all ids as digests; None if the action is none of ours."""
    action = _ACTIONS.get(question.action.name)
    if action is None:
        return None
    properties = question.resource.properties
    sender = properties.sender if properties.sender is not UNSET else properties.author
    recipients = properties.recipients
    wrote_first = question.action.properties.initiated_by_patient
    return Request(
        platform=digests.platform,
        viewer=digests.account(question.subject.id),
        action=action,
        words=_words(question.resource, digests),
        at=at,
        sender=NOT_SENT if sender is UNSET else digests.account(sender),
        recipients=NOT_SENT if recipients is UNSET else frozenset(digests.account(account) for account in recipients),
        flagged=NOT_SENT if properties.flagged is UNSET else properties.flagged,
        initiated_by_patient=NOT_SENT if wrote_first is UNSET else wrote_first,
    )


def _words(resource: Resource, digests: Digests) -> tuple[Words, ...]:
    properties = resource.properties
    quoted = tuple([_quoted(author, digests) for author in _sent_authors(properties)])
    author = resource.id if resource.type == "user" and properties.author is UNSET else properties.author
    return quoted if author is UNSET else (*quoted, _written(resource, digests.account(author), digests))


def _written(resource: Resource, author: AccountKey, digests: Digests) -> Words:
    properties = resource.properties
    return Words(
        author=author,
        community=_sent(properties.community, digests.community),
        thread=_sent(resource.id if resource.type == "thread" else properties.thread, digests.thread),
        post=_sent(resource.id if resource.type == "post" else UNSET, digests.post),
        created=_instant(properties.created),
        edited=None if properties.edited is None else _instant(properties.edited),
    )


def _quoted(author: Author, digests: Digests) -> Words:
    return Words(
        author=digests.account(author.account),
        community=_sent(author.community, digests.community),
        thread=_sent(author.thread, digests.thread),
        post=_sent(author.post, digests.post),
        created=_instant(author.created),
        edited=None if author.edited is None else _instant(author.edited),
    )


def _sent(value: str | UnsetType, digest: Callable[[str], str]) -> str | NotSentType:
    return NOT_SENT if value is UNSET else digest(value)


def _instant(value: datetime | UnsetType) -> Instant | NotSentType:
    return NOT_SENT if value is UNSET else to_instant(value)
