from pathlib import Path

import pytest

from tests.policy.copies import copy_of_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_records(tmp_path)
