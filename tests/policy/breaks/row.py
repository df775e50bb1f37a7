"""One change of one value that a rule must catch."""

from typing import NamedTuple

from governance.policy.checks.rule import Rule

OPTOUT, AGES = "optout/optout", "optout/ages"
CONDUCT, REGISTERS = "conduct/conduct", "conduct/registers"
DISCLOSURE, REPORTING, EMERGENCY = "disclosure/disclosure", "reporting/reporting", "reporting/emergency"
DESK, RETENTION = "reporting/desk", "reporting/retention"

ON = True


class Break(NamedTuple):
    rule: Rule
    record: str
    at: tuple[str | int, ...]
    value: object
    key: str
    wrong: str
    mend: str

    @property
    def name(self) -> str:
        return f"{getattr(self.rule, '__name__', '')}: {'.'.join(map(str, self.at))}"
