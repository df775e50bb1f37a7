"""Pages speak by the clock of who reads them, wherever their forum said that they live; else by UK time, and say so."""

from datetime import UTC, datetime

import pytest
import time_machine

from governance.db.extension import reading, transaction
from governance.identity.service import account_for, platform_named
from governance.patients.ages.bands import Band
from governance.patients.ages.models import Circumstances
from governance.patients.ages.service import Claim, People
from governance.patients.contact.models import SafeContact
from governance.patients.contact.service import Contact, contact_of, set_contact
from governance.patients.service import find_patient, patient_for
from governance.policy.current import policies
from governance.ui.clock import now, to_instant
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.portal.test_contact import ana, forum, inbox
from tests.portal.test_see_as_pages import at
from tests.ui.visits import FORUM

__all__ = ["ana", "forum", "inbox"]
AT = datetime(2026, 1, 15, 3, 30, tzinfo=UTC)
"""Half past three in the morning in London, half past nine of the evening before in Mexico City."""


@pytest.fixture(autouse=True)
def _at_night():
    with time_machine.travel(AT, tick=False):
        yield


def lives(forum, zone="", country=""):
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        account = account_for(session, house().keyring, platform, "ana", now())
        patient = patient_for(session, house().keyring, (account.id, platform.id, account.key), now())
        claim = Claim(Band.ADULT, None, zone, country)
        People(session, house().keyring, policies().optout, now()).says(patient, f"platform:{platform.id}", claim)


@pytest.mark.parametrize(
    ("told", "clock"),
    [
        ({}, "UK time"),
        ({"zone": "America/Mexico_City"}, "Mexico City time"),
        ({"country": "US"}, "UK time"),
        ({"country": "FR"}, "Paris time"),
        ({"zone": "Europe/London"}, "UK time"),
    ],
)
def test_a_page_says_by_whose_clock_it_speaks(forum, ana, told, clock):
    lives(forum, **told)
    assert f"The time on that day ({clock})" in ana.get("/my/see-as").text
    prove(forum, ana)
    assert f"By {clock}. At other times a note waits." in ana.get("/my/contact/change").text


def test_somebody_of_whom_there_is_no_record_reads_uk_time(ana):
    assert "The time on that day (UK time)" in ana.get("/my/see-as").text


def test_in_spanish_too(forum, ana):
    lives(forum, "America/New_York")
    ana.client.set_cookie("governance_language", "es")
    assert "La hora de ese día (hora de Nueva York)" in ana.get("/my/see-as").text


def test_a_day_and_time_that_somebody_types_are_of_their_clock(forum, ana):
    """Nine in the evening of the 14th was half an hour ago in Mexico City."""
    lives(forum, "America/Mexico_City")
    at(ana, "signed_out", "2026-01-14", "21:00")
    assert "You asked for 14 January 2026 at 21:00 (Mexico City time)." in ana.text


def test_quiet_hours_are_those_of_where_somebody_lives(forum, ana):
    lives(forum, "America/Mexico_City")
    prove(forum, ana)
    ana.get("/my/contact/change").press("Send me a code", address="safe@example.net", times="day")
    with forum.app_context(), reading() as session:
        platform = platform_named(session, FORUM)
        account = account_for(session, house().keyring, platform, "ana", now())
        contact, _ = contact_of(session, house().keyring, find_patient(session, account.id).id)
    assert contact.zone == "America/Mexico_City"
    # Nine in the morning there is three in the afternoon in London.
    assert contact.next_time(now()) == to_instant(datetime(2026, 1, 15, 15, tzinfo=UTC))
    assert Contact("a@example.net", 17, 9).next_time(now()) == to_instant(datetime(2026, 1, 15, 9, tzinfo=UTC))


def test_hours_that_were_given_before_zones_stay_those_of_the_uk(forum, ana):
    """An older row says no zone; a patient who moved since still reads by whose clock their hours are."""
    lives(forum, "America/Mexico_City")
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        patient = find_patient(session, account_for(session, house().keyring, platform, "ana", now()).id)
        set_contact(session, house().keyring, patient.id, Contact("safe@example.net", 17, 9), now())
        session.get_one(SafeContact, patient.id).confirmed = now()
    assert "from 9 in the morning to 5 in the afternoon (UK time)" in ana.get("/my/contact").text


def test_a_row_that_another_hand_changed_takes_no_page_away(forum, ana):
    lives(forum, "America/Mexico_City")
    with forum.app_context(), transaction() as session:
        row = session.query(Circumstances).one()
        row.sealed_data = row.sealed_data[:-1] + bytes([row.sealed_data[-1] ^ 1])
    page = ana.get("/my/sessions")
    assert page.status == 200
    assert "(UK time)" in page.text
