"""Whatever of a person's record cannot be opened any more: their pages open, and *hide me* hides."""

from http import HTTPStatus

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from governance.crypto.data_keys import DataKeys
from governance.crypto.models import WrappedKey
from governance.db.extension import reading, transaction
from governance.effective.documents import PatientDocument
from governance.effective.erasure import erase
from governance.effective.service import Register
from governance.optout.models import Directive
from governance.patients.models import Patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.ui.visits import acknowledge, choose, forum, nurse, visitor

__all__ = ["forum", "nurse", "visitor"]
HIDE = "Hide me from everyone signed in here as a health professional"
PAGES = ["/", "/start/t1d-forum", "/my/choices", "/choices/care-team", "/choices/check"]


def epoch_not_here(session):
    session.execute(sa.update(WrappedKey).values(epoch="e7"))


def data_keys_damaged(session):
    session.execute(sa.update(WrappedKey).values(wrapped=b"x"))


def directive_damaged(session):
    session.execute(sa.update(Directive).values(sealed_choices=b"x"))


def directive_lost(session):
    session.execute(sa.delete(Directive))


def data_keys_destroyed(session):
    for owner in session.scalars(sa.select(WrappedKey.owner)).all():
        DataKeys(session, house().keyring).destroy(owner)


DAMAGES = [epoch_not_here, data_keys_damaged, directive_damaged, directive_lost, data_keys_destroyed]


@pytest.fixture
def chosen(visitor, nurse):
    """Ana answers her nurse and is closed to others."""
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    return visitor


def damage(app, how):
    with app.app_context(), transaction() as session:
        how(session)


def in_force(app):
    with app.app_context(), reading() as session:
        patient = session.query(Patient).one()
        document: PatientDocument = Register(session, house().keyring, now()).document("patient", str(patient.id))
        return document


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("how", DAMAGES)
def test_every_page_opens_and_one_press_hides(chosen, forum, how):
    before = in_force(forum)
    damage(forum, how)
    with capture_logs():
        assert [chosen.get(path).status for path in PAGES] == [HTTPStatus.OK] * len(PAGES)
        assert "Answer my posts" in chosen.get("/my/choices").text
        chosen.press(HIDE)
    assert (chosen.status, "You are hidden from now on" in chosen.text) == (HTTPStatus.OK, True)
    after = in_force(forum)
    assert (after.hold, before.hold) == (True, False)
    assert (after.lines, after.care_team, after.levels) == (before.lines, before.care_team, before.levels)


@pytest.mark.parametrize("how", [epoch_not_here, data_keys_damaged])
def test_somebody_new_can_hide_too(visitor, forum, how):
    visitor.get("/my/choices")
    damage(forum, how)
    with capture_logs():
        visitor.press(HIDE)
    assert "You are hidden from now on" in visitor.text


def test_a_directive_that_cannot_be_sealed_wakes_somebody(chosen, forum):
    damage(forum, epoch_not_here)
    chosen.get("/my/choices")
    with capture_logs() as logs:
        chosen.press(HIDE)
    assert ("directive_not_sealed", "critical") in {(entry["event"], entry["log_level"]) for entry in logs}


def test_a_damaged_directive_is_followed_by_a_sound_one(chosen, forum):
    damage(forum, directive_damaged)
    chosen.get("/my/choices").press(HIDE)
    with forum.app_context(), reading() as session:
        assert session.query(Directive).count() == 2


def test_who_was_erased_finds_pages_without_a_name(chosen, forum):
    with forum.app_context(), transaction() as session:
        patient = session.query(Patient).one()
        erase(session, house().keyring, patient.id, now(), final_at=now())
    for path in ("/", "/start/t1d-forum", "/my/choices"):
        assert chosen.get(path).status == HTTPStatus.OK
        assert "You are signed in with an account of t1d-forum" in chosen.text
