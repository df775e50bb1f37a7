"""Choices are kept version by version, sealed, and the next one starts from what is in force."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.decision.loosens import loosens
from governance.decision.provisions import Interval
from governance.decision.verdicts import Step
from governance.decision.vocabulary import FOREVER, Instant, Level
from governance.effective.service import Register
from governance.optout.choices import Choices
from governance.optout.errors import LevelNotForThemError, NotAcknowledgedError
from governance.optout.models import Directive
from governance.optout.ratchet import InForce, Lacking
from governance.optout.restored import catch_up
from governance.optout.service import body_in_force, body_written
from governance.patients.service import set_adult_from
from tests.decision.worlds import Pool
from tests.forum import ANSWERED, CLOSED, IN_TOUCH, SEEN, START
from tests.marks import few


@pytest.fixture
def forum(both, forum):  # noqa: ARG001 - what is kept is kept alike on both databases
    forum.acknowledges("ana")
    return forum


def document(forum, name="ana"):
    return Register(forum.session, forum.keyring, forum.now).document("patient", str(forum.patient(name).id))


def versions(forum):
    return [row.version for row in forum.session.query(Directive).order_by(Directive.version)]


def test_before_the_first_choice_there_is_none(forum):
    assert forum.choices("ana") is None


def test_what_was_chosen_is_what_is_read_back(forum):
    forum.chooses("ana", IN_TOUCH, SEEN, team=["nurse", "doctor"])
    team = frozenset({forum.key("nurse"), forum.key("doctor")})
    assert forum.choices("ana") == Choices(IN_TOUCH, SEEN, team, hold=False)


def test_a_choice_is_followed_never_edited(forum):
    forum.chooses("ana", IN_TOUCH, SEEN)
    before = forum.session.query(Directive).one().sealed_choices
    forum.chooses("ana", ANSWERED, SEEN)
    forum.hides("ana")
    assert versions(forum) == [1, 2, 3]
    assert forum.session.query(Directive).filter_by(version=1).one().sealed_choices == before


def test_confirming_the_same_again_makes_no_new_version(forum):
    first = forum.chooses("ana", ANSWERED, SEEN, team=["nurse"])
    forum.later(days=1)
    assert forum.chooses("ana", ANSWERED, SEEN, team=["nurse"]).directive is first.directive
    assert versions(forum) == [1]


def test_platforms_see_the_levels_and_the_hold(forum):
    forum.chooses("ana", ANSWERED, SEEN)
    forum.hides("ana")
    assert (document(forum).levels, document(forum).hold) == ((ANSWERED, SEEN), True)


def test_both_classes_are_always_said(forum):
    forum.chooses("ana", CLOSED, CLOSED)
    assert {line.who for line in document(forum).lines} == {"care_team", "others"}


def test_who_leaves_the_team_is_kept_with_an_end(forum):
    forum.chooses("ana", ANSWERED, SEEN, team=["nurse"])
    forum.later(hours=1)
    forum.chooses("ana", ANSWERED, SEEN)
    forum.later(hours=1)
    forum.chooses("ana", ANSWERED, CLOSED)
    (member,) = document(forum).care_team
    assert (member.name, member.during) == (forum.key("nurse"), (START, START + 3600 * 1_000_000))
    assert forum.choices("ana").team == frozenset()


def test_staying_in_the_team_has_no_second_beginning(forum):
    forum.chooses("ana", ANSWERED, SEEN, team=["nurse"])
    forum.later(hours=1)
    forum.chooses("ana", SEEN, SEEN, team=["nurse"])
    assert [member.during for member in document(forum).care_team] == [(START, FOREVER)]


def test_hiding_keeps_all_other_choices(forum):
    forum.chooses("ana", ANSWERED, SEEN, team=["nurse"])
    before = forum.choices("ana")
    forum.hides("ana")
    assert forum.choices("ana") == before._replace(hold=True)


def test_hiding_needs_no_earlier_choice_and_no_acknowledgement(forum):
    forum.hides("bea")
    assert forum.choices("bea") == Choices(hold=True)


def test_hiding_twice_is_hiding(forum):
    forum.hides("ana")
    forum.hides("ana")
    assert forum.choices("ana").hold


def test_a_level_that_is_not_offered_for_others_is_refused(forum):
    with pytest.raises(LevelNotForThemError):
        forum.chooses("ana", CLOSED, Level.PART_OF_CARE)


@pytest.mark.parametrize("level", [level for level in Level if level is not CLOSED])
def test_every_permitting_level_needs_an_acknowledgement(forum, level):
    with pytest.raises(NotAcknowledgedError):
        forum.chooses("bea", level, CLOSED)


@pytest.mark.parametrize("wanted", [level for level in Level if level is not Level.PART_OF_CARE])
@pytest.mark.parametrize("had", [level for level in Level if level is not Level.PART_OF_CARE])
def test_a_higher_level_is_a_loosening_and_no_other_is(forum, had, wanted):
    order = list(Level)
    forum.chooses("ana", CLOSED, had)
    outcome = forum.chooses("ana", CLOSED, wanted)
    if order.index(wanted) <= order.index(had):
        assert isinstance(outcome, InForce)
        return
    assert isinstance(outcome, Lacking)
    assert forum.choices("ana").others is had


def test_a_refused_loosening_changes_nothing_at_all(forum):
    forum.chooses("ana", CLOSED, CLOSED)
    before = document(forum)
    forum.chooses("ana", CLOSED, SEEN)
    assert document(forum) == before
    assert versions(forum) == [1]


def test_taking_the_directives_away_does_not_make_the_next_choice_the_first(forum):
    forum.chooses("ana", CLOSED, CLOSED)
    forum.session.execute(sa.delete(Directive))
    assert isinstance(forum.chooses("ana", CLOSED, SEEN), Lacking)
    assert document(forum).levels == (CLOSED, CLOSED)


def written(forum, name="ana"):
    return body_written(forum.session, forum.keyring, forum.patient(name).id)


def test_what_is_written_down_is_what_is_in_force(forum):
    forum.chooses("ana", IN_TOUCH, SEEN, team=["nurse"])
    forum.later(hours=1)
    forum.chooses("ana", ANSWERED, SEEN)
    forum.hides("ana")
    assert written(forum) == body_in_force(forum.session, forum.keyring, forum.patient("ana").id)


def test_choices_are_sealed_to_their_patient_and_version(forum):
    forum.chooses("ana", ANSWERED, SEEN, team=["nurse"])
    directive = forum.session.query(Directive).one()
    assert forum.key("nurse").encode() not in directive.sealed_choices
    assert b"answered" not in directive.sealed_choices
    directive.version = 2
    with pytest.raises(EnvelopeError):
        written(forum)


def test_one_patients_choices_do_not_open_as_anothers(forum):
    forum.acknowledges("bea")
    forum.chooses("ana", CLOSED, CLOSED)
    forum.chooses("bea", SEEN, SEEN)
    sealed = {row.patient_id: row for row in forum.session.query(Directive)}
    sealed[forum.patient("ana").id].sealed_choices = sealed[forum.patient("bea").id].sealed_choices
    with pytest.raises(EnvelopeError):
        written(forum)


def test_directives_end_with_their_patients_key_and_choices_stay_in_force(forum):
    forum.registers("nurse")
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    DataKeys(forum.session, forum.keyring).destroy(owner_of("patient", forum.patient("ana").id))
    with pytest.raises(KeyGoneError):
        written(forum)
    assert forum.permits("nurse", "ana")
    assert forum.choices("ana").care_team is ANSWERED


def test_hiding_says_again_what_was_said_and_nothing_else(forum):
    """A refusal that no level stands for, as a restore may leave it, must neither go nor stand in the way."""
    forum.chooses("ana", ANSWERED, CLOSED)
    register = Register(forum.session, forum.keyring, forum.now)
    said = register.said("patient", str(forum.patient("ana").id), "optout")
    further = {**said["lines"][0], "id": "further", "effect": "refuse"}
    said["lines"].append(further)
    register.put("patient", str(forum.patient("ana").id), "optout", said)
    forum.hides("ana")
    assert (document(forum).hold, document(forum).lines[-1].id) == (True, "further")


def test_a_restore_writes_anew_what_it_cannot_read(forum):
    forum.chooses("ana", ANSWERED, SEEN)
    forum.session.query(Directive).one().sealed_choices = b"x"
    catch_up(forum.session, forum.keyring, forum.patient("ana").id, forum.now)
    assert (versions(forum), written(forum).care_team) == ([1, 2], ANSWERED)


def sent_away(author, at):
    """The same author after everybody's time in the care team ended."""
    team = tuple(
        entry._replace(during=Interval(entry.during.start, min(entry.during.end, at))) for entry in author.care_team
    )
    return replace(author, care_team=team)


@pytest.mark.parametrize("seed", few(range(3)))
def test_sending_somebody_away_opens_nothing_but_moderation(seed):
    """What is measured apart from the rest of a change, for every author that the worlds know."""
    for author in (author for kin in Pool(f"away:{seed}").authors.values() for author in kin):
        witness = loosens(author, sent_away(author, at=5))
        assert witness is None or witness.after.step is Step.MODERATION


@pytest.mark.parametrize("adult_from", ["unknown", "to come"])
def test_nobody_under_18_opens_private_messages_to_those_they_did_not_name(forum, adult_from):
    forum.acknowledges("kid", adult=False)
    if adult_from == "to come":
        patient = forum.patient("kid", adult=False)
        set_adult_from(forum.session, forum.keyring, patient, Instant(forum.now + 1), forum.now)
    with pytest.raises(LevelNotForThemError):
        forum.chooses("kid", others=IN_TOUCH, adult=False)

    forum.chooses("kid", others=ANSWERED, adult=False)


def test_hiding_never_fails_on_a_level_that_is_offered_no_longer(forum):
    """Somebody's age was corrected: what they chose as an adult must not stand between them and the hold."""
    forum.registers("nurse")
    forum.chooses("ana", IN_TOUCH, IN_TOUCH, team=["nurse"])
    later = Instant(forum.now + 1)
    set_adult_from(forum.session, forum.keyring, forum.patient("ana"), later, forum.now)
    forum.hides("ana")
    assert forum.choices("ana").hold
