"""`governance conduct forecast`: who would be refused on which day, if nobody looked and no file came."""

import json
from datetime import timedelta

import click
from rich.console import Console
from rich.table import Table

from governance.conduct.due.policy import ahead_in_force
from governance.conduct.due.service import Outlook, forecast, looks
from governance.db.extension import reading
from governance.ui.clock import day_on_the_wall, in_iso, now, on_the_wall


@click.command("forecast", short_help="Tell who would be refused on which day.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How many days ahead.")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def forecast_command(days: int, *, as_json: bool) -> None:
    """Tell for each day how many professionals would be warned and refused, if nobody looked and no file came."""
    today = on_the_wall(now()).date()
    ends = [day_on_the_wall(today + timedelta(days=one))[1] for one in range(days)]
    with reading() as session:
        found = forecast(looks(session), ahead_in_force(), ends)
    if as_json:
        click.echo(json.dumps([_told(one) for one in found]))
        return
    Console().print(_table(found))


def _told(one: Outlook) -> dict[str, str | int | None]:
    said = {"people": one.people, "warned": one.warned, "refused": one.refused, "by_file": one.by_file}
    return {"at": in_iso(one.at), **said}


def _table(found: list[Outlook]) -> Table:
    table = Table("By the end of", "Warned", "Refused", "of those, by a file", title="If nobody looks, no file comes")
    for one in found:
        day = on_the_wall(one.at) - timedelta(days=1)
        table.add_row(f"{day:%a %d %b %Y}", str(one.warned), str(one.refused), str(one.by_file))
    return table
