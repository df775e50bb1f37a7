"""Doors to what a patient keeps: the signed receipts, and the history of their choices."""

import json
from base64 import urlsafe_b64decode
from datetime import MAXYEAR, MINYEAR, date, datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import BEGINNING, FOREVER, Level
from governance.errors import NotFoundError
from governance.identity.current import sign_in_required, signed_in
from governance.identity.proofs.proof import proof_required
from governance.optout.ages import Age
from governance.optout.browser import receipts as office
from governance.optout.choices import Choices
from governance.optout.draft import OwnInWords
from governance.optout.history import Version, in_force_between
from governance.optout.models import Directive
from governance.optout.names import names_for
from governance.optout.own.words import RuleWords
from governance.optout.words import Person, changes, people_named, said_by_name
from governance.patients.service import find_patient
from governance.policy.here import policies_here
from governance.policy.views.optout import OptoutPolicy
from governance.portal.sealed import keep_sealed
from governance.portal.shown import ShownReceipt, history_shown, receipts_shown
from governance.portal.standing import patient_id_of
from governance.ui.clock import day_on_the_wall, now, to_instant
from governance.ui.dates import day_and_time, readers_zone
from governance.ui.house import house

blueprint = Blueprint("records", __name__, url_prefix="/my", template_folder="templates")
blueprint.before_request(keep_sealed)


class _Row(NamedTuple):
    """One version in words."""

    number: int
    since: str
    until: str
    changes: list[str]
    version: Version
    people: tuple[Person, ...]
    age: Age
    """As it was known when the version began."""
    own: OwnInWords | None


@blueprint.get("/receipts")
@sign_in_required
def receipts() -> ResponseReturnValue:
    """List every receipt, and say if the newest choices have none yet."""
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        given = [] if patient is None else receipts_shown(session, patient.id)
        newest = None if patient is None else Directive.latest(session, patient.id)
    lacks_one = newest is not None and newest.version not in {one.receipt.version for one in given}
    return render_template("portal/receipts.html", receipts=given, lacks_one=lacks_one, at=day_and_time)


@blueprint.post("/receipts")
@sign_in_required
def ask_for_one() -> ResponseReturnValue:
    """Give the receipt of what is in force now, where staff or a restore left none."""
    with transaction() as session:
        patient_id = patient_id_of(session, signed_in().account_id)
        newest = Directive.latest(session, patient_id)
        if newest is not None:
            office().give(session, newest, now())
    return redirect(url_for("records.receipts"), HTTPStatus.SEE_OTHER)


@blueprint.get("/receipts/<uuid:receipt_id>")
@sign_in_required
def receipt(receipt_id: UUID) -> ResponseReturnValue:
    """Show one receipt; made to be printed."""
    found, signed = _receipt(receipt_id)
    said = _payload(signed)
    records = said["receipt"]["dpv:hasRecordOfActivity"]
    chosen = to_instant(datetime.fromisoformat(records[0]["dpv:hasConsentStatus"][0]["dpv:isIndicatedAtTime"]))
    processes = [record["dpv:hasProcess"][0] for record in records]
    return render_template(
        "portal/receipt.html",
        receipt=found.receipt,
        number=found.number,
        said=said,
        chosen=chosen,
        age=Age.at(_adult_from(), chosen),
        notice=records[0].get("dpv:hasNotice"),
        processes=[
            (one, Level(one["hcp:level"]), one.get("hcp:extras", [])) for one in processes if "hcp:level" in one
        ],
        by_name=[_by_level(one["hcp:professionalsByLevel"]) for one in processes if "hcp:professionalsByLevel" in one],
        rules=[_by_level(one["hcp:rulesByLevel"]) for one in processes if "hcp:rulesByLevel" in one],
        switches=[one for one in processes if "hcp:helpInDanger" in one],
        signed=signed,
        keys=f"{said['iss']}/.well-known/jwks.json",
        policy=_policy(),
        at=day_and_time,
    )


@blueprint.get("/receipts/<uuid:receipt_id>/file")
@sign_in_required
def receipt_file(receipt_id: UUID) -> ResponseReturnValue:
    """Hand out one receipt as it was signed. Its name says nothing of what it is about."""
    found, signed = _receipt(receipt_id)
    name = f'attachment; filename="receipt-{found.number}.jwt"'
    return Response(signed, content_type="application/jwt", headers={"Content-Disposition": name})


@blueprint.get("/history")
@proof_required
def history() -> ResponseReturnValue:
    """Show every version of a person's choices; with a day, what was in force on it."""
    sent = request.args.get("day", "")
    day = _day_of(sent)
    rows = _history()
    shown = _on(rows, day) if day else []
    return render_template(
        "portal/history.html",
        rows=rows,
        day=day,
        shown=shown,
        errors=bool(sent and not day),
        policy=_policy(),
    )


def _receipt(receipt_id: UUID) -> tuple[ShownReceipt, str]:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        own = [] if patient is None else receipts_shown(session, patient.id)
        found = next((one for one in own if one.receipt.id == receipt_id), None)
        if found is None:
            raise NotFoundError("there is no such receipt; look at the list of your receipts")
        return found, office().read(session, found.receipt)


def _adult_from() -> int | None:
    with reading() as session:
        patient = find_patient(session, signed_in().account_id)
        return None if patient is None else patient.adult_from


def _by_level(counted: dict[str, int]) -> list[str]:
    """Say how many people by name or rules have which level; a receipt names nobody and no place."""
    return [f"{said_by_name(_policy(), code)}: {number}" for code, number in counted.items()]


def _payload(signed: str) -> dict[str, Any]:
    part = signed.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return said


def _history() -> list[_Row]:
    person = signed_in()
    with reading() as session:
        patient = find_patient(session, person.account_id)
        found = [] if patient is None else history_shown(session, house().keyring, patient.id)
        names = names_for(session, house().keyring, (person.account_id, person.platform_id), now()) if found else {}
        adult_from = None if patient is None else patient.adult_from
    return [
        _Row(
            number=version.number,
            since=day_and_time(version.since),
            until="" if version.until == FOREVER else day_and_time(version.until),
            changes=_changes(version, names),
            version=version,
            people=() if version.choices is None else people_named(version.choices, names),
            age=Age.at(adult_from, version.since),
            own=None if version.choices is None else _own(version.choices, names),
        )
        for version in found
    ]


def _own(choices: Choices, names: Any) -> OwnInWords:  # noqa: ANN401 - names by digest
    rules = RuleWords(_policy(), names, BEGINNING).all(choices.rules)
    return OwnInWords(rules, emergency=choices.emergency, peers=choices.peers, adult=True)


def _changes(version: Version, names: Any) -> list[str]:  # noqa: ANN401 - badge names by account
    if version.choices is None:
        return [gettext("You took back what you had chosen. Nothing was chosen then.")]
    return changes(_policy(), version.before, version.choices, names)


def _on(rows: list[_Row], day: date) -> list[_Row]:
    span = day_on_the_wall(day, readers_zone())
    numbers = [version.number for version in in_force_between([row.version for row in rows], *span)]
    return [next(row for row in rows if row.number == number) for number in numbers]


def _day_of(sent: str) -> date | None:
    try:
        day = date.fromisoformat(sent)
    except ValueError:
        return None
    # Beyond, a calendar has no next day.
    return day if MINYEAR < day.year < MAXYEAR else None


def _policy() -> OptoutPolicy:
    return policies_here().optout
