"""The way back by the receipt code: two-way, anonymous, and slow for who guesses; nobody is locked out."""

import io
import time

import pytest

from governance.db.extension import reading
from governance.errors import BadInputError
from governance.reporting.filing.once import SentBeforeError, filed_once
from governance.reporting.inbox.throttle import Guesses
from governance.reporting.keeping.codes import new_code
from governance.reporting.keeping.reporters import by_code
from governance.reporting.work import Work
from governance.ui.house import house
from tests.reporting.telling import answers, opened, opens_an_office, picture, send, sends
from tests.ui.visits import Visitor, forum, stranger

__all__ = ["forum", "stranger"]


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


@pytest.fixture
def code(stranger, office):
    assert office
    return sends(stranger)


@pytest.fixture
def other(forum):
    """Another browser, which knows nothing."""
    return Visitor(forum.test_client())


def opens(visitor, code, address="10.0.0.1"):
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return send(visitor.get("/answers"), "/answers", go="open", code=code)


def test_both_sides_write_and_read(forum, other, code, office):
    opens(other, code.lower().replace("-", " "))
    assert "There is no answer yet" in other.text
    send(other, "/answers", go="write", text="He did it again")
    assert "We have your message" in other.text
    answers(forum, office["oda"], "We talked to the forum. It stops.")
    other.get("/answers")
    assert "It stops." in other.text
    assert "There is no answer yet" not in other.text
    with opened(forum, office["olu"]) as read:
        assert [(one.by, one.text) for one in read.messages] == [
            ("reporter", "He did it again"),
            ("officer", "We talked to the forum. It stops."),
        ]


def test_a_picture_can_be_added_later(forum, other, code, office):
    opens(other, code)
    send(other, "/answers", go="add", picture=(io.BytesIO(picture()), "x.png"))
    assert "One picture is with it" in other.text
    assert send(other, "/answers", go="add", picture=(io.BytesIO(b"x"), "x.png")).status == 422
    with opened(forum, office["olu"]) as read:
        assert [one.name for one in read.pictures] == ["1.png"]


def test_it_can_be_taken_back_in_two_presses(forum, other, code, office):
    opens(other, code)
    send(other, "/answers", go="back")
    assert other.h1 == "Take back what you told us?"
    send(other, "/answers", go="stay")
    assert other.h1 == "You and us"
    send(send(other, "/answers", go="back"), "/answers", go="withdraw")
    assert "You took it back" in other.text
    with opened(forum, office["olu"]) as read:
        assert "I take back" in read.messages[-1].text


def test_closed_the_page_asks_for_the_code_again(other, code):
    opens(other, code)
    assert send(other, "/answers", go="close").h1 == "Read our answer"
    assert other.get("/answers").h1 == "Read our answer"


@pytest.mark.parametrize("typed", ["", "x" * 5000, "\0", "7K3M", "ÄÖ" * 20])
@pytest.mark.usefixtures("office")
def test_what_is_no_code_is_told_so(other, typed):
    assert opens(other, typed).status == 422
    assert "This code has a mistake in it" in other.text


@pytest.mark.usefixtures("office")
def test_guessing_is_slowed_down_for_one_network_and_for_no_other(forum, other, code):
    found = [opens(other, new_code()).status for _ in range(22)]
    assert found == [422] * 20 + [429] * 2
    assert opens(other, code).status == 429
    # Nobody else waits, and the code is not closed.
    assert opens(Visitor(forum.test_client()), code, "10.0.0.2").h1 == "You and us"


@pytest.mark.usefixtures("office")
def test_right_codes_are_never_counted(forum, code):
    for _ in range(25):
        assert opens(Visitor(forum.test_client()), code).h1 == "You and us"


def test_a_crowd_of_networks_slows_down_those_who_guess_and_nobody_who_comes_for_the_first_time():
    guesses = Guesses()
    for number in range(620):
        guesses.was_wrong(f"10.0.{number // 200}.{number % 200}")
    assert not guesses.may_try("10.0.0.1")
    assert guesses.may_try("192.0.2.1")


def test_a_minute_later_a_network_may_try_again(time_machine):
    guesses = Guesses()
    for _ in range(20):
        guesses.was_wrong("2001:db8::1")
    assert not guesses.may_try("2001:db8::ffff")
    time_machine.move_to(time.time() + 61)
    assert guesses.may_try("2001:db8::1")


@pytest.mark.usefixtures("office")
def test_a_wrong_code_takes_the_work_of_a_right_one(forum, code):
    wrong = new_code()
    spent = {code: [], wrong: []}
    with forum.app_context(), reading() as session:
        for _ in range(40):
            for typed, times in spent.items():
                session.expire_all()
                began = time.perf_counter()
                found = by_code(session, house().keyring, typed)
                times.append(time.perf_counter() - began)
                assert (found is None) == (typed == wrong)
    right, other = (sorted(times)[len(times) // 2] for times in spent.values())
    assert 0.6 < right / other < 1.7


def test_the_same_key_files_once_and_gives_the_first_answer(session, keyring):
    made = []

    def act():
        made.append(1)
        return {"code": f"number {len(made)}"}

    work, key = Work(session, keyring, 10**15), "a random key 0123456789"
    assert filed_once(work, ("", key), b"asked", act) == filed_once(work, ("", key), b"asked", act)
    assert filed_once(work, ("another", key), b"asked", act) == {"code": "number 2"}
    with pytest.raises(SentBeforeError):
        filed_once(work, ("", key), b"asked something else", act)
    later = Work(session, keyring, 10**15 + 3 * 24 * 3600 * 10**6)
    assert filed_once(later, ("", key), b"asked", act) == {"code": "number 3"}


@pytest.mark.parametrize("key", ["", "short", "a" * 30, "x" * 300])
def test_a_key_that_somebody_could_guess_is_refused(session, keyring, key):
    with pytest.raises(BadInputError):
        filed_once(Work(session, keyring, 10**15), ("", key), b"", dict)
