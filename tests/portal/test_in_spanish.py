"""A person's own pages in Spanish: none says a word of English, whatever stands on it and whatever was pressed."""

from itertools import product

import pytest
from bs4 import BeautifulSoup
from flask import render_template

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant
from governance.patients.contact.notices import Kind, notify
from governance.patients.models import Patient
from governance.portal.coming_of_age import Birthday
from governance.portal.layers import LayerOver
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.portal.test_could_have_seen import tell
from tests.ui.visits import doctor, forum, nurse, stranger, visitor
from tests.ui.words_left import english_in

__all__ = ["doctor", "forum", "nurse", "stranger", "visitor"]
BEFORE = ("/my/choices", "/my/history", "/my/contact", "/my/copy", "/my/delete", "/my/could-have-seen")
AFTER = ("/my/choices", "/my/history", "/my/history?day=2100-01-01", "/my/history?day=no", "/my/history/all")
PROVED = ("/my/contact/change", "/my/copy/ready", "/my/delete/confirm", "/my/could-have-seen")
LAYERS = [
    LayerOver(set_by, set_by, one, removable, whole, name, Instant(0) if heard else None)
    for set_by, one, removable, whole, name, heard in product(
        ("us", "separated", "staff", "death", "erasing", "forum", "guardian"),
        (True, False),
        (True, False),
        (True, False),
        ("", "Nadia"),
        (True, False),
    )
]


@pytest.fixture
def ana(forum, visitor):
    visitor.client.set_cookie("governance_language", "es")
    prove(forum, visitor)
    return visitor


def left(who, *paths):
    """The English that is left on pages; the page that the last press led to where no path is given."""
    found = {path: english_in(who.get(path).page) for path in paths} if paths else {who.path: english_in(who.page)}
    return {path: some for path, some in found.items() if some}


def shown(forum, name, **known):
    with forum.test_request_context(headers={"Cookie": "governance_language=es"}):
        return BeautifulSoup(render_template(name, **known), "html.parser")


def test_before_anything_is_chosen(ana, stranger):
    stranger.client.set_cookie("governance_language", "es")
    assert left(stranger, "/", "/whom-to-call", "/privacy") == {}
    assert left(ana, "/", *BEFORE) == {}


def test_once_somebody_hides(ana):
    ana.get("/my/choices").press("Ocultarme")
    assert "Tienes activado «Ocultarme»" in ana.text
    assert left(ana) == {}
    assert left(ana, *AFTER, *PROVED) == {}
    ana.get("/my/choices").press("Deshacer")
    assert left(ana) == {}


def test_what_a_press_is_answered(ana):
    ana.get("/my/contact/change").press("Enviarme", address="nowhere", times="any")
    assert (ana.status, left(ana)) == (422, {})
    ana.press("Enviarme", address="ana@example.net", times="night")
    assert left(ana) == {}
    ana.press("Seguir", code="no")
    assert (ana.status, left(ana)) == (422, {})
    ana.get("/my/contact").press("No me escriban")
    assert left(ana) == {}
    ana.get("/my/delete/confirm").press("Borrar mis datos")
    assert left(ana) == {}
    assert left(ana, "/my/choices") == {}
    ana.get("/my/delete").press("Pararlo")
    assert left(ana) == {}


def test_what_is_new_and_who_could_have_seen(forum, ana, nurse):
    ana.get("/my/choices").press("Ocultarme")
    with forum.app_context(), transaction() as session:
        for kind in Kind:
            notify(session, house().keyring, session.query(Patient).one().id, kind, now())
    tell(forum, nurse)
    assert left(ana, "/my/choices", "/my/could-have-seen") == {}
    assert "Mostrado." in ana.text


def test_whatever_others_closed_and_whatever_a_birthday_asks(forum):
    page = shown(forum, "portal/layers.html", layers=LAYERS, signed_in=None)
    assert len(page.select(".box")) == len(LAYERS)
    assert english_in(page) == []
    assert english_in(shown(forum, "portal/birthday.html", birthday=Birthday(True, True))) == []  # noqa: FBT003


def test_a_day_that_was_picked_is_written_as_spanish_does(ana):
    ana.get("/my/choices").press("Ocultarme")
    assert "El 1 de enero de 2100" in ana.get("/my/history?day=2100-01-01").text
    for extreme in ("0001-01-01", "9999-12-31"):
        assert ana.get(f"/my/history?day={extreme}").status == 200
