"""Every rule, and changes of one value that it must catch."""

from tests.policy.breaks.conduct import CONDUCT_BREAKS
from tests.policy.breaks.desk import DESK_BREAKS
from tests.policy.breaks.disclosure import DISCLOSURE_BREAKS
from tests.policy.breaks.header import HEADER
from tests.policy.breaks.optout import AGES_BREAKS, OPTOUT_BREAKS
from tests.policy.breaks.registers import REGISTERS_BREAKS
from tests.policy.breaks.reporting import EMERGENCY_BREAKS, REPORTING_BREAKS
from tests.policy.breaks.retention import RETENTION_BREAKS

BREAKS = [
    *HEADER,
    *OPTOUT_BREAKS,
    *AGES_BREAKS,
    *CONDUCT_BREAKS,
    *REGISTERS_BREAKS,
    *DISCLOSURE_BREAKS,
    *REPORTING_BREAKS,
    *EMERGENCY_BREAKS,
    *DESK_BREAKS,
    *RETENTION_BREAKS,
]
