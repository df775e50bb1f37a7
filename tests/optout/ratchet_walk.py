"""A patient's presses in any order, with a plain account beside them of what may be open by then, and why.

The account shares no code with the ratchet: it knows levels and extras, who is in the team, who has a level or a
refusal of their own, the hold, and what was asked when.
"""

from contextlib import suppress
from itertools import count
from uuid import UUID

from hypothesis import strategies as st

from governance.decision.levels import EXTRAS, LEVELS
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import CONTENT_ACTIONS, Action, Level
from governance.effective.layers import Layers, Party, refuse_all
from governance.ledger.outbox import service as outbox
from governance.optout import undo as undoing
from governance.optout.choices import Choices, Named
from governance.optout.errors import UndoneTooLateError
from governance.optout.models import Directive, WaitingChange
from governance.optout.own.rules import Rule, Scope
from governance.optout.ratchet import asked_for, take_effect
from governance.optout.service import body_in_force, hide
from governance.optout.waiting import KIND, cancel
from tests.forum import DAY

MINUTE = 60 * 1_000_000
WITHIN = 10 * MINUTE
PEOPLE = ("nurse", "doctor", "midwife")
WORK = {"nurse": "nurse", "doctor": "doctor", "midwife": "nurse"}
"""What each of them works as."""
GUARDIAN = Party("guardian")
_numbers = count()

levels = st.sampled_from(list(Level))
extras = st.sets(st.sampled_from(sorted(EXTRAS - {"record"})), max_size=2)
by_name = st.dictionaries(st.sampled_from(PEOPLE), levels, max_size=2)
of_professions = st.dictionaries(
    st.sampled_from(["nurse", "doctor"]), levels.filter(lambda level: level != "part_of_care")
)
picks = st.tuples(
    levels,
    levels.filter(lambda level: level is not Level.PART_OF_CARE),
    st.sets(st.sampled_from(PEOPLE)),
    extras,
    extras,
    by_name,
    of_professions,
)
walks = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), picks, st.booleans()),
        st.tuples(st.just("show again"), st.booleans()),
        st.tuples(st.sampled_from(["hide", "undo", "cancel", "layer", "no layer"])),
        st.tuples(st.just("later"), st.sampled_from([1, 5, 11, 300, 1430, 1440])),
    ),
    min_size=4,
    max_size=14,
)


class Walk:
    """One patient of a forum, and the account of what may be open."""

    def __init__(self, forum):
        self.forum, self.name = forum, f"p{next(_numbers)}"
        forum.acknowledges(self.name)
        self.id = forum.patient(self.name).id
        self.keys = {who: forum.key(who) for who in PEOPLE}
        self.who = {key: who for who, key in self.keys.items()}
        self.asks, self.closed, self.chosen = [], None, False
        self.open = self._permitted()

    def goes(self, steps):
        for kind, *what in steps:
            getattr(self, f"_{kind.replace(' ', '_')}")(*what)
            self._work()
            assert self._permitted() <= self.open, (kind, what)
            # Whatever is open was said to be so: what was closed meanwhile is open no longer.
            self.open = self._permitted()

    def _choose(self, pick, proved):
        wanted = self._wanted(pick)
        asked = self._asked()
        self._press(wanted._replace(hold=asked is not None and asked.hold), proved)

    def _wanted(self, pick):
        care_team, others, team, for_team, for_others, named, by_work = (*pick, (), (), (), ())[:7]
        return Choices(
            care_team,
            others,
            frozenset(self.keys[who] for who in team),
            care_team_extras=frozenset(for_team),
            others_extras=frozenset(for_others),
            named=frozenset(Named(self.keys[who], level) for who, level in dict(named).items()),
            rules=frozenset(Rule(Scope(WhoKind.PROFESSION, work), level) for work, level in dict(by_work).items()),
        )

    def _show_again(self, proved):
        asked = self._asked()
        if asked is not None:
            self._press(asked._replace(hold=False), proved)

    def _press(self, wanted, proved):
        before, version = self._permitted(), self._version()
        permits = self._of(wanted)
        self.forum.wants(self.name, wanted, proved=proved)
        self.asks = [(at, pairs & permits) for at, pairs in self.asks]
        if proved:
            self.asks.append((self.forum.now, permits))
        if not self.chosen:
            self.open |= permits
        self.chosen = True
        self._note(before, version)

    def _hide(self):
        before, version = self._permitted(), self._version()
        hide(self.forum.session, self.forum.keyring, self.id, self.forum.now)
        self.asks, self.chosen = [], True
        self._note(before, version)

    def _undo(self):
        if self._version() is None:
            return
        made_by_a_press, before, at = self.closed or (None, set(), 0)
        with suppress(UndoneTooLateError):
            undoing.undo(
                self.forum.session, self.forum.keyring, (self.id, self._version()), self.forum.now, within=WITHIN
            )
            if made_by_a_press and self.forum.now - at < WITHIN:
                self.open |= before
        self.closed = None

    def _cancel(self):
        for change in WaitingChange.open_of(self.forum.session, self.id):
            cancel(self.forum.session, self.forum.keyring, self.id, change.id, self.forum.now)
        self.asks = []

    def _layer(self):
        Layers(self.forum.session, self.forum.keyring, self.id, self.forum.now).add(GUARDIAN, refuse_all(GUARDIAN))

    def _no_layer(self):
        layers = Layers(self.forum.session, self.forum.keyring, self.id, self.forum.now)
        if layers.kept():
            layers.remove(GUARDIAN)

    def _later(self, minutes):
        self.forum.later(minutes=minutes)

    def _note(self, before, version):
        if self._version() != version:
            self.closed = True, before, self.forum.now

    def _work(self):
        """Do what is due, as a worker does; what was asked for a day ago may be open by it."""
        forum = self.forum
        while job := outbox.take(forum.session, [KIND], forum.now):
            payload = outbox.open_work(forum.session, forum.keyring, job).payload
            take_effect(forum.session, forum.keyring, UUID(payload["change"]), payload["token"], forum.now)
            outbox.finish(forum.session, job, forum.now)
        self.open |= {pair for at, pairs in self.asks if at + DAY <= forum.now for pair in pairs}

    def _asked(self):
        return asked_for(self.forum.session, self.forum.keyring, self.id, self.forum.now)

    def _version(self):
        latest = Directive.latest(self.forum.session, self.id)
        return None if latest is None else latest.version

    def _body(self):
        return body_in_force(self.forum.session, self.forum.keyring, self.id)

    def _permitted(self):
        """What the patient's own choices permit now: whatever a layer refuses on top can go at once."""
        body = self._body()
        ever = {entry.account for entry in body.entries}
        return self._of(body.choices._replace(hold=body.hold or not body.said), ever=ever)

    def _of(self, choices, *, ever=frozenset()):
        said = {one.account: one for one in choices.named}
        found = set()
        for key in self.keys.values():
            one = said.get(key)
            if one is None or one.level is not Level.CLOSED:
                # Whom nobody refuses by name may be asked to look after a flagged post, the hidden person's too.
                found.add((key, "as a moderator"))
            found |= {(key, action) for action in (() if choices.hold else self._open_to(key, one, choices, ever))}
        return found

    def _open_to(self, key, one, choices, ever):
        if one is not None and not one.at_most:
            return LEVELS[one.level]
        rule = choices.about(Scope(WhoKind.PROFESSION, WORK[self.who[key]]).code)
        if rule is not None and not rule.at_most:
            actions = LEVELS[rule.level]
            return actions if one is None else actions & LEVELS[one.level]
        in_team = key in choices.team
        actions = LEVELS[choices.care_team if in_team else choices.others]
        actions |= choices.care_team_extras if in_team else choices.others_extras
        if Action.VIEW not in actions:
            # Whoever may not see words can do nothing with them.
            actions -= CONTENT_ACTIONS
        actions = frozenset() if key in ever and not in_team else actions
        actions = actions if rule is None else actions & LEVELS[rule.level]
        return actions if one is None else actions & LEVELS[one.level]
