"""Every room's tables, so that migrations see them all."""

from governance.conduct.due.models import HcpNotice
from governance.conduct.messaging.models import Messaging
from governance.conduct.models import (
    Attestation,
    HcpAccount,
    HcpRecord,
    HeldRegistration,
    NamedPlace,
    RegisterCheck,
    SaidRegistration,
)
from governance.conduct.proofs.models import ControlProof, ProfessionalProvider
from governance.conduct.rules.models import AcceptedRule
from governance.conduct.sanctions.models import Sanction, SanctionStep
from governance.conduct.work.models import Affiliation, Organisation
from governance.crypto.models import UsedEpoch, WrappedKey
from governance.db.base import Base
from governance.disclosure.models import Acknowledgement, AskAgain, Reader
from governance.effective.life.models import LiveCommunity, PlatformStage, Probe, ProbeReport
from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce, Measure, PlatformChange
from governance.effective.replicas.models import KnownReplica
from governance.feed.models import HandedKeys
from governance.feed.webhooks.models import Webhook, WebhookEvent, WebhookPace
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
from governance.patients.ages.models import Circumstances
from governance.patients.contact.models import PatientNotice, SafeContact
from governance.patients.erasing.models import ErasureRequest
from governance.patients.forums.models import AccountEnd, ForumCode, Joined, YesWish
from governance.patients.guardians.models import GuardianCode, GuardianRequest, Guardianship, Hearing
from governance.patients.hide_codes.models import HideCode
from governance.patients.hiding.models import HiddenHistory
from governance.patients.intake.models import Intake
from governance.patients.models import Patient, PatientAccount
from governance.patients.recovery.models import Recovery
from governance.pdp.models import KeptAnswer
from governance.pdp.probing.models import ProbingAlarm, ProbingHour, ProbingShare
from governance.policy.models import PolicyText, PolicyTextUse, PolicyVersion
from governance.reporting.cases.models import (
    Case,
    CaseEvent,
    CaseHearing,
    CaseMember,
    CaseReport,
    HearingLetter,
    Proposal,
    Tie,
)
from governance.reporting.clocks.models import CaseClock
from governance.reporting.custody.models import IdentityRequest, ReporterIdentity
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.reporting.filing.models import FiledCall
from governance.reporting.keeping.models import Report, ReportMessage, ReportSeal
from governance.reporting.numbers.models import OverrideLook, YearFigures
from governance.reporting.protection.models import MeasureReview, RefusalOffer
from governance.reporting.retention.models import CaseHold
from governance.reporting.vaults.models import Duty, OutsideContact, Vault

TABLES: tuple[type[Base], ...] = (
    OverrideLook,
    YearFigures,
    AcceptedRule,
    Account,
    AccountEnd,
    AccountVersion,
    Acknowledgement,
    Affiliation,
    AskAgain,
    Attestation,
    Case,
    CaseClock,
    CaseEvent,
    CaseHearing,
    CaseHold,
    CaseMember,
    CaseReport,
    Circumstances,
    ChosenPlace,
    ControlProof,
    Client,
    Directive,
    Duty,
    ErasureRequest,
    Evidence,
    EvidencePart,
    FiledCall,
    ForumCode,
    Fragment,
    GovernedAccount,
    GuardianCode,
    GuardianRequest,
    Guardianship,
    HandedKeys,
    HcpAccount,
    HcpNotice,
    HcpRecord,
    HeldRegistration,
    HiddenHistory,
    Hearing,
    HearingLetter,
    HideCode,
    InForce,
    IdentityRequest,
    Intake,
    Job,
    JobKind,
    Joined,
    KeptAnswer,
    KnownReplica,
    LinkToken,
    LiveCommunity,
    LoggedDecision,
    Measure,
    MeasureReview,
    Messaging,
    LedgerEntry,
    LedgerHead,
    NamedPlace,
    Organisation,
    OutsideContact,
    Passkey,
    Patient,
    PatientAccount,
    PatientNotice,
    Pin,
    Platform,
    PlatformChange,
    PlatformStage,
    PolicyText,
    PolicyTextUse,
    PolicyVersion,
    ProfessionalProvider,
    Proposal,
    Probe,
    ProbeReport,
    ProbingAlarm,
    ProbingHour,
    ProbingShare,
    Reader,
    Receipt,
    Recovery,
    RefusalOffer,
    RegisterCheck,
    Report,
    ReportMessage,
    ReportSeal,
    ReporterIdentity,
    SafeContact,
    Sanction,
    SanctionStep,
    SaidRegistration,
    SignIn,
    SigningKey,
    SpentState,
    SpentAssertion,
    StaffMember,
    StaffProvider,
    Tie,
    UsedEpoch,
    Vault,
    WaitingChange,
    Webhook,
    WebhookEvent,
    WebhookPace,
    WebSession,
    WrappedKey,
    YesWish,
)
