"""Rules of one's own, ready-made answers, help in danger and peers on a phone: no fault on any page."""

import pytest

from tests.browser.test_phone import faults
from tests.browser.test_waiting_phone import ana, looks
from tests.optout.test_web_more import says
from tests.optout.test_web_rules import makes
from tests.optout.wishes import grow_up

__all__ = ["ana"]
pytestmark = pytest.mark.browser


def test_the_way_to_a_rule_has_no_fault(ana, forum, nurse):
    visitor, phone = ana
    grow_up(forum)
    says(visitor, nurse, "answered")
    assert looks(phone, "/choices/rule/who") == {}
    way = [
        {"who": "everyone"},
        {"where": "platform"},
        {"level": "closed"},
        {"when": "two_weeks", "zone": "Europe/London"},
    ]
    for page, answer in zip(("where", "what", "when", "posts"), way, strict=True):
        visitor.get(f"/choices/rule/{_before(page)}").press("Go on", **answer)
        assert looks(phone, f"/choices/rule/{page}") == {}
    makes(visitor, who={"who": "others"}, when={"when": "two_weeks"})
    assert looks(phone, "/choices/check", "/choices/rules", "/choices/ready-made") == {}
    assert looks(phone, "/choices/danger", "/choices/peers") == {}
    visitor.get("/choices/check").press("Save my choices")
    assert looks(phone, "/my/choices", "/my/history", "/my/choices/saved") == {}


def test_a_question_without_an_answer_has_no_fault(ana):
    _, phone = ana
    phone.open("/choices/rule/who")
    phone.press("Go on")
    phone.shoot("rule-who-error")
    assert faults(phone) == []


def _before(page):
    pages = ["who", "where", "what", "when", "posts"]
    return pages[pages.index(page) - 1]
