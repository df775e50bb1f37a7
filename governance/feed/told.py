"""From the facts of a decision to what a replica is sent of them (ADR 12): all that can change an answer, no more."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from governance.decision.capacity import stopped
from governance.decision.facts import Author, CapacityRecord, Community, Conduct, Hcp, TeamEntry, Viewer
from governance.decision.gate import passes_gate
from governance.decision.provisions import ALWAYS, NEVER, Interval, Provision, Scale, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    PEER_ACTIONS,
    UNKNOWN,
    AccountKey,
    Action,
    Assurance,
    Capacity,
    Effect,
    Instant,
    PlatformId,
    UnknownType,
)
from governance.effective.measures import LONGEST_VIEW
from governance.pep.wire.codec import TOKEN_BYTES
from governance.pep.wire.governed import GovernedRecord, Standing, WireClaim, WireView
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.lines import IN_A_PLACE, Where, WireLine
from governance.pep.wire.people import AuthorRecord, Covering, Pair
from governance.pep.wire.places import CommunityRecord

_WHERE: Final = {
    Scale.EVERYWHERE: Where.EVERYWHERE,
    Scale.PLATFORM: Where.HERE,
    Scale.COMMUNITY: Where.COMMUNITY,
    Scale.THREAD: Where.THREAD,
    Scale.POST: Where.POST,
}
_FEWEST_NAMES: Final = 4
_NOWHERE: Final = PlatformId("")


class Window(NamedTuple):
    """When what is sent is used: times outside of it can change no answer given inside."""

    issued: Instant
    expires: Instant

    def now_and_then(self, span: Interval) -> Interval:
        """Return a span that only the time of the decision is compared with, as far as it differs in here."""
        if span.end <= self.issued or span.start >= self.expires or span.start >= span.end:
            return NEVER
        start = BEGINNING if span.start <= self.issued else span.start
        return Interval(start, FOREVER if span.end >= self.expires else span.end)

    def passed(self, instant: Instant) -> Instant:
        """Return an instant that only the time of the decision is compared with, as far as it differs in here."""
        if instant <= self.issued:
            return BEGINNING
        return FOREVER if instant >= self.expires else instant


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one platform. `decoys` is a secret that the platform does not have."""

    keys: WireKeys
    platform: PlatformId
    window: Window
    decoys: bytes

    def author(self, author: Author) -> AuthorRecord:
        """Return what is sent of somebody whose words are shown."""
        token = self.keys.account_known(author.account)
        lines = list(self.lines(token, author.provisions.lines))
        record, adult_from, covered, hold, emergency, peers = self.without_names(author)
        erased = author.erased
        return AuthorRecord(
            record=record,
            adult_from=adult_from,
            covered=covered,
            choices=tuple(sorted((line for line in lines if is_common(line)), key=_order)),
            own=tuple(line for line in lines if not is_common(line)),
            team=tuple(self._team(token, author.care_team)),
            hold=hold,
            over=tuple(self._over(token, author)),
            blocks=tuple(self._blocks(token, author)),
            emergency_yes_since=emergency,
            peers_welcome=peers,
            erased_at=None if erased is None else erased.final_at,
            kept=() if erased is None else tuple(self.lines(token, erased.refusals)),
        )

    def without_names(
        self, author: Author
    ) -> tuple[bool, Instant | UnknownType, tuple[Covering, ...], bool, Instant, bool]:
        """Return what is sent of an author beside their lines and the people in them, in the order of the record."""
        hold = author.hold or (author.erased is not None and author.erased.hold)
        age, covered = _age(author.adult_from, self.window), tuple(_covered(author, self.window))
        return author.record, age, covered, hold, self._emergency_yes(author.emergency_yes_since), author.peers_welcome

    def lines(self, author: bytes, lines: Iterable[Provision]) -> Iterator[WireLine]:
        """Yield an author's lines as they are sent."""
        for line in lines:
            yield from self._line(author, line)

    def governed(self, viewer: Viewer, hcp: Hcp | None, conduct: Conduct, seed: str) -> GovernedRecord:
        """Return what is sent of an account that is governed or a professional's; `seed` names whoever has it."""
        known = hcp or Hcp()
        views = (view for view in known.emergency_views if view.platform == self.platform)
        return GovernedRecord(
            governed=bool(viewer.governed_by),
            known=hcp is not None,
            surely=known.assurance >= Assurance.A4,
            names=self._names(viewer, seed),
            claims=tuple(
                WireClaim(claim.who.kind, self.keys.who(claim.who), self.window.now_and_then(claim.verified))
                for claim in dict.fromkeys(known.claims)
            ),
            capacities=tuple(self._capacities(known)),
            standing=tuple(_standing(known, conduct, self.window)) if viewer.governed_by else (),
            views=tuple(
                WireView(self.keys.place_known(view.thread), view.during)
                for view in views
                if self.window.now_and_then(view.during) != NEVER
            ),
        )

    def community(self, community: Community) -> CommunityRecord:
        """Return what is sent of a community."""
        moderators = frozenset(AccountKey(self.keys.account_known(key).hex()) for key in community.moderators)
        return CommunityRecord(Community(community.history, moderators, community.observes_from))

    def _line(self, author: bytes, line: Provision) -> Iterator[WireLine]:
        """Yield a line as it is sent: as it is, as a bare name, or not at all."""
        elsewhere = line.where.scale is not Scale.EVERYWHERE and line.where.platform != self.platform
        # An ended permit never matches again; an ended refusal goes on covering what was written under it.
        when = line.when if line.refuses else self.window.now_and_then(line.when)
        if elsewhere or when == NEVER:
            yield from self._bare_name(author, line)
            return
        narrow = line.who.kind not in (WhoKind.CARE_TEAM, WhoKind.OTHERS)
        where = _WHERE[line.where.scale]
        yield WireLine(
            effect=line.effect,
            who=line.who.kind,
            actions=line.actions,
            pair=self.keys.pair(author, self.keys.who(line.who)) if narrow else b"",
            where=where,
            place=self.keys.place_known(line.where.id) if where in IN_A_PLACE else b"",
            when=when,
            reach=line.reach,
            contact=line.contact,
        )

    def _bare_name(self, author: bytes, line: Provision) -> Iterator[WireLine]:
        if line.refuses and line.who.kind is WhoKind.NAMED:
            pair = self.keys.pair(author, self.keys.who(line.who))
            yield WireLine(Effect.REFUSE, WhoKind.NAMED, frozenset(), pair)

    def _over(self, author: bytes, of: Author) -> Iterator[WireLine]:
        for layer in of.layers:
            here = layer.platform is None or layer.platform == self.platform
            if here:
                yield from self.lines(author, layer.refusals)
                continue
            for line in layer.refusals:
                yield from self._bare_name(author, line)

    def _team(self, author: bytes, entries: Iterable[TeamEntry]) -> Iterator[Pair]:
        """Yield whoever is or was in the care team; who left still falls under both classes' refusals."""
        for entry in entries:
            if entry.during.start >= self.window.expires:
                continue
            during = Interval(self.window.passed(entry.during.start), self.window.passed(entry.during.end))
            yield Pair(entry.member.kind, self.keys.pair(author, self.keys.who(entry.member)), during)

    def _blocks(self, author: bytes, of: Author) -> Iterator[Pair]:
        for block in of.blocks:
            during = self.window.now_and_then(block.during)
            if during != NEVER:
                pair = self.keys.pair(author, self.keys.account_known(block.account))
                yield Pair(WhoKind.NAMED, pair, during)

    def _emergency_yes(self, since: Instant) -> Instant:
        """A view begins after the yes. What runs now began in the last day, so of an older yes the day is not told."""
        if since >= self.window.expires:
            return FOREVER
        return BEGINNING if since < self.window.issued - LONGEST_VIEW else since

    def _names(self, viewer: Viewer, seed: str) -> tuple[bytes, ...]:
        """Return the tokens of all accounts, with some that nobody has: on how many forums they are is not told."""
        names = {self.keys.account_known(account) for account in viewer.names}
        number, wanted = 0, _FEWEST_NAMES
        while wanted < len(names):
            wanted *= 2
        while len(names) < wanted:
            made_up = f"{self.platform}/{seed}/{number}".encode()
            names.add(hmac.digest(self.decoys, made_up, "sha256")[:TOKEN_BYTES])
            number += 1
        return tuple(sorted(names))

    def _capacities(self, hcp: Hcp) -> Iterator[CapacityRecord]:
        for held in hcp.capacities:
            if held.platform == self.platform and not stopped(held.during.start, hcp.cases):
                community = None if held.community is None else self.keys.place_known(held.community).hex()
                yield CapacityRecord(held.capacity, _NOWHERE, community, held.during)


def is_common(line: WireLine) -> bool:
    """Say whether a line can be one of many people's: a class, everywhere, always."""
    return not line.is_narrow and line.where is Where.EVERYWHERE and line.when == line.reach == ALWAYS


def _order(line: WireLine) -> tuple[str, str, str, list[str]]:
    return line.who, line.effect, line.contact, sorted(line.actions)


def _age(adult_from: Instant | UnknownType, window: Window) -> Instant | UnknownType:
    return UNKNOWN if adult_from is UNKNOWN else window.passed(adult_from)


def _covered(author: Author, window: Window) -> Iterator[Covering]:
    by_span: dict[Interval, set[Action]] = defaultdict(set)
    for action, span in author.covered.items():
        by_span[span].add(action)
    told: dict[Interval, set[Action]] = defaultdict(set)
    for span, actions in by_span.items():
        told[window.now_and_then(span)] |= actions
    told.pop(NEVER, None)
    for span in sorted(told):
        yield Covering(frozenset(told[span]), span)


def _standing(hcp: Hcp, conduct: Conduct, window: Window) -> Iterator[Standing]:
    """Yield what passes the gate from `issued` on, and from each instant inside the window at which that changes."""
    spans = [hcp.attested, *hcp.blocks, *(one.during for one in hcp.restrictions)]
    edges = {hcp.checked_until, *(instant for span in spans for instant in span)}
    begins = [window.issued, *sorted(edge for edge in edges if window.issued < edge < window.expires)]
    for begin, until in zip(begins, (*begins[1:], FOREVER), strict=True):
        professional, peer = (
            frozenset(action for action in Action if passes_gate(hcp, action, capacity, conduct, begin))
            for capacity in (Capacity.PROFESSIONAL, Capacity.PEER)
        )
        yield Standing(until, professional, peer & PEER_ACTIONS)
