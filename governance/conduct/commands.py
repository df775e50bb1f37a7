"""Staff commands around professionals, for verifiers: `governance staff hcp add | mark | end | declare | undeclare`."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final, TypeVar

import click
from sqlalchemy.orm import Session

from governance.conduct.findings import WORSE, Verifier, state_of
from governance.conduct.models import HcpRecord
from governance.conduct.service import (
    Acceptance,
    ForumAccount,
    Registration,
    declare,
    hcp_of,
    register_hcp,
    take_back_declaration,
)
from governance.conduct.verifying import Verifying
from governance.db.extension import transaction
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.errors import BadInputError
from governance.identity.service import account_for, platform_named
from governance.policy.current import policies
from governance.ui.clock import now, to_instant
from governance.ui.house import house

_OPERATOR: Final = Verifier("operator")
Command = TypeVar("Command", bound=Callable[..., Any])


def _on_an_account(command: Command) -> Command:
    """Ask for an account by its platform and its id there."""
    for option, help_text in (
        ("--account", "The account's id on that platform."),
        ("--platform", "The platform's name."),
    ):
        command = click.option(option, required=True, help=help_text)(command)
    return command


@click.group()
def staff() -> None:
    """What members of staff enter."""


@staff.group()
def hcp() -> None:
    """Health professionals."""


@hcp.command()
@_on_an_account
@click.option("--name", required=True, help="The name on the badge, as the register has it.")
@click.option("--profession", required=True, help="As a register lists it, such as `nurse` or `doctor`.")
@click.option("--assurance", type=click.IntRange(0, 4), required=True, help="How sure you are who this is: 0 to 4.")
@click.option("--attested", is_flag=True, help="They accepted the conduct rules in force, and you hold the proof.")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def add(platform: str, account: str, *, attested: bool, as_json: bool, **entered: Any) -> None:  # noqa: ANN401 - options
    """Register a professional whose registration you checked by hand today."""
    rules = policies().conduct
    found = Registration(
        name=entered["name"],
        profession=_known_profession(entered["profession"]),
        assurance=Assurance(entered["assurance"]),
        status=Status.GOOD,
        checked_until=_days_from_now(rules.recheck_manual_days),
    )
    accepted = Acceptance(rules.version, _days_from_now(rules.attestation_days)) if attested else None
    with transaction() as session:
        theirs = _account(session, platform, account)
        hcp_id = register_hcp(session, house().keyring, theirs, found, accepted, now=now())
    said = f"registered; check the register again within {rules.recheck_manual_days} days"
    click.echo(json.dumps({"hcp": str(hcp_id)}) if as_json else said)


@hcp.command()
@_on_an_account
@click.option(
    "--status", type=click.Choice([one.value for one in WORSE]), required=True, help="What the register turned to."
)
@click.option("--evidence", required=True, help="What you saw, where and when.")
@click.option("--reason", required=True, help="Why; the professional reads this.")
def mark(platform: str, account: str, status: str, evidence: str, reason: str) -> None:
    """Mark that a register says something worse of a professional; it counts from the next decision on."""
    with transaction() as session:
        hcp_id = hcp_of(session, _account(session, platform, account).id)
        last = state_of(session, session.get_one(HcpRecord, hcp_id))
        verifying = Verifying(session, house().keyring, _OPERATOR, now())
        verifying.mark(hcp_id, Status(status), evidence=evidence, reason=reason, last=last, everywhere=True)
    click.echo(f"marked: {status}")


@hcp.command()
@_on_an_account
@click.option("--evidence", required=True, help="What it rests on.")
@click.option("--reason", required=True, help="Why; the professional reads this.")
def end(platform: str, account: str, evidence: str, reason: str) -> None:
    """End a registration; its accounts stay governed."""
    with transaction() as session:
        hcp_id = hcp_of(session, _account(session, platform, account).id)
        last = state_of(session, session.get_one(HcpRecord, hcp_id))
        Verifying(session, house().keyring, _OPERATOR, now()).end(hcp_id, evidence=evidence, reason=reason, last=last)
    click.echo("ended; the accounts stay governed")


@hcp.command("declare")
@_on_an_account
def declare_command(platform: str, account: str) -> None:
    """Mark an account its platform calls a professional's: governed from now on, permitted nothing."""
    with transaction() as session:
        declare(session, house().keyring, _account(session, platform, account), now())
    click.echo("marked: governed from now on")


@hcp.command("undeclare")
@_on_an_account
@click.confirmation_option(
    prompt="Unless a registration says so, this account reads like any member's from now on. Go on?"
)
def undeclare_command(platform: str, account: str) -> None:
    """Take back what an account's platform declared by mistake. Who is registered, or was, stays governed."""
    with transaction() as session:
        take_back_declaration(session, house().keyring, _account(session, platform, account), now())
    click.echo("taken back: governed only if registered, or once was")


def _account(session: Session, platform: str, account: str) -> ForumAccount:
    forum = platform_named(session, platform)
    theirs = account_for(session, house().keyring, forum, account, now())
    return ForumAccount(theirs.id, forum.id, theirs.key)


def _known_profession(word: str) -> str:
    """Return a profession that a register lists: of any other word no patient's choice would ever speak."""
    known = policies().registers.professions
    if word in known:
        return word
    near = get_close_matches(word.casefold(), sorted(known), 1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    raise BadInputError(f"no register here lists this profession; {meant}known are: {', '.join(sorted(known))}")


def _days_from_now(days: int) -> Instant:
    return to_instant(datetime.now(UTC) + timedelta(days=days))
