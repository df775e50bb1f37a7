"""Two forums in one session, below HTTP: what patients, forums and staff do to accounts that belong together."""

from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from governance.backup.stricter import stricter
from governance.conduct.moved import follow
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.handed import joined
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from governance.optout.parting import forget_since, stop_waiting
from governance.optout.restored import catch_up
from governance.optout.service import hide
from governance.patients.forums.events import Event, Kind, take
from governance.patients.forums.hands import Hands
from governance.patients.forums.joining import join, unlink
from governance.patients.forums.records import Work
from governance.patients.forums.undoing import undo
from governance.patients.service import find_patient
from tests.conftest import make_tables, settings_in
from tests.forum import ANSWERED, CLOSED, DAY, START, Forum, asked

ACTIONS = ("view", "react", "reply", "quote", "find", "message", "mention", "connect")
HANDS = Hands(stricter, stop_waiting, catch_up, hide, forget_since, joined, follow)


def work(forum):
    return Work(forum.session, forum.keyring, HANDS, forum.now)


def joins(one, name, other, other_name):
    return join(work(one), one.account(name), other.account(other_name))


def unlinks(forum, name):
    return unlink(work(forum), forum.account(name))


def undoes(forum, name):
    undo(work(forum), forum.account(name), "staff")


def tells(forum, kind, account, to=None):
    take(work(forum), forum.platform, Event(Kind(kind), account, to))


def record(forum, name):
    found = find_patient(forum.session, forum.account(name).id)
    return None if found is None else found.id


def everywhere(forum, viewers, author, **properties):
    """What each viewer may do with an author's post: every action of each."""
    wanted = [(viewer, action) for viewer in viewers for action in ACTIONS]
    answers = forum.answers([asked(viewer, author, action, **properties) for viewer, action in wanted])
    return {one: answer.permit for one, answer in zip(wanted, answers, strict=True)}


def opened(before, after):
    return sorted(asked for asked, permitted in after.items() if permitted and not before[asked])


def officers(forum):
    return staff_in(forum.session)


def staff_in(session, many=2):
    """Members of staff who handle requests."""
    provider = StaffProvider(
        name="house", issuer="https://staff.example", oidc_client_id="us", oidc_client_secret_sealed=b"", created=0
    )
    session.add(provider)
    session.flush()
    found = [
        StaffMember(provider_id=provider.id, subject_digest=f"{n:043}", sealed_name=b"", roles="officer", created=0)
        for n in range(many)
    ]
    session.add_all(found)
    session.flush()
    return [one.id for one in found]


def world(session, keyring):
    """Forums F and G with a nurse, a doctor and a community each."""
    f, g = Forum(session, keyring, "f"), Forum(session, keyring, "g")
    for forum in (f, g):
        forum.registers("nurse")
        forum.registers("doctor", "doctor")
        forum.opens("c")
        forum.opens("open", "hcp_present", told=START - DAY)
    session.commit()
    return SimpleNamespace(f=f, g=g, officers=officers(f), numbers=count(1))


@pytest.fixture(scope="module")
def both_forums(tmp_path_factory):
    """The forums, once for a file; who is on them is new for every test."""
    settings = settings_in(tmp_path_factory.mktemp("forums"))
    make_tables(settings.database_url)
    engine = open_engine(settings.database_url)
    with Session(engine, expire_on_commit=False, info={OUTSIDE: Outside(settings.outside)}) as session:
        yield world(session, Keyring(settings.keys))
    engine.dispose()


@pytest.fixture
def pair(both_forums):
    """Somebody new: `ana` answers her nurse on F, and has an account on G that we never met."""
    number = next(both_forums.numbers)
    both_forums.f.now = both_forums.g.now = max(both_forums.f.now, both_forums.g.now)
    f, ana = both_forums.f, f"ana-{number}"
    f.acknowledges(ana)
    f.chooses(ana, ANSWERED, CLOSED, team=["nurse"])
    return SimpleNamespace(
        **vars(both_forums), ana=ana, other=f"other-{number}", viewers=("nurse", "doctor", "stranger")
    )
