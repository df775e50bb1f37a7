"""Does one line of somebody's choices match this request? Refusals match on doubt, permits never do."""

from collections.abc import Iterable
from typing import Final

from governance.decision.facts import Request, Words
from governance.decision.provisions import ALWAYS, Interval, Provision, Scale, WhoKind
from governance.decision.question import Question
from governance.decision.team import ONLY_CARE_TEAM, ONLY_OTHERS, verified
from governance.decision.vocabulary import NOT_SENT, Capacity, Contact, Instant, NotSentType

# Looked up once: before Python 3.12 a word of a closed list costs as much as two calls.
_NAMED, _CARE_TEAM, _OTHERS = WhoKind.NAMED, WhoKind.CARE_TEAM, WhoKind.OTHERS
_PEER: Final = Capacity.PEER
_CLASSES: Final = frozenset({_CARE_TEAM, _OTHERS})


def matches(line: Provision, question: Question) -> bool:
    """Say whether a line about this action and viewer matches the place, time and contact asked about."""
    return line.unconditional or (
        _contact_matches(line, question.request) and _place_matches(line, question) and _time_matches(line, question)
    )


def refusal_names(line: Provision, question: Question) -> bool:
    """Say whether a refusal is about this viewer: by any account or claim there ever was."""
    if line.who.kind in _CLASSES:
        return line.who in question.team
    return line.who in question.viewer.key_set


def permit_names(line: Provision, question: Question) -> bool:
    """Say whether a permit is about this viewer: by verified, current facts only."""
    kind = line.who.kind
    if kind is _OTHERS:
        return question.team is ONLY_OTHERS
    if kind is _NAMED:
        return line.who.name == question.viewer.account
    if question.capacity is _PEER:
        return False
    if kind is _CARE_TEAM:
        return question.team is ONLY_CARE_TEAM
    return verified(question.viewer, line.who, question.at)


def _contact_matches(line: Provision, request: Request) -> bool:
    if line.contact is Contact.ANY:
        return True
    patient_wrote_first = request.initiated_by_patient
    if not isinstance(patient_wrote_first, bool):
        return line.refuses
    return patient_wrote_first is (line.contact is Contact.AFTER)


def _place_matches(line: Provision, question: Question) -> bool:
    scale, platform, place_id = line.where
    if scale is Scale.EVERYWHERE:
        return True
    if platform != question.request.platform:
        return False
    if scale is Scale.PLATFORM:
        return True
    if question.on_person and scale is not Scale.COMMUNITY:
        return False
    sent = _sent_id(question.words, scale)
    if sent is NOT_SENT:
        return line.refuses and not question.on_person
    return sent == place_id


def _sent_id(words: Words, scale: Scale) -> str | NotSentType:
    if scale is Scale.COMMUNITY:
        return words.community
    return words.thread if scale is Scale.THREAD else words.post


def _time_matches(line: Provision, question: Question) -> bool:
    at, when = question.at, line.when
    if at < when.start:
        return False
    if at < when.end:
        return question.on_person or _reach_matches(line, question.words)
    # An ended refusal goes on covering what was written under it: its end must expose nothing.
    return line.refuses and not question.on_person and _any_time_in((when, line.reach), question.words)


def _reach_matches(line: Provision, words: Words) -> bool:
    if line.refuses:
        return _any_time_in((line.reach,), words)
    start, end = line.reach
    return not _limited(line) or all(time is not NOT_SENT and start <= time < end for time in _times(words))


def _limited(line: Provision) -> bool:
    return line.reach != ALWAYS


def _any_time_in(spans: Iterable[Interval], words: Words) -> bool:
    spans = [span for span in spans if span != ALWAYS]
    if not spans:
        return True
    return any(time is NOT_SENT or all(span.covers(time) for span in spans) for time in _times(words))


def _times(words: Words) -> list[Instant | NotSentType]:
    if words.edited is None:
        return [words.created]
    return [words.created, words.edited]
