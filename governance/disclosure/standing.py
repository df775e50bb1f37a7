"""How far the disclosure has come: which version holds, who was told which one, who waits for a translation."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.disclosure.models import Acknowledgement, Counted
from governance.disclosure.service import RECORD
from governance.policy.history import History, Published, history_of
from governance.policy.records import ChangeClass, PolicyRecord


class Group(NamedTuple):
    """People who were told the same version in the same language last."""

    version: str
    language: str
    people: int
    behind: bool
    """A later version changed something that matters: some of their permits pause, or will."""
    waits: bool
    """They cannot be told it yet, because their language has no approved text of it."""


def groups(session: Session, current: PolicyRecord, now: Instant) -> list[Group]:
    """Return everybody who was ever told anything, by what they were told last."""
    history = history_of(session, RECORD, current)
    newest = history.at(now)
    return [_group(history, newest, one) for one in Acknowledgement.newest_by_version(session)]


def _group(history: History, newest: Published, counted: Counted) -> Group:
    later = [one.record.change for _, one in history.after(counted.version) if one.since <= newest.since]
    behind = ChangeClass.MATERIAL in later
    return Group(*counted, behind=behind, waits=behind and counted.language not in newest.languages)
