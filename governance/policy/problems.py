"""One fault of a policy record, told so that a publisher can mend it."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops the records from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is, what is wrong, how to mend it.

    `file` starts with `policies/` wherever the folder lies; `key` is the dotted key or the section.
    """

    file: str
    key: str
    wrong: str
    mend: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the line that a person reads."""
        warning = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.file}: {self.key}: {warning}{self.wrong}; {self.mend}"

    def as_json(self) -> dict[str, str]:
        """Return what a script reads."""
        return {name: str(value) for name, value in asdict(self).items()}


def errors_in(problems: list[Problem]) -> list[Problem]:
    """Return the problems that stop the records from being used."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
