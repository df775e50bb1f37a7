"""Every room's tables, so that migrations see them all."""

from governance.conduct.models import Attestation, HcpAccount, HcpRecord
from governance.crypto.models import UsedEpoch, WrappedKey
from governance.db.base import Base
from governance.disclosure.models import Acknowledgement
from governance.effective.models import Fragment, GovernedAccount, InForce
from governance.identity.models import Account, Client, Platform, SignIn, SignInAttempt, SigningKey, WebSession
from governance.ledger.models import LedgerEntry, LedgerHead
from governance.ledger.outbox.models import Job, JobKind
from governance.optout.models import Directive
from governance.patients.models import Patient, PatientAccount

TABLES: tuple[type[Base], ...] = (
    Account,
    Acknowledgement,
    Attestation,
    Client,
    Directive,
    Fragment,
    GovernedAccount,
    HcpAccount,
    HcpRecord,
    InForce,
    Job,
    JobKind,
    LedgerEntry,
    LedgerHead,
    Patient,
    PatientAccount,
    Platform,
    SignIn,
    SignInAttempt,
    SigningKey,
    UsedEpoch,
    WebSession,
    WrappedKey,
)
