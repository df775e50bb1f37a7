"""Bodies read in one go, straight into typed questions: the usual ones; whatever else is read with care, elsewhere.

INVARIANT: what is read here, the careful reading (`ui.strict_json`, `pdp.messages`) reads as the same questions.
"""

from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from governance.errors import BadInputError
from governance.pdp.batches import MOST, Semantic
from governance.pdp.messages import AskedAction, Question, Resource, Subject, check_times

T = TypeVar("T")


class _Part(msgspec.Struct, frozen=True):
    """One evaluation of a page; what is left out is the page's."""

    subject: Subject | UnsetType = UNSET
    action: AskedAction | UnsetType = UNSET
    resource: Resource | UnsetType = UNSET


class _Options(msgspec.Struct, frozen=True):
    evaluations_semantic: Semantic | UnsetType = UNSET


class _Page(_Part, frozen=True, kw_only=True):
    evaluations: Annotated[tuple[_Part, ...], msgspec.Meta(min_length=1, max_length=MOST)]
    options: _Options | UnsetType = UNSET


_ONE: Final = msgspec.json.Decoder(Question)
_MANY: Final = msgspec.json.Decoder(_Page)
_encode: Final = msgspec.json.Encoder().encode


def read_one(body: bytes) -> Question | None:
    """Return the question of a body; None if it must be read with care."""
    question = _read(_ONE, body)
    return question if question is not None and _in_time(question) else None


def read_many(body: bytes) -> tuple[list[Question], Semantic] | None:
    """Return the questions of a page and when it stops; None if it must be read with care."""
    page = _read(_MANY, body)
    if page is None:
        return None
    questions = []
    for part in page.evaluations:
        subject = page.subject if part.subject is UNSET else part.subject
        action = page.action if part.action is UNSET else part.action
        resource = page.resource if part.resource is UNSET else part.resource
        if subject is UNSET or action is UNSET or resource is UNSET:
            return None
        questions.append(Question(subject, action, resource))
    if not all(map(_in_time, questions)):
        return None
    semantic = UNSET if page.options is UNSET else page.options.evaluations_semantic
    return questions, Semantic.EXECUTE_ALL if semantic is UNSET else semantic


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    # In ASCII an id of so many characters has as many bytes. An escape may hide a quote, NUL or half a character.
    if b"\\" in body or not body.isascii():
        return None
    try:
        found = decoder.decode(body)
    except msgspec.DecodeError:
        return None
    # THREAT: a member sent twice means one thing to us and another to who checked it before us. The decoder keeps the
    # last of them and skips members that we do not know, whatever is in those. Each member has a name in quotes: if
    # what we kept, written out, has as many quotes as what was sent, nothing was sent twice and nothing was skipped.
    return found if _encode(found).count(b'"') == body.count(b'"') else None


def _in_time(question: Question) -> bool:
    try:
        check_times(question.resource.properties)
    except BadInputError:
        return False
    return True
