"""What officers write about a professional, what one accepts rule by rule, and who asked about too many people."""

from contextlib import nullcontext
from datetime import date
from uuid import UUID

from sqlalchemy import select

from governance.conduct.models import HcpRecord
from governance.conduct.rules.accepting import keep_accepted
from governance.conduct.sanctions.service import SanctionKind, Sanctions, Wanted
from governance.decision.vocabulary import AccountKey, Action, Instant, PlatformId
from governance.identity.service import platform_named
from governance.identity.staff.models import StaffMember
from governance.pdp.probing.counting import HOUR, Counts, judge
from governance.pdp.probing.sharing import share
from governance.pdp.probing.sketch import Sketch
from governance.pdp.probing.watching import ProbingWatch
from governance.policy.current import policies
from governance.reporting.numbers.files import as_json
from governance.reporting.numbers.models import YearFigures
from governance.reporting.numbers.service import computed, look_at_month
from governance.reporting.work import Work
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
    is_published(writers, session)


def accepts_one_by_one(writers, session, hcp_id: UUID, at: Instant):
    conduct = policies().conduct
    first = next(rule.code for rule in conduct.rules() if rule.must_accept)
    keep_accepted(session, writers.keyring, hcp_id, conduct, {first: at})


def asks_too_often(writers, session, at: Instant):
    counts, forum = Counts(), platform_named(session, writers.forum_name)
    shares_counts(writers, session, (PlatformId(str(forum.id)), AccountKey("0" * 64)), at)
    counts.authors[AccountKey("0" * 64)] = Sketch()
    counts.authors[AccountKey("0" * 64)].add_all(map(str, range(2000)))
    judge(session, Instant(at // HOUR * HOUR), {forum.id: counts}, policies().conduct.probing)


def shares_counts(writers, session, whose, at: Instant):
    """What a process counted of an account, put together with what others did."""
    watch = ProbingWatch(lambda: policies().conduct.probing, lambda: None)
    window = watch._at(at // HOUR)
    window.counted[whose] = Sketch()
    window.counted[whose].add_all(map(str, range(2000)))
    window.changed.add(whose)
    share(lambda: nullcontext(session), writers.keyring, watch)


def is_published(writers, session):
    """The figures of a year that is over, and a look at a month's overrides."""
    work = Work(session, writers.keyring, now())
    found = computed(session, policies(), (date(2020, 1, 1), date(2021, 1, 1)))
    session.add(YearFigures(year=2020, figures=as_json(found), made=work.now))
    look_at_month(work, date(2020, 1, 1), StaffMember.all_oldest_first(session)[0].id)
