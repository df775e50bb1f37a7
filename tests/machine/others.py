"""Steps of others than the patient: forums, guardians, staff. What they refuse counts at once."""

import re
from datetime import timedelta

from click.testing import CliRunner

from governance.conduct.commands import staff
from governance.decision.provisions import CARE_TEAM, OTHERS, Who, WhoKind
from governance.decision.vocabulary import Action, Effect
from governance.identity.service import account_for, platform_named
from governance.patients.commands import measure
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.patients.service import find_patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.machine.ages import HERE, YEARS, decides_alone, is_young, moment, says, tell_again, years_later
from tests.machine.book import DAY
from tests.machine.choosing import somebody, whoever
from tests.machine.joining import closes
from tests.machine.lines import line
from tests.machine.machine import WORKERS

GUARDIAN = "pat"
CIRCLES = {"everybody": (CARE_TEAM, OTHERS), "care_team": (CARE_TEAM,), "others": (OTHERS,)}
CONTACT = {"find", "look_up", "mention", "message", "connect"}
WHATS = {"everything": set(Action), "contact": CONTACT, "use": {"quote", "record", "use_in_care", "research"}}
POSTURES, AGES = ("peer_only", "informed", "hcp_present"), ("adults", "mixed")


def tighten(machine):
    """A forum keeps everybody, or one professional, away from a member; there alone."""
    forum, name = somebody(machine)
    whom = machine.chance.choice((None, *WORKERS[forum]))
    machine.world.sends(
        forum, "/v1/opt-outs/tighten", {"account": name} if whom is None else {"account": name, "hcp": whom}
    )
    refuses = [line(Effect.REFUSE, who, Action) for who in (CARE_TEAM, OTHERS)]
    if whom is not None:
        refuses = [line(Effect.REFUSE, Who(WhoKind.NAMED, machine.key(forum, whom)), Action)]
    party = f"platform:{machine.world.ids[forum]}"
    adds_layer(machine.record_of(forum, name), party, forum, refuses)
    return f"{forum} keeps {whom or 'everybody'} away from {name}"


def adds_layer(record, party, where, refuses):
    there = record.layers.get(party, (where, ()))[1]
    record.layers[party] = where, (*there, *(one for one in refuses if one not in there))


def takes_away(machine):
    """Somebody takes away what others refuse for them, if it is theirs to take."""
    over = [who for who in whoever(machine) if machine.known(*who) and machine.known(*who).layers]
    if not over:
        return None
    who = machine.chance.choice(over)
    record, visit = machine.known(*who), machine.visit(*who)
    party = machine.chance.choice(sorted(record.layers))
    visit.proves()
    own = decides_alone(machine.book, record) is True or party in record.released
    own = own or (party == "erasing" and record.erased_at is None) or party == "separated"
    if party == "erasing" and record.erased_at is not None:
        own = False
    machine.trying = f"{who[1]} on {who[0]} takes away {party}, which is theirs: {own}"
    visit.post("/my/layers/take-away", 303 if own else 404, layer=party)
    if own:
        del record.layers[party]
    return f"{who[1]} on {who[0]} takes away what {party.partition(':')[0]} refused: {'done' if own else 'not theirs'}"


def says_age(machine):
    """A forum says how old a member is, by a band and the day on which it changes."""
    who = somebody(machine)
    return tells_age(
        machine, *who, machine.chance.choice(("adult", "adult", "adult", "16_to_17", "13_to_15", "under_13"))
    )


def tells_age(machine, forum, name, band):
    body, day = {"account": name, "band": band, "country": "GB", "zone": "Europe/London"}, None
    if band != "adult":
        first, end = YEARS[band]
        today = moment(machine.book.now).astimezone(HERE).date()
        day = years_later(today, machine.chance.randrange(end - first)) + timedelta(
            days=machine.chance.randrange(1, 60)
        )
        body["changes_on"] = day.isoformat()
    assert machine.world.sends(forum, "/v1/ages", body) == {"taken": True}
    record = machine.record_of(forum, name)
    was_too_young = decides_alone(machine.book, record) is False
    held = says(machine.book, record, forum, band, day)
    tell_again(machine.book, record)
    if decides_alone(machine.book, record) is False and not was_too_young:
        closes(machine, record)
    return f"{forum} says that {name} is {band}{f' until {day}' if day else ''}{'' if held else ' (does not hold)'}"


def sets_group(machine):
    """A forum says anew what a community is, and who looks after it."""
    forum, group = machine.chance.choice(sorted(machine.book.groups))
    wanted = machine.chance.choice(POSTURES), machine.chance.choice(AGES)
    moderators = machine.chance.sample(sorted(WORKERS[forum]), machine.chance.randrange(3))
    machine.sets_group(forum, group, wanted, moderators=moderators)
    return f"{forum} says that {group} is {' and '.join(wanted)}, looked after by {moderators}"


def runs(machine, group, *words):
    """A member of staff gives a command; what it printed."""
    with machine.world.app.app_context():
        result = CliRunner().invoke(group, [str(one) for one in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def takes_measure(machine):
    """An officer blocks a professional, for everybody or for one patient; or ends such a block."""
    machine.measures = [one for one in machine.measures if one[2][-1] > machine.book.now]
    if machine.measures and machine.chance.random() < 0.5:
        number, blocks, entry = machine.measures.pop()
        runs(machine, measure, "lift", number)
        blocks[blocks.index(entry)] = entry[0], machine.book.now
        return "an officer ends a block"
    forum, name = somebody(machine)
    whom, days = machine.chance.choice(sorted(WORKERS[forum])), machine.chance.choice((1, 3, 30))
    key, during = machine.key(forum, whom), (machine.book.now, machine.book.now + days * DAY)
    common = ("--platform", forum, "--account", whom, "--days", days)
    if machine.chance.random() < 0.6:
        runs(machine, measure, "block-pair", "--patient", name, *common)
        machine.record_of(forum, name).blocks.append((key, during))
        return f"an officer blocks {whom} for {name} for {days} days"
    printed = runs(machine, measure, "block-hcp", *common)
    blocks = machine.book.professionals[key].blocks
    blocks.append(during)
    machine.measures.append((re.search(r"measure lift ([0-9a-f-]{36})", printed).group(1), blocks, during))
    return f"an officer blocks {whom} for {days} days"


def worse_status(machine):
    """A register says something worse of a professional."""
    if machine.counts["worse_status"]:
        return None
    whom, status = machine.chance.choice(("omar", "ines")), machine.chance.choice(("restricted", "suspended", "lapsed"))
    words = ("--platform", "f", "--account", whom, "--status", status, "--evidence", "the register", "--reason", "seen")
    runs(machine, staff, "hcp", "mark", *words)
    machine.book.professionals[machine.key("f", whom)].status = status
    return f"the register says that {whom} is {status}"


def links_guardian(machine):
    """A young person's guardian is linked: staff saw the papers, and the young person saw the link."""
    young = [
        who
        for who in whoever(machine)
        if is_young(machine.book, machine.known(*who)) and not machine.known(*who).guardian
    ]
    if not young:
        return None
    return is_linked(machine, *machine.chance.choice(young))


def is_linked(machine, forum, name):
    with machine.world.transaction() as session:
        keyring, platform = house().keyring, platform_named(session, forum)
        child, adult = (account_for(session, keyring, platform, one, now()) for one in (name, GUARDIAN))
        links = Links(session, keyring, now())
        patient = find_patient(session, child.id)
        link = links.set_up(patient.id, adult.id, Terms("Pat", "my child", Basis.PARENT, "paper 77"), None)
        links.approve(link.id, "olu", tuple(Scope))
        links.see(patient.id, link.id)
        number = str(link.id)
    machine.record_of(forum, name).guardian = forum, number
    return f"{GUARDIAN} is {name}'s guardian"


def guardian_acts(machine):
    """A guardian refuses something for a young person, or lets it go; after the eighteenth birthday nothing."""
    linked = [record for record in machine.records() if record.guardian and record.exists]
    if not linked:
        return None
    record = machine.chance.choice(linked)
    forum, number = record.guardian
    visit, works = machine.visit(forum, GUARDIAN), is_young(machine.book, record)
    party = f"guardian:{number}"
    if machine.chance.random() < 0.3:
        visit.post(f"/guardian/{number}/release", 303 if works else 404)
        if works:
            record.released.add(party)
        return f"{GUARDIAN} lets {record.name} take the refusals away"
    circle, what = machine.chance.choice(sorted(CIRCLES)), machine.chance.choice(sorted(WHATS))
    visit.post(f"/guardian/{number}/refuse", 303 if works else 404, circle=circle, what=what)
    if works:
        adds_layer(record, party, None, [line(Effect.REFUSE, who, WHATS[what]) for who in CIRCLES[circle]])
        record.released.discard(party)
    return f"{GUARDIAN} refuses {circle} {what} for {record.name}: {'done' if works else 'not any more'}"
