"""Every room's tables, so that migrations see them all."""

from governance.conduct.models import (
    Attestation,
    HcpAccount,
    HcpRecord,
    NamedPlace,
    RegisterCheck,
    SaidRegistration,
)
from governance.crypto.models import UsedEpoch, WrappedKey
from governance.db.base import Base
from governance.disclosure.models import Acknowledgement
from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce, Measure, PlatformChange
from governance.identity.links.models import LinkToken, Passkey, Pin
from governance.identity.models import (
    Account,
    Client,
    Platform,
    SignIn,
    SigningKey,
    SpentAssertion,
    SpentState,
    WebSession,
)
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.models import LedgerEntry, LedgerHead
from governance.ledger.outbox.models import Job, JobKind
from governance.optout.models import ChosenPlace, Directive, Receipt, WaitingChange
from governance.patients.models import Patient, PatientAccount
from governance.pdp.models import KeptAnswer

TABLES: tuple[type[Base], ...] = (
    Account,
    AccountVersion,
    Acknowledgement,
    Attestation,
    ChosenPlace,
    Client,
    Directive,
    Fragment,
    GovernedAccount,
    HcpAccount,
    HcpRecord,
    InForce,
    Job,
    JobKind,
    KeptAnswer,
    LinkToken,
    LoggedDecision,
    Measure,
    LedgerEntry,
    LedgerHead,
    NamedPlace,
    Passkey,
    Patient,
    PatientAccount,
    Pin,
    Platform,
    PlatformChange,
    Receipt,
    RegisterCheck,
    SaidRegistration,
    SignIn,
    SigningKey,
    SpentState,
    SpentAssertion,
    StaffMember,
    StaffProvider,
    UsedEpoch,
    WaitingChange,
    WebSession,
    WrappedKey,
)
