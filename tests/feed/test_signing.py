"""A forum's own ids come to the same tokens on both sides, and to others on another forum."""

from uuid import UUID

import pytest

from governance.crypto.blind_index import account_key, place_key
from governance.decision.provisions import Who, WhoKind
from governance.feed.rules import FeedRules, rules_in_force
from governance.feed.signing import FeedSigner, decoys_key, wire_keys
from governance.pep.wire.codec import WireError
from governance.pep.wire.keys import WireKeys
from tests.crypto.fixed import RING

HERE, THERE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("name", ["ana", "Ana", "ÄNNE", "A\u0308NNE", "a" * 256, "", "ana ", "\U0001f642"])
def test_both_sides_find_the_same_token(name):
    keys = wire_keys(RING, HERE)
    assert keys.account(name) == keys.account_known(account_key(RING, HERE, name))
    for kind in ("community", "thread", "post"):
        assert keys.place(kind, name) == keys.place_known(place_key(RING, HERE, kind, name))
    assert keys.account(name) != wire_keys(RING, THERE).account(name)


def test_ids_are_never_folded_and_kinds_never_mixed():
    keys = wire_keys(RING, HERE)
    tokens = [keys.account(name) for name in ("ana", "Ana", "ana ", "an", "a\u0301na", "\u00e1na")]
    tokens += [keys.place(kind, "ana") for kind in ("community", "thread", "post")]
    tokens += [keys.who(Who(kind, "ana")) for kind in (WhoKind.NAMED, WhoKind.ORGANISATION, WhoKind.PROFESSION)]
    assert len(set(tokens)) == len(tokens)


def test_a_name_in_a_line_is_the_token_of_that_account():
    keys = wire_keys(RING, HERE)
    assert keys.who(Who(WhoKind.NAMED, account_key(RING, HERE, "dan"))) == keys.account("dan")


def test_what_marks_made_up_names_is_not_among_the_forums_keys():
    keys = wire_keys(RING, HERE)
    assert decoys_key(RING, HERE) not in (keys.accounts, keys.places, keys.tokens)


def test_no_key_is_shown_or_cut():
    assert "accounts" not in repr(wire_keys(RING, HERE))
    with pytest.raises(WireError):
        WireKeys(b"short", b"p" * 32, b"t" * 32)


def test_the_signature_is_the_same_in_every_process():
    assert FeedSigner(RING).sign("bundle", b"d" * 32) == FeedSigner(RING).sign("bundle", b"d" * 32)
    assert FeedSigner(RING).sign("bundle", b"d" * 32) != FeedSigner(RING).sign("changes", b"d" * 32)


def test_other_rules_have_another_digest():
    rules = rules_in_force()
    looser = dict.fromkeys(rules.conduct.assurance, 0)
    changed = type(rules.conduct)(looser, rules.conduct.permits)
    assert FeedRules.of(changed, rules.emergency).digest != rules.digest
    assert FeedRules.of(type(rules.conduct)(rules.conduct.assurance, {}), rules.emergency).digest != rules.digest
    assert FeedRules.of(rules.conduct, rules.emergency).digest == rules.digest
