"""The tables whose rows the journal outside keeps as they are, and what an operator calls them."""

from typing import Final

from governance.conduct.due.models import HcpNotice
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
from governance.db.base import Base
from governance.disclosure.models import AskAgain
from governance.effective.life.models import LiveCommunity, PlatformStage, Probe, ProbeReport
from governance.effective.models import Measure
from governance.feed.webhooks.models import Webhook
from governance.identity.links.models import Passkey, Pin
from governance.identity.models import Account, Client, Platform, SignIn
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.optout.models import ChosenPlace
from governance.patients.ages.models import Circumstances
from governance.patients.contact.models import SafeContact
from governance.patients.erasing.models import ErasureRequest
from governance.patients.forums.models import AccountEnd, Joined
from governance.patients.guardians.models import Guardianship, Hearing
from governance.patients.hide_codes.models import HideCode
from governance.patients.hiding.models import HiddenHistory
from governance.patients.intake.models import Intake
from governance.patients.models import Patient, PatientAccount
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
from governance.reporting.keeping.models import Report, ReportMessage, ReportSeal
from governance.reporting.numbers.models import OverrideLook, YearFigures
from governance.reporting.protection.models import MeasureReview, RefusalOffer
from governance.reporting.retention.models import CaseHold
from governance.reporting.vaults.models import Duty, OutsideContact, Vault

_CALLED: Final[dict[type[Base], str]] = {
    Platform: "platforms",
    Client: "clients of platforms",
    Webhook: "webhooks of platforms",
    Probe: "keys of probes",
    ProbeReport: "reports of probes",
    PlatformStage: "states of platforms",
    LiveCommunity: "communities that are live",
    Account: "names of accounts",
    SignIn: "first sign-ins",
    Pin: "PINs",
    Passkey: "passkeys",
    StaffProvider: "providers for staff",
    StaffMember: "members of staff",
    HcpRecord: "records of professionals",
    HcpAccount: "accounts of professionals",
    SaidRegistration: "registrations",
    HeldRegistration: "registrations that were matched",
    ControlProof: "proofs that a registration is somebody's own",
    ProfessionalProvider: "providers of professionals' identities",
    HcpNotice: "what professionals were told",
    Organisation: "organisations",
    Affiliation: "who works where",
    RegisterCheck: "looks at a register",
    Attestation: "acceptances of the rules",
    AcceptedRule: "rules accepted one by one",
    Sanction: "sanctions",
    SanctionStep: "steps of sanctions",
    NamedPlace: "names of places",
    SafeContact: "safe contacts",
    ErasureRequest: "erasures that wait",
    HiddenHistory: "histories that were hidden",
    PolicyVersion: "published policy records",
    PolicyText: "published texts",
    PolicyTextUse: "approvals of texts",
    AskAgain: "ends of what people were told",
    Circumstances: "ages and countries of patients",
    Guardianship: "guardians",
    Hearing: "requests to be heard",
    Patient: "patients' records",
    PatientAccount: "accounts of patients",
    Joined: "accounts that were joined",
    AccountEnd: "ends of accounts",
    HideCode: "hide codes",
    Intake: "requests by phone and paper",
    ChosenPlace: "names of places that patients chose",
    Vault: "keys of those who read reports",
    Duty: "forums whose reports somebody reads",
    OutsideContact: "the contact outside of the desk",
    Report: "reports",
    ReportSeal: "seals of reports",
    ReportMessage: "messages about reports",
    ReporterIdentity: "names of reporters",
    IdentityRequest: "requests for a reporter's name",
    Evidence: "pictures of reports",
    EvidencePart: "parts of pictures of reports",
    Case: "cases",
    CaseReport: "reports of cases",
    CaseMember: "who is in which case",
    CaseEvent: "what was done to cases",
    CaseClock: "clocks of cases",
    Proposal: "what a second officer answers",
    CaseHearing: "professionals who are heard",
    HearingLetter: "letters to professionals who are heard",
    Tie: "ties of officers",
    MeasureReview: "looks at measures",
    RefusalOffer: "questions to patients whose block ends",
    CaseHold: "legal holds of cases",
    Measure: "measures",
    OverrideLook: "looks at a month's measures",
    YearFigures: "figures of years",
}
KEPT: Final[dict[str, type[Base]]] = {table.__tablename__: table for table in _CALLED}


def called(table: str) -> str:
    """Return what an operator calls a table's rows."""
    return _CALLED[KEPT[table]]
