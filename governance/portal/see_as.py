"""Doors to *see as*: a patient looks at their posts with the eyes of somebody else. Who that is, is in no address."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, time
from typing import Any, Final, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from governance.db.extension import reading
from governance.decision.provisions import Who, WhoKind
from governance.decision.vocabulary import AccountKey, Instant, Posture
from governance.effective.errors import BrokenRowError
from governance.effective.life.service import Standing, standing_of
from governance.effective.past import revision_at
from governance.identity.current import sign_in_required, signed_in
from governance.optout.draft import professionals_here
from governance.optout.names import names_for
from governance.optout.words import may_do
from governance.patients.service import find_patient
from governance.policy.current import conduct_in_force
from governance.policy.here import policies_here
from governance.portal.eyes import Audience, Eyes, Group, Moment, begins, eyes_on, group_named, groups_on, is_stopped
from governance.portal.looks import Kind, Patient, Terms, Whom
from governance.portal.own_forums import OwnForum, own_forums
from governance.portal.sealed import keep_sealed
from governance.portal.seeing import Seen, seen_by
from governance.portal.shown import shown_since
from governance.ui.clock import from_the_wall, now, on_the_wall
from governance.ui.dates import readers_zone
from governance.ui.house import house
from governance.ui.professions import profession

blueprint = Blueprint("see_as", __name__, url_prefix="/my", template_folder="templates")
blueprint.before_request(keep_sealed)
_ONE: Final = "one"
"""In the place of a kind of group: the one group that is named beside it."""
_NOON: Final = "12:00"


class _Line(NamedTuple):
    words: str
    seen: Seen


class _Class(NamedTuple):
    """A profession or an organisation to look as: what a form sends for it, and what the page calls it."""

    value: str
    kind: WhoKind
    called: str


def _class(who: Who, names: Mapping[Any, str]) -> _Class:
    if who.kind is WhoKind.PROFESSION:
        called = profession(who.name)
    else:
        # Of a clinic only a digest is known; what the person typed is the name, if its key is here.
        called = names.get(who.name) or gettext("a clinic that you named")
    return _Class(f"{who.kind}:{who.name}", who.kind, called)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form says, as it was typed; `whom` is empty before anybody was picked."""

    whom: str = ""
    group: str = Posture.INFORMED.value
    community: str = ""
    day: str = ""
    time: str = _NOON

    @property
    def posture(self) -> Posture:
        """The kind of group; the usual one for what is none."""
        return Posture(self.group) if self.group in set(Posture) else Posture.INFORMED


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows beside the questions: nothing yet, the answers, what lacks, or why there are no answers."""

    lacks: frozenset[str] = frozenset()
    lines: tuple[_Line, ...] | None = None
    group: Group | None = None
    at: Instant | None = None
    """The past instant that is looked at."""
    since: Instant | None = None
    """Of a day before it there is nothing on record."""
    unreadable: bool = False
    was_stopped: bool = False
    """Whether the forum was to show professionals nothing at the past instant."""


class _Here(NamedTuple):
    """The forum that is looked at, of all forums of the person, and through whose eyes and in which groups one can."""

    forum: OwnForum
    forums: list[OwnForum]
    eyes: Eyes
    groups: Counter[tuple[Posture, Audience]]
    standing: Standing
    """Where the forum is in its life here."""
    names: Mapping[Any, str]
    """What to call the clinics of the person's rules, by digest."""


@blueprint.get("/see-as")
@sign_in_required
def choose() -> ResponseReturnValue:
    """Ask as whom, and in what kind of group."""
    return _page(_here(""), _Asked(), _Shown())


@blueprint.post("/see-as")
@sign_in_required
def see() -> ResponseReturnValue:
    """Show what they may do and why; nothing of it is kept."""
    here = _here(request.form.get("forum", ""))
    if "change" in request.form:
        return _page(here, _Asked(), _Shown())
    fields = ("whom", "group", "community", "day", "time")
    asked = _Asked(**{name: request.form[name].strip() for name in fields if name in request.form})
    shown = _answers(here, asked)
    return _page(here, asked, shown), 400 if shown.lacks else 200


def _here(sent: str) -> _Here:
    """Return a forum that a form names, one of the person's own; that of this session where it names none of these."""
    person, at = signed_in(), now()
    known = frozenset(one.key for one in professionals_here())
    with reading() as session:
        forums = own_forums(session, person.account_id)
        forum = next((one for one in forums if str(one.platform_id) == sent), forums[0])
        eyes = eyes_on(session, house().keyring, forum, at, known)
        names = names_for(session, house().keyring, (person.account_id, forum.platform_id), at)
        groups = groups_on(session, house().keyring, forum.platform_id, at)
        return _Here(forum, forums, eyes, groups, standing_of(session, forum.platform_id), names)


def _answers(here: _Here, asked: _Asked) -> _Shown:
    forum, whom = here.forum, _whom(asked.whom, here.eyes)
    at = _instant(asked)
    lacks = {"whom"} if whom is None else set()
    if at is None or at > now():
        lacks.add("day")
    with reading() as session:
        moment = _moment(session, forum, at if "day" not in lacks else None)
        try:
            group = _group(session, forum, asked, moment)
            if asked.group == _ONE and group is None:
                lacks.add("community")
            if whom is None or lacks:
                return _Shown(frozenset(lacks))
            return _look(session, forum, whom, _Terms(asked, moment, group))
        except BrokenRowError:
            return _Shown(unreadable=True, at=moment.at)


class _Terms(NamedTuple):
    asked: _Asked
    moment: Moment
    group: Group | None


def _look(session: Session, forum: OwnForum, whom: Whom, wanted: _Terms) -> _Shown:
    asked, moment, group = wanted
    since, past = _since(session, forum), moment.revision is not None
    if past and (since is None or moment.at < since):
        return _Shown(at=moment.at, since=since or now())
    terms = Terms(asked.posture, conduct_in_force(), moment.at, revision=moment.revision)
    if group is not None:
        terms = terms._replace(posture=group.posture, community=group.key, public=group.audience == "public")
    seen = seen_by(session, house().keyring, Patient(forum.key, forum.platform_id), whom, terms)
    lines = tuple(_Line(may_do(policies_here().optout, one.action), one) for one in seen)
    stopped = past and is_stopped(session, house().keyring, forum.platform_id, moment)
    return _Shown(lines=lines, group=group, at=moment.at if past else None, was_stopped=stopped)


def _since(session: Session, forum: OwnForum) -> Instant | None:
    """Return since when there is anything to look at."""
    began, patient = begins(session, forum), find_patient(session, forum.account_id)
    # THREAT: whoever made them open something looks in this session at yesterday; a hidden history has none.
    shown = None if patient is None else shown_since(session, patient.id)
    return began if began is None or shown is None else max(began, shown)


def _moment(session: Session, forum: OwnForum, at: Instant | None) -> Moment:
    """Return when to look: at a past revision of the forum, or now where no day was asked for."""
    if at is None or not request.form.get("day"):
        return Moment(now())
    return Moment(at, revision_at(session, forum.platform_id, at))


def _instant(asked: _Asked) -> Instant | None:
    """Return the instant that was asked for, now if none was; None for what is no day and time."""
    if not asked.day:
        return now()
    try:
        day, hour = date.fromisoformat(asked.day), time.fromisoformat(asked.time or _NOON)
    except ValueError:
        return None
    # At the ends of the calendar there is no other zone's day; a time that brings a zone of its own is no time here.
    if not MINYEAR < day.year < MAXYEAR or hour.tzinfo is not None:
        return None
    at, present = from_the_wall(day, hour, readers_zone()), now()
    # Somebody who picks today means the day, whatever hour stands there already.
    return min(at, present) if day == on_the_wall(present, readers_zone()).date() else at


def _group(session: Session, forum: OwnForum, asked: _Asked, moment: Moment) -> Group | None:
    if asked.group != _ONE or not asked.community:
        return None
    return group_named(session, house().keyring, forum.platform_id, asked.community, moment)


def _whom(sent: str, eyes: Eyes) -> Whom | None:
    if sent in set(Kind):
        return Kind(sent)
    kind, _, name = sent.partition(":")
    if kind in set(WhoKind):
        return next((one for one in eyes.classes if one == Who(WhoKind(kind), name)), None)
    return next((AccountKey(one.key) for one in eyes.professionals if one.key == sent), None)


def _called(line: _Line, names: Mapping[Any, str]) -> _Line:
    """Return a line with the name of whatever a choice of the person's speaks of by a digest or a code."""
    nuances = line.seen.nuances
    name = names.get(nuances.name) or profession(nuances.name)
    return line._replace(seen=line.seen._replace(nuances=nuances._replace(name=name)))


def _page(here: _Here, asked: _Asked, shown: _Shown) -> str:
    lines = tuple(_called(line, here.names) for line in shown.lines or ())
    return render_template(
        "portal/see_as.html",
        forum=here.forum,
        forums=here.forums,
        professionals=here.eyes.professionals,
        classes=[_class(who, here.names) for who in here.eyes.classes],
        groups=here.groups,
        standing=here.standing,
        asked=replace(asked, time=asked.time or _NOON),
        shown=shown,
        can=[line for line in lines if line.seen.permit],
        cannot=[line for line in lines if not line.seen.permit],
    )
