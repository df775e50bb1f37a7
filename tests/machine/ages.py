"""How old people are, by the books: said by forums and guardians, and of two that differ the younger holds."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/London")
"""In these stories everybody lives there."""
CONSENT, ANYWHERE, AGAIN = 13, 16, 16
"""From which age they decide alone there, and in a country that nobody named; and when everybody is told once more."""
YEARS = {"under_13": (0, 13), "13_to_15": (13, 16), "16_to_17": (16, 18)}


def moment(instant):
    return datetime.fromtimestamp(instant / 1_000_000, UTC)


def midnight(day):
    return int(datetime(day.year, day.month, day.day, tzinfo=HERE).timestamp() * 1_000_000)


def years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def turns(adult_from, years):
    """When somebody reaches an age."""
    day = moment(adult_from).astimezone(HERE).date()
    return midnight(years_later(day, years - 18))


def decides_alone(book, record):
    """Whether somebody opens without a guardian; None while nobody told their age."""
    if record is None or record.adult_from is None:
        return None
    return book.now >= turns(record.adult_from, consent(book, record))


def consent(book, record):
    """From which age somebody decides alone: whoever says of a person how old they are, says where they live, too."""
    return CONSENT if any(one.says for one in (record, *resting_in(book, record))) else ANYWHERE


def is_minor(book, record):
    """Whether what is offered to the young is all that is offered: also while nobody told their age."""
    return record is None or record.adult_from is None or book.now < record.adult_from


def is_young(book, record):
    """Whether somebody is known to be under 18."""
    return record is not None and record.adult_from is not None and book.now < record.adult_from


def tell_again(book, record):
    """On birthdays, past ones too, whatever was told before covers nothing more."""
    if record.adult_from is not None:
        record.ask_again |= {turns(record.adult_from, years) for years in (consent(book, record), AGAIN)}


def resting_in(book, record):
    """Every record that rests in this one, or in one of those."""
    found = [record]
    for one in found:
        found += [row.rests for row in book.joined if row.into is one and row.rests and row.rests not in found]
    return found[1:]


def says(book, record, source, band, changes_on=None):
    """Take what somebody says of an age; whether it holds."""
    today = moment(book.now).astimezone(HERE).date()
    last = record.says.get(source)
    if band == "adult":
        wanted = last if last is not None and last <= book.now else midnight(today)
    else:
        wanted = midnight(years_later(changes_on, 18 - YEARS[band][1]))
    if last is not None and wanted < last:
        return False
    record.says[source] = wanted
    record.adult_from = max(at for one in (record, *resting_in(book, record)) for at in one.says.values())
    return True
