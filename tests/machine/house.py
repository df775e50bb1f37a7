"""The real service that the machine drives: two processes' worth of the app on one database, and a clock to move.

Everything is a request, and counted: pages with a session and a form's token, doors with a forum's own token.
"""

import re
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace

import time_machine
from itsdangerous import URLSafeTimedSerializer

from governance.config.key_set import Epoch, KeySet
from governance.config.limits import LimitSettings
from governance.crypto.blind_index import account_key
from governance.db import base
from governance.db.extension import transaction
from governance.identity.models import WebSession
from governance.identity.service import account_for, platform_named
from governance.identity.sessions import service as sessions
from governance.ledger.outbox.service import ensure_recurring
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, session_of
from tests.forum import Forum
from tests.pdp.conftest import Caller

SCOPES = "decisions:evaluate optouts:read optouts:tighten communities:write hcps:declare links:write"
MANY = "1000000/minute"
SECOND = 1_000_000
HOUR = 3600 * SECOND
IDLE = 25 * 60 * SECOND
"""A session sleeps for half an hour at most."""
TOKEN = 9 * 60 * SECOND
STARTS = datetime(2026, 5, 4, 10, tzinfo=UTC)
KINDS = ["disclosure_carry_out", "erasing", "loosening", "yes_on_forum"]
_SEEN = "0" * 40
_HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


class Visit:
    """One person at our pages, in a session of one account."""

    def __init__(self, world, forum, name):
        self.world, self.forum, self.name = world, forum, name
        self.proved = None
        self.of_age = False
        self.made = None
        """The record and the version that was made here last, which an undo takes back."""
        with world.transaction() as session:
            keyring = house().keyring
            account = account_for(session, keyring, platform_named(session, forum), name, now())
            self.cookie = sessions.start_signed_in(session, keyring, account, now(), now=now())
            sessions.keep(session, sessions.Secret(self.cookie, keyring), {"csrf_token": _SEEN}, frozenset(), now=now())
        self.used = world.now

    def __deepcopy__(self, _):
        """A book that is put aside speaks of the same visits."""
        return self

    def proves(self):
        """A sign-in at the forum made for this, as its answer leaves it in the session."""
        with self.world.transaction() as session:
            session.get_one(WebSession, sessions.digest_of(self.cookie)).proved = now()
        self.proved = self.world.now

    @property
    def is_proved(self):
        return self.proved is not None and self.world.now - self.proved <= 10 * 60 * SECOND

    @property
    def is_awake(self):
        return self.world.now - self.used < IDLE

    def get(self, path):
        return self._sent("GET", path)

    def post(self, path, expected=303, **form):
        token = URLSafeTimedSerializer(self.world.keyring.derive("csrf"), salt="wtf-csrf-token").dumps(_SEEN)
        return self._sent("POST", path, expected, data={"csrf_token": token, **form})

    def hidden(self, path):
        """The hidden fields of a page."""
        return dict(_HIDDEN.findall(self.get(path).get_data(as_text=True)))

    def code(self, path):
        """The code that a page shows after its button was pressed."""
        return re.search(r'class="code"[^>]*>([^<]*)<', self.post(path, 200).get_data(as_text=True)).group(1).strip()

    def changes(self):
        """What waits, as the page lists it: the next one first."""
        return re.findall(r'name="change" value="([^"]*)"', self.get("/my/waiting").get_data(as_text=True))

    def _sent(self, method, path, expected=200, **more):
        app = self.world.app
        client = app.test_client(use_cookies=False)
        self.world.requests += 1
        self.used = self.world.now
        answer = client.open(path, method=method, headers={"Cookie": f"governance={self.cookie}"}, **more)
        if answer.status_code != expected:
            said = " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2]).split())
            raise AssertionError(f"{path} {more}: {answer.status_code} {answer.location}, not {expected}: {said}")
        return answer


@contextmanager
def ids_of(chance):
    """Have new ids be those of a seed: the keys of accounts follow from their forum's."""
    drawn, base.secrets = base.secrets, SimpleNamespace(randbits=chance.getrandbits)
    try:
        yield
    finally:
        base.secrets = drawn


class World:
    """The service with its forums; one seed has one set of keys, so that a walk goes the same way each time."""

    def __init__(self, settings, forums, seed):
        limits = LimitSettings(platform=MANY, person=MANY, anonymous=MANY, tokens=MANY)
        chance = Random(f"keys {seed}")
        keys = KeySet(chance.randbytes(32), (Epoch("e1", chance.randbytes(32), 0),))
        self.settings = replace(settings, limits=limits, keys=keys)
        self.requests, self._callers, self._open = 0, {}, ExitStack()
        self._clock = self._open.enter_context(time_machine.travel(STARTS, tick=False))
        self._apps = [self._start(), self._start()]
        self.app = self._apps[0][0]
        with self.app.app_context():
            self.keyring = house().keyring
        self.credentials, self.ids = {}, {}
        with session_of(self.app) as session, ids_of(chance):
            for name in forums:
                self._found(session, name)
        with self.transaction() as session:
            ensure_recurring(session, self.keyring, "erasing", HOUR, now=now())

    def _found(self, session, name):
        forum = Forum(session, self.keyring, name, at=self.now)
        self.credentials[name], self.ids[name] = forum.credentials, forum.id
        session.commit()

    def close(self):
        self._callers.clear()
        for _, stack in self._apps:
            stack.close()
        self._open.close()

    @property
    def now(self):
        return now()

    def later(self, seconds):
        self._clock.shift(seconds)

    def restarts(self, which):
        """One of the two processes ends, and another one begins on the same database."""
        self._apps[which][1].close()
        self._apps[which] = self._start()
        self.app = self._apps[0][0]
        self._callers.clear()

    def _start(self):
        stack = ExitStack()
        return stack.enter_context(running(self.settings)), stack

    @contextmanager
    def transaction(self):
        """What staff and operators do, as their commands do it."""
        with self.app.app_context(), transaction() as session:
            yield session

    def key(self, forum, name):
        return account_key(self.keyring, self.ids[forum], name)

    def sends(self, forum, path, body, method="POST", which=0):
        """A request of a forum's program to one of the two processes."""
        found = self._callers.get((forum, which))
        if found is None or self.now - found[1] > TOKEN:
            found = self._callers[forum, which] = (
                Caller(self._apps[which][0], self.credentials[forum], SCOPES),
                self.now,
            )
        self.requests += 1
        answer = found[0].send(path, body, method=method)
        assert answer.status_code == 200, (path, body, answer.text)
        return answer.json

    def types(self, code):
        """Somebody whom nobody knows types a hide code."""
        self.requests += 1
        answer = self.app.test_client(use_cookies=False).post("/hide", data={"code": code})
        assert answer.status_code == 200, answer.text

    def works(self):
        """A worker's turn at what waits."""
        worker = Worker(tools_of(self.app), Hands())
        worker._kinds = KINDS
        while worker.step():
            pass
