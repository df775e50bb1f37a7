"""Rooms put their fragments, and one row a subject says what is in force."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from governance.db.base import new_id
from governance.db.extension import reading, transaction
from governance.decision.provisions import OTHERS, Interval, Place, Provision, Scale
from governance.decision.vocabulary import Action, Effect, Level, Mark
from governance.effective.documents import EMPTY, PatientDocument, encode, line_of
from governance.effective.errors import BrokenRowError
from governance.effective.macs import row_mac
from governance.effective.models import InForce
from governance.effective.service import Register


@pytest.fixture
def ana():
    return str(new_id())


def test_fragments_of_all_rooms_come_together_in_one_document(register, ana):
    register.put("patient", ana, "patients", {"adult_from": 7})
    register.put("patient", ana, "optout", {"hold": True})
    assert register.document("patient", ana) == PatientDocument(adult_from=7, hold=True)


def test_a_room_replaces_only_what_it_said_itself(register, ana):
    register.put("patient", ana, "patients", {"adult_from": 7})
    register.put("patient", ana, "optout", {"hold": True, "peers_welcome": True})
    register.put("patient", ana, "optout", {"levels": (Level.SEEN, Level.CLOSED)})
    expected = PatientDocument(adult_from=7, levels=(Level.SEEN, Level.CLOSED))
    assert register.document("patient", ana) == expected


def test_every_put_is_a_new_version(register, session, ana):
    for hold in (True, False, False):
        register.put("patient", ana, "optout", {"hold": hold})
    assert session.get(InForce, ("patient", ana)).version == 3


def test_equal_values_have_equal_bytes_whatever_their_order():
    one = encode({"b": frozenset({"y", "x"}), "a": 1})
    assert one == encode({"a": 1, "b": frozenset({"x", "y"})})


def test_two_rooms_that_claim_the_same_member_are_refused(register, ana):
    register.put("patient", ana, "optout", {"hold": True})
    with pytest.raises(BrokenRowError, match="two rooms"):
        register.put("patient", ana, "conduct", {"hold": False})
    assert register.document("patient", ana).hold


LINE = {"id": "l", "effect": "refuse", "who": "others", "actions": ["view"]}
UNREADABLE = [
    {"unknown": 1},
    {"hold": "yes"},
    {"hold": None},
    {"lines": [{**LINE, "wen": (0, 1)}]},
    {"lines": [{**LINE, "effect": "maybe"}]},
    {"lines": [{**LINE, "actions": ["stare"]}]},
    {"layers": [{"platform": None, "refusals": [], "until": 5}]},
    {"care_team": [{"who": "named", "name": "n", "during": (1, 2), "x": 1}]},
    {"erased": {"final_at": 1, "hold": False, "refusals": [], "x": 1}},
    {"adult_from": 1.5},
]


@pytest.mark.parametrize("values", UNREADABLE)
def test_what_a_decision_could_not_read_is_not_stored(values, register, ana):
    with pytest.raises(BrokenRowError):
        register.put("patient", ana, "optout", values)
    assert register.document("patient", ana) == PatientDocument()


def test_a_line_is_stored_with_all_its_members(register, ana):
    place = Place(Scale.THREAD, "p", "t")
    line = Provision("l", Effect.REFUSE, OTHERS, place, frozenset({Action.VIEW}), Interval(1, 2), Interval(3, 4))
    register.put("patient", ana, "optout", {"lines": [line_of(line)]})
    (stored,) = register.document("patient", ana).lines
    assert (stored.scale, stored.platform, stored.place, stored.when, stored.reach) == (3, "p", "t", (1, 2), (3, 4))


def test_what_a_room_said_can_be_read_back(register, ana):
    assert register.said("patient", ana, "optout") == {}
    register.put("patient", ana, "optout", {"hold": True})
    assert register.said("patient", ana, "optout") == {"hold": True}


def test_subjects_of_two_kinds_do_not_meet(register, ana):
    register.put("patient", ana, "optout", {"hold": True})
    register.put("hcp", ana, "conduct", {"status": "good"})
    assert register.document("patient", ana).hold


@pytest.fixture
def newer(register, platform, session, keyring, ana):
    """A document that only a newer program can read, under our own code."""
    register.put("patient", ana, "optout", {"hold": True})
    register.bind(platform, "ana", patient=ana)
    document = b'{"hold":true,"something_new":1}'
    mac = row_mac(keyring, "patient", ana, 1, document)
    session.execute(sa.update(InForce).values(document=document, mac=mac))


@pytest.mark.usefixtures("newer")
def test_a_document_of_a_newer_program_refuses_and_costs_nobody_else(read):
    with capture_logs() as logs:
        assert set(read("viewer", "ana", "bea").authors) == {"bea"}
    assert logs[0]["log_level"] == "critical"


def test_an_unknown_mark_refuses_instead_of_being_left_out(register, platform, read):
    register.mark(platform, "nurse", "of_a_newer_program")
    with pytest.raises(BrokenRowError):
        read("nurse", "ana")


def test_marks_add_up_and_bindings_stay(register, platform, read):
    register.bind(platform, "nurse", hcp=(number := new_id()))
    register.put("hcp", str(number), "conduct", {"assurance": 4})
    register.mark(platform, "nurse", Mark.REGISTERED)
    register.mark(platform, "nurse", Mark.DECLARED)
    register.mark(platform, "nurse", Mark.DECLARED)
    viewer = read("nurse", "ana").viewer
    assert (viewer.governed_by, viewer.hcp.assurance) == ({Mark.REGISTERED, Mark.DECLARED}, 4)


def test_every_kind_has_an_empty_document(register):
    for kind in EMPTY:
        assert register.document(kind, "nobody") == EMPTY[kind]


def test_eight_writers_of_one_subject_lose_nothing(app, keyring, ana):
    def put(number):
        with app.app_context(), transaction() as session:
            said = Register(session, keyring, number).said("patient", ana, "optout")
            added = [*said.get("blocks", ()), ("key", number, number)]
            Register(session, keyring, number).put("patient", ana, "optout", {"blocks": added})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(24)))
    with app.app_context(), reading() as session:
        document = Register(session, keyring, 0).document("patient", ana)
    assert {start for _, start, _ in document.blocks} == set(range(24))
