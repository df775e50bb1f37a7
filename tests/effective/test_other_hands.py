"""Whoever can write to the database alone opens nothing: every changed column is found, and refuses.

On both databases, each made once: what a test changes is rolled back. Everything was read before it is changed, so that
nothing which a process keeps of a row may stand in for it.
"""

import pytest
import sqlalchemy as sa

from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.base import new_id
from governance.decision.vocabulary import Mark
from governance.effective import present, service
from governance.effective.errors import BrokenRowError
from tests.conftest import make_tables, settings_in
from tests.effective.conftest import add_platform
from tests.effective.hands import ACCOUNT, ANA, BEA, FRAGMENT, NURSE, ROW, Found, World

NOTHING, ZEROS = b"{}", bytes(32)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def found(request, tmp_path_factory):
    """A database for all tests of this file, which none of them changes for good."""
    folder = tmp_path_factory.mktemp("hands")
    if request.param == "sqlite":
        yield from _filled(settings_in(folder))
        return
    with request.getfixturevalue("postgres").lend(tables=True) as url:
        yield from _filled(settings_in(folder, url))


def _filled(settings):
    make_tables(settings.database_url)
    found = Found(settings)
    yield found
    found.engine.dispose()


@pytest.fixture
def session(found):
    with found.session() as session:
        yield session


@pytest.fixture
def keyring(found):
    return found.keyring


@pytest.fixture
def platform(found):
    return found.platform


@pytest.fixture
def world(found, session, read):
    return World(found, session, read)


def to(**values):
    return lambda _world, _before: values


ROW_CHANGES = {
    "a later version": lambda _, row: {"version": row["version"] + 1},
    "an earlier version": lambda _, row: {"version": row["version"] - 1},
    "an empty document": to(document=NOTHING),
    "another document": lambda _, row: {"document": row["document"].replace(b"true", b"false") + b" "},
    "a code of zeros": to(mac=ZEROS),
    "no code": to(mac=b""),
    "a cut code": lambda _, row: {"mac": row["mac"][:31]},
}
MOVES = {"of somebody else": to(subject="somebody else"), "of another kind": to(kind="other")}
ACCOUNT_CHANGES = {
    "another patient": lambda world, _: {"patient": world.bea},
    "an empty patient": to(patient=""),
    "another professional": lambda world, _: {"hcp": world.bea},
    "an empty professional": to(hcp=""),
    "another mark": to(marks="officer"),
    "a further mark": lambda _, row: {"marks": f"{row['marks']} declared"},
    "a code of zeros": to(mac=ZEROS),
}


def each(*changes):
    every = {name: how for some in changes for name, how in some.items()}
    return pytest.mark.parametrize("how", every.values(), ids=every.keys())


@each(ROW_CHANGES, MOVES)
def test_a_changed_patient_row_leaves_the_author_out_and_wakes_somebody(how, world):
    world.row("patient", world.ana, how)
    assert world.authors() == ({BEA}, ["critical"])


@each(ROW_CHANGES, MOVES)
def test_a_changed_row_of_the_viewer_refuses_everything(how, world):
    world.row("hcp", world.nurse, how)
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA)


@each(ROW_CHANGES)
@pytest.mark.parametrize("kind", ["community", "platform"])
def test_a_changed_row_of_a_place_refuses_everything(kind, how, world):
    world.row(kind, getattr(world, kind), how)
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA, communities=["c"])


@each(ACCOUNT_CHANGES, {"no patient": to(patient=None)})
def test_a_changed_account_of_an_author_leaves_them_out(how, world):
    world.account(ANA, how)
    assert world.authors() == ({BEA}, ["critical"])


@each(ACCOUNT_CHANGES, {"no mark": to(marks=""), "no professional": to(hcp=None)})
def test_a_changed_account_of_the_viewer_refuses_everything(how, world):
    world.account(NURSE, how)
    with pytest.raises(BrokenRowError):
        world.read(NURSE, ANA)


def test_without_the_check_a_changed_row_is_read(world, monkeypatch):
    monkeypatch.setattr(present, "check", lambda *_: None)
    monkeypatch.setattr(present, "_author", present._author.__wrapped__)
    world.row("patient", world.ana, to(document=NOTHING))
    assert not world.read(NURSE, ANA).authors[ANA].hold


def test_facts_that_are_found_again_by_a_version_would_outlive_a_change(world, monkeypatch):
    """The control: why they are found by every byte of a row."""
    kept, made = {}, present._author

    def by_version(row, *more):
        key = row.key, row.version, row.patient_version
        if key not in kept:
            kept[key] = made(row, *more)
        return kept[key]

    monkeypatch.setattr(present, "_author", by_version)
    assert world.authors() == ({ANA, BEA}, [])
    world.row("patient", world.ana, to(document=NOTHING))
    assert world.authors() == ({ANA, BEA}, [])


def test_two_patients_documents_cannot_be_swapped(world):
    other = world.kept(ROW, (ROW.c.subject == world.bea) & (ROW.c.kind == "patient"))
    world.row("patient", world.ana, to(**{name: other[name] for name in ("version", "document", "mac")}))
    assert world.authors() == ({BEA}, ["critical"])


def test_two_accounts_of_one_platform_cannot_be_swapped(world):
    other = world.kept(ACCOUNT, ACCOUNT.c.key == BEA)
    world.account(ANA, to(**{name: other[name] for name in ("patient", "hcp", "marks", "mac")}))
    assert world.authors() == ({BEA}, ["critical"])


def test_an_earlier_document_does_not_come_back_under_the_present_version(world):
    old = world.kept(ROW, (ROW.c.subject == world.bea) & (ROW.c.kind == "patient"))
    world.register.put("patient", world.bea, "optout", {"hold": True})
    world.row("patient", world.bea, to(document=old["document"], mac=old["mac"]))
    assert world.authors() == ({ANA}, ["critical"])


FRAGMENT_CHANGES = {
    "another document": to(document=b'{"hold":false}'),
    "an empty document": to(document=NOTHING),
    "another room": to(room="other"),
    "a later instant": lambda _, row: {"at": row["at"] + 1},
    "a code of zeros": to(mac=ZEROS),
}


@each(FRAGMENT_CHANGES)
def test_a_changed_fragment_never_gets_our_code(how, world):
    """Otherwise the next honest write would compile the forgery and sign it."""
    world.fragment(world.ana, how)
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.ana, "disclosure", {"covered": {}})


def test_without_the_check_a_forged_fragment_is_signed_and_read(world, monkeypatch):
    monkeypatch.setattr(service, "check", lambda *_: None)
    world.fragment(world.ana, to(document=NOTHING))
    world.row("patient", world.ana, to(document=b'{"adult_from":1}'))
    world.register.put("patient", world.ana, "disclosure", {"covered": {}})
    assert not world.read(NURSE, ANA).authors[ANA].hold


def away(_world, _before):
    return None


@pytest.mark.parametrize("table", ["row", "fragment"])
def test_what_was_taken_away_is_missed_at_the_next_write(table, world):
    world.row("patient", world.ana, away) if table == "row" else world.fragment(world.ana, away)
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.ana, "disclosure", {"covered": {}})


def test_an_earlier_fragment_that_comes_back_is_missed_at_the_next_write(world):
    world.register.put("patient", world.bea, "optout", {"hold": True})
    newest = sa.select(sa.func.max(FRAGMENT.c.version)).where(FRAGMENT.c.subject == world.bea).scalar_subquery()
    world.change(FRAGMENT, (FRAGMENT.c.subject == world.bea) & (FRAGMENT.c.version == newest), away)
    with pytest.raises(BrokenRowError):
        world.register.put("patient", world.bea, "disclosure", {"covered": {}})


@pytest.mark.parametrize("how", [ACCOUNT_CHANGES["another patient"], to(marks=""), to(mac=ZEROS)])
def test_a_changed_account_gets_no_new_mark(how, world):
    world.account(NURSE, how)
    with pytest.raises(BrokenRowError):
        world.register.mark(world.platform, NURSE, Mark.DECLARED)


def test_the_roster_names_professionals_of_this_platform_alone(world):
    assert world.roster() == (["Nia"], [])
    assert world.roster(add_platform(world.session)) == ([], [])


def test_the_roster_leaves_out_an_account_moved_to_another_platform(world):
    other = add_platform(world.session)
    world.account(NURSE, to(platform_id=other))
    assert world.roster(other) == ([], ["critical"])


def test_one_broken_professional_does_not_cost_the_roster(world):
    world.add_professional("key-of-doctor", str(new_id()), "Dara")
    world.row("hcp", world.nurse, to(mac=ZEROS))
    assert world.roster() == (["Dara"], ["critical"])


def test_a_badge_moved_to_another_professional_does_not_show(world):
    world.add_professional("key-of-doctor", str(new_id()), "Nia", sealed_to=world.nurse)
    assert world.roster() == (["Nia"], ["critical"])


def test_a_professional_whose_key_was_destroyed_has_no_name_and_costs_nobody_the_roster(world):
    world.add_professional("key-of-doctor", str(new_id()), "Dara")
    DataKeys(world.session, world.keyring).destroy(owner_of("hcp", world.nurse))
    assert world.roster() == (["Dara"], ["critical"])
