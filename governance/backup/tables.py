"""The tables whose rows the journal outside keeps as they are, and what an operator calls them."""

from typing import Final

from governance.conduct.models import (
    Attestation,
    HcpAccount,
    HcpRecord,
    NamedPlace,
    RegisterCheck,
    SaidRegistration,
)
from governance.db.base import Base
from governance.identity.links.models import Passkey, Pin
from governance.identity.models import Account, Client, Platform, SignIn
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.optout.models import ChosenPlace

_CALLED: Final[dict[type[Base], str]] = {
    Platform: "platforms",
    Client: "clients of platforms",
    Account: "names of accounts",
    SignIn: "first sign-ins",
    Pin: "PINs",
    Passkey: "passkeys",
    StaffProvider: "providers for staff",
    StaffMember: "members of staff",
    HcpRecord: "records of professionals",
    HcpAccount: "accounts of professionals",
    SaidRegistration: "registrations",
    RegisterCheck: "looks at a register",
    Attestation: "acceptances of the rules",
    NamedPlace: "names of places",
    ChosenPlace: "names of places that patients chose",
}
KEPT: Final[dict[str, type[Base]]] = {table.__tablename__: table for table in _CALLED}


def called(table: str) -> str:
    """Return what an operator calls a table's rows."""
    return _CALLED[KEPT[table]]
