"""Decisions that break a law, one way each: mistakes that somebody could make. The laws must catch them."""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from governance.decision.decide import decide
from governance.decision.facts import Author, Hcp
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    WHO_RANK,
    Provision,
    Provisions,
    named,
)
from governance.decision.verdicts import BROKEN, Decision
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    UNKNOWN,
    AccountKey,
    Action,
    Capacity,
    Effect,
    PlatformId,
    Reason,
)
from tests.decision.laws import Decide
from tests.decision.worlds import World

Mistake = Callable[[World], World]


def mistaken(mistake: Mistake) -> Decide:
    """Decide in a world that was read wrongly."""

    def decide_wrongly(*world: Any) -> Decision:
        return decide(*mistake(World(*world)))

    return decide_wrongly


def about_authors(misread: Callable[[Author], dict[str, Any]]) -> Decide:
    """Read every author wrongly."""

    def mistake(world: World) -> World:
        authors = {name: replace(author, **misread(author)) for name, author in world.facts.authors.items()}
        return world._replace(facts=replace(world.facts, authors=authors))

    return mistaken(mistake)


def about_lines(misread: Callable[[Provision], Provision]) -> Decide:
    """Read every line of the authors' own choices wrongly."""
    return about_authors(lambda author: {"provisions": Provisions(tuple(map(misread, author.provisions.lines)))})


def about_hcp(misread: Callable[[Hcp], dict[str, Any]]) -> Decide:
    """Read the professional's record wrongly."""

    def mistake(world: World) -> World:
        viewer = world.facts.viewer
        changed = replace(viewer, hcp=replace(viewer.hcp, **misread(viewer.hcp)))
        return world._replace(facts=replace(world.facts, viewer=changed))

    return mistaken(mistake)


def about_request(misread: Callable[[World], dict[str, Any]]) -> Decide:
    """Read the request wrongly."""
    return mistaken(lambda world: world._replace(request=replace(world.request, **misread(world))))


def filled_in(name: str, value: Any) -> Decide:
    """Fill in a fact of the words that was not sent."""

    def misread(world: World) -> dict[str, Any]:
        words = world.request.words
        return {"words": tuple(replace(x, **{name: value}) if getattr(x, name) is NOT_SENT else x for x in words)}

    return about_request(misread)


def believed(name: str, value: Callable[[World], Any]) -> Decide:
    """Believe what suits the viewer where the request is silent."""
    return about_request(lambda world: {name: value(world)} if getattr(world.request, name) is NOT_SENT else {})


def kept_by_who_and_where(author: Author) -> dict[str, Any]:
    lines = {(line.who, line.where, line.effect): line for line in author.provisions.lines}
    return {"provisions": Provisions(tuple(lines.values()))}


def kept_by_account(author: Author) -> dict[str, Any]:
    return {"blocks": tuple({block.account: block for block in author.blocks}.values())}


def last_refusal_of_each_layer(author: Author) -> dict[str, Any]:
    return {"layers": tuple(layer._replace(refusals=layer.refusals[-1:]) for layer in author.layers)}


def hold_instead_of_choices(author: Author) -> dict[str, Any]:
    return {"provisions": Provisions()} if author.hold else {}


def hold_as_two_refusals(author: Author) -> dict[str, Any]:
    if not author.hold:
        return {}
    lines = (Provision("hold", Effect.REFUSE, who, EVERYWHERE, frozenset(Action)) for who in (CARE_TEAM, OTHERS))
    return {"hold": False, "provisions": Provisions((*author.provisions.lines, *lines))}


def empty_time_as_no_limit(line: Provision) -> Provision:
    return replace(line, when=ALWAYS) if line.when.start >= line.when.end else line


def no_actions_as_all(line: Provision) -> Provision:
    return line if line.actions else replace(line, actions=frozenset(Action))


def decide_blocks_first(*world: Any) -> Decision:
    """Look for blocks before the gate."""
    request, facts = world
    decision = decide(*world)
    blocked = {block.account for author in facts.authors.values() for block in author.blocks}
    return BROKEN if decision.reason is Reason.HCP_NOT_ELIGIBLE and request.viewer in blocked else decision


BROKEN_DECISIONS: Final[Mapping[str, tuple[Decide, ...]]] = {
    "a further refusal never opens": (about_authors(kept_by_who_and_where),),
    "a further layer never opens": (about_authors(lambda author: {"layers": author.layers[-1:]}),),
    "a further refusal in a layer never opens": (about_authors(last_refusal_of_each_layer),),
    "a hold never opens": (about_authors(hold_instead_of_choices),),
    "a block never opens": (about_authors(kept_by_account),),
    "a measure against a professional never opens": (about_hcp(lambda hcp: {"blocks": hcp.blocks[-1:]}),),
    "a closed action never opens": (about_hcp(lambda hcp: {"restrictions": hcp.restrictions[-1:]}),),
    "order and duplicates do not matter": (
        about_request(lambda world: {"words": world.request.words[:1]}),
        about_authors(lambda author: {"care_team": author.care_team[:1]}),
        about_authors(lambda author: {"provisions": Provisions(author.provisions.lines[-1:])}),
        about_authors(lambda author: {"layers": author.layers[:1]}),
    ),
    "leaving out created never opens": (
        about_request(lambda world: {"words": tuple(_new_if_undated(x, world) for x in world.request.words)}),
    ),
    "leaving out edited never opens": (filled_in("edited", None),),
    "leaving out community never opens": (filled_in("community", "none"),),
    "leaving out thread never opens": (filled_in("thread", "none"),),
    "leaving out recipients never opens": (believed("recipients", lambda world: frozenset({world.request.viewer})),),
    "leaving out flagged never opens": (believed("flagged", lambda _: True),),
    "leaving out initiated_by_patient never opens": (believed("initiated_by_patient", lambda _: True),),
    "a shorter permit never opens": (about_lines(empty_time_as_no_limit), about_lines(no_actions_as_all)),
    "a hold lets through only 0, c and d": (about_authors(hold_as_two_refusals),),
    "without acknowledgement no provision permits": (
        about_authors(lambda _: {"covered": dict.fromkeys(Action, ALWAYS)}),
    ),
    "an ineligible professional learns of no patient": (decide_blocks_first,),
}


def _new_if_undated(words: Any, world: World) -> Any:
    return replace(words, created=world.request.at) if words.created is NOT_SENT else words


def by_place_alone(one: Provision, other: Provision) -> bool:
    """Take the line about the narrower place, whoever it is about."""
    return one.where.scale > other.where.scale


def by_person_alone(one: Provision, other: Provision) -> bool:
    """Take the line about the narrower person, wherever it holds."""
    return WHO_RANK[one.who.kind] > WHO_RANK[other.who.kind]


def comparing(narrower: Callable[[Provision, Provision], bool]) -> Decide:
    """Decide with another idea of which line is the more specific one."""
    holders = [module for name, module in sys.modules.items() if name.startswith("governance.decision.")]

    def decide_wrongly(*world: Any) -> Decision:
        with ExitStack() as stack:
            for module in holders:
                if hasattr(module, "narrower"):
                    stack.enter_context(patch.object(module, "narrower", narrower))
            return decide(*world)

    return decide_wrongly


def named_by_any_account(world: World) -> World:
    """Let a permit by name open to every account of the same professional."""
    viewer, authors = world.facts.viewer, {}
    for name, author in world.facts.authors.items():
        lines = (
            replace(line, who=named(viewer.account)) if line.who.name in viewer.hcp.accounts else line
            for line in author.provisions.lines
        )
        authors[name] = replace(author, provisions=Provisions(tuple(lines)))
    return world._replace(facts=replace(world.facts, authors=authors))


def without_ended_lines(world: World) -> World:
    """Forget a refusal as soon as its time is over."""
    authors = {}
    for name, author in world.facts.authors.items():
        lines = tuple(line for line in author.provisions.lines if line.when.end > world.request.at)
        authors[name] = replace(author, provisions=Provisions(lines))
    return world._replace(facts=replace(world.facts, authors=authors))


def judged_by_today(world: World) -> World:
    """Judge old words by what the community is now."""
    communities = {
        name: replace(x, history=tuple(s for s in x.history if s.since <= world.request.at)[-1:])
        for name, x in world.facts.communities.items()
    }
    return world._replace(facts=replace(world.facts, communities=communities))


def no_measure_on_peers(hcp: Hcp) -> dict[str, Any]:
    """Let a measure bind professionals only."""
    return {"blocks": ()} if {record.capacity for record in hcp.capacities} == {Capacity.PEER} else {}


WRONG_DECISIONS: Final[Mapping[str, Decide]] = {
    "the narrower place wins over a crossing refusal": comparing(by_place_alone),
    "the narrower person wins over a crossing refusal": comparing(by_person_alone),
    "a permit by name opens to every account": mistaken(named_by_any_account),
    "a refusal is forgotten when it ends": mistaken(without_ended_lines),
    "old words are judged by today's posture": mistaken(judged_by_today),
    "a measure binds no peer": about_hcp(no_measure_on_peers),
    "a closed action closes reading to nobody": about_hcp(
        lambda hcp: {"restrictions": tuple(one for one in hcp.restrictions if one.action is not Action.VIEW)}
    ),
    "a claim counts as verified": about_hcp(lambda x: {"claims": tuple(replace(c, verified=ALWAYS) for c in x.claims)}),
    "a check never grows stale": about_hcp(lambda _: {"checked_until": FOREVER}),
    "a case stops no capacity": about_hcp(lambda _: {"cases": ()}),
    "platforms are one": about_request(lambda _: {"platform": PlatformId("p")}),
    "who left the care team was never in it": about_authors(lambda _: {"care_team": ()}),
    "an unknown age is an adult's": about_authors(
        lambda x: {"adult_from": BEGINNING} if x.adult_from is UNKNOWN else {}
    ),
    "a tombstone keeps nothing": about_authors(lambda _: {"erased": None}),
    "a platform's layer holds everywhere": about_authors(
        lambda author: {"layers": tuple(layer._replace(platform=None) for layer in author.layers)}
    ),
    "the tick for peers means nothing": about_authors(lambda _: {"peers_welcome": False}),
    "an emergency needs no yes": about_authors(lambda _: {"emergency_yes_since": BEGINNING}),
    "a professional's own post is a patient's": about_authors(lambda _: {"hcp": None}),
    "a pair block on another account does not count": mistaken(
        lambda world: about_names(world, frozenset({world.facts.viewer.account}))
    ),
}


def about_names(world: World, accounts: frozenset[AccountKey]) -> World:
    """Forget the professional's other accounts."""
    viewer = world.facts.viewer
    changed = replace(viewer, hcp=replace(viewer.hcp, accounts=accounts))
    return world._replace(facts=replace(world.facts, viewer=changed))


def decide_after_a_look(*world: Any) -> Decision:
    """Look at the words before anything is caught."""
    request, _ = world
    return decide(*world) if all(words.author for words in request.words) else BROKEN


def let_through_what_is_broken(*world: Any) -> Decision:
    """Permit where nothing can be said."""
    decision = decide(*world)
    return Decision(permit=True, reason=decision.reason, verdict=decision.verdict) if decision == BROKEN else decision
