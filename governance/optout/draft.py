"""The answers a person has given so far: in the session of their browser, and nowhere else before the last press."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import redirect, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.db.extension import reading
from governance.decision.vocabulary import AccountKey, Action, Level
from governance.effective.roster import Professional, professionals_on
from governance.identity.current import signed_in
from governance.optout import service
from governance.optout.ages import Age
from governance.optout.choices import Choices, Named, as_offered
from governance.optout.names import names_for
from governance.optout.own.rules import Rule, account_named
from governance.optout.own.words import RuleInWords, RuleWords
from governance.optout.ratchet import asked_for
from governance.patients.service import find_patient
from governance.policy.here import policies_here
from governance.policy.views.optout import OptoutPolicy
from governance.ui.clock import now
from governance.ui.house import house


class OwnInWords(NamedTuple):
    """Rules of one's own, and the two choices that are a yes or a no."""

    rules: tuple[RuleInWords, ...]
    emergency: bool
    peers: bool
    adult: bool


DRAFT: Final = "choices"
"""In the session: the answers given so far, by page."""
_PAGES: Final = ("care_team", "others", "team")
"""What everybody is asked; extras and people by name are off and nobody until somebody opens their pages."""


def draft_now() -> dict[str, Any]:
    """Return the answers given so far; who chose before starts from what they asked for last."""
    draft: dict[str, Any] | None = browser.get(DRAFT)
    if draft is not None:
        return draft
    asked = asked_now()
    if asked is None or asked == Choices(hold=True):
        # Who only pressed *hide me* has answered nothing yet.
        return {}
    return {
        "care_team": asked.care_team.value,
        "others": asked.others.value,
        "team": sorted(asked.team),
        "care_team_extras": sorted(asked.care_team_extras),
        "others_extras": sorted(asked.others_extras),
        "named": {one.account: one.code for one in sorted(asked.named)},
        "rules": {rule.scope.code: rule.code for rule in sorted(asked.rules)},
        "emergency": asked.emergency,
        "peers": asked.peers,
    }


def wanted_by(draft: Mapping[str, Any]) -> Choices:
    """Return the pick that answers come to."""
    asked = asked_now()
    wanted = Choices(
        care_team=Level(draft["care_team"]),
        others=Level(draft["others"]),
        team=frozenset(AccountKey(key) for key in draft["team"]),
        # These pages never switch the hold on or off, whatever else they change.
        hold=asked is not None and asked.hold,
        care_team_extras=_extras(draft, "care_team"),
        others_extras=_extras(draft, "others"),
        named=named_in(draft),
        rules=rules_in(draft),
        emergency=bool(draft.get("emergency")),
        peers=bool(draft.get("peers")),
    )
    # An answer may be older than what we know of their age.
    return as_offered(wanted, adult=not is_minor())


def named_in(draft: Mapping[str, Any]) -> frozenset[Named]:
    """Return what answers say of people by name."""
    return frozenset(Named.of(AccountKey(key), code) for key, code in draft.get("named", {}).items())


def rules_in(draft: Mapping[str, Any]) -> frozenset[Rule]:
    """Return the rules among answers."""
    return frozenset(Rule.of(scope, code) for scope, code in draft.get("rules", {}).items())


def names_now() -> dict[str, str]:
    """Return what to call whatever the person's choices and answers speak of."""
    person = signed_in()
    with reading() as session:
        names = names_for(session, house().keyring, (person.account_id, person.platform_id), now())
    typed: dict[str, str] = (browser.get(DRAFT) or {}).get("typed", {})
    return {**names, **typed}


def own_in_words(choices: Choices) -> OwnInWords:
    """Return what somebody chose beside levels and people, as a page shows it."""
    rules = RuleWords(policy_now(), names_now(), now()).all(choices.rules)
    return OwnInWords(rules, emergency=choices.emergency, peers=choices.peers, adult=not is_minor())


def answered(page: str, answer: object) -> ResponseReturnValue:
    """Keep an answer, and go on to the next question or to the check."""
    return go_to(first_missing(keep_answers({page: answer})))


def keep_answers(answers: Mapping[str, object]) -> dict[str, Any]:
    """Keep some answers, and return all."""
    draft = {**draft_now(), **answers}
    browser[DRAFT] = draft
    return draft


def first_missing(draft: Mapping[str, Any]) -> str:
    """Return the first question without an answer."""
    return next((page for page in _PAGES if page not in draft), "")


def go_to(page: str) -> ResponseReturnValue:
    """Go to a question, or to the check."""
    return redirect(url_for(f"optout.{page or 'check'}"), HTTPStatus.SEE_OTHER)


def digest_of(draft: Mapping[str, Any]) -> str:
    """Return a name for these very answers."""
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()


def in_force_now() -> Choices | None:
    """Return what counts for the person who is signed in."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else service.choices_now(session, house().keyring, patient.id)


def asked_now() -> Choices | None:
    """Return what was picked last, with what still waits: from there the next change begins."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else asked_for(session, house().keyring, patient.id, now())


def age_now() -> Age:
    """Return what we know of the person's age."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return Age.at(None if patient is None else patient.adult_from, now())


def is_minor() -> bool:
    """Say whether the rules for people under 18 hold: also for everybody whose age nobody told us."""
    return age_now() is not Age.ADULT


def professionals_here() -> list[Professional]:
    """Return the professionals of the person's forum, and whom the person chose for while they were one."""
    known = _chosen_for()
    with reading() as session:
        return professionals_on(session, house().keyring, signed_in().platform_id, now(), known)


def _chosen_for() -> frozenset[AccountKey]:
    """Return of whom the person's choices speak: those that count, those that wait, and the answers so far."""
    draft: dict[str, Any] = browser.get(DRAFT) or {}
    chosen = [in_force_now()]
    # What waits is lost with its key; what counts is not, and the page must open.
    with suppress(*service.UNREADABLE):
        chosen.append(asked_now())
    kept = [AccountKey(key) for key in (*draft.get("team", ()), *draft.get("named", {}))]
    kept += [account for rule in rules_in(draft) if (account := account_named(rule)) is not None]
    return frozenset(kept).union(*(one.spoken_of for one in chosen if one is not None))


def policy_now() -> OptoutPolicy:
    """Return the policy in force, in the words of the page's language."""
    return policies_here().optout


def _extras(draft: Mapping[str, Any], circle: str) -> frozenset[Action]:
    # Who is closed out may do nothing more either; to say so twice would be a page too many.
    if draft[circle] == Level.CLOSED:
        return frozenset()
    return frozenset(Action(action) for action in draft.get(f"{circle}_extras", ()))
