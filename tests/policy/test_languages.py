"""Who asks for a language gets it whole, or the next best; a late translation stands in nobody's way."""

from hashlib import sha256
from pathlib import Path

import pytest

from governance.decision.vocabulary import Level
from governance.policy.loader import Policies, load_policies
from governance.policy.pins import pin
from governance.policy.problems import Severity
from governance.policy.records import MAIN_LANGUAGE, TextStatus, Variant
from governance.policy.validate import check
from governance.policy.views.reporting import AgeGroup
from tests.policy.copies import problem_at, put, rewrite

TEXT = "optout/optout.es.md"


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load_policies()


def drafted(folder: Path, record: str, label: str) -> Policies:
    put(folder, record, ("texts", label, "status"), "draft")
    return load_policies(folder)


def test_spanish_is_whole_and_approved_wherever_there_are_words(policies: Policies) -> None:
    for record in policies.records.values():
        approved = {(text.language, text.variant) for text in record.texts if text.status is TextStatus.APPROVED}
        assert {variant for language, variant in approved if language == "es"} == {
            variant for language, variant in approved if language == MAIN_LANGUAGE
        }


def test_every_text_tells_the_sections_of_the_english_one(policies: Policies) -> None:
    for record in policies.records.values():
        for text in record.texts:
            assert list(text.sections) == list(record.text("en", text.variant).sections)


def test_no_section_was_left_in_english(policies: Policies) -> None:
    same_in_both = {"country.au", "rule.who.named", "teach_back.who_reads.option.c"}
    for record in policies.records.values():
        for text in (text for text in record.texts if text.language == "es"):
            english = record.text("en", text.variant).sections
            assert {key for key, words in text.sections.items() if words == english[key]} <= same_in_both


@pytest.mark.parametrize("asked", ["es", "es-MX", "ES-419", "es_ES", "es-Latn-MX"])
def test_a_region_of_a_language_gets_the_language(policies: Policies, asked: str) -> None:
    assert policies.records["disclosure"].text(asked, Variant.CHILD).language == "es"


@pytest.mark.parametrize("asked", ["fr", "est", "", "x-klingon"])
def test_a_language_that_is_not_there_falls_back_to_the_english_variant(policies: Policies, asked: str) -> None:
    record = policies.records["disclosure"]
    assert record.text(asked, Variant.CHILD) == record.text("en", Variant.CHILD)


@pytest.mark.parametrize("variant", Variant)
def test_the_disclosure_is_in_spanish_from_the_first_page_to_the_last(policies: Policies, variant: Variant) -> None:
    told = policies.disclosure
    assert told.must_knows("es", variant)[3].words.title.startswith("Puedes cambiar de idea")
    assert [risk.code for risk in told.risks("es", variant)] == [risk.code for risk in told.risks("en", variant)]
    assert told.risks("es", variant)[0].title != told.risks("en", variant)[0].title
    assert told.limits("es", variant) != told.limits("en", variant)
    assert told.source_guide("es", variant)[0].title == "¿Quién lo dice?"


@pytest.mark.parametrize("variant", Variant)
def test_the_right_answers_mean_the_same_in_spanish(policies: Policies, variant: Variant) -> None:
    asked = policies.disclosure.teach_back("es", variant)
    said = {question.slug: question.options[question.right] for question in asked}
    assert "cuenta" in said["who_reads"]
    assert "lam" in said["emergency"]
    assert "hoy" in said["change_mind"]
    assert "pedir ayuda" in said["danger"]


def test_choices_rules_and_concerns_are_in_spanish(policies: Policies) -> None:
    assert policies.optout.level_words(Level.CLOSED, "others", "es").title == "Cerrado"
    assert policies.conduct.rules("es")[0].words.title == "Tenga una inscripción vigente"
    assert policies.conduct.rules("es")[4].enforced_how.startswith("Usted da su palabra")
    assert policies.conduct.limits("es") != policies.conduct.limits()
    assert policies.reporting.type_words("other", "es").title == "Otra cosa"


def test_emergency_lines_are_told_in_the_language_that_was_asked_for(policies: Policies) -> None:
    reporting = policies.reporting
    danger, child, _ = reporting.emergency_lines("ES", AgeGroup.CHILD, "es")
    assert (danger.name, danger.number) == ("Servicios de emergencia", "112")
    assert (child.name, child.number) == ("ANAR", "116 111")
    assert reporting.country_name("US", "es") == "Estados Unidos"
    assert reporting.emergency_lines("IE", language="es")[0].note == "también funciona el 999"
    assert reporting.emergency_lines("IE")[0].note == "999 works too"


def test_numbers_are_the_same_in_every_language(policies: Policies) -> None:
    for line in policies.reporting.emergency.tables["lines"]:
        told = [policies.reporting.emergency_lines(line["country"], language=one) for one in ("en", "es")]
        assert [one.number for one in told[0]] == [one.number for one in told[1]]


def test_a_draft_is_not_shown(folder: Path) -> None:
    assert drafted(folder, "reporting/reporting", "es").reporting.type_words("other", "es").title == "Something else"


def test_a_draft_variant_falls_back_to_its_own_language_first(folder: Path) -> None:
    text = drafted(folder, "disclosure/disclosure", "es_child").records["disclosure"].text("es", Variant.CHILD)
    assert (text.language, text.variant) == ("es", Variant.STANDARD)


def test_a_translation_that_is_not_finished_keeps_nobody_waiting(folder: Path) -> None:
    rewrite(folder, TEXT, "## hide.title", "## hide.titulo")
    put(folder, "optout/optout", ("texts", "es", "status"), "draft")
    assert {problem.severity for problem in check(folder)} == {Severity.WARNING}
    assert load_policies(folder).records["optout"].words("hide", "es").title.startswith("Hide me")


def test_the_same_translation_would_stop_the_service_if_it_were_approved(folder: Path) -> None:
    rewrite(folder, TEXT, "## hide.title", "## hide.titulo")
    pin(folder / "optout/optout.toml")
    assert problem_at(folder, TEXT, "hide.title", "missing").severity is Severity.ERROR


def test_a_translation_that_tells_another_waiting_time_is_caught(folder: Path) -> None:
    rewrite(folder, TEXT, "tarda 24 horas", "tarda 12 horas")
    pin(folder / "optout/optout.toml")
    assert "say 24" in problem_at(folder, TEXT, "loosening.body", "the 24 of").mend


@pytest.mark.parametrize(
    ("label", "file"), [("es", "disclosure.en.md"), ("es_child", "disclosure.en.child.md"), ("es_easy_read", "")]
)
def test_a_translation_of_a_text_that_changed_since_is_warned_of_and_stops_nobody(folder, label, file):
    record, file = folder / "disclosure/disclosure.toml", f"disclosure/{file or 'disclosure.en.easy_read.md'}"
    text = rewrite(folder, file, "\n\n", "\n\n\n")
    pin(record)
    (problem,) = check(folder)
    assert (problem.key, problem.severity) == (f"texts.{label}.translates", "warning")
    assert "changed since" in problem.wrong
    # Pinning says nothing of what a translator has read; they write the line that the warning gives them.
    put(folder, "disclosure/disclosure", ("texts", label, "translates"), sha256(text.read_bytes()).hexdigest())
    assert check(folder) == []


def test_a_translation_that_does_not_say_of_what_is_warned_of(folder):
    path = folder / "optout/optout.toml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("translates")))
    (problem,) = check(folder)
    assert (problem.key, problem.wrong, problem.severity) == ("texts.es.translates", "is missing", "warning")
