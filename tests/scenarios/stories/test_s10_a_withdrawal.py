"""S10, a withdrawal: at ten o'clock Ben takes back that all professionals may see his posts."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.optout.wishes import prove
from tests.scenarios.stories.even_keel import even_keel
from tests.ui.visits import acknowledge, choose

POST = {"community": "ask-together", "thread": "night-lows"}
BENS = "I have started running after work"
TOMORROW = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def at(hour, minute=0, second=0):
    return time_machine.travel(TOMORROW.replace(hour=hour, minute=minute, second=second), tick=False)


@pytest.fixture
def keel(tmp_path):
    """Ben lets all professionals read and find him, so that letters to them may have his posts."""
    with even_keel(tmp_path) as keel:
        keel.people.patient("ben")
        keel.people.session.commit()
        ben = keel.comes("ben")
        acknowledge(ben)
        choose(ben, "seen", "seen")
        assert ben.h1 == "Your choices are saved"
        yield keel


def dan_reads_ben_and_a_letter_goes_out(keel):
    with at(8):
        keel.asks_for_letter("dan")
    with at(8, 2):
        assert keel.sends_letters() == 1
        (letter,) = keel.letters_to("dan")
        assert BENS in letter
        assert BENS in keel.reads("dan", "/t/night-lows")
    keel.log_is_written()


def another_letter_waits(keel):
    with at(9, 59):
        keel.asks_for_letter("dan")


def ben_takes_it_back(keel):
    ben = keel.comes("ben")
    ben.get("/choices/others").answers("/choices/others", level="closed")
    ben.get("/choices/check").press("Save my choices")
    assert ben.h1 == "Your choices are saved"
    return ben


def no_worker_permits_it_from_the_next_request_on(keel, worker):
    assert not keel.permits("dan", "ben", **POST)
    assert not keel.permits("dan", "ben", **POST, worker=worker)


def no_page_of_the_forum_shows_it(keel):
    pages = keel.reads("dan", "/", "/t/night-lows", "/c/ask-together", "/m/ben", "/search?q=running")
    assert BENS not in pages + keel.feed_of("dan")


def the_letter_that_waited_goes_without_it(keel):
    with at(10, 2):
        keel.sends_letters()
    assert [BENS in letter for letter in keel.letters_to("dan")].count(True) == 1


def his_page_says_what_is_stopped_and_what_cannot_be_undone(keel, ben):
    assert "even-keel asks us each time. So it follows at once: what you closed has stopped since" in ben.text
    assert ben.follow("What cannot be undone").path == "/prove"
    prove(keel.service, ben)
    ben.get("/my/stopped")
    stopped = ben.text
    assert "even-keel asks us each time" in stopped
    undone = stopped.split("What cannot be undone")[-1]
    assert "Dan" in undone
    assert "it was allowed then." in undone
    assert "by e-mail before that" in undone


def the_time_before_stays_on_record_as_it_was(keel, ben):
    """What he permitted was lawful while it stood: a look at nine o'clock says so, and the history too."""
    seen = {"whom": keel.key("dan"), "group": "informed", "day": TOMORROW.date().isoformat()}
    with at(10, 3):
        ben = keel.comes("ben", proved=True)
        then = ben.get("/my/see-as").press("Who looks?", **seen, time="09:00").text
        assert "read your posts. You let all other professionals do it." in then
        now = ben.get("/my/see-as").press("Who looks?", whom=seen["whom"], group="informed").text
        assert "They can Nothing." in now
        assert "from “Seen” to “Closed”" in ben.get("/my/history").text


def test_s10_a_withdrawal_counts_from_the_next_request_on(keel):
    with keel.second_worker() as worker:
        dan_reads_ben_and_a_letter_goes_out(keel)
        another_letter_waits(keel)
        with at(10):
            assert keel.permits("dan", "ben", **POST, worker=worker)
            ben = ben_takes_it_back(keel)
            no_worker_permits_it_from_the_next_request_on(keel, worker)
            no_page_of_the_forum_shows_it(keel)
            his_page_says_what_is_stopped_and_what_cannot_be_undone(keel, ben)
        the_letter_that_waited_goes_without_it(keel)
        the_time_before_stays_on_record_as_it_was(keel, ben)
