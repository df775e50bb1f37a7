"""Pinning writes the hashes and nothing else."""

import hashlib
from pathlib import Path

import pytest

from governance.policy.errors import PolicyPinError
from governance.policy.pins import pin
from governance.policy.problems import errors_in
from governance.policy.validate import check
from tests.policy.copies import put, rewrite


def test_pinning_an_unchanged_record_changes_no_byte(folder: Path) -> None:
    path = folder / "disclosure/disclosure.toml"
    before = path.read_bytes()
    assert {change.changed for change in pin(path)} == {False}
    assert path.read_bytes() == before


def test_pinning_a_changed_text_mends_the_record_and_tells_what_changed(folder: Path) -> None:
    path = folder / "disclosure/disclosure.toml"
    text = rewrite(folder, "disclosure/disclosure.en.child.md", "\n\n", "\n\n\n")
    changes = {change.label: change for change in pin(path)}
    assert [label for label, change in changes.items() if change.changed] == ["en_child"]
    assert changes["en_child"].after == hashlib.sha256(text.read_bytes()).hexdigest()
    assert errors_in(check(folder)) == []


def test_pinning_leaves_every_other_line_as_it_was(folder: Path) -> None:
    path = folder / "optout/optout.toml"
    before = path.read_text(encoding="utf-8").splitlines()
    rewrite(folder, "optout/optout.en.md", "You choose.", "You may choose.")
    pin(path)
    after = path.read_text(encoding="utf-8").splitlines()
    assert [new[:9] for old, new in zip(before, after, strict=True) if old != new] == ["sha256 = "]


def test_pinning_adds_a_pin_that_is_not_there(folder: Path) -> None:
    path = folder / "reporting/reporting.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("sha256")), encoding="utf-8")
    assert {change.before for change in pin(path)} == {""}
    assert check(folder) == []


def test_pinning_what_cannot_be_edited_in_place_changes_nothing(folder: Path) -> None:
    path = put(folder, "optout/optout", ("texts", "en", "sha256"), "0")
    before = path.read_bytes()
    with pytest.raises(PolicyPinError, match=r"\[texts\.<language>\]"):
        pin(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("optout/optout.en.md", "no policy record"),
        ("optout/none.toml", "cannot be read"),
    ],
)
def test_pinning_something_else_says_what_to_name(folder: Path, file: str, told: str) -> None:
    with pytest.raises(PolicyPinError, match=told) as refused:
        pin(folder / file)
    assert "name the record's .toml file" in str(refused.value)


def test_pinning_a_record_whose_text_is_gone_is_refused(folder: Path) -> None:
    (folder / "optout/optout.en.md").unlink()
    with pytest.raises(PolicyPinError, match="put its file there"):
        pin(folder / "optout/optout.toml")
