"""Turns a row of a scenario and its world into what the pure function is asked with."""

from collections.abc import Iterator

from governance.decision.facts import (
    DEFAULT_ROOM,
    Author,
    Community,
    Conduct,
    Facts,
    Hcp,
    Layer,
    Request,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.facts import Room as JudgedRoom
from governance.decision.levels import for_new_posts_only, provisions_of_level
from governance.decision.provisions import Interval, Provision, Provisions
from governance.decision.vocabulary import FOREVER, POSTURE_STRICTNESS, AccountKey, Ages, PlatformId
from tests.scenarios.world import Choice, Patient, Professional, Room, Row, World


def question(world: World, row: Row) -> tuple[Request, Facts]:
    """Return the request of a row, and all facts that bear on it."""
    return _request(row), _facts(world, row)


def _request(row: Row) -> Request:
    words = tuple(
        Words(piece.author, piece.community, piece.thread, piece.post, piece.created, piece.edited)
        for piece in row.pieces
    )
    return Request(
        platform=PlatformId(row.platform),
        viewer=row.viewer,
        action=row.action,
        words=words,
        at=row.now,
        sender=row.sender,
        recipients=row.recipients,
        flagged=row.flagged,
        initiated_by_patient=row.patient_wrote_first,
    )


def _facts(world: World, row: Row) -> Facts:
    rooms = [room for room in world.rooms if room.platform == row.platform]
    return Facts(
        viewer=_viewer(world, row.viewer),
        authors={piece.author: _author(world, piece.author) for piece in row.pieces},
        conduct=Conduct(world.rules.assurance, world.rules.permits),
        communities={room.id: Community(room.history, room.moderators) for room in rooms},
        strictest=_strictest(rooms),
    )


def _viewer(world: World, account: AccountKey) -> Viewer:
    professional = _professional(world, account)
    return Viewer(account) if professional is None else Viewer(account, professional.marks, _hcp(professional))


def _professional(world: World, account: AccountKey) -> Professional | None:
    return next((each for each in world.professionals.values() if account in each.accounts), None)


def _hcp(professional: Professional) -> Hcp:
    if not professional.record:
        return Hcp()
    return Hcp(
        accounts=professional.accounts,
        status=professional.status,
        checked_until=professional.checked_until,
        attested=professional.attested,
        assurance=professional.assurance,
        claims=professional.claims,
        capacities=professional.capacities,
        cases=professional.cases,
        blocks=professional.measures,
        restrictions=professional.restrictions,
        emergency_views=professional.emergency_views,
    )


def _author(world: World, account: AccountKey) -> Author:
    professional = _professional(world, account)
    hcp = _hcp(professional) if professional is not None and professional.record else None
    patient = next((each for each in world.patients.values() if account in each.accounts), None)
    return Author(account, hcp=hcp) if patient is None else _author_with_record(patient, account, hcp)


def _author_with_record(patient: Patient, account: AccountKey, hcp: Hcp | None) -> Author:
    return Author(
        account=account,
        record=patient.record,
        adult_from=patient.adult_from,
        covered=patient.covered,
        provisions=Provisions(tuple(_provisions(patient))),
        care_team=patient.team,
        hold=patient.hold,
        layers=tuple(
            Layer(None if layer.platform is None else PlatformId(layer.platform), layer.refusals)
            for layer in patient.layers
        ),
        blocks=patient.blocks,
        emergency_yes_since=patient.emergency_yes_since,
        peers_welcome=patient.peers_welcome,
        erased=_tombstone(patient),
        hcp=hcp,
    )


def _provisions(patient: Patient) -> Iterator[Provision]:
    for number, choice in enumerate(patient.choices, 1):
        yield from _compiled(choice, f"choice.{number}")
    yield from patient.lines


def _compiled(choice: Choice, name: str) -> tuple[Provision, ...]:
    lines = provisions_of_level(choice.level, choice.who, name=name, extras=choice.extras, where=choice.where)
    if choice.only_new_since is None:
        return lines
    return for_new_posts_only(lines, Interval(choice.only_new_since, FOREVER))


def _tombstone(patient: Patient) -> Tombstone | None:
    erased = patient.erased
    return None if erased is None else Tombstone(erased.final_at, erased.hold, erased.refusals)


def _strictest(rooms: list[Room]) -> JudgedRoom:
    """Return the strictest that any community of the platform ever had."""
    settings = [setting for room in rooms for setting in room.history]
    if not settings:
        return DEFAULT_ROOM
    posture = min((setting.posture for setting in settings), key=POSTURE_STRICTNESS.__getitem__)
    mixed = any(setting.ages is Ages.MIXED for setting in settings)
    return JudgedRoom(posture, Ages.MIXED if mixed else Ages.ADULTS)
