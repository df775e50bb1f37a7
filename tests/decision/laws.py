"""The laws of the decision: each changes a world and returns both if the answers break the law."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from random import Random
from typing import Any, Final, NamedTuple

from governance.decision.facts import Author, EmergencyView, Layer, PairBlock, Request, Restriction, Words
from governance.decision.provisions import Interval, Provision, Provisions
from governance.decision.vocabulary import CONTENT_ACTIONS, NOT_SENT, AccountKey, Action, Effect, Reason
from tests.decision.universe import AUTHORS, PROFESSIONALS
from tests.decision.worlds import Maker, World

Decide = Callable[..., Any]
Change = Callable[[Maker, World], World]


class Breach(NamedTuple):
    """Two worlds whose answers, side by side, break a law."""

    before: World
    after: World


Law = Callable[[Decide, Maker, World], Breach | None]


def first_breach(law: Law, decide: Decide, sample: Iterable[World]) -> Breach | None:
    """Look for a world that breaks the law."""
    make = Maker(Random("laws"))
    breaches = (law(decide, make, world) for world in sample)
    return next((breach for breach in breaches if breach is not None), None)


def with_author(world: World, account: AccountKey, **changes: Any) -> World:
    """Change what the records say of one author."""
    author = replace(world.facts.authors[account], **changes)
    return World(world.request, replace(world.facts, authors={**world.facts.authors, account: author}))


def some_author(make: Maker, world: World) -> Author | None:
    """Pick one of the authors whose words are asked about, if we know any."""
    known = [words.author for words in world.request.words if words.author in world.facts.authors]
    return world.facts.authors[make.pick(known)] if known else None


def never_opens(change: Change, times: int = 1) -> Law:
    """Say that a change, and the same kind of change once more, never turns a refusal into a permit."""

    def law(decide: Decide, make: Maker, world: World) -> Breach | None:
        before, permitted = world, decide(*world).permit
        for _ in range(times):
            after = change(make, before)
            opens, permitted = not permitted, decide(*after).permit
            if opens and permitted:
                return Breach(before, after)
            before = after
        return None

    return law


def never_matters(change: Change) -> Law:
    """Say that a change leaves the answer as it was."""

    def law(decide: Decide, make: Maker, world: World) -> Breach | None:
        after = change(make, world)
        return Breach(world, after) if decide(*after).reason is not decide(*world).reason else None

    return law


def on_author(changes: Callable[[Maker, World, Author], dict[str, Any]]) -> Change:
    """Make a change of a world out of a change of one author."""

    def change(make: Maker, world: World) -> World:
        author = some_author(make, world)
        return world if author is None else with_author(world, author.account, **changes(make, world, author))

    return change


@on_author
def one_more_refusal(make: Maker, _: World, author: Author) -> dict[str, Any]:
    lines = author.provisions.lines
    return {"provisions": Provisions((*lines, make.like(lines) if lines and make.chance(0.5) else make.refusal()))}


@on_author
def one_more_layer(make: Maker, world: World, author: Author) -> dict[str, Any]:
    return {"layers": (*author.layers, Layer(make.pick((None, world.request.platform)), (make.refusal(),)))}


@on_author
def one_more_layer_refusal(make: Maker, _: World, author: Author) -> dict[str, Any]:
    return {"layers": tuple(layer._replace(refusals=(*layer.refusals, make.refusal())) for layer in author.layers)}


@on_author
def one_more_block(make: Maker, world: World, author: Author) -> dict[str, Any]:
    return {"blocks": (*author.blocks, PairBlock(make.pick((world.request.viewer, *PROFESSIONALS)), make.span()))}


@on_author
def hold(_make: Maker, _world: World, _author: Author) -> dict[str, Any]:
    return {"hold": True}


def one_more_measure(make: Maker, world: World) -> World:
    viewer = world.facts.viewer
    hcp = replace(viewer.hcp, blocks=(*viewer.hcp.blocks, make.span()))
    return World(world.request, replace(world.facts, viewer=replace(viewer, hcp=hcp)))


def one_more_restriction(make: Maker, world: World) -> World:
    viewer, action = world.facts.viewer, make.pick((world.request.action, *Action))
    hcp = replace(viewer.hcp, restrictions=(*viewer.hcp.restrictions, Restriction(action, make.span())))
    return World(world.request, replace(world.facts, viewer=replace(viewer, hcp=hcp)))


def leaving_out(name: str) -> Change:
    """Leave one fact of a request out; of the words, those of content."""
    in_words = name in {field.name for field in fields(Words)}

    def change(make: Maker, world: World) -> World:
        request, facts = world
        if not in_words:
            return World(replace(request, **{name: NOT_SENT}), facts)
        if request.action not in CONTENT_ACTIONS or not request.words:
            return world
        index = make.rng.randrange(len(request.words))
        less = replace(request.words[index], **{name: NOT_SENT})
        return World(replace(request, words=(*request.words[:index], less, *request.words[index + 1 :])), facts)

    return change


def shuffled(make: Maker, items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put items in another order, some of them twice."""
    more = [*items, *(item for item in items if make.chance(0.3))]
    make.rng.shuffle(more)
    return tuple(more)


def another_order(make: Maker, world: World) -> World:
    request, facts = world
    authors = {account: _author_in_another_order(make, author) for account, author in facts.authors.items()}
    hcp = facts.viewer.hcp
    lists = ("claims", "capacities", "cases", "blocks", "restrictions", "emergency_views")
    viewer = replace(facts.viewer, hcp=replace(hcp, **{name: shuffled(make, getattr(hcp, name)) for name in lists}))
    return World(replace(request, words=shuffled(make, request.words)), replace(facts, viewer=viewer, authors=authors))


def _author_in_another_order(make: Maker, author: Author) -> Author:
    layers = tuple(layer._replace(refusals=shuffled(make, layer.refusals)) for layer in author.layers)
    return replace(
        author,
        provisions=Provisions(shuffled(make, author.provisions.lines)),
        layers=shuffled(make, layers),
        care_team=shuffled(make, author.care_team),
        blocks=shuffled(make, author.blocks),
    )


def shorter(make: Maker, span: Interval) -> Interval:
    """Cut a span at one or both ends, now and then to nothing."""
    other = make.span(0.2)
    start, end = max(span.start, other.start), min(span.end, other.end)
    return Interval(start, start if make.chance(0.2) else max(start, end))


@on_author
def shorter_permits(make: Maker, _: World, author: Author) -> dict[str, Any]:
    return {"provisions": Provisions(tuple(_shorter_permit(make, line) for line in author.provisions.lines))}


def _shorter_permit(make: Maker, line: Provision) -> Provision:
    if line.effect is Effect.REFUSE or make.chance(0.3):
        return line
    part = make.pick(("when", "reach", "actions"))
    if part == "actions":
        return replace(line, actions=frozenset(action for action in line.actions if make.chance(0.5)))
    return replace(line, **{part: shorter(make, getattr(line, part))})


def a_hold_lets_through_little(decide: Decide, make: Maker, world: World) -> Breach | None:
    """For a governed viewer a hold lets through only 0, c and d."""
    request, facts = world
    words = [x for x in request.words if x.author in facts.authors and not _own(x, request)]
    if not words or not facts.viewer.governed_by:
        return None
    held = make.pick(words)
    after = with_author(world, held.author, hold=True)
    if not decide(*after).permit or (request.action is Action.MODERATE and _moderates(world, held)):
        return None
    through = _moderates(world, held) or any(_opens(view, request, held) for view in facts.viewer.hcp.emergency_views)
    return None if request.action is Action.VIEW and through else Breach(world, after)


def _own(words: Words, request: Request) -> bool:
    letter = request.recipients is not NOT_SENT and request.viewer in request.recipients
    return words.author == request.viewer or (
        letter and request.action is Action.VIEW and words.author == request.sender
    )


def _moderates(world: World, words: Words) -> bool:
    community = world.facts.communities.get(str(words.community))
    appointed = community is not None and world.request.viewer in community.moderators
    return appointed and world.request.flagged is True


def _opens(view: EmergencyView, request: Request, words: Words) -> bool:
    here = view.platform == request.platform and view.thread == words.thread
    return here and view.during.start <= request.at < view.during.end


def without_acknowledgement(decide: Decide, _make: Maker, world: World) -> Breach | None:
    """Without acknowledgement no provision permits: permits might as well not be there."""
    if not decide(*world).permit:
        return None
    silent, refusing = world, world
    for account, author in world.facts.authors.items():
        refusals = tuple(line for line in author.provisions.lines if line.effect is Effect.REFUSE)
        silent = with_author(silent, account, covered={})
        refusing = with_author(refusing, account, covered={}, provisions=Provisions(refusals))
    return Breach(refusing, silent) if decide(*silent).reason is not decide(*refusing).reason else None


def of_no_patient(decide: Decide, make: Maker, world: World) -> Breach | None:
    """An ineligible professional gets the same answer whoever the patients are."""
    request, facts = world
    if not facts.viewer.governed_by:
        return None
    mine = {request.viewer, request.sender}
    strangers = [account for account in AUTHORS if account not in mine]
    words = tuple(x if x.author in mine else replace(x, author=make.pick(strangers)) for x in request.words)
    authors = {account: make.author(account) for account in {x.author for x in words} if make.chance(0.95)}
    after = World(replace(request, words=words), replace(facts, authors=authors))
    ineligible = {decide(*before).reason is Reason.HCP_NOT_ELIGIBLE for before in (world, after)}
    return Breach(world, after) if len(ineligible) > 1 else None


LAWS: Final[Mapping[str, Law]] = {
    "a further refusal never opens": never_opens(one_more_refusal),
    "a further layer never opens": never_opens(one_more_layer),
    "a further refusal in a layer never opens": never_opens(one_more_layer_refusal),
    "a hold never opens": never_opens(hold),
    "a block never opens": never_opens(one_more_block, times=2),
    "a measure against a professional never opens": never_opens(one_more_measure, times=2),
    "a closed action never opens": never_opens(one_more_restriction, times=2),
    "order and duplicates do not matter": never_matters(another_order),
    "leaving out created never opens": never_opens(leaving_out("created")),
    "leaving out edited never opens": never_opens(leaving_out("edited")),
    "leaving out community never opens": never_opens(leaving_out("community")),
    "leaving out thread never opens": never_opens(leaving_out("thread")),
    "leaving out recipients never opens": never_opens(leaving_out("recipients")),
    "leaving out flagged never opens": never_opens(leaving_out("flagged")),
    "leaving out initiated_by_patient never opens": never_opens(leaving_out("initiated_by_patient")),
    "a shorter permit never opens": never_opens(shorter_permits, times=3),
    "a hold lets through only 0, c and d": a_hold_lets_through_little,
    "without acknowledgement no provision permits": without_acknowledgement,
    "an ineligible professional learns of no patient": of_no_patient,
}
