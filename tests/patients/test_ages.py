"""Of two who say how old somebody is the younger age holds; a birthday begins at the person's own midnight."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.decision.vocabulary import FOREVER, Instant
from governance.errors import BadInputError
from governance.optout.ages import may_decide_alone
from governance.patients.ages import service
from governance.patients.ages.bands import Band, adult_from_of, band_at, midnight, next_working_day, turns
from governance.patients.ages.service import reached
from governance.patients.guardians import hearings
from governance.policy.current import policies
from tests.patients.home import LONDON, instant

EIGHTEEN = midnight(date(2032, 5, 20), LONDON)
NOW = instant(2026, 5, 4, 10)


@pytest.mark.parametrize(
    ("band", "day", "eighteen"),
    [
        (Band.UNDER_13, date(2027, 5, 20), date(2032, 5, 20)),
        (Band.FROM_13, date(2028, 2, 29), date(2030, 3, 1)),
        (Band.FROM_16, date(2027, 1, 1), date(2027, 1, 1)),
        (Band.UNDER_13, None, date(2044, 5, 4)),
        (Band.FROM_13, None, date(2031, 5, 4)),
        (Band.FROM_16, None, date(2028, 5, 4)),
        (Band.ADULT, None, date(2026, 5, 4)),
    ],
)
def test_a_band_says_when_somebody_turns_18_at_the_latest(band, day, eighteen):
    assert adult_from_of(band, day, LONDON, NOW) == midnight(eighteen, LONDON)


@pytest.mark.parametrize(
    ("band", "day"),
    [(Band.FROM_13, date(2026, 5, 4)), (Band.FROM_13, date(2029, 5, 5)), (Band.ADULT, date(2027, 1, 1))],
)
def test_a_day_that_cannot_be_is_refused(band, day):
    with pytest.raises(BadInputError):
        adult_from_of(band, day, LONDON, NOW)


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2026, 5, 5), date(2029, 5, 4)),
    zone=st.sampled_from(["Europe/Berlin", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Pacific/Honolulu"]),
)
def test_every_birthday_begins_at_local_midnight_and_not_a_moment_before(day, zone):
    adult_from = adult_from_of(Band.FROM_13, day, zone, NOW)
    assert turns(adult_from, 16, zone) == midnight(day, zone)
    assert band_at(adult_from, zone, midnight(day, zone)) is Band.FROM_16
    assert band_at(adult_from, zone, Instant(midnight(day, zone) - 1)) is Band.FROM_13


def test_by_the_clock_of_london_a_child_of_berlin_would_wait_an_hour_too_long():
    berlin = midnight(date(2032, 5, 20), "Europe/Berlin")
    at = midnight(date(2030, 5, 20), "Europe/Berlin")
    assert may_decide_alone(berlin, 16, at, "Europe/Berlin") is True
    assert may_decide_alone(berlin, 16, Instant(at - 1), "Europe/Berlin") is False


def test_whose_age_a_restore_left_open_never_reaches_one():
    assert not reached(FOREVER, 16, LONDON, NOW)
    assert not reached(None, 16, LONDON, NOW)


def test_the_younger_of_two_ages_holds_whoever_says_it_first(home):
    assert home.document().adult_from == EIGHTEEN
    assert home.says(Band.FROM_13, source="guardian")
    assert home.document().adult_from == EIGHTEEN
    assert home.says(Band.UNDER_13, date(2028, 5, 20), source="other forum")
    assert home.document().adult_from == midnight(date(2033, 5, 20), LONDON)


def test_who_makes_somebody_younger_is_believed_at_once_and_older_not(home):
    assert home.says(Band.UNDER_13, date(2028, 5, 20))
    assert not home.says(Band.FROM_13, date(2028, 5, 20))
    assert home.document().adult_from == midnight(date(2033, 5, 20), LONDON)


def test_a_band_said_again_without_a_day_makes_nobody_younger(home):
    home.says(Band.UNDER_13)
    assert home.document().adult_from == EIGHTEEN


def test_staff_make_somebody_older_on_two_proofs_and_the_old_mistake_does_not_come_back(home):
    right = midnight(date(2030, 5, 20), LONDON)
    with pytest.raises(BadInputError):
        home.people.correct(home.kim, right, LONDON, ("passport", " Passport "))
    assert home.document().adult_from == EIGHTEEN
    home.people.correct(home.kim, right, LONDON, ("passport", "letter of the school"))
    assert home.document().adult_from == right
    home.says(Band.UNDER_13, date(2027, 5, 20))
    assert home.document().adult_from == right
    home.says(Band.UNDER_13, date(2028, 5, 20))
    assert home.document().adult_from == midnight(date(2033, 5, 20), LONDON)


def test_a_table_that_took_the_older_age_is_caught(home, monkeypatch):
    """The control."""
    monkeypatch.setattr(service, "max", min, raising=False)
    home.says(Band.UNDER_13, date(2028, 5, 20), source="other forum")
    assert home.document().adult_from == EIGHTEEN


@pytest.mark.parametrize(("country", "age"), [("GB", 13), ("DE", 16), ("FR", 15), ("ZZ", 16)])
def test_a_country_says_the_age_and_one_that_is_not_in_the_table_the_strictest(home, country, age):
    home.people.set_country(home.kim.id, country)
    assert home.people.clock(home.kim.id).ages.digital_consent == age


def test_to_a_country_where_one_decides_earlier_alone_staff_have_a_word(home):
    assert home.people.choose_country(home.kim.id, "DE")
    assert not home.people.choose_country(home.kim.id, "GB")
    assert home.people.told(home.kim.id).country == "DE"


def test_what_a_person_chose_no_forum_changes(home):
    home.people.choose_country(home.kim.id, "DE")
    home.says(Band.UNDER_13, country="GB")
    assert home.people.told(home.kim.id).country == "DE"


def test_in_the_database_an_age_says_nothing(home):
    row = home.session.connection().exec_driver_sql("SELECT sealed_data FROM circumstances").scalar_one()
    assert b"GB" not in row
    assert b"London" not in row


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ((2026, 5, 4, 10), (2026, 5, 5, 23)),
        ((2026, 5, 8, 23, 30), (2026, 5, 11, 23)),
        ((2026, 12, 4, 9), (2026, 12, 8)),
        ((2026, 12, 24, 9), (2026, 12, 30)),
        ((2026, 12, 23, 9), (2026, 12, 25)),
        ((2027, 3, 25, 12), (2027, 3, 30, 23)),
    ],
)
def test_a_working_day_ends_at_midnight_and_is_no_weekend_and_no_holiday(asked, due):
    assert next_working_day(instant(*asked), policies().desk.staff_days) == instant(*due)


def test_without_holidays_a_child_would_wait_for_an_officer_who_is_at_home(home):
    """The control; and the hearing itself falls due by the calendar."""
    home.forum.now = instant(2026, 12, 24, 9)
    days = policies().desk.staff_days
    assert next_working_day(home.now, replace(days, holidays=frozenset())) == instant(2026, 12, 26)
    assert hearings.ask(
        home.session, home.keyring, home.kim.id, (hearings.Subject.LAYER, "guardian:1"), home.now
    ).due == instant(2026, 12, 30)


def test_a_forum_is_told_of_no_mistake_that_is_one_only_where_the_person_lives(home):
    """At five in the afternoon in London it is tomorrow in Tokyo; that she lives there another forum said."""
    home.forum.now = instant(2026, 5, 4, 16)
    home.says(Band.UNDER_13, source="other forum", zone="Asia/Tokyo")
    home.says(Band.FROM_13, date(2026, 5, 5), source="this forum", country="GB")
    assert home.people.told(home.kim.id).says["this forum"].adult_from == midnight(date(2028, 5, 5), LONDON)
    with pytest.raises(BadInputError):
        home.says(Band.FROM_13, date(2026, 5, 5), source="this forum", zone="Asia/Tokyo")


def test_by_the_clock_where_she_lives_alone_the_mistake_would_tell(home, monkeypatch):
    """The control."""
    monkeypatch.setattr(
        service.People,
        "_adult_from",
        lambda self, said, zone: adult_from_of(said.band, said.changes_on, zone, self._now),
    )
    home.forum.now = instant(2026, 5, 4, 16)
    home.says(Band.UNDER_13, source="other forum", zone="Asia/Tokyo")
    with pytest.raises(BadInputError):
        home.says(Band.FROM_13, date(2026, 5, 5), source="this forum", country="GB")
