"""A key document is read as it was written, or not at all; and what is wrong with it is never repeated."""

import json
from base64 import urlsafe_b64encode

import pytest

from governance.config import KeysError, KeySet
from tests.crypto.fixed import FIXED

WRITTEN = """{
 "format": 1,
 "root": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
 "epochs": [
  {
   "id": "e1",
   "key": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
   "from": 0
  },
  {
   "id": "e2",
   "key": "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=",
   "from": 5
  }
 ]
}
"""
ROOT, FIRST, SECOND = (line.split('"')[3] for line in WRITTEN.splitlines() if "=" in line)
ZEROS = "A" * 43 + "="


def changed(**members):
    return json.dumps({**json.loads(WRITTEN), **members})


def first(**members):
    epochs = json.loads(WRITTEN)["epochs"]
    return changed(epochs=[{**epochs[0], **members}, epochs[1]])


BROKEN = {
    "empty": "",
    "cut": WRITTEN[:-10],
    "a list": "[]",
    "a number": "7",
    "deep": "[" * 100_000,
    "another format": changed(format=2),
    "a further member": changed(more=1),
    "a member twice": WRITTEN.replace('"format": 1,', '"format": 1, "format": 1,'),
    "no root": changed(root=None),
    "a short root": changed(root=ROOT[:40]),
    "a long root": changed(root=ROOT[:-1] + "AA=="),
    "a root of zeros": changed(root=ZEROS),
    "a root of other letters": changed(root=f" {ROOT}"),
    "the standard alphabet": changed(root="+/" + ROOT[2:]),
    "a root that is an epoch's key": changed(root=FIRST),
    "no epochs": changed(epochs=[]),
    "epochs of another kind": changed(epochs={"e1": FIRST}),
    "epochs out of order": changed(epochs=json.loads(WRITTEN)["epochs"][::-1]),
    "an epoch of zeros": first(key=ZEROS),
    "a key twice": first(key=SECOND),
    "an id twice": first(id="e2"),
    "an odd id": first(id="e01"),
    "an id with a line": first(id="e1\n"),
    "a later instant": first(**{"from": 6}),
    "an instant before 1970": first(**{"from": -1}),
    "an instant in words": first(**{"from": "0"}),
    "an instant that is a truth": first(**{"from": False}),
    "a further word": first(note="x"),
}


def test_the_bytes_of_a_key_document_are_frozen():
    assert KeySet.parse(WRITTEN) == FIXED
    assert FIXED.dump() == WRITTEN


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_key_document_is_refused_and_not_repeated(text):
    with pytest.raises(KeysError, match=r"backup.*governance init DIR") as raised:
        KeySet.parse(text)
    assert ROOT[:10] not in str(raised.value)
    assert FIRST[:10] not in str(raised.value)
    # A traceback would show what was read.
    assert raised.value.__context__ is None or raised.value.__suppress_context__


GUESSED = {
    "zeros": bytes(32),
    "one letter": b"k" * 32,
    "two letters": b"ab" * 16,
    "a word": b"changeme" * 4,
    "a row of letters": b"0123456789abcde" * 2 + b"01",
}


@pytest.mark.parametrize("key", GUESSED.values(), ids=GUESSED.keys())
@pytest.mark.parametrize("place", [lambda key: changed(root=key), lambda key: first(key=key)], ids=["root", "epoch"])
def test_a_key_that_anybody_can_guess_is_refused_for_what_it_is(place, key):
    with pytest.raises(KeysError, match=r"placeholder that anybody can guess.*governance keys init FILE"):
        KeySet.parse(place(urlsafe_b64encode(key).decode()))


def test_fresh_keys_are_read_as_they_were_written_and_are_all_different():
    one, two = KeySet.fresh(), KeySet.fresh()
    assert KeySet.parse(one.dump()) == one
    assert len({one.root, two.root, one.newest.key, two.newest.key}) == 4
