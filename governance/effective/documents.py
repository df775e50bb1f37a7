"""The documents that rows in force hold, and how they become the facts of a decision."""

from typing import Any, Final, Literal

import msgspec

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    EmergencyView,
    Hcp,
    Layer,
    PairBlock,
    Restriction,
    Room,
    Setting,
    TeamEntry,
    Tombstone,
)
from governance.decision.provisions import NEVER, Who, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Assurance,
    Capacity,
    Instant,
    Level,
    PlatformId,
    Posture,
    Status,
)
from governance.effective.errors import BrokenRowError
from governance.effective.lines import AskedAgain as AskedAgain  # noqa: PLC0414 - told of with the documents they are in
from governance.effective.lines import Line as Line  # noqa: PLC0414
from governance.effective.lines import Span as Span  # noqa: PLC0414
from governance.effective.lines import interval_of, lines_in_force, provision_of, provisions_of
from governance.effective.lines import line_of as line_of  # noqa: PLC0414

Kind = Literal["patient", "hcp", "community", "platform"]
Mode = Literal["observe", "enforce"]
_NEVER: Span = (NEVER.start, NEVER.end)


class LayerLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another party's refusals, as stored; no platform means a guardian's."""

    platform: str | None
    refusals: tuple[Line, ...]
    by: str = ""
    """Whose layer it is: the party that set it."""


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of a care team, as stored."""

    who: WhoKind
    name: str
    during: Span


class Stone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tombstone, as stored."""

    final_at: int
    hold: bool
    refusals: tuple[Line, ...]


class PatientDocument(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything in force about one patient. Each room writes its own members."""

    adult_from: int | None = None
    covered: dict[Action, Span] = {}
    lines: tuple[Line, ...] = ()
    care_team: tuple[Member, ...] = ()
    hold: bool = False
    layers: tuple[LayerLines, ...] = ()
    blocks: tuple[tuple[str, int, int], ...] = ()
    emergency_yes_since: int = FOREVER
    peers_welcome: bool = False
    erased: Stone | None = None
    record: bool = True
    levels: tuple[Level, Level] = (Level.CLOSED, Level.CLOSED)
    """What was picked for the care team and for all others, as platforms may know it."""
    asked_again: tuple[AskedAgain, ...] = ()
    yes_on: frozenset[str] | None = None
    """On which platforms what groups are permitted counts, see `effective/forums.py`; None: on all."""


class ClaimMade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A profession or organisation claimed, as stored."""

    who: WhoKind
    name: str
    verified: Span = _NEVER


class HcpDocument(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything in force about one professional."""

    accounts: frozenset[str] = frozenset()
    status: Status = Status.UNKNOWN
    checked_until: int = BEGINNING
    attested: Span = _NEVER
    assurance: Assurance = Assurance.A0
    claims: tuple[ClaimMade, ...] = ()
    capacities: tuple[tuple[Capacity, str, str | None, int, int], ...] = ()
    cases: tuple[Span, ...] = ()
    blocks: tuple[Span, ...] = ()
    restrictions: tuple[tuple[Action, int, int], ...] = ()
    emergency_views: tuple[tuple[str, str, int, int], ...] = ()
    badge: bytes = b""
    """The name shown on forums, sealed."""
    name_withheld: frozenset[str] = frozenset()
    """On which platforms it is not shown, by their own wish."""


class CommunityDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A community's settings, oldest first."""

    history: tuple[tuple[int, Posture, Ages], ...]
    moderators: frozenset[str] = frozenset()
    audience: Literal["public", "members"] = "public"
    mode: Mode = "enforce"
    """What its platform said last."""
    mode_since: int = BEGINNING
    """From when it holds; until an announced `observe` begins, answers are enforced."""


class PlatformDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all communities of a platform come to."""

    posture: Posture = Posture.INFORMED
    ages: Ages = Ages.MIXED
    suspended: bool = False
    """Whether no professional is shown anything there, because the forum was found to leak, asked for it, or ended."""


_DECODERS: Final[dict[Kind, msgspec.json.Decoder[Any]]] = {
    "patient": msgspec.json.Decoder(PatientDocument),
    "hcp": msgspec.json.Decoder(HcpDocument),
    "community": msgspec.json.Decoder(CommunityDocument),
    "platform": msgspec.json.Decoder(PlatformDocument),
}


EMPTY: Final[dict[Kind, msgspec.Struct]] = {
    "patient": PatientDocument(),
    "hcp": HcpDocument(),
    "community": CommunityDocument(history=()),
    "platform": PlatformDocument(),
}
"""What is in force about a subject of whom nothing was said."""


def decode(kind: Kind, document: bytes) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
    """Return a stored document. Raises `BrokenRowError` if this program cannot read all of it."""
    try:
        return _DECODERS[kind].decode(document)
    except msgspec.MsgspecError as error:
        raise BrokenRowError("a row in force has an unknown form; run the program that wrote it") from error


def encode(values: Any) -> bytes:  # noqa: ANN401 - any struct or plain values
    """Return the stored bytes: JSON with sorted keys, so that equal values have equal bytes and one MAC."""
    return msgspec.json.encode(values, order="deterministic")


def compiled(kind: Kind, said: dict[str, dict[str, Any]]) -> Any:  # noqa: ANN401 - the struct that belongs to the kind
    """Return one document out of what every room said; what a decision could not read must not be stored.

    Raises `BrokenRowError`.
    """
    if not said:
        return EMPTY[kind]
    values: dict[str, Any] = {}
    for members in said.values():
        if not values.keys().isdisjoint(members):
            raise BrokenRowError("two rooms speak about the same thing; this is a fault in the program")
        values.update(members)
    return decode(kind, encode(values))


def author_of(key: AccountKey, document: PatientDocument, hcp: Hcp | None = None) -> Author:
    """Return an author's facts."""
    return Author(
        account=key,
        record=document.record,
        adult_from=UNKNOWN if document.adult_from is None else Instant(document.adult_from),
        covered={action: interval_of(span) for action, span in document.covered.items()},
        provisions=provisions_of(lines_in_force(document.lines, document.asked_again, document.adult_from)),
        care_team=tuple(
            TeamEntry(Who(member.who, member.name), interval_of(member.during)) for member in document.care_team
        ),
        hold=document.hold,
        layers=tuple(_layer(layer) for layer in document.layers),
        blocks=tuple(PairBlock(AccountKey(key), interval_of((start, end))) for key, start, end in document.blocks),
        emergency_yes_since=Instant(document.emergency_yes_since),
        peers_welcome=document.peers_welcome,
        erased=None if document.erased is None else _tombstone(document.erased),
        hcp=hcp,
    )


def hcp_of(document: HcpDocument) -> Hcp:
    """Return a professional's facts."""
    return Hcp(
        accounts=frozenset(AccountKey(key) for key in document.accounts),
        status=document.status,
        checked_until=Instant(document.checked_until),
        attested=interval_of(document.attested),
        assurance=document.assurance,
        claims=tuple(Claim(Who(claim.who, claim.name), interval_of(claim.verified)) for claim in document.claims),
        capacities=tuple(
            CapacityRecord(capacity, PlatformId(platform), community, interval_of((start, end)))
            for capacity, platform, community, start, end in document.capacities
        ),
        cases=tuple(interval_of(span) for span in document.cases),
        blocks=tuple(interval_of(span) for span in document.blocks),
        restrictions=tuple(
            Restriction(action, interval_of((start, end))) for action, start, end in document.restrictions
        ),
        emergency_views=tuple(
            EmergencyView(PlatformId(platform), thread, interval_of((start, end)))
            for platform, thread, start, end in document.emergency_views
        ),
    )


def community_of(document: CommunityDocument) -> Community:
    """Return a community's facts."""
    history = tuple(Setting(Instant(since), posture, ages) for since, posture, ages in document.history)
    observes_from = Instant(document.mode_since) if document.mode == "observe" else FOREVER
    return Community(history, frozenset(AccountKey(key) for key in document.moderators), observes_from)


def room_of(document: PlatformDocument) -> Room:
    """Return the strictest posture and ages of a platform."""
    return Room(document.posture, document.ages)


def _layer(layer: LayerLines) -> Layer:
    platform = None if layer.platform is None else PlatformId(layer.platform)
    return Layer(platform, tuple(provision_of(line) for line in layer.refusals))


def _tombstone(stone: Stone) -> Tombstone:
    return Tombstone(Instant(stone.final_at), stone.hold, tuple(provision_of(line) for line in stone.refusals))
