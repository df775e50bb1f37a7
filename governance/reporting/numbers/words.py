"""What lines of the tables are called, in the language of the page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.identity.models import Platform
from governance.policy.here import policies_here
from governance.reporting.numbers.figures import NO_FORUM, SMALLER_FORUMS, Figures
from governance.sentences import Sentence
from governance.ui.languages import in_our_words

TITLES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "types": Sentence("What was reported"),
        "severities": Sentence("How serious it was"),
        "outcomes": Sentence("What it came to"),
        "measures": Sentence("What we closed or opened"),
        "looks": Sentence("What a second look at it found"),
        "clocks": Sentence("In time or late"),
        "appeals": Sentence("Appeals"),
        "breaches": Sentence("Choices that a forum did not keep"),
        "acknowledge": Sentence("Until somebody answered"),
        "decide": Sentence("Until there was an outcome"),
    }
)
_LINES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "open": Sentence("not yet"),
        "pair_block": Sentence("a professional kept from one patient"),
        "hcp_block": Sentence("a professional kept from everybody"),
        "restriction": Sentence("something closed to a professional"),
        "emergency_view": Sentence("one thread opened in an emergency"),
        "right": Sentence("it was right"),
        "renewed": Sentence("it was right and goes on"),
        "wrong": Sentence("it was wrong and was lifted"),
        "late": Sentence("something was late"),
        "in_time": Sentence("all was in time"),
        "not_appealed": Sentence("nobody asked for a second look"),
        "unchanged": Sentence("the second look changed nothing"),
        "changed": Sentence("the second look changed the outcome"),
        NO_FORUM: Sentence("about no forum"),
        SMALLER_FORUMS: Sentence("smaller forums together"),
    }
)


def names_of(session: Session, figures: Figures) -> dict[str, str]:
    """Return the names of the forums in some figures, by their ids; a forum that is gone keeps its id."""
    listed = (line.code for tally in figures.tallies if tally.code == "breaches" for line in tally.lines)
    ids = [code for code in listed if code not in _LINES]
    found = ((code, session.get(Platform, UUID(code))) for code in ids)
    return {code: platform.name if platform else code for code, platform in found}


def label(table: str, code: str, forums: Mapping[str, str]) -> str:
    """Return what a line is called."""
    if code in _LINES:
        return in_our_words(_LINES[code])
    if table == "types":
        return policies_here().reporting.type_words(code).title
    if table in {"severities", "outcomes"}:
        section = "severity" if table == "severities" else "outcome"
        return policies_here().desk.record.words(f"{section}.{code.lower()}").title
    return forums.get(code, code)
