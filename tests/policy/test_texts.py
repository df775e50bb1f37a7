"""A text that is missing, changed, torn or out of step with its record is caught."""

from pathlib import Path

import pytest

from governance.policy.pins import pin
from governance.policy.problems import errors_in
from governance.policy.validate import check
from tests.policy.copies import GONE, problem_at, put, rewrite

TEXT = "optout/optout.en.md"
FIRST = "## intro.title\nWho may take part in what you write?\n"

# What is replaced, by what; then the section, what is wrong and how to mend it.
TORN = [
    (FIRST, FIRST + FIRST, "intro.title", "twice", "keep one"),
    (FIRST, "## intro.title\n", "intro.title", "empty", "write the words"),
    (FIRST, "", "intro.title", "missing", "write the section `## intro.title`"),
    (FIRST, FIRST + "## intro.Extra\nwords\n", "intro.Extra", "no section key", "lower-case"),
    (FIRST, FIRST + "## intro.extra\nwords\n", "intro.extra", "not used", "take the section out"),
    ("it takes 24 hours", "it takes 12 hours", "loosening.body", "the 24 of", "say 24"),
    ("within 10 minutes", "within 15 minutes", "loosening.body", "the 10 of", "say 10"),
    ("lasts 24 hours", "lasts 240 hours", "emergency_view.body", "the 24 of", "say 24"),
]


@pytest.mark.parametrize(("torn"), TORN, ids=lambda torn: f"{torn[2]}: {torn[3]}")
def test_a_torn_text_is_named_even_when_it_was_pinned(folder: Path, torn) -> None:
    old, new, section, wrong, mend = torn
    rewrite(folder, TEXT, old, new)
    pin(folder / "optout/optout.toml")
    assert mend in problem_at(folder, TEXT, section, wrong).mend


def test_a_changed_text_says_bump_choose_and_pin(folder: Path) -> None:
    rewrite(folder, TEXT, "You choose.", "You may choose.")
    problem = problem_at(folder, "optout/optout.toml", "texts.en.sha256", "changed after it was pinned")
    assert problem.mend == (
        "bump the version, choose the change class, then run `governance policy pin policies/optout/optout.toml`"
    )


def test_one_changed_byte_is_a_changed_text(folder: Path) -> None:
    path = folder / TEXT
    path.write_bytes(path.read_bytes() + b"\n")
    assert problem_at(folder, "optout/optout.toml", "texts.en.sha256", "changed")


def test_a_text_without_a_pin_is_named(folder: Path) -> None:
    put(folder, "optout/optout", ("texts", "en"), {"file": "optout.en.md", "status": "approved"})
    assert "governance policy pin" in problem_at(folder, "optout/optout.toml", "texts.en.sha256", "not pinned").mend


def test_a_missing_text_file_is_named(folder: Path) -> None:
    (folder / TEXT).unlink()
    assert "optout.en.md" in problem_at(folder, "optout/optout.toml", "texts.en.file", "no such file").mend


def test_a_text_in_another_encoding_is_named(folder: Path) -> None:
    (folder / TEXT).write_bytes(b"## intro.title\n\xff\n")
    assert "UTF-8" in problem_at(folder, "optout/optout.toml", "texts.en.file", "cannot be read").mend


def test_a_record_that_needs_words_needs_them_in_english(folder: Path) -> None:
    put(folder, "reporting/reporting", ("texts", "en"), GONE)
    assert "English" in problem_at(folder, "reporting/reporting.toml", "texts.en", "missing").mend


def test_the_english_text_is_approved(folder: Path) -> None:
    put(folder, "reporting/reporting", ("texts", "en", "status"), "draft")
    assert "fall back" in problem_at(folder, "reporting/reporting.toml", "texts.en.status", "not approved").mend


def test_a_record_of_data_takes_no_texts(folder: Path) -> None:
    put(folder, "optout/ages", ("texts",), {"en": {"file": "ages.en.md", "sha256": "0", "status": "draft"}})
    assert "take the texts out" in problem_at(folder, "optout/ages.toml", "texts", "not used").mend


def test_a_text_that_no_record_names_is_named(folder: Path) -> None:
    (folder / "conduct/old.en.md").write_text("## a\nb\n", encoding="utf-8")
    assert "delete" in problem_at(folder, "conduct/old.en.md", "(file)", "no record names").mend


def test_a_variant_lacks_nothing_that_it_must_tell(folder: Path) -> None:
    rewrite(folder, "disclosure/disclosure.en.child.md", "## must_know.emergencies.body", "## must_know.other.body")
    assert problem_at(folder, "disclosure/disclosure.en.child.md", "must_know.emergencies.body", "missing")


def test_a_note_for_authors_before_the_first_section_is_no_section(folder: Path) -> None:
    rewrite(folder, TEXT, "# Your choices: the words a patient reads", "# Notes\n\nnot for patients")
    pin(folder / "optout/optout.toml")
    assert errors_in(check(folder)) == []
