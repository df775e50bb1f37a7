"""What this room holds of a patient: every version of their choices, what waited, every receipt."""

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import FOREVER, Instant
from governance.effective.holding import names_for
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.optout.choices import Choices, DirectiveBody
from governance.optout.models import ChosenPlace, Directive, Receipt, WaitingChange
from governance.optout.own.places import place_names
from governance.optout.own.words import Names, RuleWords
from governance.optout.receipts import signed_in_row
from governance.optout.service import UNREADABLE, open_directive
from governance.optout.waiting import opened
from governance.optout.words import said, sentence, without_name
from governance.policy.here import policies_here
from governance.ui.clock import in_iso

_log = structlog.get_logger()


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    keys = DataKeys(session, keyring)
    names: dict[Any, str] = {**names_for(session, keyring, whose), **place_names(session, keyring, whose.patient_id)}
    rows = Directive.all_of(session, whose.patient_id)
    return {
        "choices": list(_versions(keys, rows, RuleWords(policies_here().optout, names, whose.now), names)),
        "waiting": list(_waiting(keys, WaitingChange.all_of(session, whose.patient_id), names)),
        "receipts": list(_receipts(keys, Receipt.all_of(session, whose.patient_id))),
    }


def _versions(keys: DataKeys, rows: Iterable[Directive], rules: RuleWords, names: Names) -> Iterable[dict[str, Any]]:
    until = FOREVER
    for row in rows:
        counted = {"version": row.version, "from": in_iso(Instant(row.at)), "until": in_iso(until)}
        until = Instant(row.at)
        try:
            yield {**counted, "said": _said(open_directive(keys, row), rules, names)}
        except UNREADABLE as error:
            _log.critical("directive_not_told", code=error.code)
            yield {**counted, "said": None}


def _said(body: DirectiveBody, rules: RuleWords, names: Names) -> dict[str, Any]:
    choices: Choices = body.choices
    return {
        "chosen": body.said,
        "hidden": choices.hold,
        "care_team": {"level": choices.care_team, "extras": sorted(choices.care_team_extras)},
        "others": {"level": choices.others, "extras": sorted(choices.others_extras)},
        "in_care_team": sorted(names.get(account) or without_name() for account in choices.team),
        "by_name": [
            {"who": names.get(one.account) or without_name(), "level": one.level, "at_most": one.at_most}
            for one in sorted(choices.named)
        ],
        "rules": [rules.line(one) for one in body.rules],
        "help_in_danger": choices.emergency,
        "peers_as_members": choices.peers,
        "ever_in_care_team": [
            {
                "who": names.get(entry.account) or without_name(),
                "from": in_iso(Instant(entry.start)),
                "until": in_iso(Instant(entry.end)),
            }
            for entry in body.entries
        ],
    }


def _waiting(keys: DataKeys, rows: Iterable[WaitingChange], names: Names) -> Iterable[dict[str, Any]]:
    policy = policies_here().optout
    for row in rows:
        told: dict[str, Any] = {
            "asked": in_iso(Instant(row.made)),
            "due": in_iso(Instant(row.due)),
            "ended": None if row.ended is None else in_iso(Instant(row.ended)),
            "outcome": row.outcome,
        }
        try:
            wish = opened(keys, row)
        except UNREADABLE as error:
            _log.critical("waiting_change_not_told", code=error.code)
            yield {**told, "opens": None, "steps": []}
            continue
        steps = said(policy, wish.base.choices, wish.steps, names)
        yield {**told, "opens": sentence(policy, wish.opens, names, Instant(wish.due)), "steps": steps}


def _receipts(keys: DataKeys, rows: Iterable[Receipt]) -> Iterable[dict[str, Any]]:
    for row in rows:
        try:
            signed = signed_in_row(keys, row)
        except UNREADABLE as error:
            _log.critical("receipt_not_told", code=error.code)
            continue
        yield {"version": row.version, "issued": in_iso(Instant(row.issued)), "jws": signed}


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    for table in (Receipt, WaitingChange, Directive):
        table.forget_of(session, whose.patient_id)
    for place in ChosenPlace.of_patient(session, whose.patient_id):
        forget(session, keyring, place)


HOLDING = Holding((Directive, WaitingChange, Receipt, ChosenPlace), _told, _forgotten)
