"""Doors of the rules: those that are marked one by one, the others together, then the professional's word."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.conduct import service
from governance.conduct.models import Attestation
from governance.conduct.schemas import RuleSchema
from governance.conduct.service import Acceptance
from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.errors import NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.browser import transaction_forgetting
from governance.identity.sessions.once import say_once
from governance.policy.current import policies
from governance.policy.views.conduct import ConductPolicy, ConductRule
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

_DRAFT: Final = "rules"
"""In the session: the version that is read, and the codes accepted so far."""
_DAY: Final = 24 * 3600 * 1_000_000

blueprint = Blueprint("rules", __name__, url_prefix="/professional/rules")


@blueprint.get("")
@sign_in_required
def intro() -> ResponseReturnValue:
    """Say what the rules are, how many are left, and what was accepted before."""
    with reading() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        before = Attestation.latest(session, hcp_id)
    policy = _policy()
    return render_template(
        "conduct/rules.html", policy=policy, words=policy.record.words("intro"), before=before, left=_left(), now=now()
    )


@blueprint.get("/<code>")
@sign_in_required
def rule(code: str) -> ResponseReturnValue:
    """Show one rule that is accepted by itself."""
    return _rule_page(_marked(code))


@blueprint.post("/<code>")
@sign_in_required
def accept_rule(code: str) -> ResponseReturnValue:
    """Take down that one rule was accepted."""
    wanted = _marked(code)
    if load(RuleSchema(), form_values())["version"] != _policy().version:
        return _rule_page(wanted)
    browser[_DRAFT] = {"version": _policy().version, "accepted": sorted({*_accepted(), wanted.code})}
    return redirect(_next(), HTTPStatus.SEE_OTHER)


@blueprint.get("/declaration")
@sign_in_required
def declaration() -> ResponseReturnValue:
    """Show the other rules and the words that somebody gives."""
    if _left():
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    policy = _policy()
    others = [one for one in policy.rules() if not one.must_accept]
    words = policy.record.words("attestation")
    return render_template("conduct/declaration.html", policy=policy, others=others, words=words, until=_until(now()))


@blueprint.post("/declaration")
@sign_in_required
def declare() -> ResponseReturnValue:
    """Put somebody's word on record; it counts from now on."""
    version = load(RuleSchema(), form_values())["version"]
    if _left() or version != _policy().version:
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    at = now()
    accepted = Acceptance(version, _until(at), _policy().record.text().sha256)
    with transaction_forgetting(_DRAFT) as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        service.accept(session, house().keyring, hcp_id, accepted, at)
    say_once("accepted")
    return redirect(url_for("conduct.home"), HTTPStatus.SEE_OTHER)


def _rule_page(wanted: ConductRule) -> ResponseReturnValue:
    marked = [one.code for one in _policy().rules() if one.must_accept]
    return render_template(
        "conduct/rule.html",
        rule=wanted,
        number=marked.index(wanted.code) + 1,
        of=len(marked),
        version=_policy().version,
    )


def _marked(code: str) -> ConductRule:
    """Return a rule that is accepted by itself. Raises `NotFoundError`."""
    for one in _policy().rules():
        if one.must_accept and one.code.lower() == code:
            return one
    raise NotFoundError("there is no such rule to accept; go back to the rules")


def _next() -> str:
    left = _left()
    return url_for("rules.rule", code=left[0].lower()) if left else url_for("rules.declaration")


def _left() -> list[str]:
    return [one.code for one in _policy().rules() if one.must_accept and one.code not in _accepted()]


def _accepted() -> list[str]:
    draft: dict[str, Any] = browser.get(_DRAFT, {})
    # A version that came out meanwhile is read anew.
    return list(draft["accepted"]) if draft.get("version") == _policy().version else []


def _until(at: Instant) -> Instant:
    return Instant(at + _policy().attestation_days * _DAY)


def _policy() -> ConductPolicy:
    return policies().conduct
