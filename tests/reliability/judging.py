"""What officers write about a professional, what one accepts rule by rule, and who asked about too many people."""

from uuid import UUID

from sqlalchemy import select

from governance.conduct.models import HcpRecord
from governance.conduct.rules.accepting import keep_accepted
from governance.conduct.sanctions.service import SanctionKind, Sanctions, Wanted
from governance.decision.vocabulary import AccountKey, Action, Instant
from governance.identity.service import platform_named
from governance.identity.staff.models import StaffMember
from governance.pdp.probing.counting import HOUR, Counts, judge
from governance.pdp.probing.sketch import Sketch
from governance.policy.current import policies
from governance.ui.clock import now


def is_judged(writers, session):
    """A sanction with its facts and reason and an appeal; rules that were accepted; a forum's hour with an alarm."""
    hcp_id, at = session.scalars(select(HcpRecord.id)).first(), now()
    officer = StaffMember.all_oldest_first(session)[0].id
    conduct = policies().conduct
    said = {what: writers.word(f"{what} of a sanction").text for what in ("facts", "reason")}
    wanted = Wanted(kind=SanctionKind.RESTRICT, rule="C16", actions=frozenset({Action.REPLY}), days=14, **said)
    judging = Sanctions(session, writers.keyring, conduct, at)
    sanction = judging.take(hcp_id, wanted, officer)
    judging.appeal(hcp_id, sanction.id, writers.word("words of an appeal").text)
    accepts_one_by_one(writers, session, hcp_id, at)
    asks_too_often(writers, session, at)


def accepts_one_by_one(writers, session, hcp_id: UUID, at: Instant):
    conduct = policies().conduct
    first = next(rule.code for rule in conduct.rules() if rule.must_accept)
    keep_accepted(session, writers.keyring, hcp_id, conduct, {first: at})


def asks_too_often(writers, session, at: Instant):
    counts, forum = Counts(), platform_named(session, writers.forum_name)
    counts.authors[AccountKey("0" * 64)] = Sketch()
    counts.authors[AccountKey("0" * 64)].add_all(map(str, range(2000)))
    judge(session, Instant(at // HOUR * HOUR), {forum.id: counts}, policies().conduct.probing)
