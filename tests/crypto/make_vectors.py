"""Prints `vectors.json`, from standards written out by hand: `python -m tests.crypto.make_vectors`.

For a new format only. What is in the file today is in people's databases: a changed line means that nobody reads
theirs any more.
"""

import json
from pathlib import Path

from tests.crypto import by_hand
from tests.crypto.fixed import FIXED, ROOT

FILE = Path(__file__).with_name("vectors.json")
FORUM = "01890a5d-ac96-774b-bcce-b302099a8057"
NONCE = bytes(range(0xA0, 0xAC))
DATA_KEY = bytes(range(96, 128))
OWNER = "patient:01890a5d-ac96-774b-bcce-b302099a8058"
PLACE = ("directive", "sealed_choices", "01890a5d-ac96-774b-bcce-b302099a8058/1")
PURPOSES = (
    ("state-mac",),
    ("csrf",),
    ("signing",),
    ("oidc-client-secret",),
    ("web-session",),
    ("sign-in-attempt",),
    ("blind-index.subject",),
    ("blind-index.account", FORUM),
    ("blind-index.place", FORUM),
)
SECRET = "c2VjcmV0LW9mLXRoZS1icm93c2Vycy1jb29raWUtMzI"
TEXTS = ("", "closed", "Ā·☂")


def vectors():
    accounts = by_hand.derived(ROOT, "blind-index.account", FORUM)
    places = by_hand.derived(ROOT, "blind-index.place", FORUM)
    subjects = by_hand.derived(ROOT, "blind-index.subject")
    return {
        "derived": {"/".join(purpose): by_hand.derived(ROOT, *purpose).hex() for purpose in PURPOSES},
        "bound": {name: _bound(name).hex() for name in ("web-session", "sign-in-attempt")},
        "account_key": {name: by_hand.index(accounts, name) for name in ("ana", "Ana", "é", "☂")},
        "place_key": {kind: by_hand.index(places, kind, "night-lows") for kind in ("community", "thread", "post")},
        "subject_digest": {"s-1": by_hand.index(subjects, "https://forum.example", "s-1")},
        "envelope": {text: by_hand.envelope(DATA_KEY, text.encode(), PLACE, "r1", NONCE).hex() for text in TEXTS},
        "field": {text: _field(text).hex() for text in TEXTS},
        "wrapped": {epoch.id: _wrapped(epoch).hex() for epoch in FIXED.epochs},
    }


def _bound(purpose):
    info = by_hand.prefixed("governance.v2.bound", purpose)
    return by_hand.hkdf(SECRET.encode(), info, salt=by_hand.derived(ROOT, purpose))


def _field(text):
    return by_hand.envelope(DATA_KEY, by_hand.padded(text.encode()), PLACE, "d1", NONCE)


def _wrapped(epoch):
    return by_hand.envelope(epoch.key, DATA_KEY, ("data_key", "wrapped", OWNER), epoch.id, NONCE)


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=1, ensure_ascii=False))  # noqa: T201 - for a file
