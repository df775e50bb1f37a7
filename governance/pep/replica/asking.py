"""What a replica is asked: as a platform's kit says it, and as the core takes it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from governance.decision.facts import Request
from governance.decision.facts import Words as CoreWords
from governance.decision.vocabulary import NOT_SENT, AccountKey, Action, Instant, NotSentType, PlatformId
from governance.pep.questions import Resource, Words

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Question(NamedTuple):
    """One evaluation. What is None was not sent."""

    viewer: str
    action: Action
    resource: Resource
    sender: str | None = None
    """Who wrote the private message that is asked about."""
    recipients: tuple[str, ...] | None = None
    initiated_by_patient: bool | None = None


class Names(NamedTuple):
    """How a platform's ids become the keys that its records speak of."""

    platform: PlatformId
    account: Callable[[str], AccountKey]
    community: Callable[[str], str]
    thread: Callable[[str], str]
    post: Callable[[str], str]


def words_of(resource: Resource) -> tuple[Words, ...]:
    """Return everybody's words; a member that is asked about is an author, as at the service."""
    words = resource.words
    if resource.type != "user" or any(part.author == resource.id for part in words):
        return words
    return (*words, Words(resource.id, community=words[0].community if words else None))


def request_of(question: Question, names: Names, at: Instant) -> Request:
    """Return the core's request. Raises `ValueError` if some words have no author."""
    sender, recipients, resource = question.sender, question.recipients, question.resource
    return Request(
        platform=names.platform,
        viewer=names.account(question.viewer),
        action=question.action,
        words=tuple([_core_words(words, names) for words in words_of(resource)]),
        at=at,
        sender=NOT_SENT if sender is None else names.account(sender),
        recipients=NOT_SENT if recipients is None else frozenset(map(names.account, recipients)),
        flagged=NOT_SENT if resource.flagged is None else resource.flagged,
        initiated_by_patient=NOT_SENT if question.initiated_by_patient is None else question.initiated_by_patient,
    )


def instant_of(time: datetime) -> Instant:
    """Return a time as the core counts it, to the microsecond."""
    since = time - _EPOCH
    return Instant((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _core_words(words: Words, names: Names) -> CoreWords:
    if not words.author:
        raise ValueError("words without an author")
    edited: Instant | NotSentType | None = NOT_SENT
    if words.edited is None:
        edited = None
    elif isinstance(words.edited, datetime):
        edited = instant_of(words.edited)
    return CoreWords(
        names.account(words.author),
        NOT_SENT if words.community is None else names.community(words.community),
        NOT_SENT if words.thread is None else names.thread(words.thread),
        NOT_SENT if words.post is None else names.post(words.post),
        NOT_SENT if words.created is None else instant_of(words.created),
        edited,
    )
