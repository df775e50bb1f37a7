"""Doors to the figures: for everybody once a year is over, for staff up to this month, and the look at overrides."""

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, UTC, date, datetime
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.errors import NotFoundError
from governance.identity.access import anyone
from governance.identity.current import staff_member, staff_required
from governance.identity.permissions import Role
from governance.policy.current import policies
from governance.reporting.numbers import files, service
from governance.reporting.numbers.cells import Tally
from governance.reporting.numbers.charts import chart
from governance.reporting.numbers.figures import Figures
from governance.reporting.numbers.models import OverrideLook, YearFigures
from governance.reporting.numbers.words import TITLES, label, names_of
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from governance.ui.languages import in_our_words
from governance.ui.problems import register_status

blueprint = Blueprint("transparency", __name__, url_prefix="/transparency")
desk = Blueprint("numbers", __name__, url_prefix="/desk")
for _code in ("own_override", "override_open"):
    register_status(_code, HTTPStatus.CONFLICT)


@blueprint.get("")
@anyone
def shown() -> ResponseReturnValue:
    """Show the newest year that is over, with links to the others."""
    with reading() as session:
        years = YearFigures.years(session)
    return _page(years[0]) if years else render_template("reporting/figures_none.html")


@blueprint.get("/<year>")
@anyone
def year_shown(year: str) -> ResponseReturnValue:
    """Show the figures of a year that is over."""
    return _page(_year(year))


@blueprint.get("/<year>.csv")
@anyone
def as_csv(year: str) -> ResponseReturnValue:
    """Give the figures of a year as a table for spreadsheets."""
    with reading() as session:
        found = service.published(session, _year(year))
        rows = list(_rows(found, names_of(session, found)))
    return _file(files.as_csv(rows), "text/csv; charset=utf-8", f"reports-{year}.csv")


@blueprint.get("/<year>.json")
@anyone
def as_json(year: str) -> ResponseReturnValue:
    """Give the figures of a year to programs."""
    with reading() as session:
        found = service.published(session, _year(year))
    return _file(files.as_json(found), "application/json", f"reports-{year}.json")


@desk.get("/numbers")
@staff_required(Role.OFFICER)
def dashboard() -> ResponseReturnValue:
    """Numbers of this year, and overrides to look at."""
    with reading() as session:
        found = service.running(session, policies(), _today())
        unseen = service.unseen_months(session, _today())
        return render_template("reporting/figures_desk.html", unseen=unseen, **_told(found, names_of(session, found)))


@desk.get("/overrides/<month>")
@staff_required(Role.OFFICER)
def overrides(month: str) -> ResponseReturnValue:
    """Show every override that was due to be looked at in a month; never about whom."""
    with reading() as session:
        rows = service.month_of(session, _month(month))
        look = session.get(OverrideLook, month)
        return render_template("reporting/overrides.html", month=_month(month), rows=rows, look=look)


@desk.post("/overrides/<month>")
@staff_required(Role.OFFICER)
def look(month: str) -> ResponseReturnValue:
    """Write down that somebody looked at all of them who took none."""
    with transaction() as session:
        service.look_at_month(Work(session, house().keyring, now()), _month(month), staff_member().staff_id)
    return redirect(url_for(".overrides", month=month), HTTPStatus.SEE_OTHER)


def _page(year: int) -> str:
    with reading() as session:
        found = service.published(session, year)
        forums, years = names_of(session, found), YearFigures.years(session)
    return render_template("reporting/figures.html", year=year, years=years, **_told(found, forums))


def _told(found: Figures, forums: Mapping[str, str]) -> dict[str, object]:
    tables = [_table(tally, forums) for tally in found.tallies]
    waits = [(in_our_words(TITLES[wait.code]), wait) for wait in found.waits]
    return {"figures": found, "tables": tables, "waits": waits}


def _table(tally: Tally, forums: Mapping[str, str]) -> dict[str, object]:
    labels = [label(tally.code, line.code, forums) for line in tally.lines]
    title = in_our_words(TITLES[tally.code])
    picture = chart(tally, title, labels)
    lines = list(zip(labels, (line.number for line in tally.lines), strict=True))
    return {"code": tally.code, "title": title, "lines": lines, "total": tally.total, "chart": picture}


def _rows(found: Figures, forums: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    hidden = gettext("not shown")
    yield gettext("table"), gettext("line"), gettext("number")
    for tally in found.tallies:
        title = in_our_words(TITLES[tally.code])
        for line in tally.lines:
            number = hidden if line.number is None else str(line.number)
            yield title, label(tally.code, line.code, forums), number
        yield title, gettext("together"), hidden if tally.total is None else str(tally.total)
    for wait in found.waits:
        title = in_our_words(TITLES[wait.code])
        yield title, gettext("half of all, days"), hidden if wait.median is None else str(wait.median)
        yield title, gettext("nine of ten, days"), hidden if wait.ninetieth is None else str(wait.ninetieth)


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _year(said: str) -> int:
    # A converter of numbers would refuse what tools send to try every route.
    return int(said) if said.isascii() and said.isdigit() and len(said) == len("2026") else 0


def _month(said: str) -> date:
    try:
        found = datetime.strptime(said, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        found = None
    # Python reads 2026-5 as well, and a year after which there is none.
    if found is None or found.isoformat()[:7] != said or found.year == MAXYEAR:
        raise NotFoundError("a month looks like 2026-05; go back to the numbers")
    return found


def _today() -> date:
    return datetime.fromtimestamp(now() / 1_000_000, UTC).date()
