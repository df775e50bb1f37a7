"""What somebody knows opens what it was wrapped for; and a crowd takes no more than its share of the memory."""

import threading

import pytest

from governance.crypto import passphrases
from governance.crypto.passphrases import (
    TooManyPassphrasesError,
    Turns,
    WeakPassphraseError,
    WrongPassphraseError,
    check_new,
    unwrap,
    wrap,
)

GOOD = "four otters sing in march"
PLACE = ("vault", "by_passphrase", "1")
FROZEN = (
    "017767b616aabb7dce7033f0a81e04040a02027031c037ba8329f47fe1e47f7ad82c33fd98dab9db17983c1072f03c9ec614"
    "a3068cb0874aa94baa5e28b71cb93a66cdd4e984ff"
)


def test_a_passphrase_opens_what_it_wrapped():
    wrapped = wrap(GOOD, b"secret", *PLACE)
    assert unwrap(f" {GOOD} ", wrapped, *PLACE) == b"secret"
    for passphrase, place in ((GOOD.upper(), PLACE), ("", PLACE), ("x" * 10_000, PLACE), (GOOD, (*PLACE[:2], "2"))):
        with pytest.raises(WrongPassphraseError):
            unwrap(passphrase, wrapped, *place)


def test_letters_that_keyboards_write_differently_are_the_same():
    wrapped = wrap("fou\u0301r otters sing in m\u00e4rz", b"secret", *PLACE)
    assert unwrap("fo\u00far otters sing in ma\u0308rz", wrapped, *PLACE) == b"secret"


def test_the_same_passphrase_wraps_differently_each_time():
    assert wrap(GOOD, b"secret", *PLACE) != wrap(GOOD, b"secret", *PLACE)


def test_what_was_wrapped_opens_as_ever():
    """Whoever changes this takes their vaults from everybody."""
    assert unwrap(GOOD, bytes.fromhex(FROZEN), *PLACE) == b"secret"


@pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaaaaaaaaaa", "ababababababababab", " " * 40, "x" * 600])
def test_weak_ones_are_refused(weak):
    with pytest.raises(WeakPassphraseError):
        check_new(weak)
    check_new(GOOD)


def test_no_more_than_two_derive_and_eight_wait():
    turns, let_go, inside, most = Turns(2, 8), threading.Event(), [], []

    def derive():
        with turns.one():
            inside.append(1)
            most.append(len(inside))
            let_go.wait(10)
            inside.pop()

    crowd = [threading.Thread(target=derive) for _ in range(10)]
    for one in crowd:
        one.start()
    while len(inside) < 2 or turns._places._value:
        threading.Event().wait(0.01)
    with pytest.raises(TooManyPassphrasesError), turns.one():
        pass
    let_go.set()
    for one in crowd:
        one.join()
    assert len(most) == 10
    assert max(most) <= 2
    with turns.one():
        pass


def test_who_is_sent_away_takes_no_place(monkeypatch):
    monkeypatch.setattr(passphrases, "_turns", Turns(0, 0))
    for _ in range(3):
        with pytest.raises(TooManyPassphrasesError):
            wrap(GOOD, b"secret", *PLACE)
    monkeypatch.setattr(passphrases, "_turns", Turns(1, 0))
    assert unwrap(GOOD, wrap(GOOD, b"secret", *PLACE), *PLACE) == b"secret"
