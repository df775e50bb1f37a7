"""Staff commands that protect patients: `governance measure …` and `governance layer add`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.crypto.blind_index import place_key
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.errors import UnboundAccountError
from governance.effective.layers import Layers, Party, platform_party, refuse_all, refuse_one
from governance.effective.measures import Measures
from governance.effective.models import GovernedAccount, Measure
from governance.identity.models import Account
from governance.identity.service import account_for, platform_named
from governance.patients.service import patient_for
from governance.ui.clock import now, to_the_second
from governance.ui.house import house

_DAY: Final = 24 * 3600 * 1_000_000
Command = TypeVar("Command", bound=Callable[..., Any])

_PLATFORM = click.option("--platform", required=True, help="The platform's name.")
_PATIENT = click.option("--patient", required=True, help="The patient's account on that platform.")
_HCP = click.option("--account", required=True, help="The professional's account on that platform.")
_DAYS = click.option("--days", type=click.IntRange(1, 3650), required=True, help="How long it lasts.")


class _Desk:
    """One transaction about accounts of one platform."""

    def __init__(self, session: Session, platform: str) -> None:
        self.session = session
        self.keyring = house().keyring
        self.forum = platform_named(session, platform)
        self.at = now()
        self.measures = Measures(session, self.keyring, self.at)

    def until(self, days: int) -> Instant:
        return Instant(self.at + days * _DAY)

    def key(self, account: str) -> AccountKey:
        return self._account(account).key

    def patient(self, account: str) -> UUID:
        theirs = self._account(account)
        return patient_for(self.session, self.keyring, (theirs.id, self.forum.id, theirs.key), self.at).id

    def hcp(self, account: str) -> UUID:
        bound = self.session.get(GovernedAccount, self.key(account))
        if bound is None or bound.hcp is None:
            raise UnboundAccountError(
                "no professional is registered with this account; register them by `governance staff hcp add`, or "
                "keep the account from one patient by `governance measure block-pair`"
            )
        return UUID(bound.hcp)

    def _account(self, account: str) -> Account:
        return account_for(self.session, self.keyring, self.forum, account, self.at)


@contextmanager
def _desk(platform: str) -> Iterator[_Desk]:
    with transaction() as session:
        yield _Desk(session, platform)


@click.group()
def measure() -> None:
    """What officers do at once: blocks and emergency views."""


@measure.command("block-pair")
@_PLATFORM
@_PATIENT
@_HCP
@_DAYS
def block_pair(platform: str, patient: str, account: str, days: int) -> None:
    """Refuse one account everything about one patient."""
    with _desk(platform) as desk:
        _tell(desk.measures.block_pair(desk.patient(patient), desk.key(account), desk.until(days)))


@measure.command("block-hcp")
@_PLATFORM
@_HCP
@_DAYS
def block_hcp(platform: str, account: str, days: int) -> None:
    """Refuse one professional everything, in every capacity, on every platform."""
    with _desk(platform) as desk:
        _tell(desk.measures.block_hcp(desk.hcp(account), desk.until(days)))


@measure.command("emergency-view")
@_PLATFORM
@_HCP
@click.option("--thread", required=True, help="The platform's id of the one thread.")
def emergency_view(platform: str, account: str, thread: str) -> None:
    """Let one professional read one thread for 24 hours, where its writers agreed to that beforehand."""
    with _desk(platform) as desk:
        digest = place_key(desk.keyring, desk.forum.id, "thread", thread)
        _tell(desk.measures.view_in_emergency(desk.hcp(account), desk.forum.id, digest))


@measure.command("lift")
@click.argument("measure_id", type=click.UUID)
def lift(measure_id: UUID) -> None:
    """End a measure now."""
    with transaction() as session:
        Measures(session, house().keyring, now()).lift(measure_id)
    click.echo("lifted: it is not in force any more")


@measure.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def list_command(*, as_json: bool) -> None:
    """List the measures that stand; it says of nobody who they are."""
    with reading() as session:
        found = [_described(one) for one in Measure.standing(session, now())]
    if as_json:
        click.echo(json.dumps({"measures": found}, indent=2))
        return
    for one in found:
        click.echo("  ".join(one.values()))
    if not found:
        click.echo("no measure stands")


@click.group()
def layer() -> None:
    """Refusals by somebody else than the patient, such as a guardian on the phone."""


@layer.command("add")
@_PLATFORM
@_PATIENT
@click.option("--account", help="One professional's account there; everybody's, if left out.")
@click.option(
    "--by", type=click.Choice(["guardian", "platform"]), required=True, help="Who asked: it holds there, or everywhere."
)
def add_layer(platform: str, patient: str, account: str | None, by: str) -> None:
    """Refuse professionals on somebody's behalf, at once. The patient sees it, and alone can take it away."""
    with _desk(platform) as desk:
        party = platform_party(desk.forum.id) if by == "platform" else Party("guardian")
        refusals = refuse_all(party) if account is None else refuse_one(party, desk.key(account))
        Layers(desk.session, desk.keyring, desk.patient(patient), desk.at).add(party, refusals)
    click.echo("in force: only the patient can take it away")


def _tell(taken: Measure) -> None:
    click.echo(f"in force until {to_the_second(taken.until)}; to end it: `governance measure lift {taken.id}`")


def _described(one: Measure) -> dict[str, str]:
    return {"id": str(one.id), "kind": one.kind, "since": to_the_second(one.since), "until": to_the_second(one.until)}
