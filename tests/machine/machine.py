"""The machine: the service, the books beside it, and the questions by which the two are held against each other."""

import random
from collections import Counter

from governance.conduct.service import Acceptance, ForumAccount, Registration, declare, register_hcp
from governance.decision.facts import Setting
from governance.decision.vocabulary import Ages, Assurance, Capacity, Instant, Posture, Reason, Status
from governance.identity.service import account_for, platform_named
from governance.ui.clock import to_datetime
from governance.ui.house import house
from tests.decision.oracle import oracle
from tests.machine.book import DAY, MINUTE, Book, Group, Professional, Record
from tests.machine.facts import Asked, facts_of, request_of
from tests.machine.house import Visit, World
from tests.machine.presses import Presses

FORUMS = ("f", "g")
PEOPLE = {"f": ("ana", "ben", "cleo", "dot"), "g": ("anna", "bea", "carl")}
MEMBER, NOBODY = "mia", "never-heard-of"
WORKERS = {
    "f": {
        "nora": ("nurse", 4),
        "omar": ("doctor", 4),
        "ines": ("nurse", 3),
        "rolf": ("doctor", 2),
        "pia": ("nurse", 4),
    },
    "g": {"gwen": ("nurse", 4), "hal": ("doctor", 4)},
}
DECLARED = "kai"
GROUPS = {"talk": ("informed", "adults"), "open": ("hcp_present", "adults"), "peers": ("peer_only", "mixed")}
CONTENT = ("view", "react", "reply", "quote", "record", "use_in_care", "research", "moderate")
ON_PERSON = ("find", "look_up", "mention", "message", "connect")
KNOWN = 300 * DAY
"""For so long everybody's register was checked and their word counts."""
PERMITS = {Reason.PERMITTED, Reason.NOT_GOVERNED}


NOTICE = 14 * DAY
STRICT = (Posture.PEER_ONLY, Posture.INFORMED, Posture.HCP_PRESENT)


def typed(wanted):
    return Posture(wanted[0]), Ages(wanted[1])


def strictest(settings):
    """The strictest posture of some, and the strictest ages."""
    postures, ages = zip(*settings, strict=True)
    return min(postures, key=STRICT.index), Ages.MIXED if Ages.MIXED in ages else Ages.ADULTS


def followed(history, wanted, now):
    """What a community is by turns: of what is wanted now, whatever is stricter at once, the rest after its notice."""
    begun = [one for one in history if one.since <= now]
    at_once = strictest([begun[-1][1:], wanted])
    if at_once != begun[-1][1:]:
        begun = [*(one for one in begun if one.since < now), Setting(now, *at_once)]
    if at_once == wanted:
        return begun
    announced = [one.since for one in history if one.since > now and one[1:] == wanted]
    return [*begun, Setting(announced[0] if announced else now + NOTICE, *wanted)]


class Machine:
    """One world, and a chance by which it moves."""

    def __init__(self, settings, seed):
        self.seed, self.chance = seed, random.Random(seed)
        self.world, self.story, self.counts = World(settings, FORUMS, seed), [], Counter()
        self.trying = ""
        self.printed = []
        """Every hide code, and whose it is or was."""
        self.measures, self.born, self.erased_next = [], {}, self.world.now
        self.book, self.visits, self.keys, self.marks = Book(now=self.world.now), {}, {}, []
        self.decisions, self.permitted = 0, 0
        self.names = {forum: list(PEOPLE[forum]) for forum in FORUMS}
        self.renamed = {}
        """What accounts were called before the last step, by forum and the name of now."""
        for forum in FORUMS:
            self.book.strictest[forum] = typed(("informed", "mixed"))
            for name, wanted in GROUPS.items():
                self.sets_group(forum, name, wanted, told=self.book.now - 30 * DAY)
            for name, (profession, assurance) in WORKERS[forum].items():
                self._registers(forum, name, profession, assurance)
        self._declares("f", DECLARED)

    def close(self):
        self.world.close()

    def key(self, forum, name):
        if (forum, name) not in self.keys:
            self.keys[forum, name] = self.world.key(forum, name)
        return self.keys[forum, name]

    @property
    def works(self):
        return {account: one.profession for account, one in self.book.professionals.items()}

    def _registers(self, forum, name, profession, assurance):
        now, key = self.book.now, self.key(forum, name)
        until = Instant(now + KNOWN)
        found = Registration(name.title(), profession, Assurance(assurance), Status.GOOD, until)
        with self.world.transaction() as session:
            platform = platform_named(session, forum)
            account = account_for(session, house().keyring, platform, name, Instant(now))
            theirs = ForumAccount(account.id, platform.id, account.key)
            register_hcp(session, house().keyring, theirs, found, Acceptance("1", until), now=Instant(now))
        one = Professional(name, profession, assurance, frozenset({key}), until, (now, until))
        self.book.professionals[key] = one

    def _declares(self, forum, name):
        with self.world.transaction() as session:
            platform = platform_named(session, forum)
            account = account_for(session, house().keyring, platform, name, Instant(self.book.now))
            declare(session, house().keyring, ForumAccount(account.id, platform.id, account.key), self.book.now)
        self.book.declared.add(self.key(forum, name))

    def sets_group(self, forum, name, wanted, *, moderators=(), told=None):
        """A forum says what one of its communities is: stricter at once, looser after its notice."""
        body = {"posture": wanted[0], "ages": wanted[1], "moderators": list(moderators)}
        if told is not None:
            body["told_since"] = to_datetime(Instant(told)).isoformat()
        self.world.sends(forum, f"/v1/communities/{name}", body, method="PUT")
        group = self.book.groups.setdefault((forum, name), Group([]))
        group.moderators = frozenset(self.key(forum, one) for one in moderators)
        group.history = (
            [Setting(told, *typed(wanted))]
            if told is not None
            else followed(group.history, typed(wanted), self.book.now)
        )
        self.book.strictest[forum] = strictest([self.book.strictest[forum], *(one[1:] for one in group.history)])

    def record_of(self, forum, name):
        """The record of a person, which their first act makes; who was erased comes back with what that left."""
        key = self.key(forum, name)
        found = self.book.records.get(key)
        if found is None or key not in found.accounts:
            found = self.book.records[key] = Record(name, stone=None if found is None else found.stone)
            found.accounts[key], self.book.linked[key] = (forum, name), self.book.now
            self.born.setdefault((forum, name), len(self.born))
        return found

    def known(self, forum, name):
        """The record of a person, if they have one: none is left of who was erased."""
        key = self.key(forum, name)
        found = self.book.records.get(key)
        return found if found is not None and key in found.accounts else None

    def presses(self, record):
        return Presses(self.book, record, self.works)

    def visit(self, forum, name, *, anew=False):
        """The session of somebody at our pages: the one they had, while it is awake, or a new one."""
        found = self.visits.get((forum, name))
        if found is None or anew or not found.is_awake:
            found = self.visits[forum, name] = Visit(self.world, forum, name)
            self.born.setdefault((forum, name), len(self.born))
        return found

    def later(self, microseconds):
        self.world.later(microseconds / 1_000_000)
        self.book.now = self.world.now

    def professionals(self, forum, pick):
        """Whom the pages list by name: who is here as a patient alone only for those who chose for them before."""
        known = pick.team | {one.account for one in pick.named} | {rule.name for rule in pick.rules}
        return [name for name in WORKERS[forum] if self.key(forum, name) in known or self._at_work(forum, name)]

    def _at_work(self, forum, name):
        running = self.book.professionals[self.key(forum, name)].running(forum, self.book.now)
        as_a_whole = [one.capacity for one in running if one.community is None] or [Capacity.PROFESSIONAL]
        return Capacity.PROFESSIONAL in {*as_a_whole, *(one.capacity for one in running)}

    def people(self, forum):
        """Whoever writes on a forum, under every name they ever had."""
        return self.names[forum]

    def records(self):
        """Every record once."""
        return list(dict.fromkeys(self.book.records.values()))

    def adult(self, record):
        return None if record is None else record.adult_from

    def tells(self, line):
        self.story.append(f"{to_datetime(Instant(self.book.now)):%d %B %H:%M:%S}  {line}")


class Questions:
    """What a machine's forums ask, and what the oracle says to that."""

    def __init__(self, machine):
        self.machine, self.chance = machine, machine.chance

    def one(self):
        chance = self.chance
        forum = chance.choice(FORUMS if chance.random() < 0.5 else FORUMS[:1])
        action = chance.choice(CONTENT + ON_PERSON) if chance.random() < 0.6 else chance.choice(("view", "reply"))
        viewer = chance.choice([*WORKERS[forum], MEMBER, *([DECLARED] if forum == "f" else []), PEOPLE[forum][0]])
        authors = tuple(self._author(forum, action) for _ in range(1 if chance.random() < 0.9 else 2))
        first = chance.choice((True, False, None))
        letter = (viewer,) if chance.random() < 0.03 else None
        return Asked(forum, viewer, action, authors, first, chance.choice((None, None, False, True)), letter)

    def _author(self, forum, action):
        chance = self.chance
        people = [*self.machine.people(forum)] * 4 + [NOBODY, "nora" if forum == "f" else "gwen"]
        group = chance.choice((*GROUPS, "talk", "talk", "unheard-of", None))
        if action in ON_PERSON:
            return chance.choice(people), group, None, None, None, None
        created = self._time()
        edited = chance.choice(("never", "never", self._time(), None))
        thread = chance.choice(("t1", "t2", None))
        return chance.choice(people), group, thread, chance.choice(("p1", "p2")), created, edited

    def _time(self):
        now, chance = self.machine.book.now, self.chance
        ago = chance.choice((MINUTE, 90 * MINUTE, 3 * DAY, 20 * DAY, 60 * DAY))
        return chance.choice((now - ago, now, None, *self.machine.marks[-6:]))

    def expected(self, asked, book=None):
        book = book or self.machine.book
        request = request_of(book, asked, self.machine.key)
        return oracle(request, facts_of(book, request))
