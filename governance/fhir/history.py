"""The versions of a patient's choices out of what is in force and what once was: by class for a platform, or whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.facts import Author
from governance.decision.provisions import EVERYWHERE, Interval, Place, Scale
from governance.decision.vocabulary import FOREVER, AccountKey, Instant, PlatformId
from governance.effective.documents import PatientDocument, author_of, compiled
from governance.effective.errors import BrokenRowError
from governance.effective.forums import on_platform
from governance.effective.macs import check, fragment_mac
from governance.effective.models import Fragment, PlatformChange
from governance.effective.present import Present, PresentAccount
from governance.effective.service import said_of
from governance.fhir.consent import Version
from governance.fhir.rules import EVERYONE, Rule, held, merged, rules_of_line
from governance.fhir.times import begun, tighter, wider

_PATIENT: Final = "patient"
_log = structlog.get_logger()


class State(NamedTuple):
    """What was in force about a patient from an instant on, under a number."""

    number: int
    since: Instant
    document: PatientDocument


class Consents:
    """What one platform may know of its members: choices by class, and only while they open or hide something.

    Whoever it does not know, who chose nothing, who is closed and who named people alone have no version at all.
    """

    def __init__(self, session: Session, keyring: Keyring, platform_id: UUID) -> None:
        """Read for this platform."""
        self._session = session
        self._keyring = keyring
        self._platform_id = platform_id

    def of(self, keys: Iterable[AccountKey]) -> Mapping[AccountKey, Sequence[Version]]:
        """Return the versions of some accounts, the newest last; always by the same three statements."""
        wanted = list(dict.fromkeys(keys))
        accounts = Present(self._session, self._keyring, self._platform_id).accounts(wanted)
        # Whoever has no record is looked up like everybody else: the work must not tell them apart.
        people = [account.person or "" for account in accounts.values()] or [""]
        changes = _by_subject(PlatformChange.ever_about(self._session, self._platform_id, _PATIENT, people))
        fragments = _by_subject(Fragment.ever_about(self._session, _PATIENT, people))
        return {key: self._versions(accounts[key], changes, fragments) if key in accounts else () for key in wanted}

    def _versions(
        self, account: PresentAccount, changes: Mapping[str, list[Any]], fragments: Mapping[str, list[Any]]
    ) -> Sequence[Version]:
        try:
            document, person = account.patient(), account.person
            if document is None or person is None:
                return ()
            states = [self._here(one) for one in _states_felt(self._keyring, changes[person], fragments[person])]
            _check_newest(states, document)
        except BrokenRowError:
            _log.critical("broken_row", kind=_PATIENT)
            return ()
        found = list(_told_apart(states, PlatformId(str(self._platform_id))))
        # While nothing was said there was nothing, as for somebody who never came.
        return list(filter(_says_anything, found)) if _says_anything(found[-1]) else ()

    def _here(self, state: State) -> State:
        """Return a state as it counts on this platform: of somebody on several, a yes is of one of them."""
        return state._replace(document=on_platform(state.document, str(self._platform_id)))


def _check_newest(states: Sequence[State], document: PatientDocument) -> None:
    if not states or states[-1].document != document:
        raise BrokenRowError("a row in force differs from what the rooms said; restore it from a backup")


def own_states(session: Session, keyring: Keyring, patient_id: UUID) -> list[State]:
    """Return all that was ever in force about a patient and not erased, the newest last. Raises `BrokenRowError`."""
    fragments = Fragment.ever_about(session, _PATIENT, [str(patient_id)])
    moments = {fragment.version: Instant(fragment.at) for fragment in fragments}
    return list(_states(keyring, [(version, version, at) for version, at in sorted(moments.items())], fragments))


def _states_felt(keyring: Keyring, changes: Iterable[PlatformChange], fragments: Iterable[Fragment]) -> Iterator[State]:
    """Yield what was in force under each of a platform's revisions that felt it."""
    yield from _states(keyring, [(it.revision, it.version, Instant(it.at)) for it in changes], fragments)


def _states(
    keyring: Keyring, moments: Iterable[tuple[int, int, Instant]], fragments: Iterable[Fragment]
) -> Iterator[State]:
    """Yield what was in force at moments (number, version of the row, instant), the oldest first."""
    waiting, said = list(reversed(list(fragments))), dict[str, Any]()
    for number, version, at in moments:
        while waiting and waiting[-1].version <= version:
            fragment = waiting.pop()
            check(fragment_mac(keyring, said_of(fragment), fragment.document), fragment.mac)
            said[fragment.room] = msgspec.json.decode(fragment.document)
        yield State(number, at, compiled(_PATIENT, said))


def _told_apart(states: Sequence[State], platform: PlatformId) -> Iterator[Version]:
    """Yield the versions that a platform can tell apart: what is said by class, and nothing else, makes a new one."""
    told = [(state, _by_class(state.document, platform)) for state in _at_rest(states)]
    changed = [one for one, before in zip(told, [None, *told], strict=False) if before is None or one[1] != before[1]]
    ends = [*(state.since for state, _ in changed[1:]), FOREVER]
    for (state, rules), end in zip(changed, ends, strict=False):
        shown = tuple(_coarse(rule, state.since) for rule in rules)
        yield Version(state.number, Interval(state.since, max(end, state.since)), tuple(filter(_is_real, shown)))


def _at_rest(states: Sequence[State]) -> list[State]:
    """Return the states that lasted: of several rooms that spoke at one instant, the last one's."""
    after = [*states[1:], None]
    return [one for one, then in zip(states, after, strict=False) if then is None or one.since < then.since]


def _by_class(document: PatientDocument, platform: PlatformId) -> tuple[Rule, ...]:
    """Return what is said of the two classes, everywhere or on all of this platform."""
    # Without what an erasure left: no platform may see that there was one.
    author = author_of(AccountKey(""), msgspec.structs.replace(document, erased=None))
    lines = (line for line in author.provisions.lines if line.who in EVERYONE)
    here = (line for line in lines if line.where in (EVERYWHERE, Place(Scale.PLATFORM, platform)))
    rules = merged(rule for line in here for rule in rules_of_line(line, author.covered))
    return tuple(sorted([*held(author), *rules], key=_order))


def _order(rule: Rule) -> tuple[Any, ...]:
    # By values alone: the order within a set is another one in another process.
    return (not rule.final, rule.whos, rule.where, rule.refuses, sorted(rule.actions), rule.period, rule.contact)


def _coarse(rule: Rule, since: Instant) -> Rule:
    """Return a rule in whole hours: the exact time of a choice would tell two forums that they share a member."""
    less = wider if rule.refuses else tighter
    period = begun(rule.period, since)
    written = None if rule.written is None else less(rule.written)
    return replace(rule, period=less(period), written=written)


def _is_real(rule: Rule) -> bool:
    return rule.period.start < rule.period.end


def _says_anything(version: Version) -> bool:
    return any(rule.final or not rule.refuses for rule in version.rules)


def _by_subject(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.subject].append(row)
    return found


def whole(states: Sequence[State], key: AccountKey) -> Iterator[tuple[State, Instant, Author]]:
    """Yield each state that differs from the one before, with its end and all that it says."""
    authors = [(state, author_of(key, state.document)) for state in _at_rest(states)]
    changed = [
        one for one, before in zip(authors, [None, *authors], strict=False) if before is None or one[1] != before[1]
    ]
    ends = [*(state.since for state, _ in changed[1:]), FOREVER]
    for (state, author), end in zip(changed, ends, strict=False):
        yield state, end, author
