"""The hourly job that asks registers' programs about everybody whom they said nothing of for most of a day.

It makes nobody good and no look last longer: a register's word can only keep what a person found, or end it. No answer
is no word; then the last look grows old as it would have.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from random import SystemRandom
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.conduct.feeds.asking import Heard, Source, take_answer, to_ask
from governance.conduct.feeds.entries import NoAnswer
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work

KIND: Final = "conduct.look_ups"
AGAIN: Final = 20 * HOUR
"""How long a register's word is not asked for again: once a day, whatever the hour it came at."""
_MOST: Final = 500
"""Numbers in one hour; the rest in the next."""
_LONGEST: Final = HOUR // 6
_GIVES_UP: Final = 3
"""So many questions without an answer, one after the other, and a register is left alone."""
Reading = Callable[[], AbstractContextManager[Session]]
_log = structlog.get_logger()


class RegisterSilentError(GovernanceError):
    """No register answered; the job is tried again later, after longer and longer waits."""

    code = "register_silent"


def look_ups_handler(
    reading: Reading,
    keyring: Keyring,
    clock: Callable[[], Instant],
    sources: Sequence[Source],
    days: Callable[[], int],
) -> Handler:
    """Return what asks these registers; `days`: for how long a feed's word counts."""

    def handle(_work: Work) -> Effect:
        heard, silent = list[tuple[Source, Heard]](), list[str]()
        for source in sources:
            answers, was_silent = _ask(source, _numbers(reading, keyring, source, clock()), clock)
            heard += [(source, one) for one in answers]
            silent += [source.register.code] if was_silent else []
        if silent:
            _log.warning("register_silent", registers=silent, answers=len(heard))
        if silent and not heard:
            raise RegisterSilentError("no register answered; it is asked again later, and looks go on growing old")

        def effect(session: Session) -> None:
            _apply(session, keyring, heard, days=days(), now=clock())

        return effect

    return handle


def _numbers(reading: Reading, keyring: Keyring, source: Source, now: Instant) -> list[tuple[str, str]]:
    with reading() as session:
        due = to_ask(session, keyring, source.register.code, Instant(now - AGAIN))
    # In another order every time: a few numbers that a register always fails at must not keep it from all others.
    return SystemRandom().sample(due, min(_MOST, len(due)))


def _ask(source: Source, numbers: Iterable[tuple[str, str]], clock: Callable[[], Instant]) -> tuple[list[Heard], bool]:
    """Return what was answered, and whether the register fell silent."""
    ends, heard, failed, asked = clock() + _LONGEST, list[Heard](), 0, 0
    for digest, number in numbers:
        if clock() >= ends:
            break
        asked += 1
        one = Heard(digest, clock(), source.adapter.ask(number))
        failed = failed + 1 if isinstance(one.answer, NoAnswer) else 0
        heard += [] if failed else [one]
        if failed == _GIVES_UP:
            return heard, True
    return heard, asked > 0 and not heard


def _apply(
    session: Session, keyring: Keyring, heard: Iterable[tuple[Source, Heard]], *, days: int, now: Instant
) -> None:
    did = Counter(take_answer(session, keyring, source.register, one, days=days, now=now) for source, one in heard)
    if did:
        _log.info("registers_asked", **did)
