"""The readable copy in Spanish: whatever a room may hold of somebody, it says no word of English."""

import pytest
from bs4 import BeautifulSoup
from flask import render_template

from governance.holdings import HOLDINGS
from governance.patients.export.service import about, collected
from governance.policy.here import policies_here
from tests.patients.test_holdings import Life
from tests.ui.words_left import english_in


@pytest.fixture
def whole_life(forum):
    return Life(forum, whole=True)


def test_a_whole_life_is_told_in_spanish(app, whole_life):
    life = whole_life
    with app.test_request_context(headers={"Cookie": "governance_language=es"}):
        whose = about(life.session, life.account.id, life.account.key, life.forum.now)
        told = collected(life.session, life.keyring, whose, HOLDINGS, service="https://us.example")
        page = render_template("portal/copy_file.html", told=told, policy=policies_here().optout)
    copy = BeautifulSoup(page, "html.parser")
    assert copy.html["lang"] == "es"
    assert copy.h1.get_text() == "Tu copia"
    assert english_in(copy) == []
