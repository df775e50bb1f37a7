"""Use cases of sanctions: officers take, review, lift; the professional appeals once; somebody fresh decides."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.conduct.errors import NoSuchSanctionError, NotFreshError, OwnRecordError, TooLateError
from governance.conduct.findings import Verifier
from governance.conduct.messaging.service import watch
from governance.conduct.names import is_own
from governance.conduct.sanctions.models import Sanction, SanctionStep
from governance.conduct.sanctions.states import Act, By, State, move
from governance.conduct.standing import keep, note
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Action, Instant
from governance.effective.measures import LASTING, MeasureKind, Measures
from governance.effective.models import Measure
from governance.errors import BadInputError
from governance.identity.permissions import Role, roles_of
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.ledger.service import pseudonym
from governance.policy.views.conduct import ConductPolicy
from governance.sentences import Sentence

_DAY: Final = 24 * 3600 * 1_000_000
_WORDS: Final = ("sanction_step", "sealed_words")
_LONGEST_WORDS: Final = 4000


class SanctionKind(StrEnum):
    """What a sanction does; each more than the one before."""

    WARN = "warn"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A sanction as an officer decides it; `facts` and `reason` are for the professional to read."""

    kind: SanctionKind
    rule: str
    facts: str
    reason: str
    actions: frozenset[Action] = frozenset()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, opened. `facts` only with the first one."""

    at: Instant
    act: Act
    by: str
    reason: str
    facts: str


class _Words(msgspec.Struct, frozen=True):
    reason: str
    facts: str = ""


class Sanctions:
    """What is done to sanctions, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, policy: ConductPolicy, now: Instant) -> None:
        """Act under these rules at this instant."""
        self._session, self._keyring, self._policy, self.now = session, keyring, policy, now
        self._measures = Measures(session, keyring, now)

    def take(self, hcp_id: UUID, wanted: Wanted, by: UUID) -> Sanction:
        """Put a sanction in force; the very next decision follows it. Raises `BadInputError`, `OwnRecordError`."""
        self._check(wanted)
        officer = self._officer(by, hcp_id)
        until = None if wanted.days is None else Instant(self.now + wanted.days * _DAY)
        sanction = Sanction(
            id=new_id(),
            hcp_id=hcp_id,
            kind=wanted.kind.value,
            actions=sorted(wanted.actions),
            rule=wanted.rule,
            rules_version=self._policy.version,
            since=self.now,
            until=until,
            review=self._next_review(),
            by=officer,
            state=State.STANDING.value,
        )
        self._close(sanction)
        keep(self._session, self._keyring, sanction)
        self._step(sanction, Act.TAKE, officer, _Words(wanted.reason, wanted.facts))
        return sanction

    def review(self, sanction_id: UUID, by: UUID, reason: str) -> Sanction:
        """Let a sanction go on and set the day of the next look. Raises what `_moved` does."""
        sanction = self._moved(sanction_id, Act.REVIEW, by, reason)
        sanction.review = self._next_review()
        keep(self._session, self._keyring, sanction)
        return sanction

    def lift(self, sanction_id: UUID, by: UUID, reason: str) -> Sanction:
        """End a sanction now. Raises what `_moved` does."""
        return self._opened(self._moved(sanction_id, Act.LIFT, by, reason))

    def uphold(self, sanction_id: UUID, by: UUID, reason: str) -> Sanction:
        """Decide an appeal: the sanction stays. Raises what `_moved` does."""
        return self._moved(sanction_id, Act.UPHOLD, by, reason)

    def overturn(self, sanction_id: UUID, by: UUID, reason: str) -> Sanction:
        """Decide an appeal: the sanction was wrong, and ends now. Raises what `_moved` does."""
        return self._opened(self._moved(sanction_id, Act.OVERTURN, by, reason))

    def appeal(self, hcp_id: UUID, sanction_id: UUID, words: str) -> Sanction:
        """Ask for another look, once. Raises `NoSuchSanctionError`, `NoSuchMoveError`, `TooLateError`."""
        sanction = self._own(hcp_id, sanction_id)
        line = move(State(sanction.state), Act.APPEAL)
        if self.now >= self.appeal_until(sanction):
            days = {"days": self._policy.sanctions.appeal_days}
            raise TooLateError(
                Sentence("%(days)s days have gone by since we told you; you can still go to a court", days)
            )
        sanction.state = line.to.value
        keep(self._session, self._keyring, sanction)
        self._step(sanction, Act.APPEAL, "", _Words(_said(words)))
        return sanction

    def steps(self, sanction: Sanction) -> tuple[Step, ...]:
        """Return everything that was done to a sanction, the oldest first."""
        key = DataKeys(self._session, self._keyring).known(owner_of("hcp", sanction.hcp_id))
        found = []
        for row in SanctionStep.of(self._session, sanction.id):
            words = msgspec.json.decode(key.unseal(row.sealed_words, *_WORDS, str(row.id)), type=_Words)
            found.append(Step(Instant(row.at), Act(row.act), row.by, words.reason, words.facts))
        return tuple(found)

    def appeal_until(self, sanction: Sanction) -> Instant:
        """Return until when one can appeal."""
        return Instant(sanction.since + self._policy.sanctions.appeal_days * _DAY)

    def answer_by(self, steps: Sequence[Step]) -> Instant | None:
        """Return when the appeal among some steps must be answered."""
        appealed = next((step.at for step in steps if step.act is Act.APPEAL), None)
        return None if appealed is None else Instant(appealed + self._policy.sanctions.answer_days * _DAY)

    def _moved(self, sanction_id: UUID, act: Act, by: UUID, reason: str) -> Sanction:
        """Do what the table of states allows.

        Raises `NoSuchSanctionError`, `NoSuchMoveError`, `NotFreshError`, `OwnRecordError`, `BadInputError`.
        """
        sanction = Sanction.locked(self._session, sanction_id)
        if sanction is None:
            raise NoSuchSanctionError("there is no such sanction; `governance staff sanction list` shows those open")
        officer, line = self._officer(by, sanction.hcp_id), move(State(sanction.state), act)
        if line.by is By.FRESH_OFFICER and self._had_a_part(officer, sanction.id):
            raise NotFreshError("somebody who had no part in this sanction decides about the appeal")
        sanction.state = line.to.value
        keep(self._session, self._keyring, sanction)
        self._step(sanction, act, officer, _Words(_said(reason)))
        return sanction

    def _had_a_part(self, officer: str, sanction_id: UUID) -> bool:
        """Say whether an officer did anything to a sanction, as who they are now or as whom they worked here before."""
        sub = self._session.get_one(StaffMember, UUID(officer)).subject_digest
        steps = SanctionStep.of(self._session, sanction_id)
        did = [self._session.get_one(StaffMember, UUID(step.by)) for step in steps if step.by]
        return any(one.subject_digest == sub for one in did)

    def _own(self, hcp_id: UUID, sanction_id: UUID) -> Sanction:
        sanction = Sanction.locked(self._session, sanction_id)
        if sanction is None or sanction.hcp_id != hcp_id:
            raise NoSuchSanctionError("there is no such measure against you")
        return sanction

    def _officer(self, staff_id: UUID, hcp_id: UUID) -> str:
        member = self._session.get(StaffMember, staff_id)
        if member is None or member.ended is not None or Role.OFFICER not in roles_of(member.roles):
            raise BadInputError("name an officer who works here; `governance staff list` shows them")
        who = Verifier(str(member.id), member.subject_digest, staff_name(self._session, self._keyring, member))
        if is_own(self._session, self._keyring, hcp_id, who):
            raise OwnRecordError("nobody decides about themselves; ask another officer")
        return str(staff_id)

    def _check(self, wanted: Wanted) -> None:
        closes = wanted.kind in {SanctionKind.RESTRICT, SanctionKind.SUSPEND}
        _said(wanted.facts), _said(wanted.reason)
        if wanted.rule not in {rule.code for rule in self._policy.rules()}:
            raise BadInputError("cite a rule by its code, C1 to C30")
        if (wanted.kind is SanctionKind.RESTRICT) != bool(wanted.actions):
            raise BadInputError("name the actions that are closed, for a restriction and for nothing else")
        if closes != (wanted.days is not None):
            raise BadInputError("say for how many days, for a restriction and a suspension and for nothing else")
        if wanted.days is not None and not 0 < wanted.days <= self._policy.sanctions.longest_days:
            longest = {"days": self._policy.sanctions.longest_days}
            raise BadInputError(Sentence("a sanction lasts 1 to %(days)s days; review it then", longest))

    def _next_review(self) -> int:
        return self.now + self._policy.sanctions.review_days * _DAY

    def _close(self, sanction: Sanction) -> None:
        """Put what a sanction closes in force, as measures that begin with it."""
        until = Instant(sanction.until or self.now + LASTING)
        watch(self._session, self._keyring, sanction.hcp_id, self.now)
        for action in sanction.actions:
            self._measures.close_action(sanction.hcp_id, Action(action), until)
        if sanction.kind in {SanctionKind.SUSPEND, SanctionKind.REMOVE}:
            self._measures.block_hcp(sanction.hcp_id, until)
        watch(self._session, self._keyring, sanction.hcp_id, self.now)

    def _opened(self, sanction: Sanction) -> Sanction:
        """End those measures, found by what they are: after a restore they may have other numbers."""
        closing = {MeasureKind.RESTRICTION, MeasureKind.HCP_BLOCK}
        wanted = [[action] for action in sanction.actions] or [[]]
        for measure in Measure.about_subject(self._session, str(sanction.hcp_id)):
            same = measure.since == sanction.since and measure.kind in closing and measure.about in wanted
            if same and measure.until > self.now:
                wanted.remove(measure.about)
                self._measures.lift(measure.id)
        watch(self._session, self._keyring, sanction.hcp_id, self.now)
        return sanction

    def _step(self, sanction: Sanction, act: Act, by: str, words: _Words) -> None:
        number = new_id()
        key = DataKeys(self._session, self._keyring).of(owner_of("hcp", sanction.hcp_id))
        sealed = key.seal(msgspec.json.encode(words), *_WORDS, str(number))
        row = SanctionStep(
            id=number,
            hcp_id=sanction.hcp_id,
            sanction_id=sanction.id,
            at=self.now,
            act=act.value,
            by=by,
            sealed_words=sealed,
        )
        keep(self._session, self._keyring, row)
        facts = {"act": f"sanction_{act}", "kind": sanction.kind, "rule": sanction.rule}
        whose = pseudonym(self._keyring, "staff", by) if by else "the professional"
        words_digest = hashlib.sha256(sealed).hexdigest()
        note(self._session, self._keyring, sanction.hcp_id, self.now, {**facts, "by": whose, "words": words_digest})


def _said(words: str) -> str:
    """Return words as they are kept. Raises `BadInputError` for none, or for too many."""
    said = words.strip()
    if not 0 < len(said) <= _LONGEST_WORDS:
        raise BadInputError(Sentence("write 1 to %(letters)s letters", {"letters": _LONGEST_WORDS}))
    return said
