"""The vendored style sheet is the one its README names, and no style asks another host for anything."""

import hashlib
import re
from pathlib import Path

import pytest

import governance

STATIC = Path(governance.__file__).parent / "ui" / "static"
SHEET = STATIC / "nhsuk" / "nhsuk-frontend.min.css"


def test_the_vendored_sheet_has_the_hash_that_its_readme_names():
    assert hashlib.sha256(SHEET.read_bytes()).hexdigest() in (STATIC / "nhsuk" / "README.md").read_text()


def test_the_vendored_sheet_has_its_licence_beside_it():
    assert "MIT License" in (STATIC / "nhsuk" / "LICENSE.md").read_text()


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda sheet: sheet.name)
def test_no_style_asks_another_host(sheet):
    assert asks_elsewhere(sheet.read_text()) == []


@pytest.mark.parametrize("script", sorted(STATIC.rglob("*.js")), ids=lambda script: script.name)
def test_no_script_asks_anybody_or_keeps_anything(script):
    assert does_more(script.read_text()) == []


def test_a_script_that_does_more_would_be_found():
    assert does_more("fetch('/x'); localStorage.x = 1") == ["fetch(", "localStorage"]


def test_a_font_from_another_host_would_be_found():
    assert asks_elsewhere("@font-face{src:url('//fonts.example/a.woff')}") == ["//fonts.example/a.woff"]


def asks_elsewhere(css):
    addresses = re.findall(r"url\(\s*['\"]?([^'\")]+)", css) + re.findall(r"@import\s+['\"]([^'\"]+)", css)
    return [address for address in addresses if not re.match(r"/[^/]|[\w.-]+/|[\w.-]+$|data:|#", address)]


def does_more(script):
    return re.findall(r"https?:|fetch\(|XMLHttpRequest|import\(|eval\(|innerHTML|localStorage|document\.cookie", script)
