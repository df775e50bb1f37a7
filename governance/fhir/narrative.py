"""What a Consent says, for people to read (`text.div`); the words stand in the template."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, Template

from governance.decision.levels import CHOSEN_ACTIONS
from governance.decision.provisions import ALWAYS, Interval
from governance.decision.vocabulary import Contact
from governance.fhir.codes import ACTIONS, code
from governance.fhir.provisions import Names
from governance.fhir.rules import Rule
from governance.fhir.times import day, moment, period

_TEMPLATE: Final = "fhir/narrative.html"


def narrative(during: Interval, permits: Sequence[Rule], refusals: Sequence[Rule], names: Names) -> dict[str, str]:
    """Return a Narrative in XHTML of what is permitted and refused, with exact times for the patient alone."""
    div = _template().render(
        during=during,
        in_force=during.end == ALWAYS.end,
        own=names.own,
        permits=permits,
        refusals=refusals,
        display=names.display,
        forum=lambda rule: names.platforms.get(rule.where.platform, ""),
        actions=_actions,
        all_chosen=lambda rule: rule.actions >= CHOSEN_ACTIONS,
        contact=Contact,
        always=ALWAYS,
        period=period,
        moment=moment if names.own else day,
    )
    return {"status": code("Narrative.status", "generated"), "div": div.strip()}


def _actions(rule: Rule) -> list[str]:
    return [ACTIONS[action].display for action in sorted(rule.actions)]


@cache
def _template() -> Template:
    # Not the pages' own: these look at the session, and a Consent is the same for whoever may read it.
    return Environment(loader=PackageLoader("governance.fhir"), autoescape=True).get_template(_TEMPLATE)
