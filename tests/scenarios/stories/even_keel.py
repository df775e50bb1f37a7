"""The demo forum in front of the real service: both over HTTP, and members in browsers on either side."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from mailbox import Maildir

from bs4 import BeautifulSoup

from governance.app import create_app
from governance.crypto.keys import Keyring
from governance.db.extension import db
from governance.demo.forum.app import create_forum
from governance.demo.forum.house import EXTENSION
from governance.demo.forum.letters import send_due
from governance.demo.forum.models import Post
from governance.demo.forum.seed import talk
from governance.demo.forum.settings import ForumSettings
from governance.identity.sessions.service import start_signed_in
from governance.pdp.log import decisions_of
from governance.ui.clock import now
from tests.conftest import running, session_of, settings_in
from tests.contract.server import serving
from tests.demo.conftest import press
from tests.forum import Forum, an_hour_ago, asked
from tests.optout.wishes import prove, work
from tests.pdp.conftest import Caller
from tests.ui.visits import Visitor

NAMES = {"nia": ("Nia Okafor", "nurse"), "dan": ("Dan Weiss", "doctor")}
OF_ITS_OWN = ("id", "decision_id", "time", "at")
UNUSED = {
    "platform": "even-keel",
    "oidc_client_id": "governance",
    "oidc_client_secret": "of-the-tests",
    "oidc_redirect_uri": "http://127.0.0.1:8080/auth/even-keel/callback",
    "staff_door": "even-keel-staff",
    "staff_client_id": "governance-staff",
    "staff_client_secret": "of-the-tests",
    "staff_redirect_uri": "http://127.0.0.1:8080/staff/auth/even-keel-staff/callback",
    "cookie_secret": "of-the-tests",
}


class EvenKeel:
    """The forum, the service it asks, and everybody on both."""

    def __init__(self, service, settings, people, forum):
        self.service, self.settings, self.people, self.forum = service, settings, people, forum
        self.here = forum.extensions[EXTENSION]

    # --- at the service

    def comes(self, name, *, proved=False):
        """A member at our pages, in a browser of their own."""
        session, account = self.people.session, self.people.account(name)
        cookie = start_signed_in(session, self.people.keyring, account, now(), now=now())
        # Whoever reads in this session keeps all others from writing until it ends.
        session.commit()
        client = self.service.test_client()
        client.set_cookie("governance", cookie)
        visitor = Visitor(client)
        if proved:
            prove(self.service, visitor)
        return visitor

    def key(self, name):
        key = self.people.key(name)
        self.people.session.commit()
        return key

    def permits(self, viewer, author, action="view", *, worker=None, **said):
        """What the forum's program is told, from a fresh token on; by another worker of the service if one is given."""
        asks = Caller(worker or self.service, self.people.credentials)
        return asks.decides(asked(viewer, author, action, **said))[0]

    @contextmanager
    def second_worker(self):
        """One more worker on the same database, with a memory of its own."""
        worker = create_app(self.settings)
        yield worker
        decisions_of(worker).close()
        with worker.app_context():
            db.engine.dispose()

    def answer(self, viewer, author, action="view", **said):
        """All that the forum is told, but for what is another one in each answer."""
        asks = Caller(self.service, self.people.credentials)
        answer = asks.send("/access/v1/evaluation", asked(viewer, author, action, **said))
        told = {name: value for name, value in answer.json["context"].items() if name not in OF_ITS_OWN}
        return answer.status_code, sorted(answer.headers.keys()), answer.json["decision"], told

    def permits_words(self, viewer, action, words):
        """The same of a post with the words of several people."""
        question = asked(viewer, "", action)
        question["resource"]["properties"] = {"authors": words}
        return Caller(self.service, self.people.credentials).decides(question)[0]

    def waits_are_over(self):
        """The worker does what is due."""
        return work(self.service)

    def log_is_written(self):
        decisions_of(self.service).flush()

    # --- at the forum

    def reads(self, name, *paths):
        """What a member sees there, on one page or on several."""
        client = self.forum.test_client()
        press(client, "/people", "/sign-in", account=name)
        return "\n".join(client.get(path).get_data(as_text=True) for path in paths)

    def feed_of(self, name):
        client = self.forum.test_client()
        press(client, "/people", "/sign-in", account=name)
        link = BeautifulSoup(client.get("/").text, "html.parser").find("a", string="Follow all in a feed reader")
        return self.forum.test_client().get(link["href"]).text

    def post(self, words):
        """The id of the oldest post with some words."""
        with self.here.plain_session() as plain:
            query = plain.query(Post).where(Post.body.contains(words)).order_by(Post.created)
            return query.first().id

    def writes(self, name, thread, to, words):
        client = self.forum.test_client()
        press(client, "/people", "/sign-in", account=name)
        answer = press(client, f"/t/{thread}", f"/t/{thread}", to=to, body=words)
        assert "#p-" in answer.headers["Location"]

    def asks_for_letter(self, name):
        client = self.forum.test_client()
        press(client, "/people", "/sign-in", account=name)
        assert press(client, "/letters", "/letters").status_code == 303

    def sends_letters(self):
        with self.forum.app_context():
            return send_due(self.here, datetime.now(UTC))

    def letters_to(self, name):
        """What has arrived, the oldest first; nobody can take it back."""
        box = self.here.settings.directory / "mail" / name
        messages = sorted(Maildir(box), key=lambda one: one["Date"] or "") if box.exists() else []
        return [one.get_payload(decode=True).decode() for one in messages]


@contextmanager
def even_keel(folder, mail=None, **settings):
    """Open the service, which may have a mail server, and the forum in a folder."""
    (folder / "service").mkdir()
    (folder / "forum").mkdir()
    settings_here = replace(settings_in(folder / "service"), mail=mail)
    with running(settings_here) as app, session_of(app) as session, serving(app) as url:
        people = Forum(session, Keyring(settings_here.keys), "even-keel", at=an_hour_ago())
        _introduces(people)
        known = ForumSettings(
            port=8081,
            directory=folder / "forum",
            service_url=url,
            kit_client_id=people.credentials.client_id,
            kit_client_secret=people.credentials.client_secret,
            **UNUSED,
        )
        forum = create_forum(replace(known, **settings))
        yield EvenKeel(app, settings_here, people, forum)
        forum.extensions[EXTENSION].engine.dispose()


def _introduces(people):
    """As the demo's set-up does: professionals who were checked, and what each community is."""
    for account, (_, profession) in NAMES.items():
        people.registers(account, profession)
    for said in talk()["community"]:
        people.opens(said["id"], said["posture"], said["ages"], said["moderators"], told=0)
    people.session.commit()
