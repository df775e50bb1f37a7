"""What two forums read as Consent of one member of both: to each what counts there, and no alarm for it."""

import pytest

from governance.fhir.history import Consents
from tests.patients.two_forums import both_forums, joins, pair

__all__ = ["both_forums", "pair"]


def versions(forum, name):
    key = forum.key(name)
    return Consents(forum.session, forum.keyring, forum.id).of([key])[key]


@pytest.fixture
def joined(pair):
    joins(pair.f, pair.ana, pair.g, pair.other)
    pair.f.later(minutes=1)
    pair.g.now = pair.f.now
    return pair


def permits(version):
    return {action for rule in version.rules if not rule.refuses for action in rule.actions}


def test_a_yes_is_read_where_it_counts_and_nowhere_else(joined, capsys):
    assert permits(versions(joined.f, joined.ana)[-1])
    assert versions(joined.g, joined.other) == ()
    assert "broken_row" not in capsys.readouterr().out


def test_a_hiding_is_read_on_both(joined):
    joined.g.hides(joined.other)
    for forum, name in ((joined.f, joined.ana), (joined.g, joined.other)):
        assert [rule.refuses for rule in versions(forum, name)[-1].rules if rule.final] == [True]
