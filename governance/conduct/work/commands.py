"""`governance conduct organisation | employees | leaver`: who works where, as their organisation says."""

import json
from pathlib import Path

import click

from governance.conduct.feeds.commands import lines, moment_before, told_by_line
from governance.conduct.service import hcp_of
from governance.conduct.work.lists import read_list, take_list
from governance.conduct.work.service import known, leave_work, named
from governance.db.extension import transaction
from governance.identity.service import account_for, platform_named
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house


@click.command(short_help="Add an organisation that sends lists of its employees.")
@click.argument("name")
def organisation(name: str) -> None:
    """Add the organisation NAME, as patients and professionals type it."""
    with transaction() as session:
        named(session, house().keyring, name, now())
    click.echo("ready; its list of employees says who works there: `governance conduct employees`")


@click.command(short_help="Take an organisation's list of employees.")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as-of", required=True, help="As of when the list is, such as 2026-12-24T06:00Z.")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def employees(name: str, file: Path, as_of: str, *, as_json: bool) -> None:
    """Take the whole list of who works at NAME from FILE: register, number, name, and until if work there ends.

    Who was on the last list and is not on this one has left, at once: a list without anybody ends it for all.

    \b
    register,number,name,until
    gb-nmc,12A3456B,Nora Quill,2027-06-30

    `governance conduct registers` shows the codes.
    """  # noqa: D301 - click reads the character itself, before lines that stay as they are
    with told_by_line():
        told = read_list(file.read_bytes(), policies().registers.registers, moment_before(as_of))
    with transaction() as session:
        keyring = house().keyring
        days = policies().registers.list_days
        listed = take_list(session, keyring, known(session, keyring, name), told, days=days, now=now())
    did = {word: listed.did[word] for word in ("verified", "left", "unlike", "unproven")}
    if as_json:
        click.echo(json.dumps({"lines": listed.lines, **did}))
        return
    unknown = listed.lines - did["verified"] - did["unlike"] - did["unproven"]
    said = f"{did['verified']} work there, {did['left']} left, {did['unlike']} with another name"
    more = f"{did['unproven']} who did not prove that the number is theirs, {unknown} not matched here"
    click.echo(f"{lines(listed.lines)}: {said}, {more}")


@click.command(short_help="End at once that somebody works at an organisation.")
@click.argument("name")
@click.option("--platform", required=True, help="The platform's name.")
@click.option("--account", required=True, help="The account's id on that platform.")
def leaver(name: str, platform: str, account: str) -> None:
    """End at once that somebody works at NAME, as its organisation told you."""
    keyring, at = house().keyring, now()
    with transaction() as session:
        forum = platform_named(session, platform)
        hcp_id = hcp_of(session, account_for(session, keyring, forum, account, at).id)
        leave_work(session, keyring, hcp_id, known(session, keyring, name).key, at)
    click.echo("ended: what patients permitted that organisation counts for them no more")
