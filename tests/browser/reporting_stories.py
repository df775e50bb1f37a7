"""A real service process, the phones of those whom a story is about, and the program of their forum."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from governance.decision.vocabulary import Instant
from governance.identity.permissions import Role
from governance.identity.service import platform_named
from governance.optout.ratchet import Press, choose
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.patients.service import set_adult_from
from governance.ui.clock import now
from tests.browser.conftest import PHONE, Phone
from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.forum import DAY, Forum
from tests.identity.staff import add_staff, sign_in_staff
from tests.reliability.house import FORUM, House
from tests.reliability.test_kill import Forum as Program
from tests.ui.visits import sign_in

PASSPHRASE = "four otters sing in march"


class Members(Forum):
    """What members of the house's forum chose before the story begins."""

    def __init__(self, session, keyring):
        self.session, self.keyring, self.now = session, keyring, now()
        self.platform = platform_named(session, FORUM)
        self.id = self.platform.id

    def grown_up_wants(self, name, wanted):
        self.acknowledges(name)
        set_adult_from(self.session, self.keyring, self.patient(name), 0, self.now)
        press = Press(self.now, wait=DAY, consent_age=16, proved=True, of_age=True)
        return choose(self.session, self.keyring, self.patient(name).id, wanted, press)

    def has_guardian(self, name, guardian):
        """A child of ten, and a guardian whom staff approved and whom the child has seen; return the link."""
        self.acknowledges(name, adult=False)
        patient = self.patient(name, adult=False)
        set_adult_from(self.session, self.keyring, patient, Instant(self.now + 8 * 365 * DAY), self.now)
        links, theirs = Links(self.session, self.keyring, self.now), self.account(guardian)
        link = links.set_up(patient.id, theirs.id, Terms(guardian, "my girl", Basis.PARENT, "birth certificate"), None)
        links.approve(link.id, "olu", tuple(Scope))
        links.see(patient.id, link.id)
        return link.id


@dataclass
class Stage:
    """Where a story is played: a service that answers on a port, over a database of its own."""

    house: House
    address: str
    app: Any
    chromium: Any
    program: dict[str, str]
    found: dict[str, list[str]] = field(default_factory=dict)
    _contexts: list[Any] = field(default_factory=list)

    def phone(self, cookie="", *, javascript=True, language="en"):
        context = self.chromium.new_context(viewport=PHONE, java_script_enabled=javascript, bypass_csp=javascript)
        self._contexts.append(context)
        context.add_cookies([{"name": "governance_language", "value": language, "url": self.address}])
        if cookie:
            context.add_cookies([{"name": "governance", "value": cookie, "url": self.address}])
        return Phone(context, self.address)

    def member(self, account, **said):
        return self.phone(sign_in(self.app, account), **said)

    def officer(self, name, *, tie=""):
        """Somebody who works at the desk, with a vault made on their phone; `tie`: an organisation they worked at."""
        staff_id = add_staff(self.app, Role.OFFICER, subject=name, name=name.title())
        phone = self.phone(sign_in_staff(self.app, staff_id))
        phone.open("/desk/vault")
        fills(phone, new=PASSPHRASE, again=PASSPHRASE)
        phone.press("Make my vault")
        if tie:
            phone.open("/desk/ties")
            fills(phone, kind="organisation", words=tie)
            phone.press("Write it down")
        return phone

    def looks(self, phone, name):
        """Keep a picture, and what is wrong with the page on the screen."""
        phone.shoot(name)
        self.found[name] = faults(phone)

    def decides(self, viewer, author, action="view", **said):
        return self.answer(viewer, author, action, **said)["decision"]

    def answer(self, viewer, author, action="view", **said):
        usual = {
            "author": author,
            "community": "lows",
            "thread": "t1",
            "created": "2026-05-01T10:00:00Z",
            "edited": None,
        }
        question = {
            "subject": {"type": "user", "id": viewer},
            "action": {"name": action},
            "resource": {"type": "post", "id": "p1", "properties": {**usual, **said}},
        }
        return self.sends("/access/v1/evaluation", question).json()

    def sends(self, path, body):
        headers = {**self.program, "Idempotency-Key": str(uuid4())}
        answer = requests.post(f"{self.address}{path}", json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer

    @contextmanager
    def members(self):
        with self.house.writing() as session:
            yield Members(session, self.house.keyring)

    def close(self):
        for context in self._contexts:
            context.close()

    @property
    def wrong(self):
        return {name: wrong for name, wrong in self.found.items() if wrong}


@contextmanager
def stage(chromium, house, starts):
    """Give a stage with a forum on it, whose service is a process of its own."""
    credentials = house.founds_forum()
    with house.app() as app, starts.serving(house) as service:
        program = Program(service.address, credentials)._headers
        playing = Stage(house, service.address, app, chromium, program)
        yield playing
        playing.close()


def fills(phone, **said):
    """Fill in the fields of a page by their names: what is written, picked, or ticked."""
    for name, value in said.items():
        found = phone.page.locator(f"[name={name}]")
        kind = found.first.get_attribute("type") or ""
        if kind in ("radio", "checkbox"):
            phone.page.locator(f"[name={name}][value='{value}']").check()
        elif found.first.evaluate("one => one.tagName") == "SELECT":
            found.select_option(label=value)
        else:
            found.fill(value)


def does(phone, act, button, **said):
    """Open one act of a case, fill it in and press its button; the phone sees the case again."""
    either = (
        phone.page.get_by_role("link", name=act, exact=True),
        phone.page.get_by_role("button", name=act, exact=True),
    )
    press(either[0].or_(either[1]).first)
    fills(phone, **said)
    press(phone.page.get_by_role("button", name=button, exact=True))


def reads(phone, words):
    return words in " ".join(phone.page.locator("main").inner_text().split())
