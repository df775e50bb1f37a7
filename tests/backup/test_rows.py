"""Every row that the journal keeps is after a restore what it was when the database was lost."""

import json

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import inspect, select

from governance.backup.tables import KEPT
from governance.conduct.capacities import Scope, name_place
from governance.conduct.jobs import shorten
from governance.conduct.one_person import OnePerson
from governance.conduct.service import declare, hcp_of
from governance.decision.vocabulary import Status
from governance.disclosure.service import ask_again_from
from governance.effective.measures import OF_A_RESTORE
from governance.identity.clients import platforms
from governance.identity.oidc.id_token import Identity
from governance.identity.permissions import Role
from governance.identity.proofs import ceremonies, passkeys, pins
from governance.identity.service import NewPlatform, add_platform, let_in
from governance.identity.staff.service import NewStaff, NewStaffProvider, add_provider, add_staff, end_staff, staff_of
from governance.ledger import rows
from governance.patients.contact.service import Contact, confirm, remove_contact, set_contact
from governance.patients.erasing import service as erasing
from governance.patients.hiding.service import hide_history, show_history
from tests.conduct.people import VERA, ends, in_good_standing, marks, says, state, verifying
from tests.conduct.test_jobs import published
from tests.disclosure.editions import publish
from tests.forum import DAY
from tests.identity.authenticator import Device

DIGITS = "284917"
HOUR = 3600 * 1_000_000
US, CHALLENGE = ceremonies.party_of("http://localhost:8080"), ceremonies.new_challenge()
KEPT_DEVICE, LOST_DEVICE = Device(), Device()
STAFF = "https://staff.example"


def adds_platforms(forum):
    for name in ("plain", "ending"):
        add_platform(forum.session, forum.keyring, NewPlatform(name=name), now=forum.now)


def changes_platforms(forum):
    keys = {"keys": [ECKey.generate_key("P-256", {"kid": "1"}).as_dict(private=False)]}
    platforms.rotate_secret(forum.session, forum.keyring, "forum")
    platforms.use_keys(forum.session, forum.keyring, "plain", json.dumps(keys))
    platforms.end_platform(forum.session, forum.keyring, "ending", forum.now)


def adds_people(forum):
    let_in(forum.session, forum.keyring, forum.platform, Identity("subject", "zoe", None), forum.now)
    pins.set_pin(forum.session, forum.keyring, forum.account("zoe").id, (DIGITS, False), now=forum.now)
    pins.set_pin(forum.session, forum.keyring, forum.account("ana").id, (DIGITS, False), now=forum.now + 2 * HOUR)
    for later, device in enumerate((KEPT_DEVICE, LOST_DEVICE)):
        made = ceremonies.made(US, CHALLENGE, device.makes(ceremonies.asked_to_make(US, CHALLENGE, [])))
        wanted = passkeys.Wanted(made, CHALLENGE.user_handle, "a phone", is_proved=True)
        passkeys.add(forum.session, forum.keyring, forum.account("zoe").id, wanted, now=forum.now + later)


def changes_people(forum):
    pins.drop_next(forum.session, forum.keyring, forum.account("ana").id, now=forum.now)
    zoe = forum.account("zoe").id
    used = KEPT_DEVICE.uses(ceremonies.asked_to_use(US, CHALLENGE, []))
    passkeys.prove(forum.session, forum.keyring, zoe, (US, CHALLENGE, used), now=forum.now)
    lost = passkeys.own_passkeys(forum.session, forum.keyring, zoe, forum.now)[1]
    passkeys.remove(forum.session, forum.keyring, zoe, lost.id)


def adds_staff(forum):
    said = {"oidc_client_id": "us", "oidc_client_secret": "secret"}
    add_provider(forum.session, forum.keyring, NewStaffProvider(name="ours", issuer=STAFF, **said), now=forum.now)
    for who in ("vera", "otto"):
        wanted = NewStaff(provider="ours", subject=who, name=who, roles=frozenset({Role.VERIFIER}))
        add_staff(forum.session, forum.keyring, wanted, now=forum.now)


def changes_staff(forum):
    end_staff(forum.session, forum.keyring, staff_of(forum.session, forum.keyring, STAFF, "otto").id, now=forum.now)


def adds_professionals(forum):
    in_good_standing(forum, "flo")
    says(forum, "flo too")
    forum.registers("gus")
    declare(forum.session, forum.keyring, forum._tied("hal"), forum.now)


def changes_professionals(forum):
    first, second, third = (hcp_of(forum.session, forum.account(name).id) for name in ("flo", "flo too", "gus"))
    name_place(forum.session, forum.keyring, third, Scope(str(forum.id), "c" * 43), "c")
    act = OnePerson(forum.session, forum.keyring, verifying(forum, VERA), forum.now)
    act.join(second, proof="a call", evidence="a call", reason="both are yours", last=state(forum, second))
    marks(forum, first, Status.RESTRICTED)
    shorten(forum.session, forum.keyring, published(forum, "2.0.0"), forum.now)
    ends(forum, third)


def adds_rights(forum):
    for name in ("ana", "bea"):
        patient = forum.patient(name).id
        set_contact(forum.session, forum.keyring, patient, Contact("safe@example.net"), forum.now)
        erasing.ask(forum.session, forum.keyring, patient, forum.now, wait=7 * DAY)
        hide_history(forum.session, forum.keyring, patient, forum.now)


def changes_rights(forum):
    ana, bea = (forum.patient(name).id for name in ("ana", "bea"))
    remove_contact(forum.session, forum.keyring, ana)
    erasing.stop(forum.session, forum.keyring, ana, forum.now)
    show_history(forum.session, forum.keyring, ana)
    confirm(forum.session, forum.keyring, bea, "no code", forum.now)
    hide_history(forum.session, forum.keyring, bea, forum.now + HOUR)


def publishes_the_first(forum):
    publish(forum, "first")
    forum.acknowledges("ana")


def publishes_the_second(forum):
    publish(forum, "second")
    ask_again_from(forum.session, forum.keyring, forum.patient("ana").id, forum.now, forum.now)


def every_row(house):
    with house.session() as session:
        return {
            name: {inspect(row).identity: values(row) for row in session.scalars(select(table))}
            for name, table in KEPT.items()
        }


def values(row):
    return {name: getattr(row, name) for name in row.__table__.columns.keys()}  # noqa: SIM118 - no dict


LIFE = [
    (adds_rights, changes_rights),
    (adds_platforms, changes_platforms),
    (adds_people, changes_people),
    (adds_staff, changes_staff),
    (publishes_the_first, publishes_the_second),
]


@pytest.fixture(params=[*LIFE, (adds_professionals, changes_professionals)], ids=lambda acts: acts[0].__name__)
def acts(request):
    return request.param


@pytest.mark.parametrize("known", [False, True], ids=["made since", "changed since"])
def test_every_row_is_what_it_was(lived_in, empty, acts, known):
    """But for what a verifier looks at anew: of a professional who changed since nothing is opened again."""
    add, change = acts
    file = None if known else lived_in.backup()
    with lived_in.forum() as forum:
        add(forum)
    file = file or lived_in.backup()
    with lived_in.forum() as forum:
        change(forum)
    lost = every_row(lived_in)
    lived_in.restore(file, to=empty)
    assert without_standing(every_row(lived_in)) == without_standing(lost)


def without_standing(found):
    standing = ("assurance", "status", "checked_until")
    left_out = {"hcp": (*standing, "waiting_since"), "held_registration": standing, "registration": ("looked",)}
    for table, names in left_out.items():
        for row in found[table].values():
            for name in names:
                del row[name]
    # What a restore closes by itself until a verifier looked, it lists as its own.
    found["measure"] = {key: row for key, row in found["measure"].items() if row["about"] != [OF_A_RESTORE]}
    return found


def test_left_out_of_the_journal_staff_who_were_sent_away_would_be_staff_again(lived_in, empty, monkeypatch):
    """The control."""
    with lived_in.forum() as forum:
        adds_staff(forum)
    file = lived_in.backup()
    monkeypatch.setattr(rows, "journal", lambda *_, **__: None)
    with lived_in.forum() as forum:
        changes_staff(forum)
    lived_in.restore(file, to=empty)
    with lived_in.session() as session:
        assert staff_of(session, lived_in.keyring, STAFF, "otto") is not None
