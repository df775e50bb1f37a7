"""What is wrong with the folder as a whole, and what time has made wrong."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from governance.policy.errors import PolicyFolderNotFoundError
from governance.policy.loader import load_policies
from governance.policy.problems import errors_in
from governance.policy.reading import policies_folder, read_source
from governance.policy.validate import check
from tests.policy.copies import problem_at, put, rewrite

EMERGENCY = "reporting/emergency.toml"
CHECKED = load_policies().records["emergency"].tables["lines"][0]["checked"]
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def test_a_torn_record_is_named_with_its_line(folder: Path) -> None:
    rewrite(folder, "optout/ages.toml", "[elsewhere]", "[elsewhere")
    assert "line" in problem_at(folder, "optout/ages.toml", "(file)", "cannot be read").wrong


def test_a_record_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "optout/ages.toml").write_bytes(b"# \xff\n")
    assert "UTF-8" in problem_at(folder, "optout/ages.toml", "(file)", "cannot be read").mend


@pytest.mark.parametrize("record", ["disclosure/disclosure", "optout/ages", "reporting/emergency"])
def test_a_missing_record_is_named(folder: Path, record: str) -> None:
    (folder / f"{record}.toml").unlink()
    assert "put it back" in problem_at(folder, f"{record}.toml", "(file)", "no such record").mend


def test_an_unknown_record_is_named(folder: Path) -> None:
    (folder / "optout/opt.toml").write_text("", encoding="utf-8")
    assert "optout" in problem_at(folder, "optout/opt.toml", "record.id", "no such record").mend


def test_the_same_record_in_two_folders_is_named(folder: Path) -> None:
    copied = (folder / "optout/ages.toml").read_text(encoding="utf-8")
    (folder / "reporting/ages.toml").write_text(copied, encoding="utf-8")
    assert "keep one" in problem_at(folder, "reporting/ages.toml", "record.id", "policies/optout/ages.toml").mend


def test_a_line_checked_within_a_year_gives_no_warning(folder: Path) -> None:
    put(folder, "reporting/emergency", ("lines", 0, "review"), CHECKED + YEAR)
    assert "lines[1].checked" not in {problem.key for problem in check(folder, today=CHECKED + YEAR)}


def test_a_line_older_than_a_year_warns_and_stops_nothing(folder: Path) -> None:
    today = CHECKED + YEAR + DAY
    problem = problem_at(folder, EMERGENCY, "lines[1].checked", str(CHECKED), today=today)
    assert "provider's page" in problem.mend
    assert "warning" in str(problem)
    assert errors_in(check(folder, today=today)) == []


def test_a_line_past_its_review_day_warns(folder: Path) -> None:
    put(folder, "reporting/emergency", ("lines", 0, "review"), CHECKED + DAY)
    assert problem_at(folder, EMERGENCY, "lines[1].checked", today=CHECKED + DAY + DAY)


def test_the_records_of_a_source_tree_lie_beside_the_package() -> None:
    assert (policies_folder() / "optout" / "optout.toml").is_file()


def test_the_records_of_an_installation_lie_inside_the_package(monkeypatch, tmp_path: Path) -> None:
    inside, somebody_elses = tmp_path / "governance" / "_policies", tmp_path / "policies"
    inside.mkdir(parents=True)
    somebody_elses.mkdir()
    monkeypatch.setattr("governance.policy.reading.files", lambda _package: tmp_path / "governance")
    assert policies_folder() == inside


def test_an_installation_without_records_is_refused(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("governance.policy.reading.files", lambda _package: tmp_path / "governance")
    with pytest.raises(PolicyFolderNotFoundError, match="install the package again"):
        policies_folder()


def test_a_register_is_a_file_and_adding_one_is_adding_a_file(folder: Path) -> None:
    there = folder / "conduct" / "registers" / "gb-nmc.toml"
    text = there.read_text(encoding="utf-8").replace('"gb-nmc"', '"gb-more"')
    there.with_name("gb-more.toml").write_text(text, encoding="utf-8")
    assert "gb-more" in load_policies(folder).registers.registers
    there.unlink()
    assert "gb-nmc" not in load_policies(folder).registers.registers


@pytest.mark.parametrize(
    ("file", "text", "wrong"),
    [
        ("gb-other.toml", '[[register]]\ncode = "gb-nmc"', "named after its code"),
        ("gb-more.toml", 'x = 1\n[[register]]\ncode = "gb-more"', "one entry and nothing else"),
        ("gb-more.toml", '[[register]]\ncode = "gb-more"\n[[register]]\ncode = "gb-two"', "one entry"),
        ("gb-more.toml", "[[register", "gb-more.toml"),
    ],
)
def test_a_file_of_a_register_holds_that_register_alone(folder: Path, file: str, text: str, wrong: str) -> None:
    (folder / "conduct" / "registers" / file).write_text(text, encoding="utf-8")
    assert wrong in problem_at(folder, "conduct/registers.toml", "(file)").wrong


def test_the_registers_together_are_one_document_that_says_the_same(folder: Path) -> None:
    source = read_source(folder, folder / "conduct" / "registers.toml")
    assert tomllib.loads(source.document) == source.data
