"""Maya, her father and her mother at our pages: each in a browser of their own, with a clock of their own."""

from base64 import b64encode
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from click.testing import CliRunner

from governance.cli.guardian import guardian
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.disclosure.service import acknowledge, seen
from governance.effective.service import Register
from governance.identity.models import Client, WebSession
from governance.identity.service import account_for, platform_named, secret_digest
from governance.identity.sessions.service import digest_of
from governance.patients.ages.bands import Band
from governance.patients.ages.service import Claim, People
from governance.patients.guardians.models import Guardianship
from governance.patients.guardians.service import Basis, Links, Scope, Terms
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.forum import DAY, TOLD, asked
from tests.optout.wishes import work
from tests.ui import visits
from tests.ui.visits import FORUM, Visitor, sign_in

SECRET = "of-the-tests"


class Family:
    """One forum with its members; `at` moves the clock of all of them."""

    def __init__(self, app):
        self.app, self.travels, self.keys = app, [], {}
        with app.app_context(), transaction() as session:
            client = session.query(Client).one()
            client.secret_digest = secret_digest(SECRET)
            self.client_id = client.client_id

    def at(self, day, hour=0, minute=0, second=0, zone="Europe/London"):
        moment = datetime.fromisoformat(day).replace(hour=hour, minute=minute, second=second, tzinfo=ZoneInfo(zone))
        self.stays()
        travel = time_machine.travel(moment.astimezone(UTC), tick=False)
        travel.start()
        self.travels = [travel]

    def signs_in_yearly(self, account, until):
        """So that what they said yes to does not lapse for want of a sight of them."""
        end = int(datetime.fromisoformat(until).replace(tzinfo=UTC).timestamp() * 1_000_000)
        with self.app.app_context(), transaction() as session:
            patient = self.patient(session, account)
            for instant in range(now(), end, 365 * DAY):
                seen(session, house().keyring, patient, Instant(instant))

    def stays(self):
        while self.travels:
            self.travels.pop().stop()

    def registers(self, name, profession, account):
        """A professional, proven for as long as these stories last."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(visits, "YEAR", 20 * visits.YEAR)
            self.keys[account] = visits.register(self.app, name, profession, account)
        return self.keys[account]

    def comes(self, name, *, proved=True):
        """A member signs in, and proves who they are."""
        client = self.app.test_client()
        cookie = sign_in(self.app, name)
        client.set_cookie("governance", cookie)
        if proved:
            with self.app.app_context(), transaction() as session:
                session.get_one(WebSession, digest_of(cookie)).proved = now()
        return Visitor(client)

    def runs(self, *words):
        """An operator gives a command; what it printed."""
        with self.app.app_context():
            result = CliRunner().invoke(guardian, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def token(self):
        pair = b64encode(f"{self.client_id}:{SECRET}".encode()).decode()
        sent = {"grant_type": "client_credentials", "scope": "links:write decisions:evaluate"}
        answer = self.app.test_client().post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"})
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    def says_age(self, account, band, **more):
        sent = {"account": account, "band": band, **more}
        return self.app.test_client().post("/v1/ages", json=sent, headers=self.token())

    def permits(self, viewer, author="maya", action="view", **said):
        question = asked(viewer, author, action, **said)
        answer = self.app.test_client().post("/access/v1/evaluation", json=question, headers=self.token())
        assert answer.status_code == 200, answer.text
        return answer.json["decision"]

    def document(self, account="maya"):
        with self.app.app_context(), reading() as session:
            return Register(session, house().keyring, now()).document("patient", str(self.patient(session, account)))

    def patient(self, session, account="maya"):
        platform = platform_named(session, FORUM)
        found = account_for(session, house().keyring, platform, account, now())
        return find_patient(session, found.id).id

    def links(self):
        with self.app.app_context(), reading() as session:
            return [one.id for one in session.query(Guardianship).order_by(Guardianship.asked, Guardianship.id)]

    def asks_for_link(self, account, name, **more):
        """The young person shows a code, and the guardian asks with it."""
        maya = self.comes("maya").get("/my/guardians")
        maya.press("Show me a code")
        code = next(strong.get_text() for strong in maya.page.main.find_all("strong"))
        person = self.comes(account).get("/guardian/ask")
        given = {
            "code": code.lower(),
            "name": name,
            "calls": "my girl",
            "basis": "parental_responsibility",
            "evidence": "birth certificate 77",
            "until": "",
            **more,
        }
        person.press("Ask for the link", **given)
        return person

    def links_guardian(self, account="raj", name="Raj"):
        """A guardian's link that is in force, without a look at the pages that lead there."""
        with self.app.app_context(), transaction() as session:
            links, platform = Links(session, house().keyring, now()), platform_named(session, FORUM)
            theirs = account_for(session, house().keyring, platform, account, now())
            terms = Terms(name, "my girl", Basis.PARENT, "birth certificate 77")
            link = links.set_up(self.patient(session), theirs.id, terms, None)
            links.approve(link.id, "olu", tuple(Scope))
            links.see(link.patient_id, link.id)
            return link.id

    def is_told(self, account="maya"):
        """The young person reads what to know and says so."""
        with self.app.app_context(), transaction() as session:
            acknowledge(session, house().keyring, self.patient(session, account), TOLD, now())

    def is_under_13(self, account="maya", changes_on=None, country="GB", zone="Europe/London"):
        """A forum says so."""
        with self.app.app_context(), transaction() as session:
            platform = platform_named(session, FORUM)
            theirs = account_for(session, house().keyring, platform, account, now())
            patient = patient_for(session, house().keyring, (theirs.id, platform.id, theirs.key), now())
            people = People(session, house().keyring, policies().optout, now())
            claim = Claim(Band.UNDER_13, changes_on, zone=zone, country=country)
            people.says(patient, f"platform:{platform.id}", claim)

    def waits(self, days=1):
        """Let the usual day go by, with the worker at work."""
        moment = Instant(now() + days * 24 * 3_600_000_000 + 60_000_000)
        self.stays()
        travel = time_machine.travel(datetime.fromtimestamp(moment / 1_000_000, UTC), tick=False)
        travel.start()
        self.travels = [travel]
        work(self.app)
