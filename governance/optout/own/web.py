"""Doors of a patient's own rules: whom, where, what, how long, which posts; the same pages for a yes and a no."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import Level
from governance.errors import BadInputError
from governance.identity.current import sign_in_required, signed_in
from governance.optout.choices import levels_for
from governance.optout.draft import (
    answered,
    draft_now,
    first_missing,
    go_to,
    in_force_now,
    is_minor,
    keep_answers,
    names_now,
    own_in_words,
    policy_now,
    professionals_here,
    wanted_by,
)
from governance.optout.own.draft import MAKING, is_a_group_here, making, names_of, note_typed, terms_of
from governance.optout.own.making import (
    ALSO_NAMED,
    EVERYONE,
    BadDaysError,
    Days,
    Posts,
    When,
    into,
    reach_for,
    rules_for,
    span_for,
    spared,
    whom,
    yes_said,
)
from governance.optout.own.places import digest_of_organisation, digest_of_place
from governance.optout.own.rules import MOST_RULES
from governance.optout.own.times import zones
from governance.optout.schemas import LevelSchema, PostsSchema, RuleSchema, RuleWhoSchema, WhenSchema, WhereSchema
from governance.policy.current import policies
from governance.ui.clock import HERE, now
from governance.ui.dates import readers_zone
from governance.ui.house import house
from governance.ui.pages import form_values, load

_NAME_OF: Final = {
    WhoKind.NAMED.value: "person",
    WhoKind.PROFESSION.value: "profession",
    WhoKind.ORGANISATION.value: "organisation",
}
"""The field that says which one."""
_UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

blueprint = Blueprint("own_rules", __name__, url_prefix="/choices", template_folder="../templates")


@blueprint.get("/rules")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Show every rule, with the way to a new one."""
    draft = draft_now()
    if first_missing(draft):
        return go_to(first_missing(draft))
    own = own_in_words(wanted_by(draft))
    return render_template("optout/rules.html", own=own, most=MOST_RULES, policy=policy_now())


@blueprint.post("/rules")
@sign_in_required
def take_away() -> ResponseReturnValue:
    """Take one rule out of the answers."""
    code = load(RuleSchema(), form_values())["rule"]
    rules = dict(draft_now().get("rules", {}))
    rules.pop(code, None)
    return answered("rules", rules)


@blueprint.get("/rule/who")
@sign_in_required
def who() -> ResponseReturnValue:
    """Ask whom the rule is for."""
    draft = draft_now()
    if first_missing(draft):
        return go_to(first_missing(draft))
    browser[MAKING] = {}
    return _ask_who()


@blueprint.post("/rule/who")
@sign_in_required
def pick_who() -> ResponseReturnValue:
    """Take whom it is for."""
    values = form_values()
    if "who" not in values:
        return _ask_who("who")
    form = load(RuleWhoSchema(), values)
    kind, name = form["who"], " ".join(form.get(_NAME_OF.get(form["who"], ""), "").split())
    if kind in _NAME_OF and not name:
        return _ask_who(_NAME_OF[kind])
    if kind == WhoKind.ORGANISATION:
        digest = digest_of_organisation(house().keyring, name)
        note_typed(digest, name)
        name = digest
    elif kind in _NAME_OF and name not in names_of(kind):
        raise BadInputError("this is not on the page; pick from what is")
    return _next({"who": [kind, name]}, "where")


@blueprint.get("/rule/where")
@sign_in_required
def where() -> ResponseReturnValue:
    """Ask where the rule holds."""
    return _ask_where() if "who" in making() else _start()


@blueprint.post("/rule/where")
@sign_in_required
def pick_where() -> ResponseReturnValue:
    """Take where it holds."""
    values = form_values()
    if "where" not in values:
        return _ask_where("where")
    form = load(WhereSchema(), values)
    scale, typed = Scale[form["where"].upper()], form["place"].strip()
    if scale <= Scale.PLATFORM:
        platform = str(signed_in().platform_id) if scale is Scale.PLATFORM else ""
        return _next({"where": [int(scale), platform, ""]}, "what")
    if not typed:
        return _ask_where("place")
    digest = digest_of_place(house().keyring, signed_in().platform_id, scale, typed)
    if scale is Scale.COMMUNITY and not is_a_group_here(digest):
        return _ask_where("group")
    note_typed(digest, typed)
    return _next({"where": [int(scale), str(signed_in().platform_id), digest]}, "what")


@blueprint.get("/rule/what")
@sign_in_required
def what() -> ResponseReturnValue:
    """Ask what they may do there."""
    return _ask_what() if "where" in making() else _start()


@blueprint.post("/rule/what")
@sign_in_required
def pick_what() -> ResponseReturnValue:
    """Take what they may do."""
    values = form_values()
    if "level" not in values:
        return _ask_what(errors=True)
    level: Level = load(LevelSchema(), values)["level"]
    if level not in _levels():
        raise BadInputError("this level is not offered here; pick one of those on the page")
    return _next({"what": level.value}, "when")


@blueprint.get("/rule/when")
@sign_in_required
def when() -> ResponseReturnValue:
    """Ask how long it holds."""
    return _ask_when() if "what" in making() else _start()


@blueprint.post("/rule/when")
@sign_in_required
def pick_when() -> ResponseReturnValue:
    """Take how long it holds."""
    values = form_values()
    if "when" not in values:
        return _ask_when("when")
    form = load(WhenSchema(), values)
    chosen, days = When(form["when"]), Days(form["first"], form["last"], form["zone"])
    try:
        span = span_for(chosen, days, now())
    except BadDaysError:
        return _ask_when("days", days)
    zone = "" if chosen is When.OPEN else days.zone
    return _next({"when": [*map(int, span), zone]}, "posts")


@blueprint.get("/rule/posts")
@sign_in_required
def posts() -> ResponseReturnValue:
    """Ask for which posts it counts."""
    return _ask_posts() if "when" in making() else _start()


@blueprint.post("/rule/posts")
@sign_in_required
def pick_posts() -> ResponseReturnValue:
    """Take for which posts, and put the rule to the other answers."""
    values = form_values()
    if "posts" not in values:
        return _ask_posts(errors=True)
    chosen = Posts(load(PostsSchema(), values)["posts"])
    made = making()
    if "when" not in made:
        return _start()
    draft = draft_now()
    wanted = wanted_by(draft)
    kind, name = made["who"]
    since, until = reach_for(chosen, now())
    terms = terms_of(made)._replace(since=since, until=until)
    made_of_it = rules_for(whom(kind, name, wanted), Level(made["what"]), terms)
    wanted = into(wanted, [*made_of_it, *spared(kind, wanted, terms)])
    browser.pop(MAKING, None)
    said = {
        "care_team": wanted.care_team.value,
        "others": wanted.others.value,
        "named": {one.account: one.code for one in wanted.named},
        "typed": {**draft.get("typed", {}), **made.get("typed", {})},
    }
    keep_answers(said)
    return answered("rules", {rule.scope.code: rule.code for rule in sorted(wanted.rules)})


def _next(answer: dict[str, Any], page: str) -> ResponseReturnValue:
    browser[MAKING] = {**making(), **answer}
    return redirect(url_for(f"own_rules.{page}"), HTTPStatus.SEE_OTHER)


def _start() -> ResponseReturnValue:
    return redirect(url_for("own_rules.who"), HTTPStatus.SEE_OTHER)


def _levels() -> tuple[Level, ...]:
    kind, name = making().get("who", ["", ""])
    if kind == WhoKind.PROFESSION and name in policies().registers.unregistered:
        # Nobody can check that somebody is one: a yes would count for nobody.
        return (Level.CLOSED,)
    who_kind = WhoKind(kind) if kind in set(WhoKind) else WhoKind.OTHERS
    return levels_for(who_kind, adult=not is_minor())


def _ask_who(errors: str = "") -> ResponseReturnValue:
    wanted, names = wanted_by(draft_now()), names_now()
    yes = [names.get(rule.scope.name, "") for rule in yes_said(wanted) if rule.scope.who is WhoKind.NAMED]
    page = render_template(
        "optout/rule_who.html",
        professionals=professionals_here(),
        professions=sorted(policies().registers.kinds_of_work),
        yes=sorted(filter(None, dict.fromkeys(yes))),
        some_yes=any(True for _ in yes_said(wanted)),
        policy=policy_now(),
        errors=errors,
    )
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK


def _ask_where(errors: str = "") -> ResponseReturnValue:
    page = render_template("optout/rule_where.html", policy=policy_now(), forum=signed_in().forum, errors=errors)
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK


def _ask_what(*, errors: bool = False) -> ResponseReturnValue:
    made = making()
    of_a_group = made["who"][0] in (EVERYONE, ALSO_NAMED, WhoKind.CARE_TEAM, WhoKind.OTHERS)
    page = render_template(
        "optout/rule_what.html",
        offered=_levels(),
        circle="care_team" if made["who"][0] == WhoKind.CARE_TEAM else "others",
        of_organisation=made["who"][0] == WhoKind.ORGANISATION,
        on_no_register=made["who"][0] == WhoKind.PROFESSION and made["who"][1] in policies().registers.unregistered,
        of_posts=made["where"][0] >= Scale.THREAD,
        only_closes=of_a_group and made["where"][0] == Scale.EVERYWHERE,
        minor=is_minor(),
        policy=policy_now(),
        errors=errors,
    )
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK


def _ask_when(errors: str = "", days: Days | None = None) -> ResponseReturnValue:
    known = [rule.scope.zone for rule in wanted_by(draft_now()).rules]
    # What they picked before, then where they live; nobody has to search for their own clock among six hundred.
    listed = zones()
    given = days or Days("", "", next(zone for zone in (*known, readers_zone(), HERE) if zone in listed))
    page = render_template(
        "optout/rule_when.html", days=given, zones=listed, policy=policy_now(), before=in_force_now(), errors=errors
    )
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK


def _ask_posts(*, errors: bool = False) -> ResponseReturnValue:
    page = render_template("optout/rule_posts.html", policy=policy_now(), errors=errors)
    return page, _UNPROCESSABLE if errors else HTTPStatus.OK
