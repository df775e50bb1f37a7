"""No capacity, badge, attestation or affiliation overrides a refusal: the law, and decisions that break it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from governance.decision.facts import Author, Claim, Hcp, Layer, PairBlock
from governance.decision.provisions import ALWAYS, CARE_TEAM, EVERYWHERE, OTHERS, Provision, Provisions, Who, named
from governance.decision.vocabulary import FOREVER, Action, Assurance, Effect, Reason, Status
from tests.decision.broken import mistaken
from tests.decision.laws import Breach, Decide, some_author, with_author
from tests.decision.universe import ORGANISATIONS, PROFESSIONS
from tests.decision.worlds import Maker, World


def nothing_overrides_a_refusal(decide: Decide, make: Maker, world: World) -> Breach | None:
    """Whatever a professional is, holds, accepted or belongs to, what was refused them stays refused.

    The two ways past a refusal that are no property of the professional are shut: no post is flagged for a moderator,
    and no officer gave an emergency view.
    """
    author, viewer = some_author(make, world), world.facts.viewer
    if author is None or author.account == viewer.account or not viewer.governed_by:
        return None
    refused = with_author(world, author.account, **_refused_in_some_way(make, world, author))
    request = replace(refused.request, flagged=False)
    after = World(request, replace(refused.facts, viewer=replace(viewer, hcp=_at_their_best(make))))
    return Breach(refused, after) if decide(*after).reason is Reason.PERMITTED else None


def _at_their_best(make: Maker) -> Hcp:
    """A professional in every capacity that was drawn, with everything that one can have to show for oneself."""
    return replace(
        make.hcp(),
        status=Status.GOOD,
        checked_until=FOREVER,
        attested=ALWAYS,
        assurance=Assurance.A4,
        claims=tuple(Claim(who, ALWAYS) for who in (*ORGANISATIONS, *PROFESSIONS)),
        blocks=(),
        restrictions=(),
        emergency_views=(),
    )


def _refused_in_some_way(make: Maker, world: World, author: Author) -> dict[str, Any]:
    """Let an author refuse a viewer whole: by name, by class, by a layer, by the hold; or let a block stand."""
    viewer = world.facts.viewer.account
    classes = tuple(map(_everything, (CARE_TEAM, OTHERS)))
    ways: tuple[dict[str, Any], ...] = (
        {"hold": True},
        {"blocks": (*author.blocks, PairBlock(viewer))},
        {"layers": (*author.layers, Layer(None, classes))},
        {"provisions": Provisions((*author.provisions.lines, _everything(named(viewer))))},
        # Whom a patient welcomes as a patient they permitted; and who has no record refused nothing.
        {"provisions": Provisions(classes), "record": True, "peers_welcome": False},
    )
    return make.pick(ways)


def _everything(who: Who) -> Provision:
    return Provision(f"no {who.kind}", Effect.REFUSE, who, EVERYWHERE, frozenset(Action))


def _for(has: Callable[[Hcp], bool], forgotten: dict[str, Any]) -> Decide:
    """Forget a refusal for whoever has something to show for themselves."""

    def mistake(world: World) -> World:
        if not has(world.facts.viewer.hcp):
            return world
        authors = {name: replace(author, **forgotten) for name, author in world.facts.authors.items()}
        return world._replace(facts=replace(world.facts, authors=authors))

    return mistaken(mistake)


OVERRIDING: Final[Mapping[str, Decide]] = {
    "a patient among patients is not bound by a hold": _for(lambda hcp: hcp.ever_peer, {"hold": False}),
    "a proven person is not bound by layers": _for(lambda hcp: hcp.assurance is Assurance.A4, {"layers": ()}),
    "a colleague is not bound by blocks": _for(lambda hcp: bool(hcp.claims), {"blocks": ()}),
    "a word given opens what was chosen": _for(lambda hcp: hcp.attested == ALWAYS, {"provisions": Provisions(())}),
}
"""One way each: a capacity, a badge, an affiliation, an attestation."""
