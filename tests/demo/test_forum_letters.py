"""The forum's letters: asked about when they are put together, and once more when they are sent."""

from datetime import UTC, datetime, timedelta
from mailbox import Maildir

import pytest

from governance.demo.forum import letters
from governance.demo.forum.house import EXTENSION
from tests.demo.conftest import press
from tests.demo.test_forum_pages import hide

HERS = "scared of the nights"


@pytest.fixture
def dan(browser):
    return browser("dan")


def asks(client):
    return press(client, "/letters", "/letters")


def sends(forum, after=letters.WAIT):
    with forum.app_context():
        return letters.send_due(forum.extensions[EXTENSION], datetime.now(UTC) + after)


def box(settings, name="dan"):
    path = settings.directory / "mail" / name
    return [one.get_payload(decode=True).decode() for one in Maildir(path)] if path.exists() else []


def test_a_letter_goes_out_at_its_time_and_once(forum, settings, dan):
    asks(dan)
    asks(dan)
    assert "on its way" in dan.get("/letters").text
    assert sends(forum, timedelta(0)) == 0
    assert [sends(forum), sends(forum)] == [1, 0]
    (letter,) = box(settings)
    assert HERS in letter
    assert "One was sent" in dan.get("/letters").text


def test_whoever_says_no_while_it_waits_is_not_in_it(forum, settings, script, dan):
    asks(dan)
    hide(script, "ana")
    sends(forum)
    (letter,) = box(settings)
    assert HERS not in letter
    assert "Ana" not in letter
    assert "I have started running" in letter


def test_being_read_is_not_being_in_a_letter(forum, settings, script, dan):
    script.decide = lambda resource: resource["type"] == "post"
    asks(dan)
    sends(forum)
    assert box(settings) == []


@pytest.mark.slow
def test_while_the_service_is_away_nothing_is_sent(forum, settings, script, dan):
    asks(dan)
    script.status = 503
    assert sends(forum) == 1
    assert box(settings) == []
