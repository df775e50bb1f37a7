"""Rules told in a line each, for tests."""

from uuid import UUID

from governance.crypto.blind_index import place_key
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import FOREVER, Level
from governance.ledger.outbox import service as outbox
from governance.optout.own.rules import Rule, Scope
from governance.optout.ratchet import take_effect
from governance.optout.waiting import KIND

EVERYONE = (WhoKind.CARE_TEAM, WhoKind.OTHERS)


def by_name(forum, who):
    return {"who": WhoKind.NAMED, "name": forum.key(who)}


def at(forum, kind, place):
    """One group, thread or post of a forum."""
    digest = place_key(forum.keyring, forum.id, kind, place)
    return {"scale": Scale[kind.upper()], "platform": str(forum.id), "place": digest}


def rule(level=Level.CLOSED, **scope):
    return Rule.picked(Scope(**scope), level)


def closed_to_everyone(span, zone="Europe/London", **scope):
    return frozenset(rule(who=who, start=span[0], end=span[1], zone=zone, **scope) for who in EVERYONE)


def from_now(forum):
    return {"start": int(forum.now), "end": int(FOREVER)}


def a_day_later(forum):
    """Let a day pass and do what is due, as a worker does."""
    forum.later(days=1)
    while job := outbox.take(forum.session, [KIND], forum.now):
        payload = outbox.open_work(forum.session, forum.keyring, job).payload
        take_effect(forum.session, forum.keyring, UUID(payload["change"]), payload["token"], forum.now)
        outbox.finish(forum.session, job, forum.now)
