"""What the forms of the desk offer, and what stands in them before anybody writes."""

import hashlib
from collections.abc import Callable, Sequence

from flask_babel import gettext

from governance.policy.here import policies_here
from governance.policy.views.desk import HARMS, SEVERITIES, DeskPolicy
from governance.reporting.cases.events import What
from governance.reporting.cases.models import CaseHearing
from governance.reporting.cases.service import MISUSE, CaseWork
from governance.reporting.desk.fields import Option
from governance.reporting.desk.queue import short_number
from governance.reporting.desk.shown import Shown
from governance.reporting.vaults.duty import outside_contact
from governance.sentences import Sentence


def kinds(_shown: Shown) -> list[Option]:
    """Return the types of the reporting record."""
    reporting = policies_here().reporting
    return [Option(one.code, reporting.type_words(one.code).title) for one in reporting.types]


def severities(_shown: Shown) -> list[Option]:
    """Return how serious a case can be."""
    return [Option(one, _said(f"severity.{one.lower()}.title")) for one in SEVERITIES]


def harms(_shown: Shown) -> list[Option]:
    """Return the grades of harm."""
    return [Option(one, _said(f"harm.{one}")) for one in HARMS]


def calendars(_shown: Shown) -> list[Option]:
    """Return the calendars."""
    reporting = policies_here().reporting
    return [Option(one, reporting.country_name(one)) for one in _desk().calendars]


def as_it_is(name: str) -> Callable[[Shown], str]:
    """Return what puts what a case is now into a form."""
    return lambda shown: str(getattr(shown.case, name))


def regimes(shown: Shown) -> list[Option]:
    """Return the regimes that can be picked and do not run yet."""
    found = [one.code for one in _desk().regimes.values() if one.picked and one.code not in shown.case.regimes]
    return [Option(one, _said(f"regime.{one}")) for one in found]


def referred_to(_shown: Shown) -> list[Option]:
    """Return who can be told outside."""
    return [Option(one, _said(f"referral.{one}")) for one in _desk().referred_to]


def grounds(_shown: Shown) -> list[Option]:
    """Return on what ground."""
    return [Option(one, _said(f"ground.{one}")) for one in _desk().grounds]


def outcomes(_shown: Shown) -> list[Option]:
    """Return what one officer can decide."""
    return [Option(one, _desk().outcome(one).title) for one in _desk().outcomes if one != MISUSE]


def causes(_shown: Shown) -> list[Option]:
    """Return for what clocks stand still."""
    return [Option(one, _said(f"pause.{one}")) for one in _desk().causes]


def appeals(_shown: Shown) -> list[Option]:
    """Return how an appeal can be answered."""
    return [
        Option("uphold", Sentence("It was right, and stays")),
        Option("overturn", Sentence("It was not right, and is taken up again")),
    ]


def candidates(shown: Shown) -> list[Option]:
    """Return to whom a case could be given."""
    return _named(shown, [str(one) for one in shown.candidates if one != shown.officer])


def colleagues(shown: Shown) -> list[Option]:
    """Return the other officers in a case."""
    return _named(shown, [str(one) for one in shown.members if one != shown.officer])


def other_cases(shown: Shown) -> list[Option]:
    """Return the officer's other cases, by number and type."""
    reporting = policies_here().reporting
    return [
        Option(str(one.id), f"{short_number(one.id)}: {reporting.type_words(one.kind).title}") for one in shown.others
    ]


def hearings(shown: Shown) -> list[Option]:
    """Return the professionals who are heard in a case."""
    return [
        Option(str(one.id), gettext("Professional %(number)s", number=number))
        for number, one in enumerate(shown.hearings, start=1)
    ]


def is_heard(shown: Shown) -> bool:
    """Say whether a professional is heard in a case."""
    return bool(shown.hearings)


def hearings_in(case: CaseWork) -> Sequence[CaseHearing]:
    """Return the same while somebody works on it."""
    return CaseHearing.of_case(case.work.session, case.case.id)


def letter(code: str) -> Callable[[Shown], str]:
    """Return what puts a letter of the policy into a form."""
    return lambda _shown: _desk().letter(code).body


def outcome_letter(shown: Shown) -> str:
    """Return the letter that tells an outcome."""
    code = shown.case.outcome
    found = "" if code is None else f"{_desk().outcome(code).title}\n\n{_desk().outcome(code).body}\n\n"
    return f"{found}{_desk().letter('outcome').body}"


def person(name: str) -> Callable[[Shown], str]:
    """Return what puts one of the people of a case into a form."""
    return lambda shown: shown.people[name]


def contact_in(case: CaseWork) -> str:
    """Return who outside looks at what is about one of us."""
    row = outside_contact(case.work.session)
    return "" if row is None else f"{row.name}, {row.reach}"


def keep_evidence(case: CaseWork, where: str, text: str) -> None:
    """Keep a copy of a post with its hash; it stays when the post is deleted."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    case.say(What.EVIDENCE, text, {"where": where, "sha256": digest})


def _named(shown: Shown, ids: list[str]) -> list[Option]:
    return [Option(one, shown.names.get(one, one)) for one in ids]


def _said(key: str) -> str:
    return _desk().record.section(key)


def _desk() -> DeskPolicy:
    return policies_here().desk
