import contextlib
import json
import shutil
from pathlib import Path

import pytest

from governance.pep.probe.__main__ import main
from tests.pep.flaskbb.board import Member, running
from tests.pep.flaskbb.choosing import Choosing
from tests.pep.flaskbb.interpreter import NONE, suitable_python


@contextlib.contextmanager
def walked(folder, **more):
    """A forum on which Ana let everybody in, walked, hid from all professionals, and walked again."""
    if suitable_python() is None:
        pytest.skip(NONE)
    with running(folder, **more) as board:
        board.plan_file = folder / "plan.json"
        board.plan_file.write_text(json.dumps(board.plan()))
        board.ana = Choosing(board, "ana")
        dan = Member(board, "dan")
        word = board.marks["reply"]
        board.ana.choose("answered")
        board.until(lambda: word in dan.text("/topic/3"))
        assert main(["before", str(board.plan_file)]) == 0
        board.ana.hide()
        board.followed = board.until(lambda: word not in dan.text("/topic/3"))
        board.report, board.key = folder / "report.jws", folder / "key.pem"
        board.left = main(["after", str(board.plan_file), "--report", str(board.report), "--key", str(board.key)])
        yield board


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with walked(tmp_path_factory.mktemp("board")) as made:
        yield made


@pytest.fixture(scope="module")
def board_with_sidecar(tmp_path_factory):
    with walked(tmp_path_factory.mktemp("beside"), sidecar=True) as made:
        yield made


@pytest.fixture(scope="module")
def naive_board(tmp_path_factory):
    plugins = tmp_path_factory.mktemp("plugins")
    shutil.copy(Path(__file__).with_name("naive_filter.py"), plugins)
    about = plugins / "naive_filter-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: naive-filter\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text("[flaskbb_plugins]\nnaive_filter = naive_filter\n")
    with walked(tmp_path_factory.mktemp("naive"), plugin="naive_filter", plugins_in=plugins) as made:
        yield made
