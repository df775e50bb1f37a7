"""Every writer there is, each with words of its own that must be found nowhere afterwards."""

import json
import logging
from base64 import b64encode

from click.testing import CliRunner

from governance.cli import main
from governance.db.extension import transaction
from governance.decision.vocabulary import Level
from governance.disclosure.service import Told, acknowledge, ask_again_from
from governance.identity.links.service import make_link
from governance.identity.oidc.departures import Departure, Purpose, digest_of, spend
from governance.identity.oidc.id_token import Identity
from governance.identity.permissions import Role
from governance.identity.proofs import passkeys
from governance.identity.proofs.ceremonies import NewPasskey
from governance.identity.proofs.pins import set_pin
from governance.identity.service import account_for, let_in, platform_named
from governance.identity.sessions import service as sessions
from governance.identity.sessions.own import note_where
from governance.identity.sessions.service import start_staff
from governance.identity.staff.service import NewStaff, NewStaffProvider, add_provider, add_staff
from governance.ledger.outbox import service as outbox
from governance.ledger.outbox.service import open_work
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.optout.choices import Choices
from governance.optout.ratchet import Press, choose
from governance.patients.contact.notices import Kind, notify
from governance.patients.contact.service import Contact, set_contact
from governance.patients.erasing import service as erasing
from governance.patients.hiding.service import hide_history
from governance.patients.service import patient_for
from governance.pdp.log import decisions_of
from governance.policy.current import policies
from governance.policy.publishing import publish
from governance.ui.clock import now
from tests.reliability.connecting import forum_is_connected
from tests.reliability.joining import forum_proves_itself, forum_tightens, registers_and_is_checked
from tests.reliability.judging import is_judged
from tests.reliability.relations import has_relations
from tests.reliability.reporting import PUBLISHED, reports_are_filed
from tests.reliability.telling import somebody_tells
from tests.reliability.thief import Marker

TOLD = Told(version="1.0.0", language="en", variant="standard", text_sha256="0" * 64)
NOT_PERSONAL = (
    "platform name",
    "issuer",
    "address of the probe",
    "place of the probe",
    "client id at the forum",
    "profession",
    "name of a replica",
    *PUBLISHED,
)
"""What may be read in a dump: of the forum and its programs, a class of people, and whom the closed form names."""


class Writers:
    """One service, and everybody who writes to it."""

    def __init__(self, house, app):
        self.house, self.app, self.keyring = house, app, house.keyring
        self.markers: dict[str, Marker] = {}
        self.secrets: list[str] = []
        self.told: list[str] = []
        """What commands printed, which ends in the logs of whoever runs them."""

    def word(self, what):
        return self.markers.setdefault(what, Marker(what))

    @property
    def personal(self):
        return [marker for what, marker in self.markers.items() if what not in NOT_PERSONAL]

    @property
    def allowed(self):
        return [self.markers[what] for what in NOT_PERSONAL]

    @property
    def forum_name(self):
        return f"f-{self.word('platform name').plain}"

    def everything(self):
        self.staff()
        self.staff_join()
        self.people_sign_in()
        self.people_follow_links()
        self.patients_choose()
        self.forum_asks()
        registers_and_is_checked(self)
        forum_proves_itself(self)
        has_relations(self)
        with self.app.app_context(), transaction() as session:
            is_judged(self, session)
            reports_are_filed(self, session)
        somebody_tells(self)
        self.work_is_done()
        forum_is_connected(self)
        logging.getLogger("tests").info("logs are captured")

    def command(self, *words, **environ):
        done = CliRunner().invoke(main, ["--dir", str(self.house.directory), *words], env=environ)
        assert done.exit_code == 0, done.output
        self.told.append(done.output)
        return done.output

    def staff(self):
        """What operators and staff enter on the command line."""
        client = f"c-{self.word('client id at the forum').plain}"
        said = ("--issuer", f"https://{self.word('issuer').plain}.example", "--oidc-client-id", client)
        secret = self.word("client secret at the forum").text
        told = self.command("platform", "add", self.forum_name, *said, "--json", GOVERNANCE_OIDC_CLIENT_SECRET=secret)
        self.credentials = json.loads(told)
        # Shown this once, on purpose.
        self.told.clear()
        self.secrets.append(self.credentials["client_secret"])
        there = ("--platform", self.forum_name, "--account")
        nurse, doctor = self.word("account of a nurse").text, self.word("account of a doctor").text
        # A word of the registers: no other one is taken.
        profession = self.word("profession").core = "occupational_therapist"
        checked = ("--profession", profession, "--assurance", "4", "--attested")
        self.command("staff", "hcp", "add", *there, nurse, "--name", self.word("badge").text, *checked)
        self.command("staff", "hcp", "add", *there, doctor, "--name", self.word("second badge").text, *checked)
        self.command("staff", "hcp", "declare", *there, self.word("account declared a professional's").text)
        self.command("staff", "hide", *there, self.word("account hidden by phone").text)
        patient = ("--patient", self.word("account of a blocked patient").text)
        self.command("measure", "block-pair", *there, doctor, *patient, "--days", "9")
        self.command("measure", "block-hcp", *there, doctor, "--days", "9")
        self.command("measure", "emergency-view", *there, nurse, "--thread", self.word("thread in danger").text)
        layer = ("--patient", self.word("account of a child").text, "--by", "guardian")
        self.command("layer", "add", *there, nurse, *layer)

    def staff_join(self):
        """Who works here, by the name that colleagues see and the subject that their provider gives them."""
        with self.app.app_context(), transaction() as session:
            provider = NewStaffProvider(
                name="our-staff",
                issuer="https://staff.example",
                oidc_client_id="us",
                oidc_client_secret=self.word("client secret at the provider for staff").text,
            )
            add_provider(session, self.keyring, provider, now=now())
            session.flush()
            name, subject = self.word("name of a verifier").text, self.word("subject of a verifier").text
            wanted = NewStaff(
                provider="our-staff", subject=subject, name=name, roles=frozenset({Role.VERIFIER, Role.OFFICER})
            )
            member = add_staff(session, self.keyring, wanted, now=now())
            self.secrets.append(start_staff(session, self.keyring, member, now(), now=now()))

    def people_follow_links(self):
        """A member of a forum that is no provider: on their way, with a device, a PIN and a passkey."""
        with self.app.app_context(), transaction() as session:
            forum, at = platform_named(session, self.forum_name), now()
            coming = (self.word("account on a link").text, "portal.choices")
            self.secrets.append(make_link(session, self.keyring, forum.id, coming, now=at))
            account = account_for(session, self.keyring, forum, self.word("account with a PIN").text, at)
            cookie = sessions.start_signed_in(session, self.keyring, account, None, now=at)
            note_where(session, self.keyring, cookie, self.word("device of a session").text)
            self.secrets.append(cookie)
            digits = "2849170365284917"
            set_pin(session, self.keyring, account.id, (digits, True), now=at)
            self.secrets.append(digits)
            words = ("credential of a passkey", "handle of a passkey", "device of a passkey")
            credential, handle, device = (self.word(what).text for what in words)
            made = NewPasskey(credential.encode(), b"a key that anybody may know", 1)
            passkeys.add(
                session,
                self.keyring,
                account.id,
                passkeys.Wanted(made, handle.encode(), device, is_proved=True),
                now=at,
            )

    def people_sign_in(self):
        """What a sign-in and a browser leave, here and on their way."""
        with self.app.app_context(), transaction() as session:
            forum = platform_named(session, self.forum_name)
            name, subject = self.word("account signed in").text, self.word("subject at the provider").text
            identity = Identity(sub=subject, account_id=name, auth_time=now())
            account = let_in(session, self.keyring, forum, identity, now())
            cookie = sessions.start_signed_in(session, self.keyring, account, now(), now=now())
            browser = sessions.Secret(cookie, self.keyring)
            state = {"choices": {"free": self.word("state of a session").text}}
            sessions.keep(session, browser, state, frozenset(), now=now())
            departure = Departure(
                state_digest=digest_of(self.word("state of a departure").text),
                door=f"forum:{forum.id}",
                left=now(),
                purpose=Purpose.SIGN_IN,
                next="portal.choices",
                nonce=self.word("nonce").text,
                code_verifier=self.word("PKCE verifier").text,
                redirect_uri="https://say.example/auth/forum/callback",
            )
            assert spend(session, departure, now=now())
            self.secrets.append(cookie)
        self.cookie = cookie

    def patients_choose(self):
        """A patient is told, chooses, names a team, and hides by the page."""
        with self.app.app_context(), transaction() as session:
            forum, at = platform_named(session, self.forum_name), now()
            account = account_for(session, self.keyring, forum, self.word("account of a patient").text, at)
            patient = patient_for(session, self.keyring, (account.id, forum.id, account.key), at)
            acknowledge(session, self.keyring, patient.id, TOLD, at)
            nurse = account_for(session, self.keyring, forum, self.word("account of a nurse").text, at)
            wanted = Choices(Level.ANSWERED, Level.CLOSED, frozenset({nurse.key}))
            choose(session, self.keyring, patient.id, wanted, Press(at))
            proved = Press(at, wait=10**12, consent_age=16, of_age=True, proved=True)
            choose(session, self.keyring, patient.id, wanted._replace(others=Level.SEEN), proved)
            self.patient_is_reached(session, patient.id, at)
            publish(session, self.keyring, policies().disclosure.record, at)
            ask_again_from(session, self.keyring, patient.id, at + 10**12, at)
        client = self.app.test_client()
        client.set_cookie("governance", self.cookie)
        page = client.get("/my/choices").get_data(as_text=True)
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        assert client.post("/my/hide", data={"csrf_token": token}).status_code == 303

    def patient_is_reached(self, session, patient_id, at):
        """Where to write to, what is new, from when on the history is shown, and that all of it shall go."""
        address = f"{self.word('safe contact').plain}@example.net"
        set_contact(session, self.keyring, patient_id, Contact(address), at)
        notify(session, self.keyring, patient_id, Kind.AGE, at)
        hide_history(session, self.keyring, patient_id, at)
        erasing.ask(session, self.keyring, patient_id, at, wait=10**12)

    def forum_asks(self):
        """The forum's program: communities, decisions, status, and what it gets wrong."""
        client = self.app.test_client()
        pair = b64encode(f"{self.credentials['client_id']}:{self.credentials['client_secret']}".encode()).decode()
        sent = {"grant_type": "client_credentials"}
        token = client.post("/oauth/token", data=sent, headers={"Authorization": f"Basic {pair}"}).json["access_token"]
        self.secrets.append(token)

        def send(path, body, method="POST", headers=()):
            headers = {"Authorization": f"Bearer {token}", **dict(headers)}
            return client.open(path, method=method, json=body, headers=headers).status_code

        place = {"posture": "informed", "ages": "adults", "moderators": [self.word("account of a moderator").text]}
        assert send(f"/v1/communities/{self.word('community').plain}", place, "PUT") == 200
        assert send("/access/v1/evaluation", self.question("view")) == 200
        assert send("/access/v1/evaluation", self.question(self.word("unknown action").plain)) == 200
        assert send("/v1/opt-outs/query", {"accounts": [self.word("account asked about").text]}) == 200
        assert send("/v1/opt-outs/query", {self.word("unknown member").text: 1}) >= 400
        forum_tightens(self, send)
        assert client.get(f"/{self.word('unknown page').plain}").status_code == 404
        with self.app.app_context():
            decisions_of(self.app).flush()

    def question(self, action):
        properties = {
            "author": self.word("account of a patient").text,
            "community": self.word("community").plain,
            "thread": self.word("thread").text,
            "created": "2026-05-01T10:00:00Z",
            "edited": None,
        }
        post = {"type": "post", "id": self.word("post").text, "properties": properties}
        viewer = {"type": "user", "id": self.word("account of a nurse").text}
        return {"subject": viewer, "action": {"name": action}, "resource": post}

    def work_is_done(self):
        """A job waits, another one fails with words of its handler's in the error."""
        with self.app.app_context(), transaction() as session:
            outbox.enqueue(session, self.keyring, "waits", {"to": self.word("payload").text}, now() + 10**12)
            outbox.enqueue(session, self.keyring, "fails", {"to": self.word("payload that fails").text}, now())

        def fail(work):
            raise ValueError(self.word("error of a handler").text, work)

        tools = tools_of(self.app)
        assert open_work is outbox.open_work
        with self.app.app_context():
            assert Worker(
                type(tools)(tools.transaction, tools.reading, self.keyring, {"fails": fail}, now), Hands()
            ).step()
