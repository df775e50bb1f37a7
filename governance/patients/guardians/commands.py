"""Staff commands around guardians and ages: `governance guardian …`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import DEATH, Layers, Party, refuse_all
from governance.errors import BadInputError
from governance.identity.models import Account
from governance.identity.service import account_for, platform_named
from governance.patients.ages.again import age_said
from governance.patients.ages.bands import midnight
from governance.patients.ages.service import People
from governance.patients.guardians import hearings
from governance.patients.guardians.hearings import Outcome, Subject
from governance.patients.guardians.models import Hearing
from governance.patients.guardians.refusing import ACTIONS, CIRCLES, refuse
from governance.patients.guardians.service import Basis, Guardian, Links, Scope, Terms
from governance.patients.models import Patient
from governance.patients.service import patient_for
from governance.policy.current import policies
from governance.ui.clock import now, to_the_second
from governance.ui.house import house

Command = TypeVar("Command", bound=Callable[..., Any])
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_PROOF: Final = click.option("--evidence", required=True, help="What you were shown, by its number or place.")
_LINK: Final = click.argument("link", type=click.UUID)


def _on_a_patient(command: Command) -> Command:
    """Ask for a patient by their account."""
    command = click.option("--patient", required=True, help="The patient's account on that platform.")(command)
    return click.option("--platform", required=True, help="The platform's name.")(command)


class _Desk:
    """One transaction of staff."""

    def __init__(self, session: Session) -> None:
        self.session, self.keyring, self.at = session, house().keyring, now()
        self.links = Links(session, self.keyring, self.at)
        self.people = People(session, self.keyring, policies().optout, self.at)

    def account(self, platform: str, account: str) -> Account:
        return account_for(self.session, self.keyring, platform_named(self.session, platform), account, self.at)

    def patient(self, platform: str, account: str) -> Patient:
        theirs = self.account(platform, account)
        return patient_for(self.session, self.keyring, (theirs.id, theirs.platform_id, theirs.key), self.at)

    def layers(self, patient_id: UUID) -> Layers:
        return Layers(self.session, self.keyring, patient_id, self.at)


@contextmanager
def desk() -> Iterator[_Desk]:
    """Give staff one transaction."""
    with transaction() as session:
        yield _Desk(session)


@click.group()
def guardian() -> None:
    """Guardians of young people, ages, and who cannot decide any more."""


@guardian.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def list_command(*, as_json: bool) -> None:
    """List links that nobody ended, with what they state; of the young person it says nothing."""
    with reading() as session:
        found = [_described(one) for one in Links(session, house().keyring, now()).open_links()]
    _print("links", found, as_json=as_json)


@guardian.command("set-up")
@_on_a_patient
@click.option("--guardian-platform", required=True, help="The platform of the guardian's own account.")
@click.option("--guardian", "account", required=True, help="The guardian's own account there.")
@click.option("--name", required=True, help="The guardian's name, for the young person to see.")
@click.option("--calls", required=True, help="What the guardian calls the young person; not the account's name.")
@click.option("--basis", type=click.Choice([one.value for one in Basis]), required=True, help="By what right.")
@_PROOF
@click.option("--until", type=_DAY, help="The day on which it ends, if before the 18th birthday.")
def set_up(**given: Any) -> None:  # noqa: ANN401 - what click hands over
    """Set up a link for a guardian who cannot: it still needs `approve`, and the young person's eyes."""
    with desk() as at_desk:
        patient = at_desk.patient(given["platform"], given["patient"])
        account = at_desk.account(given["guardian_platform"], given["account"])
        terms = Terms(given["name"], given["calls"], Basis(given["basis"]), given["evidence"])
        link = at_desk.links.set_up(patient.id, account.id, terms, _midnight(given["until"]))
        click.echo(f"set up: {link.id}; it does nothing before `governance guardian approve {link.id}`")


@guardian.command("approve")
@_LINK
@click.option("--by", required=True, help="Who of staff saw the evidence.")
@click.option("--only", type=click.Choice([one.value for one in Scope]), help="For one thing alone; both, if left out.")
@click.option("--until", type=_DAY, help="The day on which it ends, if sooner than was stated.")
def approve(link: UUID, by: str, only: str | None, until: datetime | None) -> None:
    """Say that the evidence of a link was seen."""
    with desk() as at_desk:
        at_desk.links.approve(link, by, tuple(Scope) if only is None else (Scope(only),), _midnight(until))
    click.echo("approved: it is in force once the young person has seen it")


@guardian.command("end")
@_LINK
@click.option("--why", required=True, help="Such as the number of a court order.")
def end(link: UUID, why: str) -> None:
    """End a link at once, or turn a request down. What the guardian closed stays, until it is taken away."""
    with desk() as at_desk:
        at_desk.links.end(link, why)
    click.echo("ended: it does nothing any more")


@guardian.command("refuse")
@_LINK
@click.option("--circle", type=click.Choice([*CIRCLES]), default="everybody", help="To whom.")
@click.option("--what", type=click.Choice([*ACTIONS]), default="everything", help="What.")
def refuse_command(link: UUID, circle: str, what: str) -> None:
    """Refuse something for a guardian or representative who asks by phone or on paper."""
    with desk() as at_desk:
        for one in at_desk.links.open_links():
            if one.link.id == link and one.in_force and Scope.REFUSE in one.terms.scope:
                refuse(at_desk.session, at_desk.keyring, one, (circle, ACTIONS[what]), at_desk.at)
                click.echo("in force: at once")
                return
    raise BadInputError("this link is not in force; `governance guardian list` shows those that are")


@guardian.command("requests")
@click.option("--json", "as_json", is_flag=True, help="Print what a script would read.")
def requests_command(*, as_json: bool) -> None:
    """List what an officer has to hear a young person about, what is due first."""
    at = now()
    with reading() as session:
        found = [_waiting(one, at) for one in Hearing.all_open(session)]
    _print("requests", found, as_json=as_json)


@guardian.command("age")
@_on_a_patient
@click.option("--turns-18", type=_DAY, required=True, help="The day on which they turn 18.")
@click.option("--zone", default="Europe/London", show_default=True, help="Their time zone, at whose midnight it is.")
@click.option("--proof", "proofs", multiple=True, required=True, help="What showed it; give two different ones.")
def age(platform: str, patient: str, turns_18: datetime, zone: str, proofs: tuple[str, ...]) -> None:
    """Put right how old somebody is, older or younger, on two proofs."""
    if len(proofs) != 2:  # noqa: PLR2004 - two
        raise BadInputError("give `--proof` twice, with two different proofs")
    with desk() as at_desk:
        right = midnight(turns_18.date(), zone)
        theirs = at_desk.patient(platform, patient)
        with age_said(at_desk.session, theirs, at_desk.at):
            at_desk.people.correct(theirs, right, zone, (proofs[0], proofs[1]))
    click.echo("in force: at once")


@guardian.command("died")
@_on_a_patient
@_PROOF
def died(platform: str, patient: str, evidence: str) -> None:
    """On trusted notice of a death: nothing is permitted any more, refusals stay for ever, the history is sealed."""
    with desk() as at_desk:
        theirs = at_desk.patient(platform, patient)
        at_desk.people.died(theirs.id, evidence)
        at_desk.layers(theirs.id).add(DEATH, refuse_all(DEATH))
    click.echo("in force: nothing is permitted any more")


@guardian.command("cannot-decide")
@_on_a_patient
@_PROOF
@click.option("--again", is_flag=True, help="They can decide again.")
def cannot_decide(platform: str, patient: str, evidence: str, *, again: bool) -> None:
    """Write down that somebody cannot decide: their choices stay, a proxy may close more, nobody opens anything."""
    with desk() as at_desk:
        at_desk.people.incapable(at_desk.patient(platform, patient).id, evidence, yes=not again)
    click.echo("in force: at once")


@guardian.command("country")
@_on_a_patient
@click.option("--country", required=True, help="Two letters, such as GB.")
def country(platform: str, patient: str, country: str) -> None:
    """Write down where somebody lives, after hearing them."""
    with desk() as at_desk:
        theirs = at_desk.patient(platform, patient)
        with age_said(at_desk.session, theirs, at_desk.at):
            at_desk.people.set_country(theirs.id, country)
    click.echo("in force: at once")


def settle(at_desk: _Desk, hearing: Hearing, outcome: Outcome) -> None:
    """Do what an officer decided about a layer, a link or a country; a wish is settled where wishes are kept."""
    # What was asked before countries were sealed has its own in the row.
    country = at_desk.people.heard_country(hearing.patient_id, hearing.id) or hearing.about
    if outcome is not Outcome.GRANTED:
        return
    if hearing.kind == Subject.LAYER:
        try:
            at_desk.layers(hearing.patient_id).remove(Party(hearing.about))
        except NoSuchLayerError:
            click.echo("it was gone already")
    elif hearing.kind == Subject.LINK:
        at_desk.links.end(UUID(hearing.about), "the young person was heard")
    elif hearing.kind == Subject.COUNTRY:
        theirs = at_desk.session.get_one(Patient, hearing.patient_id)
        with age_said(at_desk.session, theirs, at_desk.at):
            at_desk.people.set_country(theirs.id, country)


def decided(at_desk: _Desk, hearing_id: UUID, outcome: str) -> Hearing:
    """Write down what an officer decided."""
    return hearings.decide(at_desk.session, at_desk.keyring, hearing_id, Outcome(outcome), at_desk.at)


def _described(one: Guardian) -> dict[str, str]:
    link, terms = one.link, one.terms
    waits = [what for what, done in (("staff", link.approved), ("the young person", link.seen)) if done is None]
    state = "in force" if one.in_force else f"waits for {' and '.join(waits)}" if waits else "not in force"
    until = "" if one.until is None else to_the_second(one.until)
    return {"id": str(link.id), "state": state, "basis": terms.basis, "evidence": terms.evidence, "until": until}


def _waiting(one: Hearing, at: Instant) -> dict[str, str]:
    late = "overdue" if one.due <= at else "in time"
    return {
        "id": str(one.id),
        "about": one.kind,
        "asked": to_the_second(one.asked),
        "due": to_the_second(one.due),
        "state": late,
    }


def _print(name: str, found: list[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: found}, indent=2))
        return
    for one in found:
        click.echo("  ".join(one.values()))
    if not found:
        click.echo("none")


def _midnight(day: datetime | None) -> Instant | None:
    return None if day is None else midnight(day.date(), "Europe/London")
