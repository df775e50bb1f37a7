"""Hearing a professional: they read what is said of them, redacted, by a code; they answer, and may appeal once.

They learn the substance and never the reporter. No account of theirs leads to the case: the code alone does.
"""

from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.orm import Session

from governance.crypto import envelope
from governance.crypto.data_keys import DataKey, DataKeys, owner_of, unwrap, wrap
from governance.crypto.keys import Keyring
from governance.crypto.models import WrappedKey
from governance.crypto.sealing import SealingKey, bound_to, seal, unseal
from governance.crypto.spoken import code_digest, new_code, read
from governance.ledger.rows import keep
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import events
from governance.reporting.cases.errors import NoSuchCaseError, NotSaidError
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.members import people_of
from governance.reporting.cases.models import Case, CaseHearing, HearingLetter
from governance.reporting.cases.outside import ask_for_another_look
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import Side
from governance.reporting.work import Work
from governance.sentences import Sentence

LONGEST: Final = 8000
_BITS: Final = 120
_PRIVATE: Final = ("case_hearing", "private")
_LETTER: Final = "hearing_letter"
_KEY_ID: Final = "h1"
_SHORTEST_NAME: Final = 3
_NOBODY: Final = UUID(int=0)
_DECOY: Final = owner_of("case", _NOBODY)


class Letter(msgspec.Struct, frozen=True):
    """One letter to the professional, or one of their own."""

    text: str
    at: int
    own: bool = False


class Heard(NamedTuple):
    """A hearing that a code opened."""

    hearing: CaseHearing
    private: bytes


def begin(case: CaseWork, text: str) -> tuple[CaseHearing, str]:
    """Tell a professional the substance; return the hearing and its code, shown once. Raises `NotSaidError`."""
    code, key, number = new_code(_BITS), SealingKey.new(), uuid4()
    inner = envelope.seal(_opens(case.work.keyring, code), key.private, *_PRIVATE, str(number), key_id=_KEY_ID)
    own = DataKeys(case.work.session, case.work.keyring).of(owner_of("case", case.case.id))
    row = CaseHearing(
        id=number,
        case_id=case.case.id,
        code_digest=code_digest(case.work.keyring, "hearing", code),
        public=key.public,
        private=own.seal(inner, *_PRIVATE, str(number)),
    )
    keep(case.work.session, case.work.keyring, row, of=owner_of("case", case.case.id))
    write(case, row, text)
    return row, code


def write(case: CaseWork, hearing: CaseHearing, text: str) -> None:
    """Write to a professional who is heard. Raises `NotSaidError` where it names who reported."""
    said = text.strip()
    if not 0 < len(said) <= LONGEST:
        raise NotSaidError(Sentence("write 1 to %(most)s letters", {"most": LONGEST}))
    if names_the_reporter(case, said):
        raise NotSaidError("this names who reported, or their account; take that out, they must not be known")
    _put(case.work, hearing, Letter(said, case.work.now))
    case.say(What.LETTER, said, {"letter": "hearing"})


def names_the_reporter(case: CaseWork, text: str) -> bool:
    """Say whether a text holds the account or name by which the case knows the patient."""
    patient = people_of(case.history()).get("patient", "").casefold()
    return len(patient) >= _SHORTEST_NAME and patient in text.casefold()


def by_code(session: Session, keyring: Keyring, typed: str) -> Heard | None:
    """Return what a code opens, none if it opens nothing; both take the same queries and the same cryptography."""
    row = CaseHearing.of_code(session, code_digest(keyring, "hearing", typed))
    wrapped = session.get(WrappedKey, owner_of("case", row.case_id if row else _NOBODY))
    if row is None or wrapped is None or wrapped.wrapped is None:
        _open(DataKey(_DECOY, unwrap(keyring.newest, _DECOY, _decoys_own(keyring))), keyring, "", _decoy(keyring))
        return None
    return Heard(row, _open(DataKeys(session, keyring).known(wrapped.owner), keyring, typed, row))


def letters(session: Session, keyring: Keyring, heard: Heard) -> tuple[Letter, ...]:
    """Return what was written to a professional and by them, in order."""
    number = heard.hearing.id
    own = DataKeys(session, keyring).known(owner_of("case", heard.hearing.case_id))
    rows = HearingLetter.of(session, number)
    found = (unseal(heard.private, own.unseal(one.sealed, _LETTER, "sealed", _row(one)), _info(one)) for one in rows)
    return tuple(msgspec.json.decode(one, type=Letter) for one in found)


def answer(work: Work, hearing: CaseHearing, text: str) -> None:
    """Take down what a professional says; who works on the case reads it. Raises `NotSaidError`."""
    said = text.strip()
    if not 0 < len(said) <= LONGEST:
        raise NotSaidError(Sentence("write 1 to %(most)s letters", {"most": LONGEST}))
    case = _case(work, hearing.case_id)
    _put(work, hearing, Letter(said, work.now, own=True))
    events.add(work, case, Event(what=What.STATEMENT, at=work.now, words=said, facts={"from": "professional"}))


def appeal(work: Work, desk: DeskPolicy, hearing: CaseHearing, words: str) -> None:
    """Ask for another look by somebody fresh, once. Raises what `ask_for_another_look` does."""
    ask_for_another_look(work, desk, _case(work, hearing.case_id), words, Side.PROFESSIONAL)
    _put(work, hearing, Letter(words.strip(), work.now, own=True))


def _open(own: DataKey, keyring: Keyring, typed: str, row: CaseHearing) -> bytes:
    inner = own.unseal(row.private, *_PRIVATE, str(row.id))
    return envelope.unseal(_opens(keyring, typed), inner, *_PRIVATE, str(row.id), key_id=_KEY_ID)


@lru_cache(maxsize=4)
def _decoys_own(keyring: Keyring) -> bytes:
    return wrap(keyring.newest, _DECOY, b"\0" * 32)


@lru_cache(maxsize=4)
def _decoy(keyring: Keyring) -> CaseHearing:
    """Return a hearing of nobody, made once a process: opening it is the work that a wrong code costs."""
    inner = envelope.seal(_opens(keyring, ""), SealingKey.new().private, *_PRIVATE, str(_NOBODY), key_id=_KEY_ID)
    return CaseHearing(id=_NOBODY, private=DataKey(_DECOY, b"\0" * 32).seal(inner, *_PRIVATE, str(_NOBODY)))


def _put(work: Work, hearing: CaseHearing, letter: Letter) -> None:
    number = len(HearingLetter.of(work.session, hearing.id)) + 1
    row = HearingLetter(hearing_id=hearing.id, number=number)
    own = DataKeys(work.session, work.keyring).of(owner_of("case", hearing.case_id))
    inner = seal(hearing.public, msgspec.json.encode(letter), _info(row))
    row.sealed = own.seal(inner, _LETTER, "sealed", _row(row))
    keep(work.session, work.keyring, row, of=owner_of("case", hearing.case_id))


def _case(work: Work, case_id: UUID) -> Case:
    case = Case.locked(work.session, case_id)
    if case is None:
        raise NoSuchCaseError
    return case


def _opens(keyring: Keyring, code: str) -> bytes:
    return keyring.bound("hearing-code.opens", read(code))


def _row(row: HearingLetter) -> str:
    return f"{row.hearing_id}/{row.number}"


def _info(row: HearingLetter) -> bytes:
    return bound_to(_LETTER, str(row.hearing_id), str(row.number))
