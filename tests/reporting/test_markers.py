"""Random words through every input there is: none of them lies anywhere, also for a thief who has all our keys."""

import io
import sqlite3
import uuid
from base64 import b64encode
from contextlib import closing
from types import SimpleNamespace

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import make_url, select, text

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.crypto.streaming import unseal_parts
from governance.db.extension import db, reading, transaction
from governance.identity.clients.platforms import rotate_secret
from governance.identity.clients.tokens import make_first_key
from governance.identity.sessions.service import start_staff
from governance.identity.staff.models import StaffMember
from governance.ledger.outside import Outside
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.ui.clock import now
from governance.ui.house import house
from tests.reliability.surrender import Haul
from tests.reliability.thief import Marker, files_in, search
from tests.reporting.telling import code_on, opens_an_office, picture, send, tells
from tests.ui.visits import FORUM, Visitor, found_forum, sign_in


class Everybody:
    """A person at the form, a forum's program and an officer at the phone; each word of theirs is a marker."""

    def __init__(self, app):
        self.app, self.markers, self.codes, self.refusals = app, {}, [], []
        found_forum(app)
        self.office = opens_an_office(app)

    def word(self, what):
        return self.markers.setdefault(what, Marker(what)).text

    def picture(self):
        words, file = PngImagePlugin.PngInfo(), io.BytesIO()
        words.add_text("Comment", self.word("hidden in a picture"))
        Image.new("RGB", (40, 30), "teal").save(file, "PNG", pnginfo=words)
        file.seek(0)
        return file, f"{self.markers.setdefault('name of a file', Marker('name of a file')).core}.png"

    def at_the_form(self):
        visitor = Visitor(self.app.test_client())
        visitor.client.set_cookie("governance", sign_in(self.app, self.word("account that tells us")))
        said = {
            "what": {"what": self.word("what")},
            "where": {"forum": FORUM, "where": self.word("where")},
            "who": {"who": self.word("who")},
            "reach": {"reach": "told", "name": self.word("name"), "contact": self.word("contact")},
        }
        send(tells(visitor, **said), "/tell-us", go="change:pictures")
        send(visitor, "/tell-us", go="add", picture=self.picture())
        send(visitor, "/tell-us", go="on")
        self.is_refused(visitor, "/tell-us", step="check", go=self.word("go"), more=self.word("no such field"))
        self.sends(visitor)

    def sends(self, visitor):
        send(visitor, "/tell-us", go="on")
        self.codes.append(code_on(visitor))
        send(visitor, "/tell-us", go="on", last=self.codes[-1][-4:])

    def comes_back(self):
        visitor = Visitor(self.app.test_client())
        send(visitor.get("/answers"), "/answers", go="open", code=self.word("a wrong code"))
        send(visitor, "/answers", go="open", code=self.codes[0])
        send(visitor, "/answers", go="write", text=self.word("message"))
        send(visitor, "/answers", go="add", picture=self.picture())
        assert "2 pictures are with it" in visitor.text
        send(visitor, "/answers", go="add", picture=(io.BytesIO(self.word("no picture").encode()), "x"))
        assert visitor.status == 422

    def through_the_forum(self, credentials):
        client, pair = self.app.test_client(), f"{credentials.client_id}:{credentials.client_secret}"
        basic = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        token = client.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=basic).json[
            "access_token"
        ]
        body = {
            name: self.word(f"{name} through the forum") for name in ("what", "where", "who", "wish", "account", "hcp")
        }
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        answer = client.post("/v1/reports", json={"type": "boundary", "known": True, **body}, headers=headers)
        self.codes.append(answer.json["code"])
        for wrong in ({"type": self.word("no type")}, {"type": "other", self.word("no member"): 1}, {"block": True}):
            refused = client.post("/v1/reports", json={"what": "x", "type": "other", **wrong}, headers=headers)
            assert 400 <= refused.status_code < 500, refused.text
            # What a program itself wrote may be named to it; what people wrote may not.
            self.refusals.append(refused.get_data().replace(self.markers["no member"].core.encode(), b""))

    def on_the_phone(self):
        with self.app.app_context(), transaction() as session:
            member = session.get(StaffMember, self.office["olu"].staff_id)
            cookie = start_staff(session, house().keyring, member, now(), now=now())
        visitor = Visitor(self.app.test_client())
        visitor.client.set_cookie("governance", cookie)
        visitor.get("/desk/take-report")
        key = visitor.page.find("input", attrs={"name": "key"})["value"]
        names = ("what", "where", "who", "wish", "name", "contact")
        said = {name: self.word(f"{name} by phone") for name in names}
        send(visitor, "/desk/take-report", key=key, how="phone", danger="no", about="other", young="no", **said)
        self.codes.append(code_on(visitor))

    def is_refused(self, visitor, path, **given):
        token = visitor.page.find("input", attrs={"name": "csrf_token"})["value"]
        answer = visitor.client.post(path, data={"csrf_token": token, **given})
        self.refusals.append(answer.get_data())


@pytest.fixture
def derived(monkeypatch):
    """Every key that our root gave while all of it was written."""
    found, derive = set(), Keyring.derive

    def noted(self, *purpose):
        key = derive(self, *purpose)
        found.add(key)
        return key

    monkeypatch.setattr(Keyring, "derive", noted)
    return found


@pytest.fixture
def everybody(derived, app):
    assert derived is not None
    everybody = Everybody(app)
    with app.app_context(), transaction() as session:
        make_first_key(session, house().keyring, now=now())
        (credentials,) = rotate_secret(session, house().keyring, FORUM)
    everybody.at_the_form()
    everybody.comes_back()
    everybody.through_the_forum(credentials)
    everybody.on_the_phone()
    return everybody


def stolen(app, settings):
    """What a thief carries away: the database with its log, a backup, and what lies outside."""
    path = make_url(settings.database_url).database
    backup = f"{path}-backup"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    with app.app_context():
        db.engine.dispose()
    folder = settings.outside.parent
    return files_in(folder)


def test_no_word_lies_anywhere(everybody, app, settings, capfd, caplog):
    caplog.set_level("DEBUG")
    places = stolen(app, settings)
    said = capfd.readouterr()
    places |= {"log": caplog.text.encode(), "stdout": said.out.encode(), "stderr": said.err.encode()}
    places |= {f"refusal {number}": body for number, body in enumerate(everybody.refusals)}
    assert len(everybody.codes) == 3
    assert search(everybody.markers.values(), places) == set()
    for code in everybody.codes:
        for form in (code, code.replace("-", ""), code.lower()):
            assert not [name for name, data in places.items() if form.encode() in data]
    # The control: what somebody writes down in the clear is seen.
    leak = Marker("leak")
    with app.app_context(), transaction() as session:
        session.execute(text("CREATE TABLE in_the_clear (words VARCHAR)"))
        session.execute(text("INSERT INTO in_the_clear VALUES (:words)"), {"words": leak.text})
    assert search([leak], stolen(app, settings))


def haul_of(app, settings, derived):
    with app.app_context(), reading() as session:
        outside = Outside(settings.outside)
        haul = Haul(session, Keyring(settings.keys), derived=tuple(derived), outside=outside)
        # A thief tries each key on every picture, too.
        for number in session.scalars(select(Evidence.id)):
            parts = EvidencePart.of(session, number)
            for key in {*haul.keys, *(value for value in haul.plain.values() if len(value) == 32)}:
                try:
                    haul.plain[f"picture {number}"] = unseal_parts(key, parts, *evidence._PLACE, str(number))
                except EnvelopeError:
                    continue
        return haul


def test_with_all_our_keys_no_word_is_read_but_the_names_of_accounts(everybody, app, settings, derived):
    haul = haul_of(app, settings, derived)
    accounts = {"account that tells us", "account through the forum", "hcp through the forum"}
    assert haul.finds(everybody.markers.values()) <= accounts
    assert not [name for name in haul.plain if name.startswith("picture")]
    assert not [name for name, data in haul.plain.items() for code in everybody.codes if code.encode() in data]


def test_a_variant_whose_kept_answer_opens_by_our_keys_is_found(everybody, app, settings, derived, monkeypatch):
    """The control: the answer that is kept for a second sending holds the code."""
    monkeypatch.setattr(Keyring, "bound", lambda self, purpose, _secret: self.derive(purpose))
    visitor = Visitor(app.test_client())
    everybody.sends(tells(visitor))
    haul = haul_of(app, settings, derived)
    assert [name for name, data in haul.plain.items() if everybody.codes[-1].encode() in data]


def test_a_variant_that_keeps_the_key_of_a_picture_beside_it_is_found(app, settings, derived, monkeypatch):
    """The control for pictures."""
    opens_an_office(app)
    key = next(iter(derived))
    monkeypatch.setattr(evidence, "secrets", SimpleNamespace(token_bytes=lambda _many: key))
    visitor = Visitor(app.test_client())
    send(tells(visitor), "/tell-us", go="change:pictures")
    send(visitor, "/tell-us", go="add", picture=(io.BytesIO(picture()), "x.png"))
    assert [name for name in haul_of(app, settings, derived).plain if name.startswith("picture")]
