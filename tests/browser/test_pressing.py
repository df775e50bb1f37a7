"""Nobody looks at half a page after a press."""

import time
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.browser.conftest import PHONE
from tests.browser.pressing import press

HERE = Path(__file__).parent
PAUSE = 0.6
START = "<!doctype html><title>first</title><form method=post><button>Go on</button></form>"


def in_two_parts(environ, start):
    """Answer a press by a page whose second half comes later, as on a machine that is busy."""
    start("200 OK", [("Content-Type", "text/html")])
    if environ["REQUEST_METHOD"] == "GET":
        yield START.encode()
        return
    yield ("<!doctype html><title>second</title><h1>Half</h1>" + " " * 4096).encode()
    time.sleep(PAUSE)
    yield b"<p>It is in force</p>"


@pytest.fixture
def slow(chromium):
    server = make_server("127.0.0.1", 0, in_two_parts, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    yield page
    context.close()
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize(("how", "seen"), [(press, True), (lambda found: found.click(), False)], ids=["press", "click"])
def test_a_press_waits_for_the_whole_page_and_a_bare_click_does_not(slow, how, seen):
    how(slow.get_by_role("button", name="Go on"))
    assert slow.get_by_text("It is in force").is_visible() is seen


def test_every_press_of_these_tests_waits():
    bare = [file.name for file in HERE.glob("*.py") if ".click(" in file.read_text("utf-8")]
    assert sorted(bare) == ["pressing.py", "test_pressing.py"]
