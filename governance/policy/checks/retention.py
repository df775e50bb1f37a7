"""Checks of for how long reports are kept: every case has a time, parts go in their order, nothing before an appeal."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product

from governance.policy.checks.desk import SEVERITIES
from governance.policy.checks.rule import Kind, titled
from governance.policy.problems import Problem, Severity
from governance.policy.reading import Source
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

PARTS = ("pictures", "messages", "words", "header")
"""In the order in which they go."""
_SOURCED: dict[str, Shape] = {"checked": date, "review": date, "basis": str}
_SHAPE: dict[str, Shape] = {
    "identity": {"days": int, **_SOURCED},
    "rejected": {"outcomes": [str]},
    "spans": [
        {
            "severities": [frozenset(SEVERITIES)],
            "young": bool,
            **dict.fromkeys(PARTS, int),
            **_SOURCED,
        }
    ],
    "probes": {"days": int, **_SOURCED},
    "early": {"grounds": [str]},
}
_LEAST_MONTHS = 7
"""One can appeal for half a year."""
_MOST_MONTHS = 12 * 25
_LONGEST_DAYS = 200
_LEAST_PROBE_DAYS = 31
"""A forum goes live on a walk of the last 30 days."""
_MOST_PROBE_DAYS = 365 * 10
_YEAR = timedelta(days=365)


def _spans(source: Source) -> Iterator[tuple[str, Table]]:
    for number, span in enumerate(source.data["spans"], start=1):
        yield f"spans[{number}]", span


def every_case_has_one_time(source: Source) -> Iterator[Problem]:
    """A case without a time would be kept for ever, and one with two until whichever is read first."""
    said = [(level, span["young"]) for _, span in _spans(source) for level in span["severities"]]
    for level, young in product(SEVERITIES, (False, True)):
        if said.count((level, young)) != 1:
            wrong = f"has {said.count((level, young))} spans where young is {str(young).lower()}"
            yield source.problem(f"spans.{level}", wrong, "name each severity once for each of the two")


def parts_go_in_their_order(source: Source) -> Iterator[Problem]:
    """What says most of people goes first, and nothing goes while somebody may still appeal."""
    for key, span in _spans(source):
        for before, after in pairwise(PARTS):
            if span[before] > span[after]:
                yield source.problem(f"{key}.{before}", f"goes after `{after}`", f"write at most {span[after]}")
        if not span[PARTS[0]] >= _LEAST_MONTHS or span[PARTS[-1]] > _MOST_MONTHS:
            mend = f"write {_LEAST_MONTHS} to {_MOST_MONTHS}"
            yield source.problem(f"{key}.{PARTS[0]}", "is too short for an appeal, or longer than anything needs", mend)


def names_go_first(source: Source) -> Iterator[Problem]:
    """Who made a report is known no longer than what it says."""
    if not 1 <= source.data["identity"]["days"] <= _LONGEST_DAYS:
        yield source.problem("identity.days", "is no time before everything else goes", f"write 1 to {_LONGEST_DAYS}")


def probes_go_late_enough(source: Source) -> Iterator[Problem]:
    """A report goes no sooner than it counts, and not never."""
    if not _LEAST_PROBE_DAYS <= source.data["probes"]["days"] <= _MOST_PROBE_DAYS:
        mend = f"write {_LEAST_PROBE_DAYS} to {_MOST_PROBE_DAYS}"
        yield source.problem("probes.days", "is sooner than a report counts, or as good as never", mend)


def times_were_looked_at(source: Source, today: date) -> Iterator[Problem]:
    """A law may have changed; what is kept goes on being deleted meanwhile."""
    alone = ((name, source.data[name]) for name in ("identity", "probes"))
    for key, line in (*alone, *_spans(source)):
        if today > line["review"] or today - line["checked"] > _YEAR:
            wrong = f"was checked on {line['checked']}"
            mend = "the owner reads the law again, then writes the day in checked and review"
            yield source.problem(f"{key}.checked", wrong, mend, Severity.WARNING)


def words_of_retention(tables: Table, _variant: Variant) -> frozenset[str]:
    """Return the sections that a text of this record must hold."""
    grounds = frozenset(f"ground.{one}" for one in tables["early"]["grounds"])
    return grounds | titled("hold", *(f"part.{one}" for one in ("identity", *PARTS, "numbers", "probes")))


RETENTION = Kind(
    "retention",
    Procedure.REPORTING,
    _SHAPE,
    (every_case_has_one_time, parts_go_in_their_order, names_go_first, probes_go_late_enough),
    (times_were_looked_at,),
    words_of_retention,
)
