"""Fills an empty desk with cases of nobody. No HTTP, no clock."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.identity.models import Platform
from governance.identity.permissions import Role, Scope, roles_of
from governance.identity.service import NewPlatform, add_platform
from governance.identity.staff.models import StaffMember
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import hearings, outside
from governance.reporting.cases.opening import open_case
from governance.reporting.cases.service import CaseWork, Triage
from governance.reporting.keeping.brought import bring
from governance.reporting.keeping.drafts import Body, Draft, Header
from governance.reporting.keeping.models import Report
from governance.reporting.keeping.service import file_report
from governance.reporting.vaults import service as vaults
from governance.reporting.vaults.duty import FEWEST, duty_group
from governance.reporting.vaults.keys import OpenVault, Wrapped
from governance.reporting.vaults.models import Vault
from governance.reporting.work import Work

FORUM: Final = "training"
SHOWN: Final = "Training: nobody here is real"
MARK: Final = "TRAINING. Nobody in this is real."
_HOUR: Final = 3600 * 1_000_000
Said = Mapping[str, Any]


class NotEmptyError(GovernanceError):
    """Real reports or real keys are here; training has no place beside them."""

    code = "training_refused"


class Filled(NamedTuple):
    """What was made."""

    cases: int
    officers: int


def learners(session: Session) -> list[StaffMember]:
    """Return who learns here: officers and custodians of a service that holds nothing yet. Raises `NotEmptyError`."""
    if Report.ids(session) or Vault.serving(session):
        raise NotEmptyError("reports or vaults are here already; fill the desk of a service of its own")
    staff = [one for one in StaffMember.all_oldest_first(session) if one.ended is None]
    if len([one for one in staff if Role.OFFICER in roles_of(one.roles)]) < FEWEST:
        raise NotEmptyError("a desk needs two officers; add them by `governance staff add --role officer`")
    return [one for one in staff if roles_of(one.roles) & {Role.OFFICER, Role.CUSTODIAN}]


def fill(work: Work, desk: DeskPolicy, keys: list[Wrapped]) -> Filled:
    """Store a vault for each learner, and work on each training case as far as it is written down."""
    opened = {one.vault.staff_id: vaults.store(work, one).vault for one in keys}
    members = [work.session.get_one(StaffMember, staff_id) for staff_id in opened]
    officers = [opened[one.id] for one in members if Role.OFFICER in roles_of(one.roles)]
    wanted = NewPlatform(name=FORUM, display_name=SHOWN, scopes=frozenset({Scope.REPORTS_SUBMIT}))
    forum, _ = add_platform(work.session, work.keyring, wanted, now=work.now)
    # What was told first is written down first.
    written = sorted(_written(), key=lambda said: -said["hours_ago"])
    for said in written:
        _play(work, desk, (forum, officers), said)
    return Filled(len(written), len(officers))


def _written() -> list[Said]:
    text = files("governance.reporting.training").joinpath("cases.toml").read_text(encoding="utf-8")
    found: list[Said] = tomllib.loads(text)["case"]
    return found


def _play(work: Work, desk: DeskPolicy, desk_of: tuple[Platform, list[OpenVault]], said: Said) -> None:
    forum, officers = desk_of
    told = Instant(work.now - said["hours_ago"] * _HOUR)
    then = Work(work.session, work.keyring, told)
    filed = file_report(then, _draft(work.keyring, forum, said), duty_group(work.session, forum.id, told))
    case = open_case(then, desk, work.session.get_one(Report, filed.report_id))
    work.session.flush()
    for did in said["did"]:
        at = Work(work.session, work.keyring, Instant(told + did["after"] * _HOUR))
        if did["act"] == "appeal":
            outside.appeal(at, desk, filed.report_id, did["said"])
        else:
            _DOES[did["act"]](CaseWork(at, desk, case.id, officers[did["by"]]), did)
        work.session.flush()


def _draft(keyring: Keyring, forum: Platform, said: Said) -> Draft:
    more: dict[str, str] = {"training": "yes"}
    if "patient" in said:
        more |= bring(keyring, forum.id, said["patient"]) | {"hcp_account": said["hcp"]}
    header = Header(
        kind=said["kind"],
        danger_now=said.get("danger_now", False),
        minor=said.get("minor", False),
        platform_id=forum.id,
    )
    words = {name: said.get(name, "") for name in ("where", "who", "wish")}
    return Draft(header=header, body=Body(what=f"{MARK} {said['what']}", reach="code", more=more, **words))


def _acknowledge(case: CaseWork, _said: Said) -> None:
    case.claim()
    case.acknowledge(case.desk.letter("acknowledge").body)


def _triage(case: CaseWork, said: Said) -> None:
    wanted = Triage(
        kind=case.case.kind, severity=said["severity"], harm_body="none", harm_mind="low", reason=said["reason"]
    )
    case.triage(wanted)


def _hear(case: CaseWork, said: Said) -> None:
    hearings.begin(case, said["said"])


_DOES: Final[Mapping[str, Callable[[CaseWork, Said], None]]] = {
    "acknowledge": _acknowledge,
    "triage": _triage,
    "investigate": lambda case, _said: case.investigate(),
    "hear": _hear,
    "decide": lambda case, said: case.decide(said["outcome"], said["reason"], said.get("rule", "")),
    "tell": lambda case, said: case.tell_outcome(said["said"]),
    "close": lambda case, _said: case.close(),
}
