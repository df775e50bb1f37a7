"""The safety case names tests that exist, and every hazard has an owner, a control and what is left."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "governance" / "SAFETY.md").read_text()
TESTS = Path(__file__).parents[1]


def named():
    return set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE))


def missing(names):
    there = set()
    for file in TESTS.rglob("*.py"):
        there.update(re.findall(r"^def (test_[a-z0-9_]+)", file.read_text(), re.MULTILINE))
    return names - there


def test_every_test_that_the_page_names_is_there():
    assert len(named()) > 20
    assert missing(named()) == set()


def test_one_that_is_gone_would_be_found():
    assert missing({"test_of_nothing_at_all", *named()}) == {"test_of_nothing_at_all"}


def test_every_hazard_has_an_owner_a_control_and_what_is_left():
    listed = dict(re.findall(r"^\| (H\d+) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
    parts = re.findall(r"^## (H\d+ [^\n]+)\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    told = {title.split()[0]: body for title, body in parts}
    assert listed.keys() == told.keys()
    assert all(owner.strip() for owner in listed.values())
    assert all("*Control*" in body and "*Left*" in body for body in told.values())


def test_files_that_the_page_names_are_there():
    paths = re.findall(r"`(tests/[a-z0-9_/]+\.py)`", PAGE)
    assert paths
    assert all((TESTS.parent / path).exists() for path in paths)
