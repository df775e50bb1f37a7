"""Steps of professionals: as what they are on a forum or in one community, which counts a day after they said it."""

from dataclasses import replace

from governance.decision.facts import CapacityRecord
from governance.decision.provisions import Interval
from governance.decision.vocabulary import FOREVER, Capacity, Instant
from tests.machine.book import WAIT
from tests.machine.machine import FORUMS, GROUPS, WORKERS


def says_capacity(machine):
    """A professional says that they are here as a patient, or as a professional again."""
    chance = machine.chance
    forum = chance.choice(FORUMS)
    name, wanted = chance.choice(sorted(WORKERS[forum])), chance.choice(("peer", "peer", "professional"))
    group = chance.choice((None, None, *GROUPS))
    visit = machine.visit(forum, name)
    visit.post("/professional/capacity", capacity=wanted, community=group or "")
    one = machine.book.professionals[machine.key(forum, name)]
    one.capacities = followed(one.capacities, (forum, group), Capacity(wanted), machine.book.now)
    return f"{name} on {forum} is in {group or 'all of it'} as a {wanted} from tomorrow on"


def followed(held, place, wanted, now):
    """What is held after somebody said as what they will be: who stops being a patient stops at once."""
    elsewhere = [one for one in held if (one.platform, one.community) != place]
    here = [one for one in held if (one.platform, one.community) == place and one.during.start <= now]
    ended = [one for one in here if one.during.end <= now]
    running = next((one for one in here if one not in ended), None)
    tomorrow = CapacityRecord(wanted, *place, Interval(Instant(now + WAIT), FOREVER))
    if running is None:
        return [*elsewhere, *ended, tomorrow]
    if running.capacity is wanted:
        return [*elsewhere, *ended, until(running, FOREVER)]
    end = now if wanted is Capacity.PROFESSIONAL else tomorrow.during.start
    return [*elsewhere, *ended, until(running, end), tomorrow]


def until(one, end):
    return replace(one, during=Interval(one.during.start, Instant(end)))
