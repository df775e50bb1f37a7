"""`ARCHITECTURE.md` names what is there, and nothing that is not: a newcomer finds each file that they meet."""

from pathlib import Path

import pytest

import governance
from tests.architecture.plan import files_left_out, files_named, folders_left_out

HOUSE = Path(governance.__file__).parent
PLAN = (HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_every_file_that_the_plan_names_is_there():
    named, lost = files_named(PLAN, HOUSE)
    assert lost == []
    assert len(named) > 150


def test_the_plan_names_every_folder_and_every_file_in_the_rooms_of_patients():
    assert {"folders": folders_left_out(PLAN, HOUSE), "files": files_left_out(PLAN, HOUSE)} == {
        "folders": [],
        "files": [],
    }


@pytest.mark.parametrize("name", ["patients/guardians/moved.py", "portal/sealed.py", "optout/own/draft.py"])
def test_a_row_that_is_missing_is_found(name):
    """The control."""
    without = "\n".join(line for line in PLAN.splitlines() if Path(name).name not in line)
    assert name in files_left_out(without, HOUSE)


def test_a_folder_without_a_name_and_a_name_without_a_file_are_found(tmp_path):
    """The control."""
    (tmp_path / "portal" / "attic").mkdir(parents=True)
    (tmp_path / "portal" / "attic" / "service.py").touch()
    plan = "| `portal/` | `portal/gone.py` |"
    assert folders_left_out(plan, tmp_path) == ["portal/attic"]
    assert files_named(plan, tmp_path) == (set(), ["portal/gone.py"])
