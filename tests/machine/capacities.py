"""Steps of professionals: as what they are on a forum or in one community, which counts a day after they said it."""

from dataclasses import replace

from governance.decision.facts import CapacityRecord
from governance.decision.provisions import Interval
from governance.decision.vocabulary import FOREVER, Capacity, Instant
from tests.machine.book import WAIT
from tests.machine.machine import FORUMS, GROUPS, WORKERS

PAGE = "/professional/capacity"
POSTS = "/professional/capacity/posts"
"""Where a patient who wants to be a professional says what becomes of what they wrote; before that nothing counts."""


def says_capacity(machine):
    """A professional says that they are here as a patient, or as a professional again."""
    chance = machine.chance
    forum = chance.choice(FORUMS)
    name, wanted = chance.choice(sorted(WORKERS[forum])), chance.choice(("peer", "peer", "professional"))
    group = chance.choice((None, None, *GROUPS))
    visit, one = machine.visit(forum, name), machine.book.professionals[machine.key(forum, name)]
    asks = wanted == "professional" and is_patient_there(one.running(forum, machine.book.now), group)
    found = visit.post(PAGE, capacity=wanted, community=group or "").location
    assert found == (POSTS if asks else PAGE), f"{name} as a {wanted} in {group}: {found}"
    if asks and chance.random() < 0.2:
        return f"{name} on {forum} is asked about posts in {group or 'all of it'}, and goes away"
    if asks:
        visit.post(POSTS, posts=chance.choice(("gone", "told")))
    one.capacities = followed(one, (forum, group), Capacity(wanted), machine.book.now)
    return f"{name} on {forum} is in {group or 'all of it'} as a {wanted} from tomorrow on"


def is_patient_there(running, group):
    """Whether somebody is in a place as a patient: by what they said of it, or of all of the forum."""
    here = [one for one in running if one.community == group] or [one for one in running if one.community is None]
    return Capacity.PEER in {one.capacity for one in here}


def followed(professional, place, wanted, now):
    """What is held after somebody said as what they will be: who stops being a patient stops at once."""
    held = professional.capacities
    elsewhere = [one for one in held if (one.platform, one.community) != place]
    here = [one for one in held if (one.platform, one.community) == place and one.during.start <= now]
    running = next((one for one in here if one.during.end > now and not professional.is_stopped(one)), None)
    over = [one if one.during.end <= now else until(one, now) for one in here if one is not running]
    tomorrow = CapacityRecord(wanted, *place, Interval(Instant(now + WAIT), FOREVER))
    if running is None:
        return [*elsewhere, *over, tomorrow]
    if running.capacity is wanted:
        return [*elsewhere, *over, until(running, FOREVER)]
    end = now if wanted is Capacity.PROFESSIONAL else tomorrow.during.start
    return [*elsewhere, *over, until(running, end), tomorrow]


def until(one, end):
    return replace(one, during=Interval(one.during.start, Instant(end)))
