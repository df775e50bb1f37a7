"""The closed list of records: without any of them the service does not start."""

from typing import Final

from governance.policy.checks.ages import AGES
from governance.policy.checks.conduct import CONDUCT
from governance.policy.checks.desk import DESK
from governance.policy.checks.disclosure import DISCLOSURE
from governance.policy.checks.emergency import EMERGENCY
from governance.policy.checks.optout import OPTOUT
from governance.policy.checks.registers import REGISTERS
from governance.policy.checks.reporting import REPORTING
from governance.policy.checks.retention import RETENTION
from governance.policy.checks.rule import Kind

KINDS: Final[dict[str, Kind]] = {
    kind.id: kind for kind in (DISCLOSURE, OPTOUT, AGES, CONDUCT, REGISTERS, REPORTING, EMERGENCY, DESK, RETENTION)
}
