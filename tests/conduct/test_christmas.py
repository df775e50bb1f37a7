"""300 professionals over Christmas, by a clock that a test sets: who is refused, who was warned, what had to be done.

No day off makes anything last longer. Run with `-s`, it prints its table; `governance/adr/0010` holds it.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance.conduct.due.models import HcpNotice
from governance.conduct.due.service import Ahead, looks, outlook, warn
from governance.conduct.models import HcpRecord
from governance.decision.vocabulary import Instant
from governance.ui.clock import to_instant
from tests.conduct.people import accepts, checks, says, seen
from tests.conduct.register_files import delivers, line
from tests.forum import CLOSED, DAY, SEEN

pytestmark = pytest.mark.slow

AHEAD = Ahead(manual=14, feed=1)
BY_FILE, BY_HAND, RENEW = 180, 100, 20
FREE = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
FIRST, LAST = date(2026, 12, 21), date(2027, 1, 4)
A_DAY = 20
"""Registrations that the one verifier gets through on a working day."""


def hour(day, at):
    return to_instant(datetime(day.year, day.month, day.day, at, tzinfo=UTC))


def number(at):
    return f"12A{at:04}B"


def works(day):
    return day.weekday() < 5 and day not in FREE


def days():
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


class Fortnight:
    """The forum, its people, and how many looks a verifier had to do."""

    def __init__(self, forum, *, has_verifier):
        self.forum, self.has_verifier, self.looked = forum, has_verifier, 0
        self.people = {}

    def begins(self):
        """Looked at by hand on the days from 22 September on; on the file since 18 December; some end on the 31st."""
        for at in range(BY_FILE + BY_HAND + RENEW):
            on_file, renews = at < BY_FILE, at >= BY_FILE + BY_HAND
            looked = hour(date(2026, 12, 1), 9) if on_file or renews else hour(date(2026, 9, 22), 9) + (at % 90) * DAY
            self.forum.now = Instant(min(looked, hour(date(2026, 12, 18), 5)))
            hcp = says(self.forum, f"n{at}", number=number(at))
            accepts(self.forum, hcp)
            checks(self.forum, hcp, seen(number=number(at), renews=date(2026, 12, 31) if renews else None))
            self.people[hcp] = number(at)
        self.file(date(2026, 12, 18))

    def file(self, day):
        """It speaks of six in the morning and comes an hour later."""
        self.forum.now = hour(day, 7)
        delivers(self.forum, *(line(number(at)) for at in range(BY_FILE)), as_of=hour(day, 6))

    def goes_on(self, day):
        """One day: the file at seven, the warnings, the verifier from nine on; return what noon shows."""
        before = outlook(looks(self.forum.session), AHEAD, Instant(hour(day, 7) - 1))
        if works(day):
            self.file(day)
        self.forum.now = hour(day, 8)
        told = warn(self.forum.session, self.forum.keyring, AHEAD, self.forum.now)
        done = self.works_off(day) if works(day) and self.has_verifier else 0
        noon = outlook(looks(self.forum.session), AHEAD, hour(day, 12))
        return day, works(day), told, before.refused, noon.refused, noon.by_file, done, self.waiting(day)

    def waiting(self, day):
        end = Instant(hour(day, 12) + 14 * DAY), Instant(hour(day, 12) + DAY)
        return len(HcpRecord.to_look_at(self.forum.session, end[0], 1000, file_before=end[1]))

    def works_off(self, day):
        self.forum.now = hour(day, 9)
        due, file = Instant(self.forum.now + 14 * DAY), Instant(self.forum.now + DAY)
        todo = HcpRecord.to_look_at(self.forum.session, due, A_DAY, file_before=file)
        for record in todo:
            checks(self.forum, record.id, seen(number=self.people[record.id]))
        self.looked += len(todo)
        return len(todo)


def table(rows):
    print()  # noqa: T201 - read by people, under -s
    print("day         works  told  refused 06:59  refused 12:00  (by file)  looked at  still on the desk")  # noqa: T201
    for day, at_work, told, early, noon, by_file, done, waiting in rows:
        yes = "yes" if at_work else "-"
        print(f"{day:%a %d %b}  {yes:>5} {told:>5} {early:>14} {noon:>14} {by_file:>10} {done:>10} {waiting:>18}")  # noqa: T201


@pytest.fixture
def fortnight(forum, request):
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    made = Fortnight(forum, has_verifier=request.param)
    made.begins()
    return made


def by_day(fortnight):
    rows = [fortnight.goes_on(day) for day in days()]
    table(rows)
    return {row[0]: row for row in rows}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fortnight", [True], indirect=True)
def test_with_a_verifier_at_work(fortnight):
    found = by_day(fortnight)
    tuesday = date(2026, 12, 29)
    # The file of Thursday counts to Tuesday at six; the next one comes an hour later.
    assert [found[day][3] for day in days() if day < tuesday] == [0] * 8
    assert found[tuesday][3] == BY_FILE
    assert found[tuesday][5] == 0
    assert all(row[4] == 0 for row in found.values())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fortnight", [False], indirect=True)
def test_with_nobody_at_work(fortnight):
    found = by_day(fortnight)
    assert found[date(2026, 12, 28)][2] >= BY_FILE
    assert found[LAST][5] == 0
    late = [row[4] for row in found.values()]
    assert late == sorted(late)
    assert late[-1] > RENEW
    assert all(seen_by(fortnight, hcp) for hcp in fortnight.people)


def seen_by(fortnight, hcp):
    """Whoever is refused on the last day was warned."""
    record = fortnight.forum.session.get(HcpRecord, hcp)
    return record.checked_until > hour(LAST, 12) or bool(HcpNotice.of_hcp(fortnight.forum.session, hcp))
