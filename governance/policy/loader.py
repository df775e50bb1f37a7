"""Loads the policy records for the other rooms; broken records are never used."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Self

from governance.policy.errors import PolicyInvalidError
from governance.policy.problems import errors_in
from governance.policy.reading import Label, Source, labels, policies_folder, read_source, read_text, record_files
from governance.policy.records import ChangeClass, PolicyRecord, Procedure, Table, TextStatus, TextVersion
from governance.policy.validate import check
from governance.policy.views.conduct import ConductPolicy
from governance.policy.views.desk import DeskPolicy
from governance.policy.views.disclosure import DisclosurePolicy
from governance.policy.views.optout import OptoutPolicy
from governance.policy.views.registers import RegistersPolicy
from governance.policy.views.reporting import ReportingPolicy
from governance.policy.views.retention import RetentionPolicy


@dataclass(frozen=True)
class Policies:
    """The policy records in force, by id and as typed views."""

    records: dict[str, PolicyRecord]

    def in_language(self, language: str) -> Self:
        """Return the same records with the words of a language; what it lacks is said in English."""
        return type(self)({key: replace(record, speaks=language) for key, record in self.records.items()})

    @cached_property
    def disclosure(self) -> DisclosurePolicy:
        """Return what patients are told."""
        return DisclosurePolicy(self.records["disclosure"])

    @cached_property
    def optout(self) -> OptoutPolicy:
        """Return what patients can choose."""
        return OptoutPolicy(self.records["optout"], self.records["ages"])

    @cached_property
    def conduct(self) -> ConductPolicy:
        """Return what professionals accept."""
        return ConductPolicy(self.records["conduct"])

    @cached_property
    def registers(self) -> RegistersPolicy:
        """Return where professionals are looked up."""
        return RegistersPolicy(self.records["registers"])

    @cached_property
    def reporting(self) -> ReportingPolicy:
        """Return what can be reported, and whom to call in danger."""
        return ReportingPolicy(self.records["reporting"], self.records["emergency"])

    @cached_property
    def desk(self) -> DeskPolicy:
        """Return how reports are worked on."""
        return DeskPolicy(self.records["desk"])

    @cached_property
    def retention(self) -> RetentionPolicy:
        """Return for how long reports are kept."""
        return RetentionPolicy(self.records["retention"])


def load_policies(folder: Path | None = None) -> Policies:
    """Load the records of a folder, or those that came with the package.

    Raises `PolicyInvalidError` where a record does not pass its checks.
    """
    found = policies_folder() if folder is None else folder
    wrong = errors_in(check(found))
    if wrong:
        lines = "\n".join(str(problem) for problem in wrong)
        raise PolicyInvalidError(f"the policy records cannot be used, mend them first:\n{lines}")
    sources = [read_source(found, path) for path in record_files(found)]
    return Policies({source.id: _record(source) for source in sources})


def _record(source: Source) -> PolicyRecord:
    texts = tuple(text for label in labels(source) for text in _text(source, label))
    return record_of(source.data, texts, source.document)


def record_of(data: Table, texts: tuple[TextVersion, ...], document: str) -> PolicyRecord:
    """Return a record out of its tables, which were checked, and its texts."""
    header = data["record"]
    return PolicyRecord(
        id=header["id"],
        procedure=Procedure(header["procedure"]),
        version=header["version"],
        change=ChangeClass(header["change"]),
        effective=header["effective"].astimezone(UTC),
        summary=header["summary"],
        owner=header["owner"],
        texts=texts,
        tables={name: table for name, table in data.items() if name not in {"record", "texts"}},
        document=document,
    )


def _text(source: Source, label: Label) -> Iterator[TextVersion]:
    status = TextStatus(source.data["texts"][label.name]["status"])
    # A draft may be half written, or not be there yet: nobody reads it, and it must stop nobody.
    if status is TextStatus.APPROVED:
        text = read_text(source, label)
        yield TextVersion(label.language, label.variant, status, text.sha256, text.sections.by_key, text.content)
