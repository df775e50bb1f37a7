"""Doors of the rules: those that are marked one by one, the others together, then the professional's word."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.conduct import service
from governance.conduct.models import Attestation
from governance.conduct.rules.accepting import keep_accepted
from governance.conduct.rules.changes import difference
from governance.conduct.rules.models import AcceptedRule
from governance.conduct.schemas import RuleSchema
from governance.conduct.service import Acceptance
from governance.db.extension import reading
from governance.decision.vocabulary import Instant
from governance.errors import NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.sessions.browser import transaction_forgetting
from governance.identity.sessions.once import say_once
from governance.policy.here import policies_here
from governance.policy.views.conduct import ConductPolicy, ConductRule
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.pages import form_values, load

_DRAFT: Final = "rules"
"""In the session: the version and the words that are read, and the codes accepted so far, each with its instant."""
_DAY: Final = 24 * 3600 * 1_000_000

blueprint = Blueprint("rules", __name__, url_prefix="/professional/rules")


@blueprint.get("")
@sign_in_required
def intro() -> ResponseReturnValue:
    """Say what the rules are, how many are left, and what was accepted before."""
    with reading() as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        before = Attestation.latest(session, hcp_id)
        changed = None if before is None else difference(session, before.version, _policy())
        each = AcceptedRule.of_hcp(session, hcp_id)
    policy = _policy()
    words = policy.record.words("intro")
    known = {"before": before, "changed": changed, "each": each, "left": _left(), "now": now()}
    return render_template("conduct/rules.html", policy=policy, words=words, **known)


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
    if load(RuleSchema(), form_values()) != _read():
        return _rule_page(wanted)
    browser[_DRAFT] = {**_read(), "accepted": {**_accepted(), wanted.code: int(now())}}
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
    return render_template(
        "conduct/declaration.html", policy=policy, others=others, words=words, until=_until(now()), **_read()
    )


@blueprint.post("/declaration")
@sign_in_required
def declare() -> ResponseReturnValue:
    """Put somebody's word on record; it counts from now on."""
    read = load(RuleSchema(), form_values())
    if _left() or read != _read():
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    at = now()
    one_by_one = _accepted()
    accepted = Acceptance(read["version"], _until(at), read["text"])
    with transaction_forgetting(_DRAFT) as session:
        hcp_id = service.hcp_of(session, signed_in().account_id)
        service.accept(session, house().keyring, hcp_id, accepted, at)
        keep_accepted(session, house().keyring, hcp_id, _policy(), one_by_one)
    say_once("accepted")
    return redirect(url_for("conduct.home"), HTTPStatus.SEE_OTHER)


def _rule_page(wanted: ConductRule) -> ResponseReturnValue:
    marked = [one.code for one in _policy().rules() if one.must_accept]
    return render_template(
        "conduct/rule.html",
        rule=wanted,
        number=marked.index(wanted.code) + 1,
        of=len(marked),
        **_read(),
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


def _accepted() -> dict[str, int]:
    """Return when each rule was accepted, by its code."""
    draft: dict[str, Any] = dict(browser.get(_DRAFT, {}))
    accepted = draft.pop("accepted", {})
    # A version that came out meanwhile is read anew, and so are the words of another language: what is put on record
    # names one text, and all of that text was on the screen.
    return dict(accepted) if draft == _read() else {}


def _read() -> dict[str, str]:
    """Return what a page of the rules shows: their version, and the hash of the words in its language."""
    return {"version": _policy().version, "text": _policy().record.text().sha256}


def _until(at: Instant) -> Instant:
    return Instant(at + _policy().attestation_days * _DAY)


def _policy() -> ConductPolicy:
    return policies_here().conduct
