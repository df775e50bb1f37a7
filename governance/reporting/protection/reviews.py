"""Looking again at measures: every emergency view, every wide block, by somebody who did not take it."""

from typing import Final
from uuid import UUID, uuid4

from governance.crypto.data_keys import DataKeys, owner_of
from governance.decision.vocabulary import Instant
from governance.effective.measures import MeasureKind, Measures
from governance.effective.models import Measure
from governance.errors import NotFoundError
from governance.ledger.rows import keep
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases.errors import NotSaidError
from governance.reporting.cases.models import Tie
from governance.reporting.protection.errors import OwnMeasureError
from governance.reporting.protection.models import MeasureReview, accounts_of
from governance.reporting.vaults.models import Duty
from governance.reporting.work import DAY, Work
from governance.sentences import Sentence

_WORDS: Final = ("measure_review", "sealed_words")
_LONGEST: Final = 2000
RIGHT, WRONG, RENEWED = "right", "wrong", "renewed"


def to_review(
    work: Work, measure: Measure, taken_by: UUID, due: Instant, *, approved_by: UUID | None = None
) -> MeasureReview:
    """Have somebody look at a measure again by a day."""
    row = MeasureReview(
        id=uuid4(),
        measure_id=measure.id,
        kind=measure.kind,
        taken_by=taken_by,
        approved_by=approved_by,
        due=due,
        sealed_words=b"",
    )
    keep(work.session, work.keyring, row)
    return row


def open_for(work: Work, by: UUID) -> list[MeasureReview]:
    """Return what waits to be looked at by an officer: of professionals on their forums, and of nobody they know."""
    return [row for row in MeasureReview.open(work.session) if _may_look(work, row, by)]


def _may_look(work: Work, row: MeasureReview, by: UUID) -> bool:
    """Say whether an officer may look at a measure: else a friend would end what others took."""
    measure = work.session.get(Measure, row.measure_id)
    if measure is None or measure.subject_kind != "hcp":
        return True
    accounts = accounts_of(work.session, measure.subject)
    duty = {one.platform_id for one in Duty.of(work.session, by)}
    is_theirs = not duty or any(platform in duty for _, platform in accounts)
    return is_theirs and by not in Tie.tied(work.session, [key for key, _ in accounts])


def review(work: Work, desk: DeskPolicy, review_id: UUID, by: UUID, said: tuple[str, str]) -> MeasureReview:
    """Look at a measure again: it was right, it was wrong and ends, or it goes on for a time.

    `said`: the result, and why. Raises `OwnMeasureError`, `NotSaidError`, `NotFoundError`.
    """
    result, words = said[0], said[1].strip()
    row = MeasureReview.locked(work.session, review_id)
    if row is None or row.reviewed is not None or not _may_look(work, row, by):
        raise NotFoundError("nothing like that waits to be looked at; go back to the list")
    if by in {row.taken_by, row.approved_by} and result != WRONG:
        raise OwnMeasureError("somebody who did not take it looks at it again; you can only say that it was wrong")
    if not 0 < len(words) <= _LONGEST or result not in {RIGHT, WRONG, RENEWED}:
        raise NotSaidError(Sentence("say what you found, and why in 1 to %(most)s letters", {"most": _LONGEST}))
    measure = work.session.get(Measure, row.measure_id)
    if measure is None:
        # A restore says every block again under another number.
        raise NotSaidError("a restore gave this measure another number; look at it by `governance measure list`")
    if result == WRONG and measure.until > work.now:
        Measures(work.session, work.keyring, work.now).lift(measure.id)
    if result == RENEWED:
        _renew(work, desk, measure, row, by)
    own = DataKeys(work.session, work.keyring).of(owner_of("staff", by))
    row.reviewed, row.reviewed_by, row.result = work.now, by, result
    row.sealed_words = own.seal(words.encode(), *_WORDS, str(row.id))
    keep(work.session, work.keyring, row)
    return row


def _renew(work: Work, desk: DeskPolicy, measure: Measure, row: MeasureReview, by: UUID) -> None:
    if measure.kind != MeasureKind.HCP_BLOCK:
        raise NotSaidError("only a wide block goes on; give an emergency view anew if it is needed")
    until = Instant(work.now + desk.measures.wide_again_days * DAY)
    again = Measures(work.session, work.keyring, work.now).block_hcp(UUID(measure.subject), until)
    to_review(work, again, row.taken_by, until, approved_by=by)
