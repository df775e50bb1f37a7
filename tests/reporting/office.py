"""An office that reads reports: officers and custodians with vaults, below HTTP, and reports that people file there."""

from governance.crypto.sealing import SealingKey
from governance.identity.permissions import Role
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.service import file_report
from governance.reporting.vaults import service as vaults
from governance.reporting.vaults.duty import Reader, duty_group
from governance.reporting.vaults.keys import OpenVault, Wrapped
from governance.reporting.work import Work
from tests.conduct.officers import officer

PASSPHRASE = "four otters sing in march"


class Office:
    """Who works here, in one session; each with a vault that is open."""

    def __init__(self, forum):
        self.forum, self.session, self.keyring = forum, forum.session, forum.keyring
        self.vaults: dict[str, OpenVault] = {}
        self.recovery: dict[str, str] = {}

    @property
    def work(self):
        return Work(self.session, self.keyring, self.forum.now)

    def joins(self, name, *roles, passphrase=None):
        """Somebody begins to work here and makes a vault; without a passphrase it takes no time, and opens by none."""
        staff_id = officer(self.forum, name, *roles)
        if passphrase is None:
            wrapped = Wrapped(OpenVault(staff_id, SealingKey.new()), b"opened by no passphrase")
        else:
            wrapped = vaults.prepare(staff_id, passphrase)
        made = vaults.store(self.work, wrapped)
        self.vaults[name], self.recovery[name] = made
        return made.vault

    def opens(self):
        """Two officers and a custodian."""
        for name in ("olu", "oda"):
            self.joins(name)
        self.joins("cy", Role.CUSTODIAN)
        return self

    def reader(self, name):
        vault = self.vaults[name]
        return Reader(vault.staff_id, vault.key.public, self.forum.now)

    def group(self, platform_id=None, **said):
        return duty_group(self.session, platform_id, self.forum.now, **said)

    def files(self, what="he wrote to me again", *, identity=None, **said):
        """Somebody files a report with the forum's officers."""
        header = Header(kind=said.pop("kind", "boundary"), platform_id=self.forum.id)
        name = None if identity is None else Identity(name=identity)
        draft = Draft(header=header, body=Body(what=what, **said), identity=name)
        return file_report(self.work, draft, self.group(self.forum.id))
