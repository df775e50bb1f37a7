"""What happened in a case, and what records say, in the words of the page."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from governance.decision.vocabulary import Instant
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases.events import Event, What
from governance.sentences import Sentence
from governance.ui.clock import on_the_wall
from governance.ui.dates import day, moment
from governance.ui.languages import in_our_words

_EVENTS: Final = {
    What.OPENED: Sentence("it came in"),
    What.MOVED: Sentence("step: %(what)s"),
    What.SEVERITY: Sentence("weighed: %(what)s"),
    What.CLAIMED: Sentence("taken on"),
    What.ASSIGNED: Sentence("given to somebody"),
    What.RECUSED: Sentence("an officer was taken out of it"),
    What.PASSED_OUTSIDE: Sentence("handed to somebody outside: %(what)s"),
    What.MERGED: Sentence("another case was joined to it"),
    What.NOTE: Sentence("note"),
    What.PEOPLE: Sentence("who it is about"),
    What.RECORDS: Sentence("our own records were copied"),
    What.EVIDENCE: Sentence("a copy of a post was kept: %(what)s"),
    What.PROTECTED: Sentence("somebody was protected: %(what)s"),
    What.LIFTED: Sentence("a measure was lifted"),
    What.PROPOSED: Sentence("a second officer was asked: %(what)s"),
    What.ANSWERED: Sentence("a second officer answered: %(what)s"),
    What.PAUSED: Sentence("the clocks stand still: %(what)s"),
    What.RESUMED: Sentence("the clocks go on"),
    What.LATE: Sentence("a clock ran out: %(what)s"),
    What.LETTER: Sentence("a letter was sent"),
    What.STATEMENT: Sentence("the professional answered"),
    What.READ: Sentence("read"),
    What.HELD: Sentence("a legal hold was set"),
    What.HOLD_LIFTED: Sentence("the legal hold was lifted"),
}
_DETAILS: Final = {
    "acknowledge": Sentence("said that it was read"),
    "triage": Sentence("weighed"),
    "investigate": Sentence("began to find out"),
    "refer": Sentence("somebody outside was told"),
    "decide": Sentence("decided"),
    "tell_outcome": Sentence("told the outcome"),
    "remedy": Sentence("put right"),
    "close": Sentence("closed"),
    "withdraw": Sentence("the reporter took it back"),
    "merge": Sentence("merged"),
    "appeal": Sentence("another look was asked for"),
    "uphold": Sentence("the outcome stays"),
    "overturn": Sentence("the outcome was not right"),
    "reopen": Sentence("taken up again"),
    "pair": Sentence("the two are blocked from each other"),
    "emergency": Sentence("one thread may be read for a day"),
    "mark": Sentence("the account counts as that of a professional"),
    "recheck": Sentence("the registration is looked at again"),
    "wide_block": Sentence("the professional is blocked everywhere"),
    "misuse": Sentence("it was told to hurt somebody"),
    "yes": Sentence("yes"),
    "no": Sentence("no"),
}
_KEYS: Final = ("act", "how", "answer", "severity", "kind", "where", "contact")
_VALUES: Final = {
    "yes": Sentence("yes"),
    "no": Sentence("no"),
    "none": Sentence("none"),
    "there": Sentence("there"),
    "erased": Sentence("deleted"),
    "unknown": Sentence("unknown"),
    "permit": Sentence("a yes"),
    "refuse": Sentence("a no"),
    "closed": Sentence("closed"),
    "seen": Sentence("seen"),
    "answered": Sentence("answered"),
    "in_touch": Sentence("in touch"),
    "part_of_care": Sentence("part of care"),
    "good": Sentence("good"),
    "restricted": Sentence("restricted"),
    "lapsed": Sentence("lapsed"),
    "suspended": Sentence("suspended"),
    "removed": Sentence("removed"),
    "stale": Sentence("looked at too long ago"),
    "registered": Sentence("they registered"),
    "declared": Sentence("the forum says so"),
    "officer": Sentence("an officer says so"),
}
"""What records hold, in words; what is not here is shown as it is."""
_RECORDS: Final = {
    "record": Sentence("record"),
    "hold": Sentence("hidden from all professionals"),
    "care_team": Sentence("level for the care team"),
    "others": Sentence("level for all others"),
    "named": Sentence("about this professional by name"),
    "blocked": Sentence("blocked"),
    "layers": Sentence("refusals by others"),
    "marks": Sentence("governed because"),
    "status": Sentence("register"),
    "assurance": Sentence("sure of the person"),
    "checked": Sentence("the last look still counts"),
}


def event_said(event: Event, desk: DeskPolicy) -> str:
    """Return what an event is, in a few words."""
    return in_our_words(Sentence(_EVENTS[event.what].text, {"what": _detail(event, desk)}))


def by_when(due: int) -> str:
    """Return by when something must be done: most clocks end with a day, and nobody says midnight of the next."""
    at = on_the_wall(Instant(due))
    if (at.hour, at.minute) == (0, 0):
        said: str = gettext("the end of %(day)s", day=day(Instant(due - 1)))
        return said
    return moment(Instant(due))


def records_said(said: Mapping[str, str]) -> str:
    """Return what our records said, as a list in one line."""
    named = {name: in_our_words(_RECORDS[name]) if name in _RECORDS else name for name in said}
    told = {name: in_our_words(_VALUES[value]) if value in _VALUES else value for name, value in said.items()}
    return "; ".join(gettext("%(name)s: %(value)s", name=named[name], value=value) for name, value in told.items())


def _detail(event: Event, desk: DeskPolicy) -> str:
    if "clock" in event.facts:
        return desk.record.section(f"clock.{event.facts['clock'].partition('.')[2]}")
    if "cause" in event.facts:
        return desk.record.section(f"pause.{event.facts['cause']}")
    found = next((event.facts[key] for key in _KEYS if event.facts.get(key)), "")
    return in_our_words(_DETAILS[found]) if found in _DETAILS else found
