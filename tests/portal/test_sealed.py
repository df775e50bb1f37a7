"""Of somebody who has died no page tells what was, whoever has their password."""

from tests.patients.test_web import family
from tests.ui.visits import forum

__all__ = ["family", "forum"]
PAST = ["/my/history", "/my/receipts", "/my/see-as", "/my/could-have-seen", "/my/stopped", "/my/copy/ready"]


def test_the_past_of_somebody_who_has_died_is_sealed_on_every_page(family):
    maya = family.comes("maya")
    assert {path: maya.client.get(path).status_code for path in PAST} == dict.fromkeys(PAST, 200)
    family.runs("died", "--platform", "t1d-forum", "--patient", "maya", "--evidence", "certificate 1")
    assert {path: maya.client.get(path).status_code for path in PAST} == dict.fromkeys(PAST, 404)
