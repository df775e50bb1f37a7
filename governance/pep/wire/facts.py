"""From records to the facts of the very core: the same questions, answered by the same `decide`.

A record does not say who is named in it. It can be read for one viewer: whoever of them it names is then found by the
pair's digest, and all others stay nobody in particular.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Conduct,
    EmergencyView,
    Hcp,
    Layer,
    PairBlock,
    Restriction,
    TeamEntry,
    Tombstone,
    Viewer,
)
from governance.decision.provisions import ALWAYS, Interval, Place, Provision, Provisions, Scale, Who, WhoKind, named
from governance.decision.vocabulary import (
    FOREVER,
    PEER_ACTIONS,
    AccountKey,
    Action,
    Assurance,
    Instant,
    Mark,
    PlatformId,
    Status,
)
from governance.pep.wire.governed import GovernedRecord, Standing
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.lines import Where, WireLine
from governance.pep.wire.people import AuthorRecord, Pair

_SCALES: Final = {
    Where.EVERYWHERE: Scale.EVERYWHERE,
    Where.HERE: Scale.PLATFORM,
    Where.COMMUNITY: Scale.COMMUNITY,
    Where.THREAD: Scale.THREAD,
    Where.POST: Scale.POST,
}
_NOTHING_PASSES: Final = Standing(FOREVER, frozenset(), frozenset())
_ANY_ASSURANCE: Final = dict.fromkeys(Action, Assurance.A0)
Whos = Mapping[bytes, Who]
"""Pair digests of one author that mean this viewer, and how the viewer is called in the facts."""


class Looking(NamedTuple):
    """A viewer until an instant: the facts about them, and what passes the gate as a conduct record of its own."""

    viewer: Viewer
    conduct: Conduct
    until: Instant
    """From here on the viewer has to be read anew."""


def account_name(token: bytes) -> AccountKey:
    """Return how facts call an account."""
    return AccountKey(token.hex())


def looking(
    token: bytes, record: GovernedRecord | None, platform: PlatformId, at: Instant, *, suspended: bool = False
) -> Looking | None:
    """Return the facts about whoever looks with an account, at an instant; None for a broken record, which refuses.

    `suspended`: whether the forum is, so that no professional passes the gate there.
    """
    account = account_name(token)
    if record is None:
        return Looking(Viewer(account), Conduct({}, {}), FOREVER)
    if record.broken:
        return None
    passes = () if suspended else record.standing
    standing = next((one for one in passes if at < one.until), _NOTHING_PASSES)
    marks = frozenset({Mark.REGISTERED}) if record.governed else frozenset[Mark]()
    viewer = Viewer(account, marks, _standing_so(professional_of(record, platform), standing))
    return Looking(viewer, Conduct(_ANY_ASSURANCE, {Status.GOOD: standing.professional}), standing.until)


def _standing_so(hcp: Hcp, standing: Standing) -> Hcp:
    """Return a professional who passes the gate for what was said to pass it, and for nothing else."""
    return Hcp(
        accounts=hcp.accounts,
        status=Status.GOOD,
        checked_until=FOREVER,
        attested=ALWAYS,
        assurance=hcp.assurance,
        claims=hcp.claims,
        capacities=hcp.capacities,
        restrictions=tuple(Restriction(action, ALWAYS) for action in sorted(PEER_ACTIONS - standing.peer)),
        emergency_views=hcp.emergency_views,
    )


def professional_of(record: GovernedRecord, platform: PlatformId) -> Hcp:
    """Return what is known of a professional, but for what passes the gate."""
    return Hcp(
        accounts=frozenset(account_name(name) for name in record.names),
        assurance=Assurance.A4 if record.surely else Assurance.A0,
        claims=tuple(Claim(Who(claim.kind, claim.who.hex()), claim.verified) for claim in record.claims),
        capacities=tuple(
            CapacityRecord(held.capacity, platform, held.community, held.during) for held in record.capacities
        ),
        emergency_views=tuple(EmergencyView(platform, view.thread.hex(), view.during) for view in record.views),
    )


def tokens_of(token: bytes, record: GovernedRecord | None) -> dict[bytes, Who]:
    """Return every token by which somebody's choices can mean a viewer, and how the facts call it."""
    names = (token,) if record is None else (token, *record.names)
    found = {name: named(account_name(name)) for name in names}
    if record is not None:
        found |= {claim.who: Who(claim.kind, claim.who.hex()) for claim in record.claims}
    return found


def whos_of(keys: WireKeys, author: bytes, tokens: Mapping[bytes, Who]) -> dict[bytes, Who]:
    """Return the pair digests of one author that mean a viewer."""
    return {keys.pair(author, token): who for token, who in tokens.items()}


def author_of(
    token: bytes, record: AuthorRecord | None, whos: Whos, platform: PlatformId, hcp: GovernedRecord | None = None
) -> Author | None:
    """Return an author's facts as one viewer meets them; None for a broken record, which refuses.

    `hcp` is the record of the same account among the governed, if it has one there.
    """
    if (record is not None and record.broken) or (hcp is not None and hcp.broken):
        return None
    professional = professional_of(hcp, platform) if hcp is not None and hcp.known else None
    if record is None:
        return Author(account_name(token), hcp=professional)
    made = _Making(whos, platform)
    return Author(
        account=account_name(token),
        record=record.record,
        adult_from=record.adult_from,
        covered=_covered(record),
        provisions=Provisions(made.lines((*record.choices, *record.own))),
        care_team=tuple(TeamEntry(made.who(entry), entry.during) for entry in record.team),
        hold=record.hold,
        layers=(Layer(None, made.lines(record.over)),) if record.over else (),
        blocks=tuple(PairBlock(AccountKey(made.who(block).name), block.during) for block in record.blocks),
        emergency_yes_since=record.emergency_yes_since,
        peers_welcome=record.peers_welcome,
        erased=None if record.erased_at is None else Tombstone(record.erased_at, refusals=made.lines(record.kept)),
        hcp=professional,
    )


def _covered(record: AuthorRecord) -> dict[Action, Interval]:
    return {action: part.during for part in record.covered for action in part.actions}


class _Making:
    """Makes lines for one viewer on one platform."""

    def __init__(self, whos: Whos, platform: PlatformId) -> None:
        self._whos = whos
        self._platform = platform

    def lines(self, lines: Iterable[WireLine]) -> tuple[Provision, ...]:
        return tuple(self._line(str(number), line) for number, line in enumerate(lines))

    def who(self, one: Pair) -> Who:
        return self._who(one.kind, one.pair)

    def _line(self, number: str, line: WireLine) -> Provision:
        return Provision(
            id=number,
            effect=line.effect,
            who=self._who(line.who, line.pair) if line.is_narrow else Who(line.who),
            where=self._place(line),
            actions=line.actions,
            when=line.when,
            reach=line.reach,
            contact=line.contact,
        )

    def _who(self, kind: WhoKind, pair: bytes) -> Who:
        found = self._whos.get(pair)
        # A name that no token can have: whoever it is, it is not this viewer.
        return Who(kind, f"?{pair.hex()}") if found is None or found.kind is not kind else found

    def _place(self, line: WireLine) -> Place:
        if line.where is Where.EVERYWHERE:
            return Place(Scale.EVERYWHERE)
        return Place(_SCALES[line.where], self._platform, line.place.hex())
