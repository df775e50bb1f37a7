"""What somebody else refused over a patient's choices: the patient sees who, and takes it away by one press."""

from http import HTTPStatus

import pytest

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant
from governance.effective.layers import RESTORED, Layers, Party, platform_party, refuse_all
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.service import account_for, platform_named
from governance.patients.service import patient_for, set_adult_from
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.ui.visits import FORUM, Visitor, forum, sign_in, visitor

__all__ = ["forum", "visitor"]
GUARDIAN = Party("guardian")


def of_forum(session):
    return platform_party(platform_named(session, FORUM).id)


def put_over(app, account, party, *, adult=True):
    with app.app_context(), transaction() as session:
        keyring, platform = house().keyring, platform_named(session, FORUM)
        theirs = account_for(session, keyring, platform, account, now())
        patient = patient_for(session, keyring, (theirs.id, platform.id, theirs.key), now())
        if adult:
            set_adult_from(session, keyring, patient, Instant(0), now())
        party = party or of_forum(session)
        Layers(session, keyring, patient.id, now()).add(party, refuse_all(party))
        return party.name


def layers_of(app, account):
    with app.app_context(), reading() as session:
        platform = platform_named(session, FORUM)
        key = account_for(session, house().keyring, platform, account, now()).key
        bound = session.get(GovernedAccount, key)
        document = Register(session, house().keyring, now()).document("patient", bound.patient)
        return [layer.by for layer in document.layers]


@pytest.mark.parametrize(
    ("party", "words"),
    [
        (RESTORED, "Because our records were lost, we closed everything for you"),
        (GUARDIAN, "A guardian of yours closed everything"),
        (None, "Your forum closed everything"),
    ],
)
def test_a_patient_sees_who_set_it_and_one_press_takes_it_away(forum, visitor, party, words):
    put_over(forum, "ana", party)
    prove(forum, visitor)
    assert words in visitor.get("/my/choices").text
    visitor.press("Take it away")
    assert visitor.status == HTTPStatus.OK
    assert "Take it away" not in visitor.text
    assert layers_of(forum, "ana") == []


def test_only_the_one_pressed_goes(forum, visitor):
    put_over(forum, "ana", RESTORED)
    put_over(forum, "ana", GUARDIAN)
    prove(forum, visitor)
    visitor.get("/my/choices").press("Take it away", layer=GUARDIAN.name)
    assert layers_of(forum, "ana") == [RESTORED.name]


def test_who_did_not_show_who_they_are_is_asked_first(forum, visitor):
    """A phone that somebody else picked up opens nothing."""
    put_over(forum, "ana", RESTORED)
    visitor.get("/my/choices").press("Take it away")
    assert visitor.path == "/prove"
    assert layers_of(forum, "ana") == [RESTORED.name]


def test_whose_age_nobody_knows_takes_away_ours_alone(forum, visitor):
    put_over(forum, "ana", RESTORED, adult=False)
    put_over(forum, "ana", GUARDIAN, adult=False)
    prove(forum, visitor)
    visitor.get("/my/choices")
    assert "Our staff hear you" in visitor.text
    visitor.press("Take it away", layer=GUARDIAN.name)
    assert visitor.status == HTTPStatus.NOT_FOUND
    visitor.get("/my/choices").press("Take it away")
    assert layers_of(forum, "ana") == [GUARDIAN.name]


def test_without_the_token_of_the_page_nothing_goes(forum, visitor):
    put_over(forum, "ana", RESTORED)
    answer = visitor.client.post("/my/layers/take-away", data={"layer": RESTORED.name})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert layers_of(forum, "ana") == [RESTORED.name]


def test_nobody_takes_away_what_is_anothers(forum):
    put_over(forum, "ana", RESTORED)
    put_over(forum, "ben", RESTORED)
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ben"))
    ben = Visitor(client)
    prove(forum, ben)
    ben.get("/my/choices").press("Take it away")
    assert layers_of(forum, "ben") == []
    assert layers_of(forum, "ana") == [RESTORED.name]


def test_who_has_no_record_sees_none(visitor):
    assert "closed everything for you" not in visitor.get("/my/choices").text
