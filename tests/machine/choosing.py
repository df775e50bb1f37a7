"""Steps at the pages of choices: telling, choosing, hiding, undoing, stopping what waits."""

from tests.machine.ages import decides_alone, is_minor, is_young, tell_again
from tests.machine.book import EXTRAS, ORDER, Named, Pick
from tests.machine.machine import PEOPLE, WORKERS
from tests.machine.presses import Press
from tests.machine.story import said

NOT_FOR_MINORS = {"look_up", "connect"}
ITEM_BY_ITEM = {"record"}
PATHS = {"in force": "/my/choices/saved", "waits": "/my/waiting"}


def somebody(machine):
    forum = machine.chance.choice("fffg")
    return forum, machine.chance.choice(machine.people(forum))


def begins(machine, who):
    """Somebody is told what to know, and lets professionals do something: a first choice needs no wait."""
    is_told(machine, *who)
    wanted = Pick(machine.chance.choice(ORDER[1:]), machine.chance.choice(ORDER[1:3]))
    visit = machine.visit(*who)
    send_answers(visit, Pick(), wanted, machine)
    return f"{who[1]} on {who[0]} picks {said(machine, wanted)} first: {saved(machine, who, visit, wanted)}"


def told(machine):
    """Somebody reads what to know before choosing, and says so."""
    return is_told(machine, *somebody(machine))


def is_told(machine, forum, name):
    visit = machine.visit(forum, name)
    visit.get("/disclosure/must-knows")
    shown = visit.hidden("/disclosure/acknowledge")
    visit.post("/disclosure/acknowledge", back=shown["back"], words=shown["words"])
    record = machine.record_of(forum, name)
    tell_again(machine.book, record)
    record.told.append((machine.book.now, len(machine.book.published)))
    return f"{name} on {forum} was told what to know"


def choose(machine):
    """Somebody changes an answer or two and saves them, with a proof or without."""
    forum, name = somebody(machine)
    chance, record = machine.chance, machine.known(forum, name)
    visit = machine.visit(forum, name, anew=chance.random() < 0.3)
    if chance.random() < 0.6:
        visit.proves()
    visit.of_age = visit.of_age or (machine.adult(record) is None and chance.random() < 0.7)
    before = asked(machine, record)
    wanted = fitting(edited(machine, before, forum), minor=is_minor(machine.book, record))
    send_answers(visit, before, wanted, machine)
    outcome = saved(machine, (forum, name), visit, wanted)
    return f"{name} on {forum} picks {said(machine, wanted)}: {outcome}"


def asked(machine, record):
    """What somebody's pages begin with: what they picked last, as far as it is on offer to them still."""
    return fitting(machine.presses(record).asked(), minor=is_minor(machine.book, record)) if record else Pick()


def edited(machine, pick, forum):
    """A pick with an answer or two that are other ones."""
    chance = machine.chance
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        pick = chance.choice(EDITS)(machine, pick, forum)
    return pick


def _level(machine, pick, _forum):
    return pick._replace(care_team=machine.chance.choice(ORDER))


def _others(machine, pick, _forum):
    return pick._replace(others=machine.chance.choice(ORDER[:-1]))


def _team(machine, pick, forum):
    listed = machine.professionals(forum, pick)
    return pick._replace(team=pick.team ^ {machine.key(forum, machine.chance.choice(listed))}) if listed else pick


def _extras(machine, pick, _forum):
    circle = machine.chance.choice(("care_team_extras", "others_extras"))
    return pick._replace(**{circle: getattr(pick, circle) ^ {machine.chance.choice(sorted(EXTRAS - ITEM_BY_ITEM))}})


def _by_name(machine, pick, forum):
    listed = machine.professionals(forum, pick)
    if not listed:
        return pick
    account = machine.key(forum, machine.chance.choice(listed))
    others = frozenset(one for one in pick.named if one.account != account)
    level = machine.chance.choice((None, "closed", "closed", *ORDER))
    return pick._replace(named=others | ({Named(account, level)} if level else frozenset()))


EDITS = (_level, _others, _others, _team, _team, _extras, _by_name, _by_name)


def fitting(pick, *, minor):
    """Only what is on offer to somebody of their age; a closed group may do nothing more."""
    off = ITEM_BY_ITEM | (NOT_FOR_MINORS if minor else set())
    extras = {
        f"{circle}_extras": frozenset()
        if getattr(pick, circle) == "closed"
        else getattr(pick, f"{circle}_extras") - off
        for circle in ("care_team", "others")
    }
    pick = pick._replace(**extras)
    return pick._replace(others="answered") if minor and pick.others == "in_touch" else pick


def send_answers(visit, before, wanted, machine):
    """Send the pages on which an answer is another one; all three questions of somebody who answered none."""
    first = before in (Pick(), Pick(hold=True))
    for circle, path in (("care_team", "care-team"), ("others", "others")):
        if first or getattr(before, circle) != getattr(wanted, circle):
            visit.post(f"/choices/{path}", level=getattr(wanted, circle))
    here = {machine.key(visit.forum, name) for name in WORKERS[visit.forum]}
    if first or before.team != wanted.team:
        visit.post("/choices/team", members=sorted(wanted.team & here))
    for circle, path in (("care_team", "care-team"), ("others", "others")):
        extras = getattr(wanted, f"{circle}_extras")
        if getattr(wanted, circle) != "closed" and extras != getattr(before, f"{circle}_extras"):
            visit.post(f"/choices/more/{path}", actions=sorted(extras))
    for account in sorted({one.account for one in before.named ^ wanted.named}):
        one = wanted.said_of(account)
        visit.post("/choices/person", who=account, level="group" if one is None else one.level)


def saved(machine, who, visit, wanted):
    """The press that puts the answers in force, and what the books say that it comes to."""
    machine.trying = f"{who[1]} on {who[0]} picks {said(machine, wanted)}"
    seen = visit.hidden("/choices/check")["seen"]
    form = {"seen": seen, "age": "reached" if visit.of_age else ""}
    record = machine.known(*who)
    if wanted.permits_anything and not (record and record.told):
        visit.post("/choices/check", 409, **form)
        machine.visits.pop(who)
        return "read first what to know"
    record = machine.record_of(*who)
    outcome = machine.presses(record).choose(wanted, press_of(machine, record, visit))
    noted(machine, record, visit)
    if outcome in PATHS:
        found = visit.post("/choices/check", **form).location
        assert found == PATHS[outcome], f"{who}: {said(machine, wanted)} should be {outcome}, and goes to {found}"
        return outcome
    status = {"guardian": 409, "age": 422, "proof": 303}[outcome]
    visit.post("/choices/check", status, **form)
    machine.visits.pop(who)
    return f"{outcome} is missing"


def press_of(machine, record, visit):
    guarded = record.guardian is not None and is_young(machine.book, record)
    return Press(visit.is_proved, visit.of_age, decides_alone(machine.book, record), guarded)


def noted(machine, record, visit):
    """The visit remembers a version that was made in it just now, for its undo."""
    if record.last is not None and record.last.at == machine.book.now:
        visit.made = record, record.last


def hide(machine):
    forum, name = somebody(machine)
    visit = machine.visit(forum, name)
    visit.post("/my/hide")
    record = machine.record_of(forum, name)
    machine.presses(record).hide()
    noted(machine, record, visit)
    return f"{name} on {forum} presses: hide me"


def show_again(machine):
    """Somebody who is hidden wants to be shown again."""
    hidden = [who for who in whoever(machine) if machine.known(*who) and machine.known(*who).body.pick.hold]
    if not hidden:
        return None
    who = machine.chance.choice(hidden)
    record, visit = machine.record_of(*who), machine.visit(*who)
    if machine.chance.random() < 0.8:
        visit.proves()
    visit.of_age = True
    wanted = asked(machine, record)._replace(hold=False)
    outcome = machine.presses(record).choose(wanted, press_of(machine, record, visit))
    noted(machine, record, visit)
    status = 409 if outcome == "guardian" else 303
    visit.post("/my/show-again", status, age="reached")
    return f"{who[1]} on {who[0]} presses: stop hiding me ({outcome})"


def undo(machine):
    """Somebody takes their last press back, from the same session or from another one."""
    able = [who for who in whoever(machine) if machine.known(*who) and machine.known(*who).last]
    if not able:
        return None
    who = machine.chance.choice(able)
    record, visit = machine.known(*who), machine.visit(*who)
    whose, version = visit.made or (None, None)
    done = whose is record and machine.presses(record).undo(version)
    late = whose is record and not done
    visit.post("/my/undo", 409 if late else 303)
    visit.made = visit.made if late else None
    return f"{who[1]} on {who[0]} presses: undo ({'done' if done else 'too late'})"


def whoever(machine):
    return [(forum, name) for forum in PEOPLE for name in machine.people(forum)]
