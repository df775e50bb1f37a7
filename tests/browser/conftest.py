"""A real browser on a small phone, at the real app on a local port."""

import os
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.browser.pressing import press
from tests.ui.visits import doctor, forum, nurse, sign_in

__all__ = ["doctor", "forum", "nurse"]

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium():
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright here: pip install -e '.[dev]'")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser here: {CHROMIUM} is missing, install the package `chromium`")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(forum):
    server = make_server("127.0.0.1", 0, forum, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


class Phone:
    """A person's phone. `asked` are the addresses it fetched, `complaints` what its console said."""

    def __init__(self, context, address):
        self.context, self.address = context, address
        self.page = context.new_page()
        self.asked, self.complaints = [], []
        self.shot = ""
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda line: self.complaints.append(line.text))

    def open(self, path):
        return self.page.goto(self.address + path)

    def press(self, text):
        press(self.page.get_by_role("button", name=text).first)

    def shoot(self, name):
        """Keep a picture where somebody asked for pictures."""
        folder, self.shot = os.environ.get("SCREENSHOTS"), name
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def shoot_narrow(self):
        """Keep a second picture of the page that was shot last, as it is now."""
        self.shoot(f"narrow-{self.shot.removeprefix('narrow-')}")


@pytest.fixture
def phones(chromium, address):
    """Make phones, with JavaScript or without, signed in as somebody or as nobody, with pages in a language."""
    contexts = []

    def make(app=None, account="", *, javascript=True, language="en"):
        context = chromium.new_context(viewport=PHONE, java_script_enabled=javascript, bypass_csp=javascript)
        contexts.append(context)
        context.add_cookies([{"name": "governance_language", "value": language, "url": address}])
        if account:
            context.add_cookies([{"name": "governance", "value": sign_in(app, account), "url": address}])
        return Phone(context, address)

    yield make
    for context in contexts:
        context.close()
