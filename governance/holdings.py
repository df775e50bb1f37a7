"""Every room's part in exports and erasures, and why other tables have none: each table is in one of the two lists."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from governance.disclosure.holding import HOLDING as DISCLOSURE
from governance.effective.holding import HOLDING as EFFECTIVE
from governance.identity.holding import HOLDING as IDENTITY
from governance.ledger.holding import Holding
from governance.optout.holding import HOLDING as OPTOUT
from governance.patients.ages.holding import HOLDING as AGES
from governance.patients.forums.holding import HOLDING as FORUMS
from governance.patients.guardians.holding import HOLDING as GUARDIANS
from governance.patients.hide_codes.holding import HOLDING as HIDE_CODES
from governance.patients.holding import HOLDING as PATIENTS
from governance.patients.intake.holding import HOLDING as INTAKE
from governance.patients.recovery.holding import HOLDING as RECOVERY
from governance.reporting.protection.holding import HOLDING as PROTECTION

HOLDINGS: Final[tuple[Holding, ...]] = (
    OPTOUT,
    DISCLOSURE,
    EFFECTIVE,
    GUARDIANS,
    AGES,
    FORUMS,
    HIDE_CODES,
    INTAKE,
    RECOVERY,
    PROTECTION,
    PATIENTS,
    IDENTITY,
)
"""In the order of an erasure: whoever points to a row goes before it."""
_OF_PROFESSIONALS: Final = "about a professional, or somebody who says they are one; their record is no patient's"
_OF_FORUMS: Final = "about a forum and its programs"
_OF_STAFF: Final = "about a member of staff"
_OF_A_REPORT: Final = "a report, which our records tie to nobody: whoever made it holds the code to it"
_OF_CASES: Final = "sealed to officers; no row says whom it is about; kept and deleted as `policies/reporting` says"
_PUBLISHED: Final = "what is published for everybody; about nobody"
_IN_FORCE: Final = "digests and what refuses; `erase` leaves a tombstone, the export tells it as choices and closings"
_REPORTS: Final = (
    "sealed to those who work on a report and to its receipt code; whose it is nobody can find out from here"
)
ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attestation": _OF_PROFESSIONALS,
        "hcp": _OF_PROFESSIONALS,
        "affiliation": _OF_PROFESSIONALS,
        "hcp_notice": _OF_PROFESSIONALS,
        "professional_provider": "a public place to sign in, by its address; about nobody",
        "organisation": "a place of care, its name sealed; about nobody",
        "control_proof": _OF_PROFESSIONALS,
        "held_registration": _OF_PROFESSIONALS,
        "hcp_account": _OF_PROFESSIONALS,
        "hcp_place": _OF_PROFESSIONALS,
        "accepted_rule": _OF_PROFESSIONALS,
        "hcp_messaging": _OF_PROFESSIONALS,
        "sanction": _OF_PROFESSIONALS,
        "sanction_step": _OF_PROFESSIONALS,
        "register_check": _OF_PROFESSIONALS,
        "registration": _OF_PROFESSIONALS,
        "report_evidence": _REPORTS,
        "report_evidence_part": _REPORTS,
        "report_call": "sealed under a key that only the sender has, for two days",
        "client": _OF_FORUMS,
        "platform": _OF_FORUMS,
        **dict.fromkeys(("webhook", "webhook_pace", "webhook_event"), _OF_FORUMS),
        **dict.fromkeys(("probe", "probe_report", "platform_stage", "live_community"), _OF_FORUMS),
        **dict.fromkeys(("replica", "handed_keys"), _OF_FORUMS),
        "kept_answer": "keyed digests of calls and answers without ids, for a day",
        "spent_assertion": _OF_FORUMS,
        "probing_alarm": _OF_PROFESSIONALS,
        "probing_hour": _OF_FORUMS,
        "probing_share": "keyed digests with sealed bits, of professionals who ask, for two hours at most",
        "platform_change": "numbers of changes with digests and random ids; a forum's dense count must stay dense",
        "staff_member": _OF_STAFF,
        "staff_provider": _OF_STAFF,
        **dict.fromkeys(("report_case", "case_report", "case_clock", "case_hold"), _OF_CASES),
        **dict.fromkeys(("case_event", "case_proposal", "case_hearing", "hearing_letter"), _OF_CASES),
        "case_member": _OF_STAFF,
        "officer_tie": _OF_STAFF,
        "measure_review": _OF_STAFF,
        "override_look": _OF_STAFF,
        "year_figures": "counts of a whole year, none under ten, about nobody",
        "vault": _OF_STAFF,
        "duty": _OF_STAFF,
        "outside_contact": _PUBLISHED,
        "report": _OF_A_REPORT,
        "report_seal": _OF_A_REPORT,
        "report_message": _OF_A_REPORT,
        "reporter_identity": _OF_A_REPORT,
        "identity_request": _OF_A_REPORT,
        "policy_version": _PUBLISHED,
        "policy_text": _PUBLISHED,
        "policy_text_use": _PUBLISHED,
        "effective_account": _IN_FORCE,
        "effective_account_version": _IN_FORCE,
        "effective_fragment": _IN_FORCE,
        "effective_row": _IN_FORCE,
        "measure": "what staff did, by digests and random ids; kept as the proof of why something was refused",
        "ledger_entry": "pseudonyms and salted hashes, append-only",
        "ledger_head": "one row about the ledger itself",
        "job": "sealed under the person's own key where it tells of one; unreadable once that is destroyed",
        "job_kind": "how kinds of jobs fare",
        "link_token": "sealed under a token that only its bearer has, for ten minutes",
        "spent_state": "keyed digests of sign-ins on their way, for minutes",
        "signing_key": "our own keys, of nobody's data",
        "data_key": "wrapped keys; an erasure destroys the person's and leaves the empty row",
        "key_epoch": "which keys were ever used",
    }
)
