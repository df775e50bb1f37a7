"""Layers refuse beside whatever the patient chose; set at once, taken away by the patient alone."""

import pytest

from governance.decision.vocabulary import Level
from governance.effective.errors import NoSuchLayerError
from governance.effective.layers import RESTORED, Layers, Party, platform_party, refuse_all, refuse_one
from tests.forum import Forum


@pytest.fixture
def open_forum(forum):
    """Ana lets her care team and all others read her."""
    for name in ("nia", "dan"):
        forum.registers(name)
    forum.opens("c")
    forum.acknowledges("ana")
    forum.chooses("ana", Level.SEEN, Level.SEEN, ["nia"])
    assert forum.permits("nia", "ana")
    assert forum.permits("dan", "ana")
    return forum


@pytest.fixture
def layers(open_forum):
    return Layers(open_forum.session, open_forum.keyring, open_forum.patient("ana").id, open_forum.now)


GUARDIAN = Party("guardian:1")


@pytest.mark.parametrize("party", [GUARDIAN, RESTORED])
def test_a_layer_of_everything_refuses_everybody(open_forum, layers, party):
    layers.add(party, refuse_all(party))
    assert not open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana")


def test_a_layer_about_one_refuses_that_one(open_forum, layers):
    layers.add(GUARDIAN, refuse_one(GUARDIAN, open_forum.key("dan")))
    assert open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana")


def test_a_platforms_layer_holds_there_alone(open_forum, layers):
    elsewhere = Forum(open_forum.session, open_forum.keyring, name="other")
    party = platform_party(elsewhere.id)
    layers.add(party, refuse_all(party))
    assert open_forum.permits("dan", "ana")
    party = platform_party(open_forum.id)
    layers.add(party, refuse_all(party))
    assert not open_forum.permits("dan", "ana")


def test_refusals_of_one_party_add_up(open_forum, layers):
    for name in ("dan", "nia", "dan"):
        layers.add(GUARDIAN, refuse_one(GUARDIAN, open_forum.key(name)))
    assert not open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana")


def test_a_layer_goes_whole_and_leaves_the_others(open_forum, layers):
    layers.add(GUARDIAN, refuse_all(GUARDIAN))
    layers.add(RESTORED, refuse_one(RESTORED, open_forum.key("dan")))
    layers.remove(GUARDIAN)
    assert open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana")
    layers.remove(RESTORED)
    assert open_forum.permits("dan", "ana")


def test_what_is_not_there_cannot_be_taken_away(layers):
    with pytest.raises(NoSuchLayerError):
        layers.remove(GUARDIAN)
