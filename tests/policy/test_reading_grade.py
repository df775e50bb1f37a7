"""What patients read stays easy: a gate against hard sentences, no proof that anybody understood."""

import tomllib

import pytest
import textstat

from governance.policy.reading import policies_folder
from governance.policy.sections import parse

GRADE_MAX, EASE_MIN = 6.0, 70.0
FEW_WORDS = 20
"""The formulas say nothing about a title or a half line."""

FOLDER = policies_folder()
TEXTS = sorted(
    path.relative_to(FOLDER).as_posix()
    for procedure in ("disclosure", "optout", "reporting")
    for path in (FOLDER / procedure).glob("*.en*.md")
)
LIMITS = tomllib.loads((FOLDER / "disclosure/disclosure.toml").read_text(encoding="utf-8"))["reading"]
"""The limits that the disclosure sets for its own texts, by label."""


def limits_of(file: str) -> tuple[float, float]:
    procedure, name = file.split("/")
    label = "_".join(name.split(".")[1:-1])
    own = LIMITS[label] if procedure == "disclosure" else {}
    return min(own.get("grade_max", GRADE_MAX), GRADE_MAX), max(own.get("ease_min", EASE_MIN), EASE_MIN)


def too_hard(text: str, grade_max: float = GRADE_MAX, ease_min: float = EASE_MIN) -> bool:
    return textstat.flesch_kincaid_grade(text) > grade_max or textstat.flesch_reading_ease(text) < ease_min


def test_every_text_for_patients_is_measured() -> None:
    assert TEXTS == [
        "disclosure/disclosure.en.child.md",
        "disclosure/disclosure.en.easy_read.md",
        "disclosure/disclosure.en.md",
        "optout/optout.en.md",
        "reporting/desk.en.md",
        "reporting/emergency.en.md",
        "reporting/reporting.en.md",
        "reporting/retention.en.md",
    ]


@pytest.mark.parametrize("file", TEXTS)
def test_every_section_is_easy_to_read(file: str) -> None:
    sections = parse((FOLDER / file).read_text(encoding="utf-8")).by_key
    longer = {key: text for key, text in sections.items() if len(text.split()) >= FEW_WORDS}
    assert longer
    assert [key for key, text in longer.items() if too_hard(text, *limits_of(file))] == []


@pytest.mark.parametrize("file", TEXTS)
def test_a_whole_text_is_easy_to_read(file: str) -> None:
    sections = parse((FOLDER / file).read_text(encoding="utf-8")).by_key
    assert not too_hard("\n\n".join(sections.values()), *limits_of(file))


def test_a_lawyers_sentence_is_too_hard() -> None:
    assert too_hard(
        "Notwithstanding the aforementioned authorisation, participating professionals may, subject to applicable "
        "regulatory obligations, retain the possibility of accessing publicly available contributions."
    )
