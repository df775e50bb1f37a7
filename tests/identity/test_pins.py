"""PINs: how people prove who they are whose forum is no provider. They let nobody in, and few guesses are free."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import text

from governance.db.extension import reading
from governance.identity.proofs import new_proofs, pins
from governance.identity.proofs import web as proof_web
from tests.identity.test_links import come_in, mint, quiet_forum

__all__ = ["mint", "quiet_forum"]
RIGHT, WRONG = "284917", "284918"
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _quick(monkeypatch, request):
    """Take little memory for each guess, but where the cost itself is what is tested."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(pins, "_KIBIBYTES", 64)


@pytest.fixture
def clock():
    with time_machine.travel(0, tick=False) as clock:
        yield clock


@pytest.fixture
def person(mint, other_browser, clock):
    """Somebody who has just come by a link for the first time."""
    assert clock
    come_in(other_browser, mint())
    return other_browser


def send(person, path, pin=""):
    form = person.client.get("/form").text
    return person.client.post(path, data={"csrf_token": form, "pin": pin, "again": pin})


def set_pin(person, pin=RIGHT):
    return send(person, "/prove/pin/new", pin)


def guess(person, pin=RIGHT):
    return send(person, "/prove/pin?next=proved", pin)


def is_proved(person):
    return person.client.get("/proved").status_code == 200


def again(person, mint):
    """Come by another link, as after 30 minutes without a press."""
    come_in(person, mint())


def test_who_is_new_sets_a_pin_and_proves_by_it(person):
    set_pin(person)
    assert not is_proved(person)
    assert guess(person).location == "/proved"
    assert is_proved(person)


def test_the_right_pin_gives_the_session_a_new_id(person):
    set_pin(person)
    before = person.cookie().value
    guess(person)
    assert person.cookie().value != before


def test_a_wrong_pin_proves_nothing_and_says_so(person):
    set_pin(person)
    answer = guess(person, WRONG)
    assert (answer.status_code, "This is not your PIN" in answer.text) == (400, True)
    assert not is_proved(person)


@pytest.mark.parametrize("pin", ["", "12345", "111111", "123456", "987654", "12345a", "٢٨٤٩١٧", "2" * 33, "28 49 17"])
def test_an_easy_pin_is_not_taken(person, pin):
    assert set_pin(person, pin).status_code == 400
    assert guess(person, pin).status_code == 429


def test_a_pin_that_was_not_typed_twice_alike_is_not_set(person):
    form = person.client.get("/form").text
    for again in (WRONG, ""):
        answer = person.client.post("/prove/pin/new", data={"csrf_token": form, "pin": RIGHT, "again": again})
        assert (answer.status_code, "The two PINs are not the same" in answer.text) == (400, True)
    assert guess(person).status_code == 429


def shown(person, path="/prove"):
    return " ".join(BeautifulSoup(person.client.get(path).text, "html.parser").main.get_text().split())


def test_a_pin_that_counts_at_once_is_confirmed_once_with_a_way_on(person):
    set_pin(person)
    page = shown(person)
    assert "Your PIN is set" in page
    assert "It counts from now on." in page
    assert "Done: go to my choices" in page
    assert "Set this PIN" not in page
    assert "Your PIN is set" not in shown(person)


def test_somebody_on_the_way_to_a_choice_is_told_to_go_on_with_the_new_pin(person):
    send(person, "/prove/pin/new?next=proved", RIGHT)
    assert "Type it below to go on." in shown(person, "/prove?next=proved")


def test_a_pin_that_waits_is_confirmed_with_its_hour(person, clock, mint):
    clock.shift(timedelta(hours=2))
    again(person, mint)
    set_pin(person)
    page = shown(person)
    assert "Your PIN is set" in page
    assert "It counts from 2 January 1970 at 03:00 (UK time)." in page


def test_a_banner_is_in_no_address(person):
    for said in ("pin_set", "1"):
        assert "Your PIN is set" not in shown(person, f"/prove?said={said}&pin_set=1&done=1")


def test_old_news_are_not_told(person, clock):
    set_pin(person)
    clock.shift(timedelta(minutes=5))
    assert "Your PIN is set" not in shown(person)


def test_a_pin_lets_nobody_in(app, person):
    set_pin(person)
    stranger = app.test_client()
    answer = stranger.post("/prove/pin", data={"csrf_token": stranger.get("/form").text, "pin": RIGHT})
    assert answer.location == "/sign-in"


def test_after_five_wrong_ones_even_the_right_one_must_wait(person, clock):
    set_pin(person)
    for _ in range(5):
        guess(person, WRONG)
    assert guess(person).status_code == 429
    clock.shift(timedelta(minutes=15))
    assert guess(person).status_code == 303


def test_the_waiting_grows(mint, person, clock):
    set_pin(person)
    for minutes in (15, 60, 24 * 60, 24 * 60):
        for _ in range(5):
            assert guess(person, WRONG).status_code == 400
        clock.shift(timedelta(minutes=minutes, seconds=-1))
        again(person, mint)
        assert guess(person).status_code == 429
        clock.shift(timedelta(seconds=1))


def test_the_right_one_forgets_the_wrong_ones(person):
    set_pin(person)
    for _ in range(3):
        for _ in range(4):
            guess(person, WRONG)
        assert guess(person).status_code == 303


def test_guesses_at_the_same_moment_count_each(app, person):
    set_pin(person)
    form, cookie = person.client.get("/form").text, person.cookie().value

    def guess_wrong(_number):
        client = app.test_client()
        client.set_cookie("governance", cookie)
        return client.post("/prove/pin", data={"csrf_token": form, "pin": WRONG}).status_code

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert sorted(threads.map(guess_wrong, range(12))) == [400] * 5 + [429] * 7


def test_without_its_guard_guesses_are_free(person, monkeypatch):
    monkeypatch.setattr(pins, "_TRIES", 1000)
    set_pin(person)
    for _ in range(6):
        guess(person, WRONG)
    assert guess(person).status_code == 303


def test_a_pin_that_is_set_later_counts_after_a_day(mint, person, clock):
    clock.shift(timedelta(hours=1))
    again(person, mint)
    set_pin(person)
    assert guess(person).status_code == 429
    clock.shift(DAY)
    again(person, mint)
    assert guess(person).status_code == 303


def test_a_new_pin_instead_of_a_forgotten_one_counts_after_a_day(mint, person, clock):
    set_pin(person)
    set_pin(person, "730264")
    assert guess(person, "730264").status_code == 400
    assert guess(person, RIGHT).status_code == 303
    clock.shift(DAY)
    again(person, mint)
    assert guess(person, RIGHT).status_code == 400
    assert guess(person, "730264").status_code == 303


def test_who_proved_who_they_are_changes_their_pin_at_once(person):
    set_pin(person)
    guess(person)
    set_pin(person, "730264")
    assert guess(person, "730264").status_code == 303


def test_a_new_pin_that_somebody_else_set_is_shown_and_dropped(mint, person, clock):
    set_pin(person)
    set_pin(person, "730264")
    assert "Was that not you?" in person.client.get("/prove").text
    send(person, "/prove/pin/drop")
    clock.shift(DAY)
    again(person, mint)
    assert guess(person, "730264").status_code == 400
    assert guess(person, RIGHT).status_code == 303


def test_the_first_pin_cannot_be_dropped_for_one_that_counts_at_once(person):
    set_pin(person)
    send(person, "/prove/pin/drop")
    set_pin(person, "730264")
    assert guess(person, "730264").status_code == 400
    assert guess(person).status_code == 303


def test_a_pin_that_waits_is_not_replaced_unseen(person):
    """Its owner would see another hour and nothing else, and a day later the other one counts."""
    set_pin(person)
    send(person, "/prove/pin/drop")
    assert set_pin(person, "730264").status_code == 303
    answer = set_pin(person, "918273")
    assert answer.status_code == 400
    assert "take it away first" in answer.text


def test_without_the_day_who_took_a_phone_proves_to_be_its_owner(person, monkeypatch):
    monkeypatch.setattr(new_proofs, "WAIT", 0)
    set_pin(person)
    set_pin(person, "730264")
    assert guess(person, "730264").status_code == 303


def test_a_pin_is_not_in_the_database_not_even_as_a_plain_hash(app, person):
    set_pin(person)
    with app.app_context(), reading() as session:
        rows = str([tuple(row) for row in session.execute(text("SELECT * FROM pin"))])
    assert RIGHT not in rows
    assert "argon2" not in rows


@pytest.mark.slow
def test_a_verifier_needs_our_key_as_well(app, person):
    set_pin(person)
    with app.app_context(), reading() as session:
        keyring = proof_web.house().keyring
        account_id = session.query(pins.Pin).one().account_id
        key = pins._key(session, keyring, account_id)
        sealed = session.query(pins.Pin).one().sealed_next
        verifier = key.unseal(sealed, *pins._PLACES, str(account_id)).decode()
        assert verifier.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
        with pytest.raises(pins.InvalidKey):
            pins.Argon2id.verify_phc_encoded(RIGHT.encode(), verifier)


def test_a_member_of_a_forum_that_is_a_provider_proves_there(browser):
    browser.sign_in()
    page = BeautifulSoup(browser.client.get("/prove").text, "html.parser")
    assert page.find("input", {"name": "pin"}) is None
    for path in ("/prove/pin", "/prove/pin/new"):
        answer = send(browser, path, RIGHT)
        assert (answer.status_code, "You need no PIN here" in answer.text) == (404, True)


@pytest.mark.parametrize("path", ["/my/proof", "/my/passkeys", "/my/passkeys/new"])
def test_a_member_of_a_forum_that_is_a_provider_reads_what_their_proof_is(browser, path):
    browser.sign_in()
    answer = browser.client.get(path)
    assert (answer.status_code, "is your proof." in answer.text) == (200, True)


def test_who_only_looks_is_asked_for_nothing(person):
    set_pin(person)
    assert "Your PIN is set" in shown(person)
    page = person.client.get("/my/proof").text
    assert "You have a PIN. We ask for it when" in page
    assert "current-password" not in page


def test_who_comes_by_links_finds_pin_and_passkeys_on_one_page(person):
    page = person.client.get("/my/proof")
    assert (page.status_code, "Set this PIN" in page.text) == (200, True)
