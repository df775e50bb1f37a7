"""A database with two patients, a nurse and a community; and somebody who writes to its tables without our key."""

from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from governance.crypto.data_keys import DataKeys
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.db.engine import open_engine
from governance.decision.vocabulary import Mark
from governance.effective.models import Fragment, GovernedAccount, InForce
from governance.effective.roster import professionals_on, seal_badge
from governance.effective.service import Register
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from tests.effective.conftest import add_platform

ANA, BEA, NURSE = "key-of-ana", "key-of-bea", "key-of-nurse"
ROW, FRAGMENT, ACCOUNT = (model.__table__ for model in (InForce, Fragment, GovernedAccount))


class Found:
    """What lies in a database: two patients, a nurse, a community; and the keys."""

    def __init__(self, settings):
        self.engine = open_engine(settings.database_url)
        self.keyring = Keyring(settings.keys)
        self.info = {OUTSIDE: Outside(settings.outside)}
        self.ana, self.bea, self.nurse = (str(new_id()) for _ in range(3))
        with self.session() as session:
            self._fill(session)
            session.commit()

    def session(self):
        return Session(self.engine, expire_on_commit=False, info=dict(self.info))

    def _fill(self, session):
        register, self.platform = Register(session, self.keyring, 5), add_platform(session)
        self.community = f"{self.platform}/c"
        for key, number, hold in ((ANA, self.ana, True), (BEA, self.bea, False)):
            register.put("patient", number, "optout", {"hold": hold})
            register.put("patient", number, "patients", {"adult_from": 1})
            register.bind(self.platform, key, patient=number)
        self.add_professional(session, (NURSE, self.nurse, "Nia"))
        register.mark(self.platform, NURSE, Mark.REGISTERED)
        register.put("community", self.community, "pdp", {"history": [(1, "peer_only", "mixed")]})
        register.put("platform", str(self.platform), "pdp", {"posture": "peer_only"})

    def add_professional(self, session, who, sealed_to=""):
        """Register somebody (key, id, badge name), perhaps with the badge of somebody else."""
        key, number, name = who
        badge = seal_badge(DataKeys(session, self.keyring), sealed_to or number, name)
        register = Register(session, self.keyring, 5)
        register.put("hcp", number, "conduct", {"status": "good", "badge": badge})
        register.bind(self.platform, key, hcp=number)


class World:
    """The same for one test; and somebody who writes to its tables without our key."""

    def __init__(self, found, session, read):
        self.found, self.session, self.keyring, self.read = found, session, found.keyring, read
        self.platform, self.community = found.platform, found.community
        self.ana, self.bea, self.nurse = found.ana, found.bea, found.nurse
        self.register = Register(session, found.keyring, 5)
        self.read(NURSE, ANA, BEA, communities=["c"])

    def add_professional(self, key, number, name, sealed_to=""):
        self.found.add_professional(self.session, (key, number, name), sealed_to)

    def row(self, kind, subject, how):
        self.change(ROW, (ROW.c.kind == kind) & (ROW.c.subject == str(subject)), how)

    def account(self, key, how):
        self.change(ACCOUNT, ACCOUNT.c.key == key, how)

    def fragment(self, subject, how):
        self.change(FRAGMENT, (FRAGMENT.c.subject == subject) & (FRAGMENT.c.room == "optout"), how)

    def change(self, table, where, how):
        """Change one row as somebody with the database and no key; nothing to change it to takes it away."""
        self.session.flush()
        (before,) = self.session.execute(table.select().where(where)).mappings().all()
        values = how(self, before)
        statement = table.delete() if values is None else table.update().values(values)
        assert self.session.execute(statement.where(where)).rowcount == 1
        self.session.expire_all()

    def kept(self, table, where):
        self.session.flush()
        return self.session.execute(table.select().where(where)).mappings().one()

    def authors(self):
        """Who of Ana and Bea may still be read about, and whether somebody was woken."""
        with capture_logs() as logs:
            found = set(self.read(NURSE, ANA, BEA).authors)
        return found, [entry["log_level"] for entry in logs]

    def roster(self, platform=None):
        with capture_logs() as logs:
            found = professionals_on(self.session, self.keyring, platform or self.platform, 5)
        return [professional.name for professional in found], [entry["log_level"] for entry in logs]
