"""What `governance policy publish` and `policy status` do."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from governance.db.extension import reading, transaction
from governance.disclosure.models import Acknowledgement
from governance.disclosure.rollout import begin_anew, carry_on, publish_disclosure
from governance.disclosure.service import RECORD
from governance.disclosure.standing import Group, groups
from governance.policy.current import policies
from governance.policy.history import Published, history_of
from governance.policy.loader import load_policies
from governance.policy.publishing import News, publish
from governance.policy.records import PolicyRecord
from governance.ui.clock import now, to_the_second
from governance.ui.house import house


class _OnlyLookingError(Exception):
    """Nothing of this is to be kept."""


def publish_all(folder: Path | None, *, dry_run: bool) -> None:
    """Publish whatever of a folder's records is new, all of it or nothing, and carry it out."""
    records = load_policies(folder).records.values()
    if not dry_run:
        # What somebody began before must not be lost behind what begins now.
        _carry_out()
    found = _publish(records, dry_run=dry_run)
    for news in found:
        click.echo(_told(news))
    if not found:
        click.echo("nothing is new: all of it was published before")
    if dry_run:
        click.echo("nothing was published: this was a dry run")
        return
    _carry_out(anew=True)
    click.echo("carried out: everybody's permits know of it")


def _publish(records: Iterable[PolicyRecord], *, dry_run: bool) -> list[News]:
    at, found = now(), []
    try:
        with transaction() as session:
            for record in records:
                put = publish_disclosure if record.id == RECORD else publish
                news = put(session, house().keyring, record, at)
                found += [] if news is None else [news]
            _end(dry_run=dry_run)
    except _OnlyLookingError:
        pass
    return found


def _end(*, dry_run: bool) -> None:
    """Undo the transaction that this is called in, where somebody only wanted to see."""
    if dry_run:
        raise _OnlyLookingError


def _carry_out(*, anew: bool = False) -> None:
    """Go on until every row knows; `anew`: look at rows again that may have been repaired since."""
    if anew:
        with transaction() as session:
            begin_anew(session)
    with reading() as session:
        everybody = Acknowledgement.how_many_patients(session)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("permits", total=everybody)
        while (left := _next()) is not None:
            progress.update(task, completed=everybody - left)


def _next() -> int | None:
    with transaction() as session:
        return carry_on(session, house().keyring, now())


def _told(news: News) -> str:
    record = news.record
    texts = ", ".join(f"{text.language} {text.variant}" for text in news.texts) or "no words"
    what = f"{record.id} {record.version} ({record.change})"
    return f"published: {what}: {texts}" if news.is_new else f"approved: {what}: {texts}"


def tell_status(*, as_json: bool) -> None:
    """Print every record's version in force, and who was told which disclosure."""
    at = now()
    with reading() as session:
        histories = {name: history_of(session, name, record) for name, record in policies().records.items()}
        found = groups(session, policies().records[RECORD], at)
    newest = {name: history.at(at) for name, history in histories.items()}
    if as_json:
        click.echo(json.dumps({"records": [_as_json(one) for one in newest.values()], "people": [*map(_plain, found)]}))
        return
    for one in newest.values():
        click.echo(_held(one))
    for group in found:
        click.echo(_line(group))


def _held(one: Published) -> str:
    said = _as_json(one)
    line = f"{said['record']} {said['version']} holds since {said['since']}"
    if said["in_the_folder"] != said["version"]:
        line += f"; in the folder lies {said['in_the_folder']}"
    return line if one.applied else f"{line}; not carried out yet, run `governance policy publish`"


def _as_json(one: Published) -> dict[str, Any]:
    record, came_with_us = one.record, policies().records[one.record.id].version
    since = to_the_second(one.since)
    return {
        "record": record.id,
        "version": record.version,
        "since": since,
        "in_the_folder": came_with_us,
        "carried_out": one.applied,
    }


def _plain(group: Group) -> dict[str, Any]:
    return group._asdict()


def _line(group: Group) -> str:
    waits = "  waits for a translation" if group.waits else "  was not told the newest yet" if group.behind else ""
    return f"last told {group.version} in {group.language}: {group.people}{waits}"
